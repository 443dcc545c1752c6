"""`mailer status NAME PIECE`: a piece's story, its dated steps in plain words, from its mailing's events.

The ledger's own order, but what a service told late stands on the day it happened. What was only rendered
or looked at is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from mailer.errors import Refused
from mailer.ledger.chain import Event
from mailer.ledger.events import (
    JobProduced,
    JobQueued,
    PieceReissued,
    PiecesMisaddressed,
    PiecesReceived,
    PiecesReturned,
    said,
)
from mailer.ledger.kinds import Status
from mailer.ledger.numbers import numbers
from mailer.ledger.records import Mailing, Piece
from mailer.making.piecenames import numbers_of
from mailer.planning.mailfolder import MailFolder
from mailer.printroom.certifiednumber import grouped
from mailer.standing.storywords import words
from mailer.store.engine import Session
from mailer.store.listed.roster import numbers_of_clients
from mailer.store.mailings import last_number
from mailer.store.pieces import piece_numbers, pieces
from mailer.store.record.events import all_events, events_numbered

AT_ONCE: Final = 500  # pieces whose events are read together


@dataclass(frozen=True, slots=True)
class StoryStep:
    """One thing that happened to a piece, on the firm's local day."""

    day: date
    text: str


@dataclass(frozen=True, slots=True)
class Story:
    """All about one piece. `clients` are their numbers or e-mail addresses; `certified` is grouped, or ""."""

    label: str
    name: str
    clients: tuple[str, ...]
    status: Status
    certified: str
    repeats: str
    repeated_as: tuple[str, ...]
    steps: tuple[StoryStep, ...]


def asked_for(mail: MailFolder, mailing: Mailing, texts: Collection[str]) -> set[int]:
    """The numbers of pieces by their names. Raises UsageProblem for no name, Refused where there is no such
    piece.
    """
    wanted = set(numbers_of(mailing, texts))
    with mail.store.read() as session:
        last = last_number(session, mailing)
    beyond = [number for number in sorted(wanted) if not 0 < number <= last]
    if beyond:
        raise Refused(
            f"there is no piece {mailing.label(beyond[0])}.",
            where=mailing.campaign,
            todo=f"The last one is {mailing.label(last)}.",
        )
    return wanted


def stories(mail: MailFolder, mailing: Mailing, wanted: Collection[int] = ()) -> Iterator[Story]:
    """The stories of these pieces, of all where none is named, by number. Reads some at a time."""
    with mail.store.read() as session:
        index = _index(session, mailing.subject, set(wanted))
        chosen = sorted(set(wanted)) if wanted else piece_numbers(session, mailing)
        for at in range(0, len(chosen), AT_ONCE):
            part = list(pieces(session, mailing, numbers=chosen[at : at + AT_ONCE]))
            yield from _told(session, mailing, part, index)


@dataclass(slots=True)
class _Index:
    """Which events (by seq) concern a piece or a job, and as which pieces a piece was repeated."""

    pieces: dict[int, list[int]] = field(default_factory=dict)
    jobs: dict[int, list[int]] = field(default_factory=dict)
    again: dict[int, list[int]] = field(default_factory=dict)


def _index(session: Session, subject: str, wanted: set[int]) -> _Index:
    found = _Index()
    for event in all_events(session, subject):
        happened = said(event)
        if isinstance(happened, JobQueued):
            found.jobs.setdefault(happened.job, []).append(event.seq)
        for number in numbers(happened.concerns):
            if not wanted or number in wanted:
                found.pieces.setdefault(number, []).append(event.seq)
            if isinstance(happened, PieceReissued) and (not wanted or happened.of in wanted):
                found.again.setdefault(happened.of, []).append(number)
                found.pieces.setdefault(happened.of, []).append(event.seq)
    return found


def _told(session: Session, mailing: Mailing, part: Sequence[Piece], index: _Index) -> Iterator[Story]:
    seqs = {seq for piece in part for seq in index.pieces.get(piece.number, ())}
    events = events_numbered(session, seqs.union(*index.jobs.values()))
    clients = numbers_of_clients(session, [piece.id for piece in part])
    for piece in part:
        steps: list[StoryStep] = []
        for seq in index.pieces.get(piece.number, ()):
            steps += _steps(mailing, piece.number, events[seq], events, index)
        steps.sort(key=lambda step: step.day)  # stable: the ledger's order within a day
        yield Story(
            mailing.label(piece.number),
            piece.recipient_name,
            clients.get(piece.id, ()),
            piece.status,
            grouped(piece.certified) if piece.certified else "",
            mailing.label(piece.again_of) if piece.again_of else "",
            tuple(mailing.label(number) for number in index.again.get(piece.number, ())),
            tuple(steps),
        )


def _steps(
    mailing: Mailing, number: int, event: Event, events: dict[int, Event], index: _Index
) -> Iterator[StoryStep]:
    happened = said(event)
    text = words(mailing, number, event, happened)
    if text:
        dated = PiecesReturned | PiecesMisaddressed | PiecesReceived
        yield StoryStep(happened.on if isinstance(happened, dated) else event.occurred_on, text)
    if isinstance(happened, JobProduced):
        for queued in (events[seq] for seq in index.jobs.get(happened.job, ())):
            if at := words(mailing, number, queued, said(queued)):
                yield StoryStep(queued.occurred_on, at)
