"""What an event says: one frozen record a kind, and its payload as canonical JSON keys. Pure.

`pieces` are numbers within the mailing, "1-16,18" (mailer.ledger.numbers). Days are the firm's local days,
moments aware, money `Decimal`; in a payload they are ISO 8601 and plain numbers as text. Hashes are SHA-256,
in hexadecimal; `client`, `address`, `before`, `after` and an exception's or correction's `reason` are salted
ones, so that no person is in the ledger. What an older mailer did not record has a default.

Nothing but `mailer.ledger` reads a payload: whoever asks what happened gets one of these from `said`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Self

from mailer.ledger.chain import Event
from mailer.ledger.clientevents import (
    ClientCorrected,
    ClientMarked,
    ClientsForgotten,
    ClientsImported,
    ExceptionAdded,
    ImportUndone,
    RatesRecorded,
    TermsRecorded,
)
from mailer.ledger.copyevents import LedgerCopied, LedgerSettled, LettersFound
from mailer.ledger.kinds import EventKind, ReturnReason
from mailer.ledger.leaves import Leaves
from mailer.ledger.numbers import numbers, ranges
from mailer.ledger.payload import CLASS, KIND, OMIT, RESTORE, Malformed, Said
from mailer.ledger.serviceevents import (
    PieceAccepted,
    PieceDelivered,
    PiecePosted,
    PieceRedated,
    PieceRejected,
    PiecesCancelled,
    PiecesReleased,
    PiecesSubmitting,
    PieceTracked,
    PieceUnanswered,
)
from mailer.ledger.stated import KnownClosings

# A campaign and its pieces


@dataclass(frozen=True, slots=True)
class MailingBegun(Said):
    """What its documents are made from, from now on; `inputs` is None where they must be approved again
    whatever they are made from.
    """

    kind = EventKind.BEGUN
    inputs: str | None
    dated: date | None


@dataclass(frozen=True, slots=True)
class MailingAdopted(Said):
    """As MailingBegun; `carried` are lines "campaign digest" of the articles that it carries."""

    kind = EventKind.ADOPTED
    inputs: str | None
    dated: date | None
    carried: str = ""


@dataclass(frozen=True, slots=True)
class PiecesPrepared(Said):
    """`leaves` has a line for each of `pieces`, in their order: "SHA-256 facts person"."""

    kind = EventKind.PREPARED
    pieces: str
    leaves: str

    @classmethod
    def of(cls, bound: Mapping[int, Leaves]) -> Self:
        """Of these pieces, by number, ascending."""
        return cls(ranges(bound), "\n".join(leaves.line for leaves in bound.values()))

    @property
    def bound(self) -> Iterator[tuple[int, Leaves]]:
        """Each piece's number and what binds it. Raises ValueError where there are not as many lines."""
        lines = self.leaves.split("\n")
        return (
            (number, Leaves(*line.split(" ")))
            for number, line in zip(numbers(self.pieces), lines, strict=True)
        )


@dataclass(frozen=True, slots=True)
class PiecesAdopted(PiecesPrepared):
    """Of pieces that are there: an older mailer had not bound all of them. Bound from this day."""

    kind = EventKind.PIECES_ADOPTED


@dataclass(frozen=True, slots=True)
class PiecesForgotten(Said):
    """The salt of these pieces, and whose they were, was dropped."""

    kind = EventKind.FORGOTTEN
    pieces: str


@dataclass(frozen=True, slots=True)
class CampaignMoved(Said):
    kind = EventKind.MOVED
    before: date
    after: date


@dataclass(frozen=True, slots=True)
class CampaignPublished(Said):
    """What it announces stands on the client page, put in place for everybody; `page` is the first page's
    SHA-256, kept among the files.
    """

    kind = EventKind.PUBLISHED
    page: str


@dataclass(frozen=True, slots=True)
class PiecePrepared(Said):
    """Version 1: `pieces` is one number; `sha256` of its pages' single cut."""

    kind = EventKind.PREPARED_ONE
    pieces: str
    sha256: str
    client: str
    address: str


@dataclass(frozen=True, slots=True)
class PieceReissued(Said):
    """The pages of piece `of` once more, as piece `pieces`. `facts` and `person` are its leaves; version 1
    has `client` and `address` as PiecePrepared.
    """

    kind = EventKind.REISSUED
    pieces: str
    of: int
    sha256: str
    reason: str
    facts: str = field(default="", metadata=OMIT)
    person: str = field(default="", metadata=OMIT)
    client: str = field(default="", metadata=OMIT)
    address: str = field(default="", metadata=OMIT)

    @property
    def bound(self) -> Iterator[tuple[int, Leaves]]:
        """Its number and what binds it; nothing in version 1."""
        if self.facts:
            yield int(self.pieces), Leaves(self.sha256, self.facts, self.person)


@dataclass(frozen=True, slots=True)
class MailingApproved(Said):
    kind = EventKind.APPROVED
    pieces: str
    inputs: str | None
    output: str
    not_after: date | None
    dated: date | None = None
    carried: str | None = field(default=None, metadata=OMIT)  # lines "campaign digest": an issue's articles
    root: str = field(default="", metadata=OMIT)  # over what binds its live pieces (mailer.ledger.leaves)
    second: str = field(default="", metadata=OMIT)  # who approved it as well
    waived: str = field(default="", metadata=OMIT)  # why the two hours before an answer were not waited for
    states: str = field(default="", metadata=OMIT)  # lines "fact<tab>words": what each letter states
    finished: str = field(default="", metadata=OMIT)  # of these pieces those whose pages a person finished


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
    closings: KnownClosings = field(default=(), metadata=OMIT)  # known that day, of days after it


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
        ClientsImported, ImportUndone, TermsRecorded, RatesRecorded, ClientCorrected, ClientMarked,
        ClientsForgotten,
        ExceptionAdded, CampaignMoved, CampaignPublished, MailingBegun, MailingAdopted, PiecesPrepared,
        PiecesAdopted, PiecesForgotten,
        PiecePrepared, PieceReissued,
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
