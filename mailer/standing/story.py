"""`mailer status NAME PIECE`: a piece's story, its dated steps in plain words, from its mailing's events.

The ledger's own order, but what a service told late stands on the day it happened. What was only rendered
or looked at is left out.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from mailer.ledger.chain import Event, Scalar
from mailer.ledger.kinds import EventKind, Status
from mailer.ledger.numbers import numbers
from mailer.making.piecenames import label_of
from mailer.planning.mailfolder import MailFolder
from mailer.printroom.certifiednumber import grouped
from mailer.standing.storywords import Happened, words
from mailer.store.among import among
from mailer.store.events import payload_of
from mailer.store.tables import ClientRow, EventRow, MailingRow, PieceClientRow, PieceRow

AT_ONCE: Final = 500  # pieces whose events are read together


@dataclass(frozen=True, slots=True)
class Step:
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
    steps: tuple[Step, ...]


def stories(mail: MailFolder, mailing: MailingRow, wanted: Collection[int] = ()) -> Iterator[Story]:
    """The stories of these pieces, of all where none is named, by number. Reads some at a time."""
    with mail.store.read() as session:
        index = _index(session, mailing.subject, set(wanted))
        after = 0
        while True:
            statement = select(PieceRow).where(PieceRow.mailing_id == mailing.id, PieceRow.number > after)
            if wanted:
                statement = statement.where(PieceRow.number.in_(sorted(wanted)))
            rows = list(session.execute(statement.order_by(PieceRow.number).limit(AT_ONCE)).scalars())
            if not rows:
                return
            yield from _told(session, mailing, rows, index)
            after = rows[-1].number
            session.expunge_all()


@dataclass(slots=True)
class _Index:
    """Which events (by seq) concern a piece or a job, and as which pieces a piece was repeated."""

    pieces: dict[int, list[int]] = field(default_factory=dict)
    jobs: dict[int, list[int]] = field(default_factory=dict)
    again: dict[int, list[int]] = field(default_factory=dict)


def _index(session: Session, subject: str, wanted: set[int]) -> _Index:
    found = _Index()
    statement = select(EventRow.seq, EventRow.kind, EventRow.payload).where(EventRow.subject == subject)
    for seq, kind, text in session.execute(
        statement.order_by(EventRow.seq).execution_options(yield_per=2_000)
    ):
        payload = json.loads(text)
        if kind == EventKind.QUEUED:
            found.jobs.setdefault(payload["job"], []).append(seq)
        for number in numbers(str(payload.get("pieces") or "")):
            if not wanted or number in wanted:
                found.pieces.setdefault(number, []).append(seq)
            if kind == EventKind.REISSUED and (not wanted or payload["of"] in wanted):
                found.again.setdefault(payload["of"], []).append(number)
                found.pieces.setdefault(payload["of"], []).append(seq)
    return found


def _told(session: Session, mailing: MailingRow, rows: Sequence[PieceRow], index: _Index) -> Iterator[Story]:
    events = _events(session, rows, index)
    clients = _clients(session, [row.id for row in rows])
    for row in rows:
        steps: list[Step] = []
        for seq in index.pieces.get(row.number, ()):
            event = events[seq]
            payload = payload_of(event)
            steps += _steps(mailing, row.number, event, payload)
            if event.kind == EventKind.PRODUCED:
                queued = [events[at] for at in index.jobs.get(int(str(payload["job"])), ())]
                steps += [Step(one.occurred_on, f"queued at {payload_of(one)['printer']}") for one in queued]
        steps.sort(key=lambda step: step.day)  # stable: the ledger's order within a day
        yield Story(
            label_of(mailing, row.number),
            row.recipient_name,
            clients.get(row.id, ()),
            Status(row.status),
            grouped(row.certified) if row.certified else "",
            label_of(mailing, row.again_of) if row.again_of else "",
            tuple(label_of(mailing, number) for number in index.again.get(row.number, ())),
            tuple(steps),
        )


def _events(session: Session, rows: Sequence[PieceRow], index: _Index) -> dict[int, Event]:
    wanted = {seq for row in rows for seq in index.pieces.get(row.number, ())}
    wanted |= {seq for seqs in index.jobs.values() for seq in seqs}
    columns = [getattr(EventRow, name) for name in Event.__slots__]
    found: dict[int, Event] = {}
    ordered = sorted(wanted)
    for at in range(0, len(ordered), 5_000):
        statement = select(*columns).where(EventRow.seq.in_(ordered[at : at + 5_000]))
        for row in session.execute(statement):
            event = Event(*row)
            found[event.seq] = event
    return found


def _clients(session: Session, ids: Sequence[UUID]) -> dict[UUID, tuple[str, ...]]:
    statement = (
        select(PieceClientRow.piece_id, ClientRow.number, ClientRow.email)
        .join(ClientRow, ClientRow.id == PieceClientRow.client_id)
        .where(among(session, PieceClientRow.piece_id, ids))
        .order_by(ClientRow.number, ClientRow.email)
    )
    found: dict[UUID, tuple[str, ...]] = {}
    for piece, number, email in session.execute(statement):
        if number or email:
            found[piece] = (*found.get(piece, ()), number or email)
    return found


def _steps(mailing: MailingRow, number: int, event: Event, payload: Mapping[str, Scalar]) -> Iterator[Step]:
    text = words(Happened(mailing, number, event, payload))
    if text:
        on = payload.get("on")
        yield Step(date.fromisoformat(on) if isinstance(on, str) else event.occurred_on, text)
