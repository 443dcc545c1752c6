"""What is recorded where a ledger was copied, and where an older copy became the ledger again. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from mailer.ledger.kinds import EventKind
from mailer.ledger.payload import Said


@dataclass(frozen=True, slots=True)
class LedgerCopied(Said):
    """What follows is not the ledger that was copied: that one had the event `seq` with that `hash` last."""

    kind = EventKind.COPIED
    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class LedgerSettled(Said):
    """What was recorded after the copy was made is lost, up to `seq` and `hash` (0 and "" where that is not
    known). `services` were asked for their letters, `not_by` say the user sent none, of `lost` nothing
    tells; `printed` and `not_printed` are campaigns. Names are joined with ", ".
    """

    kind = EventKind.SETTLED
    seq: int
    hash: str
    services: str
    not_by: str
    printed: str
    not_printed: str
    lost: str = ""


@dataclass(frozen=True, slots=True)
class LettersFound(Said):
    """Letters of a campaign that a service has and that are no pieces here; `file` lists them."""

    kind = EventKind.FOUND
    service: str
    count: int
    file: str
