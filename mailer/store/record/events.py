"""Appending to the ledger: events, and what they make of pieces, in the caller's transaction.

What an event makes of pieces, jobs, hand-overs and mailings is in mailer.ledger.effects, and is applied by
mailer.store.record.projection: whoever records says what happened, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypeVar

from sqlalchemy import Select, func, insert, select
from sqlalchemy.orm import Session

from mailer.ledger.chain import FIRST_PREV, Event, event
from mailer.ledger.effects import effects
from mailer.ledger.events import said
from mailer.ledger.kinds import EventKind
from mailer.ledger.payload import Said
from mailer.store.record.projection import apply
from mailer.store.record.rehearsals import leave_what_is_real
from mailer.store.tables import EventRow

_AT_ONCE: Final = 2_000  # rows of one INSERT, or of one page that is read
_FIRST_PAGE: Final = 16
_PAGE: Final = (
    1 << 20
)  # characters of payload that a page should not pass by much: an event may bind hundreds
_COLUMNS: Final = tuple(name for name in Event.__slots__ if name != "withheld")  # nothing here is withheld
APPENDED: Final = "mailer_appended"  # in Session.info: the last event that this transaction appended
_NUMBERED: Final = 5_000  # events that are asked for by number at once


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who does it and when: the real clock, the firm's local day, and whether it is a rehearsal; `fixed`
    where that is so because MAILER_TODAY fixes the day.
    """

    actor: str
    recorded_at: datetime
    occurred_on: date
    rehearsal: bool
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be recorded. A `subject` is a mailing's ("2027-rates/letter") or "clients"."""

    subject: str
    said: Said


_Kind = TypeVar("_Kind", bound=Said)


def require_recordable(session: Session, entries: Sequence[Entry], stamp: Stamp) -> None:
    """Raises Refused where a rehearsal would change what really happened."""
    if stamp.fixed:
        leave_what_is_real(session, [(entry.subject, entry.said.kind) for entry in entries])


def record(session: Session, entries: Sequence[Entry], stamp: Stamp) -> Event | None:
    """Append `entries` and bring their pieces to the new status; the last event.

    `session` is a writing one, so that no other command appends meanwhile. Raises Conflict, and
    the caller's transaction must end in a rollback, where a piece is not in a status that the event
    can follow. Pieces of PREPARED and REISSUED events are put in by the
    caller before. Raises Refused where a rehearsal would change what really happened.
    """
    require_recordable(session, entries, stamp)
    last = head(session)
    prev, seq = (last.hash, last.seq) if last else (FIRST_PREV, 0)
    made: Event | None = None
    events: list[Event] = []
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
        events.append(made)
    for at in range(0, len(events), _AT_ONCE):
        rows = [{name: getattr(one, name) for name in _COLUMNS} for one in events[at : at + _AT_ONCE]]
        session.execute(insert(EventRow), rows)
    for happened, entry in zip(events, entries, strict=True):
        for effect in effects(happened, entry.said):
            apply(session, effect)
    if made is not None:
        session.info[APPENDED] = made
    return made


def head(session: Session) -> Event | None:
    """The last event: its hash is the chain's head, printed on what people sign."""
    return next(_events(session, _SELECT.order_by(EventRow.seq.desc()).limit(1)), None)


def last_recorded(session: Session) -> datetime | None:
    """When the last event was recorded, by the clock of the machine that did."""
    return session.scalars(select(EventRow.recorded_at).order_by(EventRow.seq.desc()).limit(1)).first()


def last_of(session: Session, subject: str, kinds: Sequence[EventKind]) -> Event | None:
    """The last event of that subject and one of these kinds."""
    words = [kind.value for kind in kinds]
    wanted = _SELECT.where(EventRow.subject == subject, EventRow.kind.in_(words))
    return next(_events(session, wanted.order_by(EventRow.seq.desc()).limit(1)), None)


def all_events(session: Session, subject: str | None = None) -> Iterator[Event]:
    """Every event in order, or those of a `subject`, a page at a time: whoever stops early leaves no cursor
    open.
    """
    wanted = _SELECT.where(*([] if subject is None else [EventRow.subject == subject])).order_by(EventRow.seq)
    size, page = _FIRST_PAGE, list(_events(session, wanted.limit(_FIRST_PAGE)))
    while page:
        last, said_ = page[-1].seq, sum(len(one.payload) for one in page)
        size = max(1, min(_AT_ONCE, 2 * size, _PAGE * len(page) // max(1, said_)))
        yield from page
        page = list(_events(session, wanted.where(EventRow.seq > last).limit(size)))


def all_events_after(session: Session, seq: int) -> Iterator[Event]:
    """Every event after that one, in order."""
    return _events(session, _SELECT.where(EventRow.seq > seq).order_by(EventRow.seq))


def happened(session: Session, subject: str, kind: type[_Kind]) -> list[tuple[Event, _Kind]]:
    """What happened of one kind to a mailing, a campaign or the list, in order; nothing else is read."""
    statement = _SELECT.where(EventRow.subject == subject, EventRow.kind == kind.kind.value)
    found = ((event, said(event)) for event in _events(session, statement.order_by(EventRow.seq)))
    return [(event, one) for event, one in found if isinstance(one, kind)]


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


_SELECT: Final[Select[Any]] = select(*(getattr(EventRow, name) for name in _COLUMNS))


def _events(session: Session, statement: Select[Any]) -> Iterator[Event]:
    return (Event(*row) for row in session.execute(statement).all())
