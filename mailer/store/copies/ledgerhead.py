"""The ledger's head beside the database: a small file of the mail folder that an older database can't match.

`ledger.head` holds the number and hash of the last event. It is written after the commit that recorded it,
so it may be behind the database (after a crash, or on another machine of a shared one) and is never ahead of
what was recorded. Where the database's chain does not hold it, the database is an older copy, or another one.
A backup's copy says so itself: its chain ends with `ledger.copied`. What happened after such a copy was made
is not known to it, so nothing is recorded into it before `mailer settle`.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from mailer.errors import Refused
from mailer.givenfile import read_given
from mailer.ledger.chain import Event
from mailer.ledger.copyevents import LedgerCopied, LedgerSettled
from mailer.ledger.events import said
from mailer.ledger.kinds import EventKind
from mailer.store.files import write_whole
from mailer.store.record.events import APPENDED, events_numbered, head, last_of

FILE: Final = "ledger.head"
SUBJECT: Final = "ledger"
"""The subject of the events that are about the ledger itself."""


@dataclass(frozen=True, slots=True)
class LedgerPlace:
    """A place in a chain. (0, "") is in none."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Lost:
    """The database is an older copy. `last` is the last event that it knows of from before it was one, None
    where it knows of none; `mark` how far the ledger had come, None where nothing tells.
    """

    last: Event | None
    mark: LedgerPlace | None

    @property
    def since(self) -> str:
        """Since when nothing is known, in words."""
        return f"since {self.last.recorded_at:%Y-%m-%d %H:%M} UTC" if self.last else "of anything"


class OlderCopy(Refused):
    """Recording anything in an older copy could send twice what it does not know of."""

    def __init__(self, found: Lost) -> None:
        super().__init__(
            f"this database is an older copy: what was sent, printed and recorded {found.since} "
            "is not in it. Nothing was done.",
            todo=f"First find out what went:  {SETTLE}",
        )


SETTLE: Final = "mailer settle"


@dataclass(frozen=True, slots=True)
class HeadFile:
    """The file at `path`."""

    path: Path

    def read(self) -> LedgerPlace | None:
        """How far the ledger had come; None where there is no file. What it does not say is in no chain."""
        if not self.path.exists():
            return None
        text = read_given(self.path, 1_000, todo=f"Put {FILE} of the mail folder there again.").decode(
            "ascii", "replace"
        )
        found = re.fullmatch(r"([1-9][0-9]{0,17}) ([0-9a-f]{64})\n?", text)
        return LedgerPlace(int(found[1]), found[2]) if found else LedgerPlace(0, "")

    def keep(self, session: Session, *, settling: bool) -> None:
        """Write down what a transaction, now committed, appended. While an older copy is being settled only
        the event that ends it: until then the file is what tells that it is one.

        A full disk undoes nothing that is committed, and a file behind is no trouble: nothing is raised.
        """
        last: Event | None = session.info.pop(APPENDED, None)
        if last is not None and (not settling or last.kind == EventKind.SETTLED.value):
            with suppress(OSError):
                write_whole(self.path, f"{last.seq} {last.hash}\n".encode("ascii"))


def lost(session: Session, beside: HeadFile) -> Lost | None:
    """What is known of what the database lost; None where it is not an older copy."""
    mark, told = beside.read(), last_of(session, SUBJECT, [EventKind.COPIED, EventKind.SETTLED])
    about = said(told) if told else None
    if isinstance(about, LedgerCopied):
        return Lost(told, mark)
    if mark is None or _holds(session, mark):
        return None
    last = head(session)
    if isinstance(about, LedgerSettled) and about.hash == mark.hash != "" and last == told:
        return None  # killed between that commit and the file
    return Lost(last, mark)


def require_current(session: Session, beside: HeadFile) -> None:
    """Raises OlderCopy."""
    found = lost(session, beside)
    if found is not None:
        raise OlderCopy(found)


def _holds(session: Session, mark: LedgerPlace) -> bool:
    found = events_numbered(session, [mark.seq]).get(mark.seq)
    return found is not None and found.hash == mark.hash
