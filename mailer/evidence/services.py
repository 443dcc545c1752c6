"""What the ledger says of pieces that a mail service took, and what the service told of them.

Everything but the lines of tracking.jsonl comes from the events; times are aware.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from mailer.evidence.case import ByService, Seen, TakenPiece
from mailer.evidence.pieces import ProvedPiece
from mailer.ledger.chain import Event
from mailer.ledger.claims import keys
from mailer.ledger.events import PieceNumbered, PiecesReceived, PiecesReturned, said
from mailer.ledger.records import Mailing
from mailer.ledger.serviceevents import (
    PieceAccepted,
    PieceDelivered,
    PiecePosted,
    PieceRedated,
    PiecesReleased,
    PiecesSubmitting,
)
from mailer.mailservice.registry import on_paper, title_of
from mailer.printroom.certifiednumber import grouped
from mailer.store.engine import Session
from mailer.store.submissions import count_reports, reports, sent_twice, taken_back


@dataclass(slots=True)
class _Story:
    """What was told of one piece so far."""

    service: str = ""
    asked: datetime | None = None
    taken: PieceAccepted | None = None
    accepted: datetime | None = None
    number: str = ""
    redated: int = 0
    counts_on: date | None = None
    events: list[int] = field(default_factory=lambda: [0, 0])
    posted: Seen | None = None
    delivered: Seen | None = None
    received: Seen | None = None
    returned: Seen | None = None


def services_of(
    session: Session, mailing: Mailing, events: Iterable[Event], pieces: Iterable[ProvedPiece]
) -> list[ByService]:
    """The services that have, or had, live pieces of the mailing."""
    stories: dict[int, _Story] = {}
    for event in events:
        _tell(stories, event, mailing.subject)
    stories = {number: story for number, story in stories.items() if story.taken is not None}
    twice, doubts = sent_twice(session, mailing), taken_back(session, mailing)
    found: dict[str, list[TakenPiece]] = {}
    for piece in pieces if stories else ():
        if (story := stories.get(piece.number)) is not None:
            one = _piece(piece, story, twice.get(piece.number, ""), doubts.get(piece.number, ""))
            found.setdefault(story.service, []).append(one)
    told = count_reports(session, mailing)
    return [
        ByService(name, title_of(name), taken, told, on_paper(name)) for name, taken in sorted(found.items())
    ]


def _tell(stories: dict[int, _Story], event: Event, subject: str) -> None:
    if event.subject != subject or not isinstance(happened := said(event), _TOLD):
        return
    for _, number in keys(event, happened):
        story = stories.setdefault(number, _Story())
        match happened:
            case PiecesSubmitting():
                story.service, story.asked = happened.service, event.recorded_at
            case PieceAccepted():
                story.service, story.taken, story.accepted = happened.service, happened, event.recorded_at
                story.events[0] = event.seq
            case PiecesReleased():
                stories[number] = _Story(number=story.number)
            case PieceNumbered():
                story.number = happened.number
            case PiecePosted() | PieceDelivered() | PiecesReceived() | PiecesReturned():
                _see(story, event, happened)


_TOLD: Final = (
    PiecesSubmitting | PieceAccepted | PiecesReleased | PieceNumbered | PiecePosted | PieceDelivered
    | PiecesReceived | PiecesReturned
)  # fmt: skip


def _see(
    story: _Story, event: Event, happened: PiecePosted | PieceDelivered | PiecesReceived | PiecesReturned
) -> None:
    if not happened.event or happened.at is None:
        return
    seen = Seen(happened.provider_kind, happened.at, happened.event, event.seq)
    match happened:
        case PiecePosted():
            story.posted, story.counts_on, story.events[1] = seen, happened.counts_on, event.seq
            story.redated += isinstance(happened, PieceRedated)
        case PieceDelivered():
            story.delivered = seen
        case PiecesReceived():
            story.received = seen
        case PiecesReturned():
            story.returned = seen


def _piece(piece: ProvedPiece, story: _Story, twice: str, doubt: str) -> TakenPiece:
    if story.taken is None or story.accepted is None:
        raise TypeError("a service's piece without its acceptance")
    return TakenPiece(
        piece.number,
        piece.label,
        piece.lines,
        story.taken.id,
        story.taken.sha256,
        story.asked or story.accepted,
        story.accepted,
        story.taken.live,
        story.taken.certified,
        grouped(story.number) if story.number else "",
        story.taken.send_date,
        (story.events[0], story.events[1]),
        story.posted,
        story.counts_on,
        story.redated,
        story.delivered,
        story.received,
        story.returned,
        twice,
        doubt,
    )


def tracking_lines(session: Session, subjects: Sequence[str]) -> Iterator[str]:
    """Each thing that a service told of these mailings, as a line of tracking.jsonl."""
    for one in reports(session, subjects):
        fields = {
            "subject": one.subject,
            "number": one.number,
            "letter": one.letter,
            "event": one.event,
            "kind": one.kind,
            "means": one.means,
            "at": one.at.isoformat(),
            "told_at": one.told_at.isoformat(),
            "told_by": one.told_by,
        }
        yield json.dumps(fields, ensure_ascii=False, separators=(",", ":")) + "\n"


def accepted_of(events: Iterable[Event], subject: str) -> dict[int, PieceAccepted]:
    """What the event of its acceptance says of each piece that a service took, by number."""
    accepted: dict[int, PieceAccepted] = {}
    for event in events:
        happened = said(event)
        if event.subject == subject and isinstance(happened, PieceAccepted | PiecesReleased):
            for _, number in keys(event, happened):
                accepted.pop(number, None)
                if isinstance(happened, PieceAccepted):
                    accepted[number] = happened
    return accepted
