"""Clients marked by hand (mailer.clients.care): a row a marking, of which a client's last one counts.

There are few, so all of them are read. A client that was merged into another keeps its row, its rates and its
pieces, and is no client of its own any more: `listed_now` leaves it out.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from mailer.clients.care import CareMark
from mailer.store.inlist import among
from mailer.store.tables import CareRow, ClientRow


@dataclass(frozen=True, slots=True)
class Marking:
    """One marking. `kept_id` is the client that a merged one is; `salt` that of its event's hashes, "" once
    it was forgotten.
    """

    client_id: UUID
    mark: CareMark
    kept_id: UUID | None
    reason: str
    marked_by: str
    marked_on: date
    salt: str


_COLUMNS: Final = tuple(getattr(CareRow, name) for name in Marking.__slots__)


def keep_marking(session: Session, made: Marking) -> None:
    """Put one in, in a writing session."""
    session.add(CareRow(id=uuid7(), **asdict(made)))
    session.flush()


def marks(session: Session) -> dict[UUID, Marking]:
    """The clients that are marked now, each with its last marking."""
    statement = select(*_COLUMNS).order_by(CareRow.id)
    last = {row.client_id: row for row in session.connection().execute(statement)}
    found = {client: Marking(row[0], CareMark(row[1]), *row[2:]) for client, row in last.items()}
    return {client: made for client, made in found.items() if made.mark is not CareMark.NONE}


def mark_before_merge(session: Session, client: UUID) -> CareMark:
    """How a client that is merged was marked before."""
    made = select(CareRow.mark).where(CareRow.client_id == client).order_by(CareRow.id.desc())
    others = (CareMark(mark) for mark in session.execute(made).scalars() if mark != CareMark.MERGED.value)
    return next(others, CareMark.NONE)


def listed_now(session: Session) -> ColumnElement[bool]:
    """For a statement on clients: an active one that was not merged into another."""
    merged = [client for client, made in marks(session).items() if made.mark is CareMark.MERGED]
    active = ClientRow.active.is_(True)
    return active & ~among(session, ClientRow.id, merged) if merged else active
