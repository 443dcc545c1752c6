"""Dropping a person from the list: what names it, and the salts of the hashes that would still prove it.

The rows stay, blank, so that what was mailed keeps its place: ids, rates, terms and days name nobody. Events
are recorded by the caller (mailer.standing.forgotten).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, null, update
from sqlalchemy.orm import Session

from mailer.store.inlist import among
from mailer.store.tables import (
    AddressCheckRow,
    CareRow,
    ClientBefore,
    ClientRow,
    CorrectionRow,
    ExceptionRow,
    GivenFormRow,
)

FORGOTTEN: Final = "forgotten"
_KEY: Final = f"{FORGOTTEN}:"
_BLANK: Final = (
    *("number", "company", "salutation", "email", "phone", "line1", "line2", "city", "state", "zip"),
    *("email_key", "name_key", "notice_to", "salt", "listed"),
)


def is_forgotten(key: str) -> bool:
    """By the key of a client."""
    return key.startswith(_KEY)


def drop_person(session: Session, clients: Collection[UUID], now: datetime) -> None:
    """Blank these clients, their corrections, exceptions and marks, and drop what else names them."""
    for client in clients:
        values: dict[str, Any] = dict.fromkeys(_BLANK, "") | {
            "key": f"{_KEY}{client.hex}",
            "contact": FORGOTTEN,
            "country": "US",
            "notice_address": null(),
            "tags": (),
            "active": False,
            "newsletter": False,
            "updated_at": now,
        }
        session.execute(update(ClientRow).where(ClientRow.id == client).values(values))
    blank: dict[str, Any] = {"reason": "", "salt": ""}
    for row in (CareRow, ExceptionRow):
        session.execute(update(row).where(among(session, row.client_id, clients)).values(blank))
    session.execute(
        update(CorrectionRow)
        .where(among(session, CorrectionRow.client_id, clients))
        .values(blank | {"before": null(), "after": null()})
    )
    for gone in (AddressCheckRow, GivenFormRow):
        session.execute(delete(gone).where(among(session, gone.client_id, clients)))
    session.execute(ClientBefore.delete().where(among(session, ClientBefore.c.id, clients)))
