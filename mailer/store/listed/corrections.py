"""Addresses that were corrected by hand, so that a list which still has the old one does not bring it back.

A client that is known by name and ZIP code alone is found under its old ZIP code too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from mailer.clients.addresses import same_place
from mailer.clients.record import Address, Client
from mailer.store.inlist import among
from mailer.store.tables import ClientRow, CorrectionRow

PARTS: Final = ("line1", "line2", "city", "state", "zip", "country")


def name_key(name: str, zip_code: str) -> str:
    """What a client without number and e-mail is known by: "name:ash street bakery|95814"."""
    return f"name:{name.casefold()}|{zip_code[:5].casefold()}"


@dataclass(frozen=True, slots=True)
class AddressCorrection:
    """One correction; an address is its parts by name, None where there was or is none of its own.

    `wrong_since`: by our mistake; what was mailed there on that day or later was wrongly addressed. `salt` is
    that of its event's hashes, "" once it was forgotten.
    """

    client_id: UUID
    notice: bool
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    reason: str
    corrected_by: str
    corrected_on: date
    salt: str
    wrong_since: date | None = None


_COLUMNS: Final = tuple(getattr(CorrectionRow, name) for name in AddressCorrection.__slots__)


def parts_of(address: Address | None) -> dict[str, Any] | None:
    """An address as it is stored."""
    return asdict(address) if address else None


def keep_correction(session: Session, who: Client, made: AddressCorrection, now: datetime) -> None:
    """Put one in, and the address into the client's row, in a writing session."""
    session.add(CorrectionRow(id=uuid7(), **asdict(made)))
    row = session.get_one(ClientRow, who.id)
    row.updated_at = now
    if made.notice:
        row.notice_address = made.after
    elif made.after is not None:
        for part in PARTS:
            setattr(row, part, made.after[part])
        row.name_key = name_key(who.name, made.after["zip"])
        if row.key.startswith("name:") and not _taken(session, row.name_key):
            row.key = row.name_key
    session.flush()


def _taken(session: Session, key: str) -> bool:
    return session.execute(select(ClientRow.id).where(ClientRow.key == key)).first() is not None


def corrected_clients(session: Session) -> set[UUID]:
    """Whose address was ever corrected."""
    return set(session.execute(select(CorrectionRow.client_id).distinct()).scalars())


def corrections_of(session: Session, clients: Collection[UUID]) -> list[AddressCorrection]:
    """The corrections of these clients' addresses, oldest first."""
    statement = (
        select(*_COLUMNS)
        .where(among(session, CorrectionRow.client_id, sorted(clients, key=str)))
        .order_by(CorrectionRow.id)
    )
    return [AddressCorrection(*row) for row in session.execute(statement)]


@dataclass(frozen=True, slots=True)
class OldAddresses:
    """What was corrected away: client → its old mailing addresses, and its old notice addresses (None: it
    had none); and the client that an old name and ZIP code belong to.
    """

    mailing: dict[UUID, list[Address | None]] = field(default_factory=dict)
    notice: dict[UUID, list[Address | None]] = field(default_factory=dict)
    clients: dict[str, UUID] = field(default_factory=dict)

    def outdated(self, client: UUID, *, notice: bool, now: Address | None, brought: Address | None) -> bool:
        """Whether `brought` is an address that was corrected to what is `now`."""
        return any(
            brought != now and _same(old, brought, now)
            for old in (self.notice if notice else self.mailing).get(client, ())
        )


def corrected(session: Session) -> OldAddresses:
    """Every correction of the list; by hand, so there are few."""
    found = OldAddresses()
    statement = select(
        CorrectionRow.client_id,
        CorrectionRow.notice,
        CorrectionRow.before,
        ClientRow.company,
        ClientRow.contact,
    ).join(ClientRow, ClientRow.id == CorrectionRow.client_id)
    for client, notice, before, company, contact in session.execute(statement):
        old = Address(**before) if before else None
        (found.notice if notice else found.mailing).setdefault(client, []).append(old)
        if old is not None and not notice:
            found.clients[name_key(company or contact, old.zip)] = client
    return found


def stored_address(row: Mapping[str, Any]) -> Address:
    """The mailing address of a row of `client`."""
    return Address(*(row[part] for part in PARTS))


def stored_notice(row: Mapping[str, Any]) -> Address | None:
    """The notice address of a row of `client`, None where notices go to the mailing address."""
    return Address(**row["notice_address"]) if row["notice_address"] else None


def _same(old: Address | None, brought: Address | None, now: Address | None) -> bool:
    """The old one as it was, or in another spelling, unless the correction was one of spelling alone."""
    if old is None or brought is None:
        return old is brought
    if old == brought:
        return True
    place = same_place(brought)
    return place == same_place(old) and (now is None or place != same_place(now))
