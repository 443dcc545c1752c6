"""What an event says of the client list (mailer.ledger.events). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Self
from uuid import UUID

from mailer.ledger.kinds import EventKind
from mailer.ledger.payload import OMIT, Said


@dataclass(frozen=True, slots=True)
class ClientsImported(Said):
    """`ended` are clients who stood in no row of the list, and were ended for that."""

    kind = EventKind.CLIENTS_IMPORTED
    file: str
    added: int
    updated: int
    unchanged: int
    refused: int
    rates_raised: int = field(default=0, metadata=OMIT)
    noticed_elsewhere: str = field(default="", metadata=OMIT)
    ended: int = field(default=0, metadata=OMIT)


@dataclass(frozen=True, slots=True)
class ImportUndone(Said):
    """`seq` is the event of the import that was taken back, `clients` the ids of those whom it had added, one
    a line; `restored` counts those who are as before, whose terms and rates are recorded beside it.
    """

    kind = EventKind.IMPORT_UNDONE
    seq: int
    restored: int
    clients: str

    @property
    def ids(self) -> list[str]:
        """By their digits, as TermsRecorded has them."""
        return self.clients.splitlines()


@dataclass(frozen=True, slots=True)
class TermsRecorded(Said):
    """`leaves` are lines "client hash": of all the terms that it has from now on (mailer.ledger.leaves).
    `adopted`: an older mailer had recorded them without an event; they are bound from this day.
    """

    kind = EventKind.TERMS_RECORDED
    leaves: str
    adopted: bool = field(default=False, metadata=OMIT)

    @classmethod
    def of(cls, bound: Mapping[str, str], *, adopted: bool = False) -> Self:
        """Of these clients, each by the digits of its id, the hash of what it has."""
        return cls("\n".join(f"{client} {leaf}" for client, leaf in bound.items()), adopted)

    @property
    def bound(self) -> dict[str, str]:
        """As `of` was given."""
        words = self.leaves.replace("\n", " ").split(" ")
        return dict(zip(words[::2], words[1::2], strict=True))


@dataclass(frozen=True, slots=True)
class RatesRecorded(TermsRecorded):
    """As TermsRecorded, of all the base rates that it has from now on."""

    kind = EventKind.RATES_RECORDED


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
class ClientMarked(Said):
    """`mark` is a word of mailer.clients.care; `kept` the client that a merged one is, "" otherwise."""

    kind = EventKind.MARKED
    client: str
    mark: str
    reason: str
    kept: str = field(default="", metadata=OMIT)


@dataclass(frozen=True, slots=True)
class ClientsForgotten(Said):
    """`clients` are ids, one a line; `reason` names nobody."""

    kind = EventKind.CLIENTS_FORGOTTEN
    clients: str
    reason: str = field(default="", metadata=OMIT)

    @property
    def ids(self) -> set[UUID]:
        return {UUID(line) for line in self.clients.splitlines()}


@dataclass(frozen=True, slots=True)
class ExceptionAdded(Said):
    kind = EventKind.EXCEPTION_ADDED
    client: str
    policy: str
    reason: str
    until: date | None = None
