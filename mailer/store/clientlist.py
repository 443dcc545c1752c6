"""Bringing the stored client list up to what a file says, a chunk of rows at a time.

A client is known by its key. A row whose key is new, but whose e-mail and name with ZIP both belong to a
client known under another kind of key, is that client; where only one of the two agrees, the row is
refused: mailing somebody twice is worse than asking. What a file does not speak about stays. Rates and
terms have days: mailer.store.listedrates, mailer.store.listedterms.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from mailer.clients.row import ListRow, Refusal
from mailer.store.accountbinding import bind_accounts
from mailer.store.binding import term_columns
from mailer.store.bulk import insert_rows
from mailer.store.corrections import PARTS, corrected, name_key, stored_address, stored_notice
from mailer.store.events import Stamp
from mailer.store.listedrates import Known, Rates, rise
from mailer.store.listedterms import ListedTerms, Settled
from mailer.store.tables import Base, ClientRow, FormerTermsRow, RateRow

_CONTACT: Final = ("contact", "name", "first-name", "last-name")
# A column stays as it was unless the file has one of these targets (mailer.clients.headings).
SPOKEN_OF: Final[dict[str, tuple[str, ...]]] = {
    "number": ("number",),
    "company": ("company", "name"),
    "contact": _CONTACT,
    "salutation": ("salutation", "title", *_CONTACT),
    "email": ("email",),
    "email_key": ("email",),
    "phone": ("phone",),
    "contract": ("contract", "notice"),
    "notice_term": ("notice",),
    "rate_locked_until": ("rate-locked-until",),
    "max_raise": ("max-raise",),
    "min_months_between": ("min-months-between",),
    "only_at_renewal": ("only-at-renewal",),
    "renewal": ("renewal",),
    "last_raised": ("last-raised",),
    "tags": ("tags",),
    "active": ("status", "ended"),
    "newsletter": ("newsletter", "opted-out"),
    "since": ("since",),
    "notice_address": ("notice-line1",),
}


@dataclass(slots=True)
class ChunkWritten:
    """What a chunk came to. `kept` are (row number, name) whose address was corrected by hand, and stays;
    `remarks` are (row number, name, what to look at), `waiting` the same of terms that were not taken.
    `reasons` are how notice of the raised rates was given.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    raised: int = 0
    kept: list[tuple[int, str]] = field(default_factory=list)
    remarks: list[tuple[int, str, str]] = field(default_factory=list)
    waiting: list[tuple[int, str, str]] = field(default_factory=list)
    reasons: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class _Chunk:
    """What is to be written at once."""

    new: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    rates: list[dict[str, Any]] = field(default_factory=list)
    former: list[dict[str, Any]] = field(default_factory=list)
    agreed: list[UUID] = field(default_factory=list)  # known clients with other terms


class Listing:
    """The list being written in one transaction of `session`."""

    def __init__(
        self, session: Session, given: frozenset[str], rates: Rates, terms: ListedTerms, stamp: Stamp
    ) -> None:
        self._session = session
        self._kept = _kept(given)
        self._greets = not given.isdisjoint(("salutation", "title"))
        self._rates = rates
        self._terms = terms
        self._stamp = stamp
        self._now = stamp.recorded_at
        self._corrected = corrected(session)
        self._first = session.execute(select(ClientRow.id).limit(1)).first() is None

    def put(self, rows: Sequence[ListRow]) -> tuple[ChunkWritten, list[Refusal]]:
        """Write a chunk; what it came to, and the rows that could not be taken."""
        written, refused, chunk = ChunkWritten(), list[Refusal](), _Chunk()
        found, unsure = self._known(rows)
        ids = [known["id"] for known in found.values()]
        rates = Known(self._paid(ids), self._rates.noticed(ids), self._rates.waiting(ids))
        terms = self._settled(rows, found)
        for row in rows:
            if row.row in unsure:
                refused.append(unsure[row.row])
                continue
            known = found.get(row.row)
            client_id = uuid7() if known is None else known["id"]
            brought = self._rates.brought(row, client_id, rates)
            if brought.unnoticed:
                refused.append(rise(row, brought.unnoticed))
                continue
            agreed = terms.get(row.row)
            if agreed is not None and agreed.refused:
                refused.append(_too_early(row, agreed.refused))
                continue
            written.remarks += ((row.row, row.name, what) for what in brought.waiting)
            if known is None:
                chunk.new.append(self._first_values(client_id, row))
                written.added += 1
            else:
                different = self._merge(known, row, terms[row.row], chunk, written)
                written.updated += different or bool(brought.new)
                written.unchanged += not (different or brought.new)
            written.raised += len(brought.raised)
            written.reasons |= dict.fromkeys(brought.raised)
            chunk.rates += brought.new
        self._write(chunk)
        return written, refused

    def _first_values(self, client_id: UUID, row: ListRow) -> dict[str, Any]:
        values = _values(row)
        values |= self._terms.first(row.contract)
        values["id"] = client_id
        values["salt"] = secrets.token_hex(16)
        values["first_imported"] = self._terms.today
        values["updated_at"] = self._now
        return values

    def _settled(self, rows: Sequence[ListRow], found: dict[int, Any]) -> dict[int, Settled]:
        """Row number → what becomes of a known client's terms."""
        brought = {
            row.row: self._terms.brought(found[row.row], row.contract, self._kept)
            for row in rows
            if row.row in found
        }
        changed = [
            found[at]["id"]
            for at, terms in brought.items()
            if any(found[at][name] != value for name, value in terms.items())
        ]
        letters = self._terms.letters(changed) if changed else {}
        return {
            at: self._terms.settled(found[at], terms, letters.get(found[at]["id"]))
            for at, terms in brought.items()
        }

    def _merge(self, known: Any, row: ListRow, agreed: Settled, chunk: _Chunk, written: ChunkWritten) -> bool:
        """Put what the file says of a known client into `chunk`; whether anything is different."""
        values = {name: value for name, value in _values(row).items() if name not in self._kept}
        values |= agreed.values
        if agreed.waits:
            written.waiting.append((row.row, row.name, agreed.waits))
        if agreed.former:
            chunk.former.append(agreed.former)
        if any(known[name] != value for name, value in agreed.values.items()):
            chunk.agreed.append(known["id"])
        values["key"] = _stronger(row.key, known["key"])
        if not self._greets and row.contact == known["contact"]:
            values["salutation"] = known["salutation"]  # a greeting of one's own is not made anew
        if self._keep_corrected(known, row, values):
            written.kept.append((row.row, row.name))
        different = any(known[name] != value for name, value in values.items())
        if different:
            chunk.changed.append({f"set_{k}": v for k, v in values.items()} | {"which": known["id"]})
        return different

    def _keep_corrected(self, known: Any, row: ListRow, values: dict[str, Any]) -> bool:
        """Take from `values` what would bring an address back that was corrected by hand; whether it did."""
        client, now = known["id"], stored_address(known)
        mailing = self._corrected.outdated(client, notice=False, now=now, brought=row.address)
        if mailing:
            values |= {part: known[part] for part in PARTS}
            values["name_key"] = name_key(row.name, now.zip)
            if row.key.startswith("name:"):
                values["key"] = known["key"]
        notice = "notice_address" in values and self._corrected.outdated(
            client, notice=True, now=stored_notice(known), brought=row.notice_address
        )
        if notice:
            values["notice_address"] = known["notice_address"]
        return mailing or notice

    def _known(self, rows: Sequence[ListRow]) -> tuple[dict[int, Any], dict[int, Refusal]]:
        """Row number → the stored client it is; row number → why that can't be told."""
        by_key = {r["key"]: r for r in self._fetch(ClientRow.key.in_([row.key for row in rows]))}
        found = {row.row: by_key[row.key] for row in rows if row.key in by_key}
        strangers = [row for row in rows if row.row not in found]
        if not strangers or self._first:
            return found, {}
        alike: dict[str, list[Any]] = {}
        emails = [row.email.casefold() for row in strangers if row.email]
        names = [_name_key(row) for row in strangers]
        old = {name: self._corrected.clients[name] for name in names if name in self._corrected.clients}
        condition = or_(
            ClientRow.email_key.in_(emails), ClientRow.name_key.in_(names), ClientRow.id.in_(old.values())
        )
        former: dict[str, Any] = {}
        for r in self._fetch(condition):
            before = [name for name, client in old.items() if client == r["id"]]
            former |= dict.fromkeys(before if r["key"].startswith("name:") else (), r)
            for key in (r["email_key"], *{r["name_key"], *before}):
                alike.setdefault(key, []).append(r)
        unsure: dict[int, Refusal] = {}
        for row in strangers:
            kind = row.key.partition(":")[0]
            if row.key in former:  # known by name and by the ZIP code of before its correction
                found[row.row] = former[row.key]
                continue
            both = [
                r
                for key in {row.email.casefold() or "\0", _name_key(row)}
                for r in alike.get(key, ())
                if r["key"].partition(":")[0] != kind
            ]
            same = [r for r in both if both.count(r) > 1]
            if same:
                found[row.row] = same[0]
            elif both:
                unsure[row.row] = Refusal(
                    row.row,
                    f"may be the client known as “{both[0]['key']}”: the e-mail or the name agrees, not both",
                    "Correct the one that is wrong, or import with the columns of the first import.",
                    row.name,
                )
        return found, unsure

    def _fetch(self, condition: Any) -> Iterable[Any]:
        return self._session.execute(select(*_CLIENT.columns).where(condition)).mappings()

    def _paid(self, ids: list[UUID]) -> dict[UUID, dict[str, Decimal]]:
        """The last entered rate of each service."""
        paid: dict[UUID, dict[str, Decimal]] = {}
        if ids:
            statement = select(RateRow.client_id, RateRow.service, RateRow.amount).where(
                RateRow.client_id.in_(ids)
            )
            for client_id, service, amount in self._session.execute(
                statement.order_by(RateRow.valid_from, RateRow.id)
            ):
                paid.setdefault(client_id, {})[service] = amount
        return paid

    def _write(self, chunk: _Chunk) -> None:
        connection = self._session.connection()
        insert_rows(connection, _CLIENT, chunk.new)
        if chunk.changed:
            names = [name.removeprefix("set_") for name in chunk.changed[0] if name != "which"]
            values: dict[str, Any] = {name: bindparam(f"set_{name}") for name in names}
            values["updated_at"] = self._now
            statement = update(_CLIENT).where(_CLIENT.c.id == bindparam("which")).values(values)
            connection.execute(statement, chunk.changed)
        insert_rows(connection, _RATE, chunk.rates)
        insert_rows(connection, _FORMER, chunk.former)
        bind_accounts(self._session, self._stamp, chunk.new, chunk.rates, chunk.agreed)


_CLIENT: Final = Base.metadata.tables[ClientRow.__tablename__]
_RATE: Final = Base.metadata.tables[RateRow.__tablename__]
_FORMER: Final = Base.metadata.tables[FormerTermsRow.__tablename__]


def _kept(given: frozenset[str]) -> frozenset[str]:
    """The columns about which a file says nothing."""
    return frozenset(column for column, targets in SPOKEN_OF.items() if given.isdisjoint(targets))


def _values(row: ListRow) -> dict[str, Any]:
    return {
        "key": row.key,
        "number": row.number,
        "company": row.company,
        "contact": row.contact,
        "salutation": row.salutation,
        "email": row.email,
        "phone": row.phone,
        "line1": row.address.line1,
        "line2": row.address.line2,
        "city": row.address.city,
        "state": row.address.state,
        "zip": row.address.zip,
        "country": row.address.country,
        "notice_address": asdict(row.notice_address) if row.notice_address else None,
        **term_columns(row.contract),
        "tags": tuple(sorted(row.tags)),
        "active": row.active,
        "newsletter": row.newsletter,
        "since": row.since,
        "email_key": row.email.casefold(),
        "name_key": _name_key(row),
    }


def _too_early(row: ListRow, why: str) -> Refusal:
    """The refusal of terms that would hold on or before the day of the stored ones."""
    todo = "Name a later day with --terms-from DATE, or leave their columns out: --map 'COLUMN=ignore'."
    return Refusal(row.row, f"{why}, so nothing of this row was taken", todo, row.name)


def _name_key(row: ListRow) -> str:
    return name_key(row.name, row.address.zip)


_STRENGTH: Final = ("id", "email", "name")


def _stronger(one: str, other: str) -> str:
    """A number is a stronger identity than an e-mail address, and that than a name."""
    return min(one, other, key=lambda key: _STRENGTH.index(key.partition(":")[0]))
