"""What an event says of a piece at a mail service (mailer.ledger.events). Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from mailer.ledger.kinds import EventKind
from mailer.ledger.payload import KIND, OMIT, UNMOVED, Said, Unmoved


@dataclass(frozen=True, slots=True)
class PiecesSubmitting(Said):
    kind = EventKind.SUBMITTING
    pieces: str
    service: str


@dataclass(frozen=True, slots=True)
class PieceAccepted(Said):
    """`id` is the service's own; `live`: with a live key; `sha256` of what it got, `pages` of the piece: ""
    where an older mailer recorded it, and they are one.
    """

    kind = EventKind.ACCEPTED
    pieces: str
    service: str
    id: str
    sha256: str
    live: bool
    certified: bool = False
    cost: Decimal | None = None
    expected: date | None = None
    send_date: date | None = None
    pages: str = field(default="", metadata=OMIT)

    @property
    def approved(self) -> str:
        """The hash of the piece that it got."""
        return self.pages or self.sha256


@dataclass(frozen=True, slots=True)
class PieceUnanswered(Said):
    kind = EventKind.UNANSWERED
    pieces: str
    service: str
    reason: str


@dataclass(frozen=True, slots=True)
class PiecesReleased(Said):
    kind = EventKind.RELEASED
    pieces: str
    service: str = field(default="", metadata=OMIT)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PieceRejected(Said):
    """`event`, `provider_kind` and `at` are the service's, where it told so later."""

    kind = EventKind.REJECTED
    pieces: str
    service: str
    reason: str
    event: str = field(default="", metadata=OMIT)
    provider_kind: str = field(default="", metadata=KIND | OMIT)
    at: datetime | None = field(default=None, metadata=OMIT)


@dataclass(frozen=True, slots=True)
class PiecesCancelled(Said):
    """As PieceRejected."""

    kind = EventKind.CANCELLED
    pieces: str
    service: str
    reason: str
    event: str = field(default="", metadata=OMIT)
    provider_kind: str = field(default="", metadata=KIND | OMIT)
    at: datetime | None = field(default=None, metadata=OMIT)


@dataclass(frozen=True, slots=True)
class PieceTracked(Said):
    """What a service told that changed no status. The days are those it moved. `ahead`: it was told of a time
    to come, so that whatever it says is kept and means nothing; `early`: of one before the service was asked.
    """

    kind = EventKind.TRACKED
    pieces: str
    service: str
    event: str
    provider_kind: str = field(metadata=KIND)
    at: datetime
    delivered_on: date | Unmoved | None = field(default=UNMOVED, metadata=OMIT)
    returned_on: date | Unmoved | None = field(default=UNMOVED, metadata=OMIT)
    received_on: date | Unmoved | None = field(default=UNMOVED, metadata=OMIT)
    ahead: bool = field(default=False, metadata=OMIT)
    early: bool = field(default=False, metadata=OMIT)


@dataclass(frozen=True, slots=True)
class PiecePosted(Said):
    kind = EventKind.POSTED
    pieces: str
    service: str
    event: str
    provider_kind: str = field(metadata=KIND)
    at: datetime
    counts_on: date


@dataclass(frozen=True, slots=True)
class PieceRedated(PiecePosted):
    """An earlier scan of a piece that was posted already."""

    kind = EventKind.REDATED


@dataclass(frozen=True, slots=True)
class PieceDelivered(Said):
    kind = EventKind.DELIVERED
    pieces: str
    service: str
    event: str
    provider_kind: str = field(metadata=KIND)
    at: datetime
