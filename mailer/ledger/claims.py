"""What the events say of the mailings of a pack, apart from the status of each piece. Pure.

A piece is a key: (its mailing's subject, its number). A test key's events are a rehearsal's; where they were
taken back before the piece went for real, nothing rests on them and they make no rehearsal of the whole.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from mailer.ledger.chain import Event
from mailer.ledger.fold import Statuses
from mailer.ledger.kinds import ENDED, EventKind
from mailer.ledger.numbers import numbers

Key = tuple[str, int]

TOLD: Final = frozenset(
    {
        EventKind.TRACKED,
        EventKind.POSTED,
        EventKind.REDATED,
        EventKind.DELIVERED,
        EventKind.RETURNED,
        EventKind.RECEIVED,
        EventKind.REJECTED,
        EventKind.CANCELLED,
    }
)
"""Events that may rest on what a mail service told; those that do have its `event`, `kind` and `at`."""

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


@dataclass(frozen=True, slots=True)
class Told:
    """What a service told of a piece, in its own words, as an event has it. `at` is ISO 8601."""

    key: Key
    kind: str
    at: str


@dataclass(slots=True)
class Claims:
    """What was noted so far; of several the last counts. `statuses` is the fold, kept by the caller."""

    statuses: Statuses
    prepared: dict[Key, dict[str, Any]] = field(default_factory=dict)
    receipts: list[tuple[int, str]] = field(default_factory=list)  # by event; "" where there is none
    drops: int = 0
    jobs: dict[Key, str] = field(default_factory=dict)  # (subject, job): SHA-256 of its manifest
    deposits: dict[Key, str] = field(default_factory=dict)
    accepted: dict[Key, dict[str, Any]] = field(default_factory=dict)
    letters: dict[str, Key] = field(default_factory=dict)  # every id that a service gave, and to which piece
    told: dict[str, list[Told]] = field(default_factory=dict)  # by the service's own number of the event
    asked: dict[Key, datetime] = field(default_factory=dict)  # when that was recorded, in UTC
    taken: dict[Key, datetime] = field(default_factory=dict)  # when the acceptance was
    custody: dict[Key, Told] = field(default_factory=dict)  # what shows that the post has it
    delivered: dict[Key, Told] = field(default_factory=dict)
    certified: dict[Key, str] = field(default_factory=dict)
    papers: list[tuple[int, str]] = field(default_factory=list)  # (event, SHA-256) of pre-printed paper
    refused: set[Key] = field(default_factory=set)  # or cancelled, and not under a test key
    problems: list[str] = field(default_factory=list)

    def note(self, event: Event) -> None:
        """Take in an event of these mailings, `statuses` being those after it."""
        payload: dict[str, Any] = json.loads(event.payload)
        take = _TAKES.get(event.kind)
        if take is not None:
            take(self, event, payload)
        if event.kind in TOLD and payload.get("event"):
            told = [Told(key, str(payload["kind"]), str(payload["at"])) for key in keys(event)]
            self.told.setdefault(str(payload["event"]), []).extend(told)
            if event.kind in (EventKind.POSTED, EventKind.REDATED):
                self.custody |= {one.key: one for one in told}
            if event.kind == EventKind.DELIVERED:
                self.delivered |= {one.key: one for one in told}

    def _prepared(self, event: Event, payload: dict[str, Any]) -> None:
        self.prepared[event.subject, int(payload["pieces"])] = payload

    def _approved(self, event: Event, payload: dict[str, Any]) -> None:
        """What is approved is the SHA-256 over the sorted hashes of the pieces that have not ended."""
        live = sorted(
            self.prepared[event.subject, number]["sha256"]
            for number, status in self.statuses.get(event.subject, {}).items()
            if status not in ENDED
        )
        if payload["output"] != hashlib.sha256("".join(f"{one}\n" for one in live).encode()).hexdigest():
            self.problems.append(f"the approval in event {event.seq} is not of the pieces in the events")

    def _produced(self, event: Event, payload: dict[str, Any]) -> None:
        self.jobs[event.subject, int(payload["job"])] = str(payload["manifest"])
        if payload.get("paper"):
            self.papers.append((event.seq, str(payload["paper"])))

    def _dropped(self, event: Event, payload: dict[str, Any]) -> None:
        self.drops += 1
        self.receipts.append((event.seq, str(payload["receipt"] or "")))
        self._deposited(event, payload)

    def _receipt(self, event: Event, payload: dict[str, Any]) -> None:
        self.receipts.append((event.seq, str(payload["receipt"])))

    def _released(self, event: Event, payload: dict[str, Any]) -> None:  # noqa: ARG002 (as the others)
        for key in keys(event):
            if self.accepted.get(key, {}).get("live") or key in self.refused:
                self.problems.append(
                    f"event {event.seq} takes back piece {key[1]}, which the service had under a live key"
                )
            for known in (self.accepted, self.asked, self.taken, self.custody, self.delivered):
                known.pop(key, None)

    def _refused(self, event: Event, payload: dict[str, Any]) -> None:  # noqa: ARG002 (as the others)
        if not event.rehearsal:
            self.refused |= set(keys(event))

    def _submitting(self, event: Event, payload: dict[str, Any]) -> None:  # noqa: ARG002
        self.asked |= {key: event.recorded_at.astimezone(UTC) for key in keys(event)}

    def _numbered(self, event: Event, payload: dict[str, Any]) -> None:
        self.certified |= {key: str(payload["number"]) for key in keys(event)}

    def _again(self, event: Event, payload: dict[str, Any]) -> None:
        self._prepared(event, payload)
        first = self.prepared.get((event.subject, int(payload["of"])))
        if first is None or first["sha256"] != payload["sha256"]:
            self.problems.append(f"event {event.seq} repeats other pages than those of piece {payload['of']}")

    def _deposited(self, event: Event, payload: dict[str, Any]) -> None:
        self.deposits |= {key: str(payload["counts_on"]) for key in keys(event)}

    def _accepted(self, event: Event, payload: dict[str, Any]) -> None:
        letter = str(payload["id"])
        for key in keys(event):
            other = self.letters.setdefault(letter, key)
            if other != key:
                self.problems.append(
                    f"event {event.seq} gives piece {key[1]} the letter {letter} of piece {other[1]}"
                )
            if payload["sha256"] != self.prepared.get(key, {}).get("sha256"):
                self.problems.append(
                    f"what the service got of piece {key[1]} (event {event.seq}) is not what was approved"
                )
            if payload["live"] is False and not event.rehearsal:
                self.problems.append(
                    f"event {event.seq} is an acceptance under a test key and not called a rehearsal"
                )
            self.accepted[key] = payload
            self.taken[key] = event.recorded_at.astimezone(UTC)


_TAKES: Final[Mapping[str, Callable[[Claims, Event, dict[str, Any]], None]]] = {
    EventKind.PREPARED: Claims._prepared,  # noqa: SLF001 (its own table)
    EventKind.REISSUED: Claims._again,  # noqa: SLF001
    EventKind.APPROVED: Claims._approved,  # noqa: SLF001
    EventKind.PRODUCED: Claims._produced,  # noqa: SLF001
    EventKind.DROPPED: Claims._dropped,  # noqa: SLF001
    EventKind.RECEIPT_ADDED: Claims._receipt,  # noqa: SLF001
    EventKind.NUMBERED: Claims._numbered,  # noqa: SLF001
    EventKind.SUBMITTING: Claims._submitting,  # noqa: SLF001
    EventKind.ACCEPTED: Claims._accepted,  # noqa: SLF001
    EventKind.RELEASED: Claims._released,  # noqa: SLF001
    EventKind.REJECTED: Claims._refused,  # noqa: SLF001
    EventKind.CANCELLED: Claims._refused,  # noqa: SLF001
    EventKind.POSTED: Claims._deposited,  # noqa: SLF001
    EventKind.REDATED: Claims._deposited,  # noqa: SLF001
}


def keys(event: Event) -> Iterator[Key]:
    """The pieces that an event concerns."""
    pieces = str(json.loads(event.payload).get("pieces", ""))
    return ((event.subject, number) for number in numbers(pieces))


def rehearsed(events: Iterable[Event]) -> list[Event]:
    """The rehearsal's events on which something rests: all, but a try with a test key that was taken back."""
    found: list[Event] = []
    tried: dict[Key, list[Event]] = {}
    for event in events:
        if event.kind == EventKind.RELEASED:
            for key in keys(event):
                tried.pop(key, None)
        elif event.rehearsal and event.kind in _TRIED:
            for key in keys(event):
                tried.setdefault(key, []).append(event)
        elif event.rehearsal:
            found.append(event)
    standing = {event.seq: event for left in tried.values() for event in left}
    return sorted([*found, *standing.values()], key=lambda event: event.seq)
