"""Which stored client a row of a list is, and which rows say of theirs what is stored already.

Of a row that was taken as it is, and said nothing else, the client keeps the digest
(mailer.clients.rowdigest) with the time at which the client was last changed and the rates that rested on a
notice. Whoever changes a client sets that time, so that its row is read again; so it is once other rates rest
on a notice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import or_, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from mailer.clients.row import ListRow, Refusal
from mailer.clients.rowdigest import UnreadRow
from mailer.store.inlist import among, worded
from mailer.store.listed.corrections import OldAddresses
from mailer.store.listed.listedcolumns import key_by_name
from mailer.store.tables import Base, ClientRow
from mailer.store.types import key_of

_CLIENT: Final = Base.metadata.tables[ClientRow.__tablename__]
_TELLING: Final = 3  # of name, contact, e-mail and street: fewer that differ may be one move
_STRENGTH: Final = ("id", "email", "name")


def stronger(one: str, other: str) -> str:
    """A number is a stronger identity than an e-mail address, and that than a name."""
    return min(one, other, key=lambda key: _STRENGTH.index(key.partition(":")[0]))


def listed_as(digest: str, changed: datetime | str, noticed: Mapping[str, Decimal]) -> str:
    """What is stored of the row that a client, last changed then and with these rates by a notice, is as."""
    rates = (f" {service}={amount}" for service, amount in sorted(noticed.items()))
    return f"{digest} {_written(changed)}{''.join(rates)}" if digest else ""


def as_listed(
    session: Session,
    rows: Sequence[UnreadRow],
    noticed: Callable[[Sequence[UUID]], Mapping[UUID, Mapping[str, Decimal]]],
) -> dict[int, UUID]:
    """The clients of whom rows say what is stored already, by the row's number. `noticed` tells the rates
    that rest on a notice.
    """
    keys = {row.key: row for row in rows if row.digest}
    if not keys:
        return {}
    statement = select(
        ClientRow.key,
        ClientRow.listed,
        type_coerce(ClientRow.id, NullType()),
        type_coerce(ClientRow.updated_at, NullType()),
    ).where(worded(session, ClientRow.key, keys), ClientRow.listed != "")
    found: list[tuple[UnreadRow, str, UUID, Any]] = [
        (keys[key], listed, key_of(client), changed)
        for key, listed, client, changed in session.connection().execute(statement).all()
        if listed.startswith(keys[key].digest)
    ]
    rates = noticed([client for _, _, client, _ in found])
    return {
        row.number: client
        for row, listed, client, changed in found
        if listed == listed_as(row.digest, changed, rates.get(client, {}))
    }


@lru_cache(maxsize=4_096)
def _written(changed: datetime | str) -> str:
    """A time, as the database gives it or read, in UTC."""
    if isinstance(changed, str):  # SQLite's, which is in UTC
        changed = datetime.fromisoformat(changed).replace(tzinfo=UTC)
    return changed.astimezone(UTC).isoformat()


def known_of(
    session: Session, rows: Sequence[ListRow], corrected: OldAddresses
) -> tuple[dict[int, Any], dict[int, Refusal]]:
    """Row number → the stored client it is; row number → why that can't be told."""
    by_key = {r["key"]: r for r in _fetch(session, worded(session, ClientRow.key, [row.key for row in rows]))}
    found = {row.row: by_key[row.key] for row in rows if row.key in by_key}
    unsure = {
        row.row: _reused(found.pop(row.row), row) for row in rows if _is_another(found.get(row.row), row)
    }
    strangers = [row for row in rows if row.row not in found and row.row not in unsure]
    if not strangers:
        return found, unsure
    emails = [row.email.casefold() for row in strangers if row.email]
    names = [key_by_name(row) for row in strangers]
    old: dict[UUID, list[str]] = {}  # client: what it was known by before its correction
    for name in names:
        if name in corrected.clients:
            old.setdefault(corrected.clients[name], []).append(name)
    condition = or_(
        worded(session, ClientRow.email_key, emails),
        worded(session, ClientRow.name_key, names),
        among(session, ClientRow.id, old),
    )
    former: dict[str, Any] = {}
    alike: dict[tuple[str, ...], Any] = {}  # kind of key, e-mail or name or both: the first client
    for r in _fetch(session, condition):
        kind, before = r["key"].partition(":")[0], old.get(r["id"], [])
        former |= dict.fromkeys(before if kind == "name" else (), r)
        alike.setdefault((kind, r["email_key"]), r)
        for name in (r["name_key"], *before):
            alike.setdefault((kind, name), r)
            alike.setdefault((kind, r["email_key"], name), r)
    for row, name in zip(strangers, names, strict=True):
        if row.key in former:  # known by name and by the ZIP code of before its correction
            found[row.row] = former[row.key]
            continue
        email = row.email.casefold() or "\0"
        kinds = [kind for kind in _STRENGTH if kind != row.key.partition(":")[0]]
        both = [alike[kind, email, name] for kind in kinds if (kind, email, name) in alike]
        one = [alike[kind, key] for key in (email, name) for kind in kinds if (kind, key) in alike]
        if both:
            found[row.row] = both[0]
        elif one:
            unsure[row.row] = Refusal(
                row.row,
                f"may be the client known as “{one[0]['key']}”: the e-mail or the name agrees, not both",
                "Correct the one that is wrong, or import with the columns of the first import.",
                row.name,
            )
    return found, unsure


def _is_another(known: Any, row: ListRow) -> bool:
    """Does the number alone agree, or it and the street: name, contact and e-mail are all others."""
    if known is None:
        return False
    before = (known["company"] or known["contact"], known["contact"], known["email"], known["line1"])
    now = (row.name, row.contact, row.email, row.address.line1)
    pairs = zip(before, now, strict=True)
    unlike = [one.casefold() != other.casefold() for one, other in pairs if one and other]
    who = unlike[:-1] if len(unlike) == len(now) else unlike  # a house has many firms
    return len(who) >= _TELLING and all(who)


def _reused(known: Any, row: ListRow) -> Refusal:
    name = known["company"] or known["contact"]
    return Refusal(
        row.row,
        f"{row.number} is {name} here, and neither the name nor the contact or e-mail agrees",
        "Give a new client a number of its own: letters and rates of this one are the other's. If it is the "
        "same client, import it once with its e-mail or contact as before.",
        row.name,
    )


def _fetch(session: Session, condition: Any) -> Iterable[Any]:
    return session.execute(select(*_CLIENT.columns).where(condition)).mappings()
