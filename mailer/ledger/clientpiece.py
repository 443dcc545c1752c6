"""One piece as it concerns one client: what was mailed to whom, and when it counts. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from mailer.ledger.kinds import Medium, Status
from mailer.ledger.numbers import label


@dataclass(frozen=True, slots=True)
class ClientPiece:
    """One piece as it concerns one client. `counts_on` is its mailing day, None before the drop.

    `facts` are frozen as printed: `effective`, `rates` as [service, name, old, new], and the
    client's notice `term` of that day. `place` is where the firm handed it over; None before that, and
    where a mail service did, nobody knows where.
    """

    client_id: UUID
    campaign: str
    medium: Medium
    number: int
    status: Status
    counts_on: date | None
    facts: Any
    sha256: str
    recipient_digest: str
    rehearsed: bool = False
    returned_on: date | None = None
    dropped_on: date | None = None
    received_on: date | None = None
    place: str | None = None
    misaddressed_on: date | None = None
    of_record: bool = False

    @property
    def label(self) -> str:
        return label(self.campaign, self.medium.initial, self.number)


def first(pieces: Iterable[ClientPiece]) -> ClientPiece | None:
    """The piece on which notice rests: the first one mailed, else the last one made."""
    known = list(pieces)
    mailed = [piece for piece in known if piece.counts_on is not None]
    if mailed:
        return min(mailed, key=lambda piece: (piece.counts_on or date.max, piece.number))
    return known[-1] if known else None
