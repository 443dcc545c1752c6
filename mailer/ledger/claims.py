"""What the events say of the mailings of a pack, apart from the status of each piece. Pure.

A piece is a key: (its mailing's subject, its number). A test key's events are a rehearsal's; where they were
taken back before the piece went for real, nothing rests on them and they make no rehearsal of the whole.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final

from mailer.ledger.chain import Event
from mailer.ledger.events import (
    DropReceiptAdded,
    JobDropped,
    JobProduced,
    MailingApproved,
    PieceAccepted,
    PieceDelivered,
    PieceNumbered,
    PiecePosted,
    PiecePrepared,
    PieceReissued,
    PieceRejected,
    PiecesCancelled,
    PiecesMisaddressed,
    PiecesReceived,
    PiecesReleased,
    PiecesReturned,
    PiecesSubmitting,
    PieceTracked,
    said,
)
from mailer.ledger.fold import Statuses
from mailer.ledger.kinds import ENDED, EventKind
from mailer.ledger.numbers import numbers
from mailer.ledger.payload import Said

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
    EventKind.REISSUED,
    EventKind.APPROVED,
    EventKind.PRODUCED,
    EventKind.DROPPED,
    EventKind.RECEIPT_ADDED,
    EventKind.NUMBERED,
    EventKind.POSTED,
    EventKind.REDATED,
    EventKind.DELIVERED,
    EventKind.RETURNED,
    EventKind.MISADDRESSED,
    EventKind.RECEIVED,
}
"""Events of which more is noted than the status that they give; what others say is not read."""


@dataclass(frozen=True, slots=True)
class ServiceWord:
    """What a service told of a piece, in its own words, as an event has it."""

    key: Key
    kind: str
    at: datetime | None


@dataclass(slots=True)
class Claims:
    """What was noted so far; of several the last counts. `statuses` is the fold, kept by the caller."""

    statuses: Statuses
    prepared: dict[Key, PiecePrepared | PieceReissued] = field(default_factory=dict)
    receipts: list[tuple[int, str]] = field(default_factory=list)  # by event; "" where there is none
    drops: int = 0
    jobs: dict[Key, str] = field(default_factory=dict)  # (subject, job): SHA-256 of its manifest
    deposits: dict[Key, str] = field(default_factory=dict)
    accepted: dict[Key, PieceAccepted] = field(default_factory=dict)
    letters: dict[str, Key] = field(default_factory=dict)  # every id that a service gave, and to which piece
    told: dict[str, list[ServiceWord]] = field(default_factory=dict)  # by the service's own number of it
    asked: dict[Key, datetime] = field(default_factory=dict)  # when that was recorded, in UTC
    taken: dict[Key, datetime] = field(default_factory=dict)  # when the acceptance was
    custody: dict[Key, ServiceWord] = field(default_factory=dict)  # what shows that the post has it
    delivered: dict[Key, ServiceWord] = field(default_factory=dict)
    back: dict[Key, str] = field(default_factory=dict)  # why it came back; "" where that was not said
    misaddressed: dict[Key, date] = field(default_factory=dict)  # when its address was first found wrong
    certified: dict[Key, str] = field(default_factory=dict)
    papers: list[tuple[int, str]] = field(default_factory=list)  # (event, SHA-256) of pre-printed paper
    refused: set[Key] = field(default_factory=set)  # or cancelled, and not under a test key
    problems: list[str] = field(default_factory=list)

    def note(self, event: Event) -> None:
        """Take in an event of these mailings, `statuses` being those after it. Raises Malformed."""
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
            case PiecePrepared() | PieceReissued():
                self._prepared(event, happened)
            case MailingApproved():
                self._approved(event, happened)
            case JobProduced():
                self.jobs[event.subject, happened.job] = happened.manifest
                if happened.paper:
                    self.papers.append((event.seq, happened.paper))
            case JobDropped():
                self.drops += 1
                self.receipts.append((event.seq, happened.receipt or ""))
                self._deposited(event, happened)
            case DropReceiptAdded():
                self.receipts.append((event.seq, happened.receipt))
            case PieceNumbered():
                self.certified |= dict.fromkeys(keys(event, happened), happened.number)
            case PiecesReturned() | PiecesMisaddressed():
                self._gone_wrong(event, happened)
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
            case PiecePosted():
                self._deposited(event, happened)

    def _prepared(self, event: Event, happened: PiecePrepared | PieceReissued) -> None:
        self.prepared[event.subject, int(happened.pieces)] = happened
        if isinstance(happened, PieceReissued):
            first = self.prepared.get((event.subject, happened.of))
            if first is None or first.sha256 != happened.sha256:
                self.problems.append(
                    f"event {event.seq} repeats other pages than those of piece {happened.of}"
                )

    def _approved(self, event: Event, happened: MailingApproved) -> None:
        """What is approved is the SHA-256 over the sorted hashes of the pieces that have not ended."""
        live = sorted(
            self.prepared[event.subject, number].sha256
            for number, status in self.statuses.get(event.subject, {}).items()
            if status not in ENDED
        )
        if happened.output != hashlib.sha256("".join(f"{one}\n" for one in live).encode()).hexdigest():
            self.problems.append(f"the approval in event {event.seq} is not of the pieces in the events")

    def _released(self, event: Event, happened: PiecesReleased) -> None:
        for key in keys(event, happened):
            if (key in self.accepted and self.accepted[key].live) or key in self.refused:
                self.problems.append(
                    f"event {event.seq} takes back piece {key[1]}, which the service had under a live key"
                )
            for known in (self.accepted, self.asked, self.taken, self.custody, self.delivered):
                known.pop(key, None)

    def _gone_wrong(self, event: Event, happened: PiecesReturned | PiecesMisaddressed) -> None:
        """As the database keeps it: why a piece came back, as last said; when its address was first known to
        be wrong.
        """
        for key in keys(event, happened):
            if isinstance(happened, PiecesReturned):
                self.back[key] = (happened.cause or self.back.get(key)) or ""
                if not happened.misaddressed:
                    continue
            self.misaddressed[key] = min(happened.on, self.misaddressed.get(key, happened.on))

    def _deposited(self, event: Event, happened: JobDropped | PiecePosted) -> None:
        self.deposits |= dict.fromkeys(keys(event, happened), happened.counts_on.isoformat())

    def _accepted(self, event: Event, happened: PieceAccepted) -> None:
        letter = happened.id
        for key in keys(event, happened):
            other = self.letters.setdefault(letter, key)
            if other != key:
                self.problems.append(
                    f"event {event.seq} gives piece {key[1]} the letter {letter} of piece {other[1]}"
                )
            if key not in self.prepared or happened.sha256 != self.prepared[key].sha256:
                self.problems.append(
                    f"what the service got of piece {key[1]} (event {event.seq}) is not what was approved"
                )
            if not happened.live and not event.rehearsal:
                self.problems.append(
                    f"event {event.seq} is an acceptance under a test key and not called a rehearsal"
                )
            self.accepted[key] = happened
            self.taken[key] = event.recorded_at.astimezone(UTC)


def keys(event: Event, happened: Said) -> Iterator[Key]:
    """The pieces that an event concerns, which `happened` says. Raises ValueError."""
    return ((event.subject, number) for number in numbers(happened.concerns))


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
