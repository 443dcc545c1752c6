"""What mail services said of clients' addresses, kept by the hash of exactly what was asked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from mailer.clients.record import Address
from mailer.store.engine import Session
from mailer.store.inlist import among
from mailer.store.tables import AddressCheckRow


@dataclass(frozen=True, slots=True)
class AddressCheck:
    """What a service said of one address, in its own words. `address` is the hash of what was asked;
    `suggestion` the service's spelling, None where it has none.
    """

    client_id: UUID
    address: str
    checked_on: date
    service: str
    deliverability: str
    dpv: str
    suggestion: Address | None


def checks_of(session: Session, clients: Collection[UUID]) -> list[AddressCheck]:
    """All that is kept of these clients, of addresses that they had before too."""
    statement = select(AddressCheckRow).where(among(session, AddressCheckRow.client_id, clients))
    return [
        AddressCheck(
            row.client_id,
            row.address,
            row.checked_on,
            row.service,
            row.deliverability,
            row.dpv,
            Address(**row.suggestion) if row.suggestion else None,
        )
        for row in session.execute(statement).scalars()
    ]


def keep_check(session: Session, check: AddressCheck) -> None:
    """Keep it in place of what was said of that address before."""
    there = asdict(check.suggestion) if check.suggestion else None
    values = {name: getattr(check, name) for name in AddressCheck.__slots__}
    session.merge(AddressCheckRow(**values | {"suggestion": there}))
