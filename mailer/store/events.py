"""Appending to the ledger: events, and what they make of pieces, in the caller's transaction.

This is the only place that changes a piece's status after it was prepared, so that a status can't
disagree with the events.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypeVar

from sqlalchemy import CursorResult, Select, and_, func, insert, or_, select, update
from sqlalchemy.orm import Session

from mailer.errors import MailerError
from mailer.ledger.chain import FIRST_PREV, Event, event
from mailer.ledger.events import said
from mailer.ledger.kinds import TRANSITIONS, EventKind, Status
from mailer.ledger.numbers import spans
from mailer.ledger.payload import Said
from mailer.store.tables import EventRow, MailingRow, PieceRow

_AT_ONCE: Final = 2_000  # rows of one INSERT, or of one page that is read
APPENDED: Final = "mailer_appended"  # in Session.info: the last event that this transaction appended
_NUMBERED: Final = 5_000  # events that are asked for by number at once


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who does it and when: the real clock, the firm's local day, and whether it is a rehearsal."""

    actor: str
    recorded_at: datetime
    occurred_on: date
    rehearsal: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be recorded. A `subject` is a mailing's ("2027-rates/letter") or "clients"."""

    subject: str
    said: Said


_Kind = TypeVar("_Kind", bound=Said)


class Conflict(MailerError):
    """A piece is no longer what this command took it for: another command was faster."""


def record(session: Session, entries: Sequence[Entry], stamp: Stamp) -> Event | None:
    """Append `entries` and bring their pieces to the new status; the last event.

    `session` is a writing one, so that no other command appends meanwhile. Raises Conflict, and
    the caller's transaction must end in a rollback, where a piece is not in a status that the event
    can follow. Pieces of PREPARED and REISSUED events are put in by the
    caller before.
    """
    last = head(session)
    prev, seq = (last.hash, last.seq) if last else (FIRST_PREV, 0)
    made: Event | None = None
    rows: list[dict[str, object]] = []
    for entry in entries:
        seq += 1
        made = event(
            seq,
            entry.said.kind.value,
            entry.subject,
            entry.said.payload(),
            actor=stamp.actor,
            recorded_at=stamp.recorded_at,
            occurred_on=stamp.occurred_on,
            rehearsal=stamp.rehearsal,
            prev=prev,
        )
        prev = made.hash
        rows.append({name: getattr(made, name) for name in Event.__slots__})
        if len(rows) == _AT_ONCE:
            session.execute(insert(EventRow), rows)
            rows.clear()
    if rows:
        session.execute(insert(EventRow), rows)
    for entry in entries:
        _project(session, entry)
    if made is not None:
        session.info[APPENDED] = made
    return made


def head(session: Session) -> Event | None:
    """The last event: its hash is the chain's head, printed on what people sign."""
    return next(_events(session, _SELECT.order_by(EventRow.seq.desc()).limit(1)), None)


def last_of(session: Session, subject: str, kinds: Sequence[EventKind]) -> Event | None:
    """The last event of that subject and one of these kinds."""
    words = [kind.value for kind in kinds]
    wanted = _SELECT.where(EventRow.subject == subject, EventRow.kind.in_(words))
    return next(_events(session, wanted.order_by(EventRow.seq.desc()).limit(1)), None)


def all_events(session: Session) -> Iterator[Event]:
    """Every event in order, a page at a time: whoever stops early leaves no cursor open."""
    page = list(_events(session, _SELECT.order_by(EventRow.seq).limit(_AT_ONCE)))
    while page:
        yield from page
        after = EventRow.seq > page[-1].seq
        page = list(_events(session, _SELECT.where(after).order_by(EventRow.seq).limit(_AT_ONCE)))


def events_of(session: Session, subject: str) -> Iterator[Event]:
    """The events of one mailing in order."""
    return _events(session, _SELECT.where(EventRow.subject == subject).order_by(EventRow.seq))


def happened(session: Session, subject: str, kind: type[_Kind]) -> list[tuple[Event, _Kind]]:
    """What happened of one kind to a mailing, a campaign or the list, in order; nothing else is read."""
    statement = _SELECT.where(EventRow.subject == subject, EventRow.kind == kind.kind.value)
    found = ((event, said(event)) for event in _events(session, statement.order_by(EventRow.seq)))
    return [(event, one) for event, one in found if isinstance(one, kind)]


def stream_of(session: Session, subject: str) -> Iterator[Event]:
    """The events of one mailing in order, some at a time; to be read to the end."""
    statement = _SELECT.where(EventRow.subject == subject).order_by(EventRow.seq)
    for row in session.execute(statement.execution_options(yield_per=_AT_ONCE)):
        yield Event(*row)


def events_numbered(session: Session, seqs: Iterable[int]) -> dict[int, Event]:
    """The events of these numbers."""
    ordered, found = sorted(set(seqs)), dict[int, Event]()
    for at in range(0, len(ordered), _NUMBERED):
        for event_ in _events(session, _SELECT.where(EventRow.seq.in_(ordered[at : at + _NUMBERED]))):
            found[event_.seq] = event_
    return found


def last_day(session: Session, subject: str, kinds: Sequence[EventKind]) -> date | None:
    """The last day on which something of these kinds happened to a mailing."""
    statement = select(func.max(EventRow.occurred_on)).where(
        EventRow.subject == subject, EventRow.kind.in_([kind.value for kind in kinds])
    )
    return session.execute(statement).scalar_one()


_SELECT: Final[Select[Any]] = select(*(getattr(EventRow, name) for name in Event.__slots__))


def _events(session: Session, statement: Select[Any]) -> Iterator[Event]:
    return (Event(*row) for row in session.execute(statement).all())


def _project(session: Session, entry: Entry) -> None:
    transition, pieces = TRANSITIONS.get(entry.said.kind), entry.said.concerns
    if transition is None or None in transition.before or not pieces:
        return
    mailing = session.execute(select(MailingRow.id).where(MailingRow.subject == entry.subject)).scalar_one()
    parts = list(spans(pieces))
    expected = sum(last - first + 1 for first, last in parts)
    changed = 0
    for at in range(0, len(parts), 200):
        within = or_(*(PieceRow.number.between(first, last) for first, last in parts[at : at + 200]))
        result = session.execute(
            update(PieceRow)
            .where(
                and_(PieceRow.mailing_id == mailing, within, PieceRow.status.in_(_values(transition.before)))
            )
            .values(status=transition.after.value)
            .execution_options(synchronize_session=False)
        )
        changed += result.rowcount if isinstance(result, CursorResult) else 0
    if changed != expected:
        raise Conflict(
            f"{expected - changed} of {expected} pieces of {entry.subject} are not "
            f"{' or '.join(_values(transition.before))} any more.",
            todo="Another command was faster: run `mailer status` and try again. Nothing was recorded.",
        )


def _values(statuses: frozenset[Status | None]) -> list[str]:
    return sorted(status.value for status in statuses if status is not None)
