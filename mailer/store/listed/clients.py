"""Clients in the database as frozen records, whole, read in ZIP order and in chunks.

Memory does not grow with the list: a caller sees at most CHUNK clients at a time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from mailer.agreement import ContractKind
from mailer.clients.care import NO_NEWSLETTER
from mailer.clients.record import Address, Client, Contract
from mailer.errors import UsageProblem
from mailer.store.inlist import among
from mailer.store.listed.care import listed_now, marks
from mailer.store.record.binding import TERMS
from mailer.store.tables import ClientRow

CHUNK: Final = 2_000
_OWN: Final = ("id", "key", "number", "company", "contact", "salutation", "email", "phone")
_PLACE: Final = ("line1", "line2", "city", "state", "zip", "country")
_REST: Final = ("tags", "active", "newsletter", "since", "notice_to")
_COLUMNS: Final = tuple(
    getattr(ClientRow, name) for name in (*_OWN, *_PLACE, *TERMS, "notice_address", *_REST)
)
_AFTER_OWN: Final = len(_OWN)
_AFTER_PLACE: Final = _AFTER_OWN + len(_PLACE)
_AFTER_TERMS: Final = _AFTER_PLACE + len(TERMS)


def zip_order(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Domestic mail by ZIP, then foreign; the same on every database."""
    return statement.order_by(
        ClientRow.country != "US",
        func.substr(ClientRow.zip, 1, 5),
        ClientRow.zip,
        ClientRow.line1,
        ClientRow.key,
    )


def in_chunks(session: Session, *, active: bool = False, size: int = CHUNK) -> Iterator[list[Client]]:
    """The clients in ZIP order, `size` at a time; the `active` ones. Whoever stops early leaves no cursor
    open.
    """
    wanted = [listed_now(session)] if active else []
    statement = zip_order(select(*_COLUMNS).where(*wanted))
    with session.connection().execute(statement.execution_options(yield_per=size)) as rows:
        for part in rows.partitions(size):
            yield [_client(row) for row in part]


def ids_in_order(
    session: Session, *, ids: Collection[UUID] | None = None, readers: bool = False
) -> list[UUID]:
    """The active clients in ZIP order; those of `ids`; `readers`: those who get the newsletter."""
    wanted: list[ColumnElement[bool]] = [listed_now(session)]
    if readers:
        wanted.append(ClientRow.newsletter.is_(True))
        without = [client for client, made in marks(session).items() if made.mark in NO_NEWSLETTER]
        wanted += [~among(session, ClientRow.id, without)] if without else []
    wanted += [among(session, ClientRow.id, ids)] if ids is not None else []
    return list(session.connection().execute(zip_order(select(ClientRow.id).where(*wanted))).scalars())


def by_ids(session: Session, ids: Sequence[UUID]) -> dict[UUID, Client]:
    """The clients with these ids."""
    rows = session.execute(select(*_COLUMNS).where(among(session, ClientRow.id, ids)))
    return {row.id: _client(row) for row in rows}


def find(session: Session, text: str, *, limit: int = 20) -> list[Client]:
    """Clients that people would mean by `text`: its id, number, e-mail or name; else a part of the name."""
    wanted = text.strip()
    exact = or_(
        ClientRow.number == wanted,
        func.lower(ClientRow.email) == wanted.lower(),
        func.lower(ClientRow.company) == wanted.lower(),
        func.lower(ClientRow.contact) == wanted.lower(),
        *(ClientRow.id == found for found in _uuid(wanted)),
    )
    part = f"%{wanted.lower().replace('%', '').replace('_', '')}%"
    loose = or_(func.lower(ClientRow.company).like(part), func.lower(ClientRow.contact).like(part))
    for condition in (exact, loose):
        rows = session.execute(zip_order(select(*_COLUMNS).where(condition)).limit(limit)).all()
        if rows:
            return [_client(row) for row in rows]
    return []


def _uuid(text: str) -> Iterable[UUID]:
    try:
        yield UUID(text)
    except ValueError:
        return


def count(session: Session) -> int:
    """How many clients the list has."""
    return session.execute(select(func.count()).select_from(ClientRow)).scalar_one()


def count_active(session: Session) -> int:
    """How many of them are active."""
    active = select(func.count()).select_from(ClientRow).where(listed_now(session))
    return session.execute(active).scalar_one()


def active_after(session: Session, last: UUID | None, limit: int) -> list[Client]:
    """The next `limit` active clients by id, from the first where `last` is None."""
    statement = select(*_COLUMNS).where(listed_now(session))
    if last is not None:
        statement = statement.where(ClientRow.id > last)
    return [_client(row) for row in session.execute(statement.order_by(ClientRow.id).limit(limit))]


def _client(row: Sequence[Any]) -> Client:
    """A row of `_COLUMNS` as a frozen record."""
    place, terms = row[_AFTER_OWN:_AFTER_PLACE], row[_AFTER_PLACE:_AFTER_TERMS]
    notices, tags, active, newsletter, since, notice_to = row[_AFTER_TERMS:]
    values = (
        *row[:_AFTER_OWN],
        Address(*place),
        Address(**notices) if notices else None,
        contract_of(*terms),
        tags_of(tags),
        *(active, newsletter, since, notice_to),
    )
    return Client(*values)


tags_of = lru_cache(maxsize=4_096)(frozenset[str])


@lru_cache(maxsize=8_192)
def contract_of(
    kind: str,
    notice: str,
    locked: date | None,
    cap: Any,
    months: int | None,
    only_at_renewal: bool,
    renewal: date | None,
    last_raised: date | None,
) -> Contract:
    """An agreement of the columns TERMS; of equal ones there is one object."""
    return Contract(ContractKind(kind), notice, locked, cap, months, only_at_renewal, renewal, last_raised)


def one_client(found: list[Client], text: str) -> Client:
    """The one client that was meant. Raises UsageProblem where that is not clear."""
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageProblem(f"no client is called {text!r}.", todo="Look with `mailer clients list TEXT`.")
    names = ", ".join(f"{each.number or each.email or each.id} {each.name}" for each in found[:5])
    raise UsageProblem(
        f"{text!r} could be {len(found)} clients: {names}.", todo="Name one by its number or e-mail."
    )
