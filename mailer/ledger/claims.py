"""What the events say of the mailings of a pack, apart from what the fold gives. Pure.

A piece is a key: (its mailing's subject, its number). A test key's events are a rehearsal's; where they were
taken back before the piece went for real, nothing rests on them and they make no rehearsal of the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from mailer.ledger.bynumber import ByNumber
from mailer.ledger.chain import Event
from mailer.ledger.events import (
    DropReceiptAdded,
    JobDropped,
    JobProduced,
    MailingApproved,
    PiecePrepared,
    PieceReissued,
    PiecesAdopted,
    PiecesPrepared,
    PiecesReceived,
    PiecesReturned,
    said,
)
from mailer.ledger.fold import Folded
from mailer.ledger.kinds import ENDED, EventKind
from mailer.ledger.leaves import Leaves, output_of, root_of
from mailer.ledger.numbers import recorded
from mailer.ledger.payload import Said
from mailer.ledger.serviceevents import (
    PieceAccepted,
    PieceDelivered,
    PiecePosted,
    PieceRejected,
    PiecesCancelled,
    PiecesReleased,
    PiecesSubmitting,
    PieceTracked,
)

Key = tuple[str, int]

Reporting = (
    PieceTracked | PiecePosted | PieceDelivered | PiecesReturned | PiecesReceived | PieceRejected
    | PiecesCancelled
)  # fmt: skip
"""Events that may rest on what a mail service told; those that do have its `event`, kind and `at`."""

_TRIED: Final = frozenset(
    {
        EventKind.SUBMITTING,
        EventKind.ACCEPTED,
        EventKind.UNANSWERED,
        EventKind.TRACKED,
        EventKind.RELEASED,
        EventKind.REJECTED,
        EventKind.CANCELLED,
    }
)
"""What a test key can record of a piece that is then taken back."""


_NOTED: Final = _TRIED | {
    EventKind.PREPARED,
    EventKind.PREPARED_ONE,
    EventKind.PIECES_ADOPTED,
    EventKind.REISSUED,
    EventKind.APPROVED,
    EventKind.PRODUCED,
    EventKind.DROPPED,
    EventKind.RECEIPT_ADDED,
    EventKind.POSTED,
    EventKind.REDATED,
    EventKind.DELIVERED,
    EventKind.RETURNED,
    EventKind.RECEIVED,
}
"""Events of which more is noted than the status that they give; what others say is not read."""


@dataclass(frozen=True, slots=True)
class ServiceWord:
    """What a service told of a piece, in its own words, as an event has it."""

    key: Key
    kind: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Binding:
    """What binds a piece. Version 1 had `client` and `address`, salted hashes, instead of `facts` and
    `person`; `adopted`: those came later.
    """

    sha256: str
    facts: str = ""
    person: str = ""
    client: str = ""
    address: str = ""
    adopted: bool = False


@dataclass(slots=True)
class Claims:
    """What was noted so far; of several the last counts. `folded` is the fold, kept by the caller."""

    folded: Folded
    prepared: dict[str, ByNumber[Binding]] = field(default_factory=dict)  # by subject
    receipts: list[tuple[int, str]] = field(default_factory=list)  # by event; "" where there is none
    jobs: dict[Key, str] = field(default_factory=dict)  # (subject, job): SHA-256 of its manifest
    letters: dict[str, Key] = field(default_factory=dict)  # every id that a service gave, and to which piece
    told: dict[str, list[ServiceWord]] = field(default_factory=dict)  # by the service's own number of it
    asked: dict[Key, datetime] = field(default_factory=dict)  # when that was recorded, in UTC
    taken: dict[Key, datetime] = field(default_factory=dict)  # when the acceptance was
    custody: dict[Key, ServiceWord] = field(default_factory=dict)  # what shows that the post has it
    delivered: dict[Key, ServiceWord] = field(default_factory=dict)
    papers: list[tuple[int, str]] = field(default_factory=list)  # (event, SHA-256) of pre-printed paper
    taken_live: set[Key] = field(default_factory=set)  # accepted under a live key
    refused: set[Key] = field(default_factory=set)  # or cancelled, and not under a test key
    problems: list[str] = field(default_factory=list)

    def bound(self, key: Key) -> Binding | None:
        """What binds a piece; None where no event prepared it."""
        subject, number = key
        return self.prepared[subject].get(number) if subject in self.prepared else None

    def bound_hashes(self) -> set[str]:
        """The SHA-256 of every piece's pages."""
        return {one.sha256 for mailing in self.prepared.values() for one in mailing.values()}

    def note(self, event: Event) -> None:
        """Take in an event of these mailings, which is folded. Raises Malformed."""
        if event.kind not in _NOTED:
            return
        happened = said(event)
        self._take(event, happened)
        if isinstance(happened, Reporting) and happened.event:
            told = [ServiceWord(key, happened.provider_kind, happened.at) for key in keys(event, happened)]
            self.told.setdefault(happened.event, []).extend(told)
            if isinstance(happened, PiecePosted):
                self.custody |= {one.key: one for one in told}
            if isinstance(happened, PieceDelivered):
                self.delivered |= {one.key: one for one in told}

    def _take(self, event: Event, happened: Said) -> None:
        match happened:
            case PiecePrepared() | PieceReissued() | PiecesPrepared():
                self._prepared(event, happened)
            case MailingApproved():
                self._approved(event, happened)
            case JobProduced():
                self.jobs[event.subject, happened.job] = happened.manifest
                if happened.paper:
                    self.papers.append((event.seq, happened.paper))
            case JobDropped():
                self.receipts.append((event.seq, happened.receipt or ""))
            case DropReceiptAdded():
                self.receipts.append((event.seq, happened.receipt))
            case _:
                self._take_at_service(event, happened)

    def _take_at_service(self, event: Event, happened: Said) -> None:
        match happened:
            case PiecesSubmitting():
                self.asked |= dict.fromkeys(keys(event, happened), event.recorded_at.astimezone(UTC))
            case PieceAccepted():
                self._accepted(event, happened)
            case PiecesReleased():
                self._released(event, happened)
            case PieceRejected() | PiecesCancelled():
                self.refused |= set() if event.rehearsal else set(keys(event, happened))

    def _prepared(self, event: Event, happened: PiecePrepared | PieceReissued | PiecesPrepared) -> None:
        if not isinstance(happened, PiecePrepared):
            for number, leaves in happened.bound:
                self._bind(event, number, leaves, adopted=isinstance(happened, PiecesAdopted))
        if isinstance(happened, PiecePrepared | PieceReissued) and happened.address:
            old = Binding(happened.sha256, client=happened.client, address=happened.address)
            self._bound_in(event)[int(happened.pieces)] = old
        if isinstance(happened, PieceReissued):
            first = self._bound_in(event).get(happened.of)
            if first is None or first.sha256 != happened.sha256:
                self.problems.append(
                    f"event {event.seq} repeats other pages than those of piece {happened.of}"
                )

    def _bound_in(self, event: Event) -> ByNumber[Binding]:
        """Of the event's mailing."""
        return self.prepared.setdefault(event.subject, ByNumber())

    def _bind(self, event: Event, number: int, leaves: Leaves, *, adopted: bool) -> None:
        bound = self._bound_in(event)
        if not adopted:
            bound[number] = Binding(*leaves)
            return
        known = bound.get(number)
        if known is None or known.sha256 != leaves.sha256:
            self.problems.append(f"event {event.seq} adopts other pages than those of piece {number}")
            return
        bound[number] = replace(known, facts=leaves.facts, person=leaves.person, adopted=True)

    def _approved(self, event: Event, happened: MailingApproved) -> None:
        """What is approved is the SHA-256 over the sorted hashes of the pieces that have not ended, and
        `root` over all that binds them.
        """
        statuses = sorted(self.folded.statuses(event.subject))
        prepared = self._bound_in(event)
        bound = [prepared[number] for number, status in statuses if status not in ENDED]
        output = output_of(one.sha256 for one in bound)
        root = root_of(Leaves(one.sha256, one.facts, one.person) for one in bound) if happened.root else ""
        if (happened.output, happened.root) != (output, root):
            self.problems.append(f"the approval in event {event.seq} is not of the pieces in the events")

    def _released(self, event: Event, happened: PiecesReleased) -> None:
        for key in keys(event, happened):
            if key in self.taken_live or key in self.refused:
                self.problems.append(
                    f"event {event.seq} takes back piece {key[1]}, which the service had under a live key"
                )
            for known in (self.asked, self.taken, self.custody, self.delivered):
                known.pop(key, None)

    def _accepted(self, event: Event, happened: PieceAccepted) -> None:
        letter = happened.id
        for key in keys(event, happened):
            other = self.letters.setdefault(letter, key)
            if other != key:
                self.problems.append(
                    f"event {event.seq} gives piece {key[1]} the letter {letter} of piece {other[1]}"
                )
            bound = self.bound(key)
            if bound is None or happened.approved != bound.sha256:
                self.problems.append(
                    f"what the service got of piece {key[1]} (event {event.seq}) is not what was approved"
                )
            if not happened.live and not event.rehearsal:
                self.problems.append(
                    f"event {event.seq} is an acceptance under a test key and not called a rehearsal"
                )
            self.taken_live |= {key} if happened.live else set()
            self.taken[key] = event.recorded_at.astimezone(UTC)


def keys(event: Event, happened: Said) -> Iterator[Key]:
    """The pieces that an event concerns, which `happened` says. Raises ValueError."""
    return ((event.subject, number) for number in recorded(happened.concerns))


def rehearsed(events: Iterable[Event]) -> list[Event]:
    """The rehearsal's events on which something rests: all, but a try with a test key that was taken back."""
    found: list[Event] = []
    tried: dict[Key, list[Event]] = {}
    for event in events:
        if event.kind == EventKind.RELEASED:
            for key in keys(event, said(event)):
                tried.pop(key, None)
        elif event.rehearsal and event.kind in _TRIED:
            for key in keys(event, said(event)):
                tried.setdefault(key, []).append(event)
        elif event.rehearsal:
            found.append(event)
    standing = {event.seq: event for left in tried.values() for event in left}
    return sorted([*found, *standing.values()], key=lambda event: event.seq)
