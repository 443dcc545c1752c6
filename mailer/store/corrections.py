"""Addresses that were corrected by hand, so that a list which still has the old one does not bring it back.

A client that is known by name and ZIP code alone is found under its old ZIP code too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from mailer.clients.addresses import same_place
from mailer.clients.record import Address
from mailer.store.tables import ClientRow, CorrectionRow

PARTS: Final = ("line1", "line2", "city", "state", "zip", "country")


def name_key(name: str, zip_code: str) -> str:
    """What a client without number and e-mail is known by: "name:ash street bakery|95814"."""
    return f"name:{name.casefold()}|{zip_code[:5].casefold()}"


@dataclass(frozen=True, slots=True)
class Corrected:
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


def corrected(session: Session) -> Corrected:
    """Every correction of the list; by hand, so there are few."""
    found = Corrected()
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
