"""Active clients who stand in no row of a list: named after an import, ended where that is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, type_coerce, update
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from mailer.store.inlist import among
from mailer.store.listed.accountbinding import bind_accounts
from mailer.store.listed.care import listed_now
from mailer.store.listed.clients import zip_order
from mailer.store.listed.lastimport import Before
from mailer.store.record.events import Stamp
from mailer.store.record.spilled import ClientIds
from mailer.store.tables import ClientRow
from mailer.store.types import key_of

_AT_ONCE: Final = 5_000


def absent(session: Session, seen: ClientIds) -> Iterator[UUID]:
    """The active clients who are not among the `seen`, in ZIP order, read as a stream."""
    every = zip_order(select(type_coerce(ClientRow.id, NullType())).where(listed_now(session)))
    with session.connection().execute(every.execution_options(yield_per=_AT_ONCE)) as rows:
        for part in rows.scalars().partitions(_AT_ONCE):
            yield from seen.without(map(key_of, part))


def names(session: Session, clients: Sequence[UUID]) -> list[str]:
    """What people call these clients, in ZIP order: the number, where there is one, and the name."""
    columns = (ClientRow.number, ClientRow.company, ClientRow.contact)
    statement = zip_order(select(*columns).where(among(session, ClientRow.id, clients)))
    return [
        f"{number} {company or contact}".strip() for number, company, contact in session.execute(statement)
    ]


def end(session: Session, clients: Iterable[UUID], before: Before, stamp: Stamp) -> None:
    """End these clients, so that undoing the import brings them back."""
    left = iter(clients)
    while part := list(islice(left, _AT_ONCE)):
        before.keep(part)
        ended: dict[str, Any] = {"active": False, "updated_at": stamp.recorded_at}
        session.execute(
            update(ClientRow)
            .where(among(session, ClientRow.id, part))
            .values(ended)
            .execution_options(synchronize_session=False)
        )
        bind_accounts(session, stamp, (), (), part)
