"""One piece as it concerns one client: what was mailed to whom, and when it counts. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from mailer.ledger.kinds import Medium, ReturnReason, Status
from mailer.ledger.leaves import Pages
from mailer.ledger.numbers import label
from mailer.ledger.stated import KnownClosings, Stated


@dataclass(frozen=True, slots=True)
class ClientPiece:
    """One piece as it concerns one client. `counts_on` is its mailing day, None before the drop.

    `facts` are frozen as printed. `place` is where the firm handed it over; None before that, and
    where a mail service did, nobody knows where. `undoing_known` is the day on which it was recorded that it
    came back, or that its address was wrong, where it was; `closings` those known at its hand-over.
    `in_doubt`: the service that told that it was mailed told otherwise since.
    """

    client_id: UUID
    campaign: str
    medium: Medium
    number: int
    status: Status
    counts_on: date | None
    facts: Stated
    sha256: str
    recipient_digest: str
    rehearsed: bool = False
    returned_on: date | None = None
    dropped_on: date | None = None
    received_on: date | None = None
    place: str | None = None
    misaddressed_on: date | None = None
    of_record: bool | None = None
    return_reason: ReturnReason | None = None
    file: str = ""
    first_page: int = 0
    last_page: int = 0
    closings: KnownClosings = ()
    in_doubt: bool = False
    undoing_known: date | None = None

    @property
    def pages(self) -> Pages:
        """Where its pages are, as they are bound."""
        return (self.file, self.first_page, self.last_page, self.sha256, self.recipient_digest)

    @property
    def label(self) -> str:
        return label(self.campaign, self.medium.initial, self.number)

    def as_of(self, day: date, rehearsal: bool) -> ClientPiece:
        """The piece as it was known at the end of a day: a later drop, and for real one that was only
        rehearsed, is none.
        """
        if (self.dropped_on is not None and self.dropped_on > day) or (self.rehearsed and not rehearsal):
            status = Status.PRODUCED if self.place else Status.ACCEPTED
            unmailed = replace(self, counts_on=None, returned_on=None, received_on=None, status=status)
            return replace(unmailed, misaddressed_on=None)
        days = (self.returned_on, self.received_on, self.misaddressed_on)
        if all(known == _by(known, day) for known in days):
            return self
        returned, received, misaddressed = (_by(known, day) for known in days)
        return replace(self, returned_on=returned, received_on=received, misaddressed_on=misaddressed)


def _by(happened: date | None, day: date) -> date | None:
    return happened if happened is not None and happened <= day else None


def first(pieces: Iterable[ClientPiece]) -> ClientPiece | None:
    """The piece on which notice rests: the first one mailed, else the last one made."""
    known = list(pieces)
    mailed = [piece for piece in known if piece.counts_on is not None]
    if mailed:
        return min(mailed, key=lambda piece: (piece.counts_on or date.max, piece.number))
    return known[-1] if known else None
