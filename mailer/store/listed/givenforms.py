"""Addresses that stay as they were given, kept by the hash of exactly that spelling."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from mailer.store.tables import GivenFormRow


@dataclass(frozen=True, slots=True)
class GivenForm:
    """Who said that an address stays, when and why. `address` is mailer.clients.addresses.digest of it."""

    client_id: UUID
    address: str
    reason: str
    kept_by: str
    kept_on: date


_COLUMNS: Final = tuple(getattr(GivenFormRow, name) for name in GivenForm.__slots__)


def given_forms(session: Session, client: UUID) -> dict[str, GivenForm]:
    """What is kept of one client, by the hash of the address."""
    statement = select(*_COLUMNS).where(GivenFormRow.client_id == client)
    return {row.address: GivenForm(*row) for row in session.execute(statement)}


def keep_given(session: Session, kept: GivenForm) -> None:
    """Keep it, in place of what was said of that address before, in a writing session."""
    session.merge(GivenFormRow(**asdict(kept)))
    session.flush()
