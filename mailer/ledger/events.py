"""What an event says: one frozen record a kind, and its payload as canonical JSON keys. Pure.

`pieces` are numbers within the mailing, "1-16,18" (mailer.ledger.numbers). Days are the firm's local days,
moments aware, money `Decimal`; in a payload they are ISO 8601 and plain numbers as text. Hashes are SHA-256,
in hexadecimal; `client`, `address`, `before`, `after` and an exception's or correction's `reason` are salted
ones, so that no person is in the ledger. What an older mailer did not record has a default.

Nothing but `mailer.ledger` reads a payload: whoever asks what happened gets one of these from `said`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from mailer.ledger.chain import Event
from mailer.ledger.copyevents import LedgerCopied, LedgerSettled, LettersFound
from mailer.ledger.kinds import EventKind, ReturnReason
from mailer.ledger.payload import CLASS, KIND, OMIT, RESTORE, UNMOVED, Malformed, Said, Unmoved

# The client list


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
class ClientCorrected(Said):
    """`notice`: the notice address, not the mailing address. `wrong_since`: what was mailed to the one before
    on that day or after it was wrongly addressed, by our mistake.
    """

    kind = EventKind.CORRECTED
    client: str
    notice: bool
    before: str
    after: str
    reason: str
    wrong_since: date | None = field(default=None, metadata=OMIT)


@dataclass(frozen=True, slots=True)
class ExceptionAdded(Said):
    kind = EventKind.EXCEPTION_ADDED
    client: str
    policy: str
    reason: str
    until: date | None = None


# A campaign and its pieces


@dataclass(frozen=True, slots=True)
class CampaignMoved(Said):
    kind = EventKind.MOVED
    before: date
    after: date


@dataclass(frozen=True, slots=True)
class PiecePrepared(Said):
    """`pieces` is one number; `sha256` of its pages' single cut."""

    kind = EventKind.PREPARED
    pieces: str
    sha256: str
    client: str
    address: str


@dataclass(frozen=True, slots=True)
class PieceReissued(Said):
    """As PiecePrepared: the pages of piece `of` once more."""

    kind = EventKind.REISSUED
    pieces: str
    of: int
    sha256: str
    client: str
    address: str
    reason: str


@dataclass(frozen=True, slots=True)
class MailingApproved(Said):
    kind = EventKind.APPROVED
    pieces: str
    inputs: str | None
    output: str
    not_after: date | None
    dated: date | None = None


@dataclass(frozen=True, slots=True)
class PiecesVoided(Said):
    kind = EventKind.VOIDED
    pieces: str
    reason: str


# The print room


@dataclass(frozen=True, slots=True)
class JobProduced(Said):
    """`files` are lines "name hash" of the print files; `manifest` and `paper` are hashes."""

    kind = EventKind.PRODUCED
    job: int
    pieces: str
    manifest: str
    files: str = ""
    paper: str | None = None

    @property
    def hashes(self) -> dict[str, str]:
        """The hash of each print file, by its name."""
        return dict(line.rsplit(" ", 1) for line in self.files.splitlines())


@dataclass(frozen=True, slots=True)
class JobQueued(Said):
    """`files` and the printer's own `ids` are joined with ", "."""

    kind = EventKind.QUEUED
    job: int
    printer: str
    files: str
    ids: str
    copies: int = 1


@dataclass(frozen=True, slots=True)
class JobDestroyed(Said):
    kind = EventKind.DESTROYED
    job: int
    pieces: str
    reason: str


@dataclass(frozen=True, slots=True)
class JobDropped(Said):
    kind = EventKind.DROPPED
    job: int
    pieces: str
    at: datetime
    counts_on: date
    by: str
    place: str
    mail_class: str = field(metadata=CLASS)
    receipt: str | None = None
    left_out: str = ""
    reason: str = ""
    contradicts: str = field(default="", metadata=OMIT)  # pieces that contradict another campaign's letters


@dataclass(frozen=True, slots=True)
class DropReceiptAdded(Said):
    """`drop` is the number of the hand-over, in the order of recording."""

    kind = EventKind.RECEIPT_ADDED
    drop: int
    pieces: str
    receipt: str


@dataclass(frozen=True, slots=True)
class PieceNumbered(Said):
    kind = EventKind.NUMBERED
    pieces: str
    number: str


# A mail service


@dataclass(frozen=True, slots=True)
class PiecesSubmitting(Said):
    kind = EventKind.SUBMITTING
    pieces: str
    service: str


@dataclass(frozen=True, slots=True)
class PieceAccepted(Said):
    """`id` is the service's own; `live`: with a live key; `sha256` of what it got."""

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
    """What a service told that changed no status. The days are those it moved."""

    kind = EventKind.TRACKED
    pieces: str
    service: str
    event: str
    provider_kind: str = field(metadata=KIND)
    at: datetime
    delivered_on: date | Unmoved | None = field(default=UNMOVED, metadata=OMIT)
    returned_on: date | Unmoved | None = field(default=UNMOVED, metadata=OMIT)
    received_on: date | Unmoved | None = field(default=UNMOVED, metadata=OMIT)


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


# What became of a mailed piece


@dataclass(frozen=True, slots=True)
class PiecesReturned(Said):
    """`on` is the day it came back, `cause` why, `reason` the post's own words. `of_record`: the address was
    wrong, and all the same the last one that the client had given. `service` and what follows: where a mail
    service told so.
    """

    kind = EventKind.RETURNED
    pieces: str
    on: date
    reason: str = ""
    cause: ReturnReason | None = field(default=None, metadata=OMIT)
    of_record: bool = field(default=False, metadata=OMIT)
    service: str = field(default="", metadata=OMIT)
    event: str = field(default="", metadata=OMIT)
    provider_kind: str = field(default="", metadata=KIND | OMIT)
    at: datetime | None = field(default=None, metadata=OMIT)

    @property
    def misaddressed(self) -> bool:
        return self.cause is ReturnReason.ADDRESS_WRONG


@dataclass(frozen=True, slots=True)
class PiecesMisaddressed(Said):
    """The address was found on day `on` to have been wrong, by our mistake; `of_record` as above."""

    kind = EventKind.MISADDRESSED
    pieces: str
    on: date
    of_record: bool = False


@dataclass(frozen=True, slots=True)
class PiecesReceived(Said):
    """As PiecesReturned; `proof` is what shows it."""

    kind = EventKind.RECEIVED
    pieces: str
    on: date
    proof: str = ""
    service: str = field(default="", metadata=OMIT)
    event: str = field(default="", metadata=OMIT)
    provider_kind: str = field(default="", metadata=KIND | OMIT)
    at: datetime | None = field(default=None, metadata=OMIT)


KINDS: Final[dict[str, type[Said]]] = {
    one.kind.value: one
    for one in (
        ClientsImported, ClientCorrected, ExceptionAdded, CampaignMoved, PiecePrepared, PieceReissued,
        MailingApproved, PiecesVoided, JobProduced, JobQueued, JobDestroyed, JobDropped,
        DropReceiptAdded, PieceNumbered, PiecesSubmitting, PieceAccepted, PieceUnanswered,
        PiecesReleased, PieceRejected, PiecesCancelled, PieceTracked, PiecePosted, PieceRedated,
        PieceDelivered, PiecesReturned, PiecesMisaddressed, PiecesReceived,
        LedgerCopied, LedgerSettled, LettersFound,
    )
}  # fmt: skip


def said(event: Event) -> Said:
    """What an event of the ledger records. Raises Malformed."""
    cls = KINDS.get(event.kind)
    if cls is None:
        raise Malformed(
            f"event {event.seq} is of a kind {event.kind!r} that this mailer does not know.", todo=_NEWER
        )
    try:
        payload = json.loads(event.payload)
    except (ValueError, RecursionError):
        payload = None
    if not isinstance(payload, dict):
        raise Malformed(f"the payload of event {event.seq} is not JSON of keys and values.", todo=RESTORE)
    return cls.read(payload)


_NEWER: Final = "It was made by a newer mailer: use that one."
