"""What the last import of the client list changed, kept so that it can be taken back.

Only the last one is kept, in the tables `last_import` and `client_before`: clients that it changed as they
were before, and how far rates and former terms went. Clients that it added are those written with it that are
not among these. Whoever forgets a client drops it here too.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Text, cast, delete, func, insert, select, update
from sqlalchemy.orm import Session

from mailer.store.inlist import among
from mailer.store.listed.accountbinding import bind_again
from mailer.store.record.events import Stamp
from mailer.store.tables import (
    AddressCheckRow,
    Base,
    ClientBefore,
    ClientRow,
    FormerTermsRow,
    GivenFormRow,
    LastImportRow,
    RateRow,
)

_CLIENT: Final = Base.metadata.tables[ClientRow.__tablename__]
_ADDED: Final = ((FormerTermsRow, "last_former"), (RateRow, "last_rate"))


class Before:
    """Keeps what an import is about to change, in its transaction. Nothing is kept of one that changes
    nothing, and what was kept of the one before stays.
    """

    def __init__(self, session: Session, written_at: datetime) -> None:
        self._session = session
        self._written_at = written_at
        self._begun = False

    def keep(self, ids: Collection[UUID]) -> None:
        """Keep these known clients as they are; to be called before each writing, whoever is in it."""
        if not self._begun:
            _drop(self._session)
            last = {
                name: select(func.coalesce(func.max(row.id), 0)).scalar_subquery() for row, name in _ADDED
            }
            self._session.execute(insert(LastImportRow).values(written_at=self._written_at, **last))
            self._begun = True
        if ids:
            known = select(*_CLIENT.columns).where(
                among(self._session, ClientRow.id, ids),
                ClientRow.updated_at != self._written_at,  # written by an earlier chunk
                ClientRow.id.not_in(select(ClientBefore.c.id)),
            )
            self._session.execute(ClientBefore.insert().from_select(list(_CLIENT.columns.keys()), known))


def kept_of(session: Session) -> datetime | None:
    """When the import was written of which this is kept."""
    return session.execute(select(LastImportRow.written_at)).scalar_one_or_none()


@dataclass(frozen=True, slots=True)
class AsBefore:
    """`removed` are the ids of clients that the import had added, `restored` how many are as before again."""

    removed: tuple[UUID, ...]
    restored: int


def take_back(session: Session, stamp: Stamp) -> AsBefore:
    """Bring the list back to what it was before the import that is kept, and bind what is there again.

    No piece, correction or exception may rest on it. The caller has looked that something is kept.
    """
    kept = session.execute(select(LastImportRow)).scalar_one()
    before = session.execute(select(*ClientBefore.columns)).mappings().all()
    changed = [row["id"] for row in before]
    written = select(ClientRow.id).where(ClientRow.updated_at == kept.written_at)
    added = tuple(session.scalars(written.where(ClientRow.id.not_in(select(ClientBefore.c.id)))))
    for row, name in _ADDED:
        session.execute(delete(row).where(row.id > getattr(kept, name)))
    for gone in (AddressCheckRow, GivenFormRow):
        session.execute(delete(gone).where(among(session, gone.client_id, added)))
    session.execute(delete(ClientRow).where(among(session, ClientRow.id, added)))
    if before:
        # A key may have passed from one client to another: none has it while they are put back.
        aside: Any = {"key": "-" + cast(ClientRow.id, Text)}
        session.execute(update(ClientRow).where(among(session, ClientRow.id, changed)).values(aside))
        session.execute(update(ClientRow), [dict(row) for row in before])
    _drop(session)
    bind_again(session, stamp, changed)
    return AsBefore(added, len(changed))


def _drop(session: Session) -> None:
    session.execute(delete(LastImportRow))
    session.execute(delete(ClientBefore))
