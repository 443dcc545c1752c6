"""What an event says of the client list (mailer.ledger.events). Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from mailer.ledger.kinds import EventKind
from mailer.ledger.payload import OMIT, Said


@dataclass(frozen=True, slots=True)
class ClientsImported(Said):
    kind = EventKind.CLIENTS_IMPORTED
    file: str
    added: int
    updated: int
    unchanged: int
    refused: int
    rates_raised: int = field(default=0, metadata=OMIT)
    noticed_elsewhere: str = field(default="", metadata=OMIT)


@dataclass(frozen=True, slots=True)
class TermsRecorded(Said):
    """`leaves` are lines "client hash": of all the terms that it has from now on (mailer.ledger.leaves).
    `adopted`: an older mailer had recorded them without an event; they are bound from this day.
    """

    kind = EventKind.TERMS_RECORDED
    leaves: str
    adopted: bool = field(default=False, metadata=OMIT)


@dataclass(frozen=True, slots=True)
class RatesRecorded(Said):
    """As TermsRecorded, of all the base rates that it has from now on."""

    kind = EventKind.RATES_RECORDED
    leaves: str
    adopted: bool = field(default=False, metadata=OMIT)


@dataclass(frozen=True, slots=True)
class ClientCorrected(Said):
    """`notice`: the notice address, not the mailing address. `wrong_since`: what was mailed to the one before
    on that day or after it was wrongly addressed, by our mistake. `touches` are the labels of the pieces that
    were made for the address before, joined with ", ".
    """

    kind = EventKind.CORRECTED
    client: str
    notice: bool
    before: str
    after: str
    reason: str
    wrong_since: date | None = field(default=None, metadata=OMIT)
    touches: str = field(default="", metadata=OMIT)


@dataclass(frozen=True, slots=True)
class ClientsForgotten(Said):
    """`clients` are ids, one a line."""

    kind = EventKind.CLIENTS_FORGOTTEN
    clients: str


@dataclass(frozen=True, slots=True)
class ExceptionAdded(Said):
    kind = EventKind.EXCEPTION_ADDED
    client: str
    policy: str
    reason: str
    until: date | None = None
