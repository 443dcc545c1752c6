"""What the ledger says of pieces that a mail service took, and what the service told of them.

Everything but the lines of tracking.jsonl comes from the events; times are aware.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mailer.evidence.case import ByService, Seen, ServicePiece
from mailer.evidence.pieces import Piece
from mailer.ledger.chain import Event
from mailer.ledger.claims import keys
from mailer.ledger.kinds import EventKind
from mailer.mailservice.services import title_of
from mailer.printroom.certifiednumber import grouped
from mailer.store.events import payload_of
from mailer.store.tables import MailingRow, PieceRow, SubmissionRow, TrackingRow

_PARTS: Final = {
    EventKind.POSTED: "posted",
    EventKind.REDATED: "posted",
    EventKind.DELIVERED: "delivered",
    EventKind.RECEIVED: "received",
    EventKind.RETURNED: "returned",
}
"""Which part of a piece's story an event tells."""


@dataclass(slots=True)
class _Story:
    """What was told of one piece so far."""

    service: str = ""
    asked: datetime | None = None
    taken: dict[str, Any] | None = None
    accepted: datetime | None = None
    number: str = ""
    redated: int = 0
    counts_on: date | None = None
    events: list[int] = field(default_factory=lambda: [0, 0])
    seen: dict[str, Seen] = field(default_factory=dict)


def services_of(
    session: Session, mailing: MailingRow, events: Iterable[Event], pieces: Sequence[Piece]
) -> list[ByService]:
    """The services that have, or had, live pieces of the mailing."""
    stories: dict[int, _Story] = {}
    for event in events:
        _tell(stories, event, mailing.subject)
    twice = dict(_twice(session, mailing))
    found: dict[str, list[ServicePiece]] = {}
    for piece in pieces:
        story = stories.get(piece.number)
        if story is not None and story.taken is not None:
            one = _piece(piece, story, twice.get(piece.number, ""))
            found.setdefault(story.service, []).append(one)
    told = session.execute(
        select(func.count())
        .select_from(TrackingRow)
        .join(PieceRow, PieceRow.id == TrackingRow.piece_id)
        .where(PieceRow.mailing_id == mailing.id)
    ).scalar_one()
    return [ByService(name, title_of(name), taken, told) for name, taken in sorted(found.items())]


def _tell(stories: dict[int, _Story], event: Event, subject: str) -> None:
    if event.subject != subject:
        return
    said: dict[str, Any] = dict(payload_of(event))
    for _, number in keys(event):
        story = stories.setdefault(number, _Story())
        match event.kind:
            case EventKind.SUBMITTING:
                story.service, story.asked = said["service"], event.recorded_at
            case EventKind.ACCEPTED:
                story.service, story.taken, story.accepted = said["service"], said, event.recorded_at
                story.events[0] = event.seq
            case EventKind.RELEASED:
                stories[number] = _Story(number=story.number)
            case EventKind.NUMBERED:
                story.number = said["number"]
            case _:
                _see(story, event, said)


def _see(story: _Story, event: Event, said: dict[str, Any]) -> None:
    part = next((part for kind, part in _PARTS.items() if event.kind == kind), "")
    if not part or not said.get("event"):
        return
    at = datetime.fromisoformat(said["at"])
    story.seen[part] = Seen(said["kind"], at, said["event"], event.seq)
    if part == "posted":
        story.counts_on, story.events[1] = date.fromisoformat(said["counts_on"]), event.seq
        story.redated += event.kind == EventKind.REDATED


def _piece(piece: Piece, story: _Story, twice: str) -> ServicePiece:
    if story.taken is None or story.accepted is None:
        raise TypeError("a service's piece without its acceptance")
    day = story.taken.get("send_date")
    return ServicePiece(
        piece.number,
        piece.label,
        piece.lines,
        story.taken["id"],
        story.taken["sha256"],
        story.asked or story.accepted,
        story.accepted,
        bool(story.taken["live"]),
        bool(story.taken["certified"]),
        grouped(story.number) if story.number else "",
        date.fromisoformat(day) if day else None,
        (story.events[0], story.events[1]),
        story.seen.get("posted"),
        story.counts_on,
        story.redated,
        story.seen.get("delivered"),
        story.seen.get("received"),
        story.seen.get("returned"),
        twice,
    )


def _twice(session: Session, mailing: MailingRow) -> Iterator[tuple[int, str]]:
    """Pieces of which the service, or the post, is known to have had more than one letter."""
    statement = (
        select(PieceRow.number, SubmissionRow.problem)
        .join(PieceRow, PieceRow.id == SubmissionRow.piece_id)
        .where(SubmissionRow.mailing_id == mailing.id, SubmissionRow.problem.contains(" more than once"))
    )
    yield from ((row.number, row.problem) for row in session.execute(statement))


def _rows(session: Session, subjects: Sequence[str]) -> Iterator[tuple[str, int, TrackingRow]]:
    statement = (
        select(MailingRow.subject, PieceRow.number, TrackingRow)
        .join(PieceRow, PieceRow.id == TrackingRow.piece_id)
        .join(MailingRow, MailingRow.id == PieceRow.mailing_id)
        .where(MailingRow.subject.in_(subjects))
        .order_by(MailingRow.subject, PieceRow.number, TrackingRow.occurred_at, TrackingRow.id)
    )
    return ((subject, number, row) for subject, number, row in session.execute(statement))


def tracking_lines(session: Session, subjects: Sequence[str]) -> Iterator[str]:
    """Each thing that a service told of these mailings, as a line of tracking.jsonl."""
    for subject, number, row in _rows(session, subjects):
        fields = {
            "subject": subject,
            "number": number,
            "letter": row.provider_id,
            "event": row.id,
            "kind": row.provider_kind,
            "means": row.kind,
            "at": row.occurred_at.isoformat(),
            "told_at": row.told_at.isoformat(),
            "told_by": row.told_by,
        }
        yield json.dumps(fields, ensure_ascii=False, separators=(",", ":")) + "\n"


def accepted_of(events: Iterable[Event], subject: str) -> dict[int, dict[str, Any]]:
    """What the event of its acceptance says of each piece that a service took, by number."""
    accepted: dict[int, dict[str, Any]] = {}
    for event in events:
        if event.subject == subject and event.kind in (EventKind.ACCEPTED, EventKind.RELEASED):
            for _, number in keys(event):
                accepted.pop(number, None)
                if event.kind == EventKind.ACCEPTED:
                    accepted[number] = dict(payload_of(event))
    return accepted
