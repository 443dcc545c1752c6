"""Bringing the stored client list up to what a file says, a chunk of rows at a time.

A client is known by its key. A row whose key is new, but whose e-mail and name with ZIP both belong to a
client known under another kind of key, is that client; where only one of the two agrees, the row is
refused: mailing somebody twice is worse than asking. What a file does not speak about stays. Rates and
terms have days: mailer.store.listed.listedrates, mailer.store.listed.listedterms.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from mailer.clients.care import CareMark
from mailer.clients.member import amount_of
from mailer.clients.row import ListRow, Refusal
from mailer.clients.rowdigest import UnreadRow
from mailer.store.bulk import insert_rows
from mailer.store.listed.absent import absent
from mailer.store.listed.accountbinding import bind_accounts
from mailer.store.listed.care import marks
from mailer.store.listed.corrections import PARTS, corrected, name_key, stored_address, stored_notice
from mailer.store.listed.lastimport import Before
from mailer.store.listed.listedcolumns import kept, values_of
from mailer.store.listed.listedrates import Brought, Known, Rates, barred, too_early, unnoticed
from mailer.store.listed.listedrows import as_listed, known_of, listed_as, stronger
from mailer.store.listed.listedterms import ListedTerms, Settled
from mailer.store.listed.members import base_rates
from mailer.store.listed.rises import Permitted, Rising
from mailer.store.record.binding import IDENTITY
from mailer.store.record.events import Stamp
from mailer.store.record.spilled import ClientIds
from mailer.store.tables import Base, ClientRow, FormerTermsRow, RateRow


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

    @property
    def said(self) -> int:
        """How much it says of single rows."""
        return len(self.kept) + len(self.remarks) + len(self.waiting)


@dataclass(slots=True)
class _Chunk:
    """What is to be written at once."""

    new: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    rates: list[dict[str, Any]] = field(default_factory=list)
    former: list[dict[str, Any]] = field(default_factory=list)
    listed: list[dict[str, Any]] = field(default_factory=list)  # clients as before, by another row
    agreed: list[UUID] = field(default_factory=list)  # known clients with other terms, or called otherwise


_As = tuple[str, Mapping[str, Decimal]]
"""The digest of a row, or "", and the rates that rest on a notice."""


class Listing:
    """The list being written in one transaction of `session`."""

    def __init__(
        self, session: Session, given: frozenset[str], rates: Rates, terms: ListedTerms, stamp: Stamp
    ) -> None:
        self._session = session
        self._kept = kept(given)
        self._greets = not given.isdisjoint(("salutation", "title"))
        self._rates = rates
        self._terms = terms
        # With a day of their own the stored terms may come to be others than those of the row.
        self._by_digest = terms.given is None and terms.last_raised is None
        self._stamp = stamp
        self._now = stamp.recorded_at
        self._corrected = corrected(session)
        self.before = Before(session, stamp.recorded_at)
        self._merged = {client for client, made in marks(session).items() if made.mark is CareMark.MERGED}
        self._seen = ClientIds()  # those that a row was of
        self._first = session.execute(select(ClientRow.id).limit(1)).first() is None

    def unlike(self, rows: Sequence[UnreadRow]) -> list[UnreadRow]:
        """Those of a chunk that are to be read: not those that say of their clients what is stored already,
        and nothing else.
        """
        if self._first or not self._by_digest:
            return list(rows)
        found = as_listed(self._session, rows, self._rates.noticed)
        same = {at: one for at, one in found.items() if one not in self._merged}
        self._seen.add(same.values())
        return [row for row in rows if row.number not in same]

    def put(self, rows: Sequence[ListRow]) -> tuple[ChunkWritten, list[Refusal]]:
        """Write a chunk; what it came to, and the rows that could not be taken."""
        written, refused, chunk = ChunkWritten(), list[Refusal](), _Chunk()
        found, unsure = ({}, {}) if self._first else known_of(self._session, rows, self._corrected)
        rates = self._known_rates(rows, found)
        terms = self._settled(rows, found)
        every = [self._rates.brought(row, _id(found.get(row.row)), rates) for row in rows]
        permitted = self._permitted(rows, every, found, terms)
        if not self._first:
            self._seen.add(brought.client_id for brought in every)
        for row, brought in zip(rows, every, strict=True):
            if row.row in unsure:
                refused.append(unsure[row.row])
                continue
            known, client_id, agreed = found.get(row.row), brought.client_id, terms.get(row.row)
            if client_id in self._merged:
                written.remarks.append((row.row, row.name, _MERGED))
                written.unchanged += 1
                continue
            if brought.unnoticed:
                refused.append(unnoticed(row, brought.unnoticed))
                continue
            if agreed is not None and agreed.refused:
                refused.append(_taken_day(row, agreed.refused))
                continue
            contract = permitted.get(client_id, Permitted("", ""))
            if contract.barred:
                refused.append(barred(row, brought.raised, self._rates.valid_from, contract.barred))
                continue
            if contract.on_record:
                refused.append(too_early(row, brought.raised, contract.on_record))
                continue
            said = [*brought.left, *(brought.rest_on(contract.term) if contract.term else ())]
            written.remarks += ((row.row, row.name, what) for what in said)
            noticed = rates.noticed.get(client_id, {})
            known_rates = brought.entered | rates.entered.get(client_id, {}).items() | noticed.items()
            digest = row.digest if self._by_digest and not said and known_rates.issuperset(row.rates) else ""
            if known is None:
                chunk.new.append(self._first_values(client_id, row, digest))
                written.added += 1
            else:
                as_ = (digest, noticed)
                different = self._merge(known, row, terms[row.row], as_, chunk, written, brought.new)
                written.updated += different
                written.unchanged += not different
            written.raised += len(brought.raised)
            written.reasons |= dict.fromkeys(brought.reasons)
            chunk.rates += brought.new
        self._write(chunk)
        return written, refused

    def absent(self) -> Iterator[UUID]:
        """The active clients whom no row was of, once all were put; of a first list there is none."""
        return iter(()) if self._first else absent(self._session, self._seen)

    def _first_values(self, client_id: UUID, row: ListRow, digest: str) -> dict[str, Any]:
        values = values_of(row)
        values |= self._terms.first(row.contract)
        values["id"] = client_id
        values["salt"] = secrets.token_hex(16)
        values["first_imported"] = self._terms.today
        values["updated_at"] = self._now
        values["listed"] = listed_as(digest, self._now, {})
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
            if self._terms.given is not None or any(found[at][name] != value for name, value in terms.items())
        ]
        letters = self._terms.letters(changed) if changed else {}
        former = self._terms.former(changed) if changed else {}
        return {
            at: self._terms.settled(known, terms, letters.get(known["id"]), former.get(known["id"], ()))
            for at, terms in brought.items()
            if (known := found[at])
        }

    def _permitted(
        self,
        rows: Sequence[ListRow],
        every: Sequence[Brought],
        found: dict[int, Any],
        terms: dict[int, Settled],
    ) -> Mapping[UUID, Permitted]:
        """What their contracts say of the clients' rises of which notice was given elsewhere."""
        rising = {
            brought.client_id: Rising(brought.raised, terms[row.row].dated)
            for row, brought in zip(rows, every, strict=True)
            if brought.raised and row.row in found
        }
        return self._rates.permitted(rising) if rising else {}

    def _merge(
        self,
        known: Any,
        row: ListRow,
        agreed: Settled,
        as_: _As,
        chunk: _Chunk,
        written: ChunkWritten,
        rates: Collection[Any],
    ) -> bool:
        """Put what the file says of a known client into `chunk`; whether anything is different. `rates` are
        its new ones.
        """
        said = written.said
        values = {name: value for name, value in values_of(row).items() if name not in self._kept}
        values |= agreed.values
        if agreed.waits:
            written.waiting.append((row.row, row.name, agreed.waits))
        if agreed.former:
            chunk.former.append(agreed.former)
        named = {name: values[name] for name in (*IDENTITY, "contact") if name in values}
        if agreed.former or any(known[name] != value for name, value in (agreed.values | named).items()):
            chunk.agreed.append(known["id"])
        values["key"] = stronger(row.key, known["key"])
        if not self._greets and row.contact == known["contact"]:
            values["salutation"] = known["salutation"]  # a greeting of one's own is not made anew
        if self._keep_corrected(known, row, values):
            written.kept.append((row.row, row.name))
        different = bool(rates) or any(known[name] != value for name, value in values.items())
        if not known["active"] and "active" in self._kept:
            written.remarks.append((row.row, row.name, _ENDED))
        if agreed.said:
            written.remarks.append((row.row, row.name, agreed.said))
        digest, noticed = as_
        changed = self._now if different else known["updated_at"]
        listed = listed_as(digest if written.said == said else "", changed, noticed)
        if different:
            values["listed"] = listed
            chunk.changed.append({f"set_{k}": v for k, v in values.items()} | {"which": known["id"]})
        elif self._by_digest and listed != known["listed"]:
            chunk.listed.append({"set_listed": listed, "which": known["id"]})
        return different or bool(agreed.former)

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

    def _known_rates(self, rows: Sequence[ListRow], found: dict[int, Any]) -> Known:
        """What the clients pay, of that which a row may change."""
        ids = [known["id"] for known in found.values()]
        entered = {
            client: {service: amount_of(stored) for service, stored, *_ in rates}  # the last one of each
            for client, rates in base_rates(self._session, ids, date.max).items()
        }
        noticed = self._rates.noticed(ids)
        other = [
            client
            for row in rows
            if row.row in found
            and (client := found[row.row]["id"])
            and any(
                amount not in (entered.get(client, {}).get(service), noticed.get(client, {}).get(service))
                for service, amount in row.rates
            )
        ]
        return Known(entered, noticed, self._rates.waiting(other) if other else {})

    def _write(self, chunk: _Chunk) -> None:
        self._update(chunk.listed)
        if not (chunk.new or chunk.changed or chunk.rates or chunk.former):
            return
        connection = self._session.connection()
        known = {row["client_id"] for row in (*chunk.rates, *chunk.former)}
        known |= {row["which"] for row in chunk.changed}
        self.before.keep(known - {row["id"] for row in chunk.new})
        insert_rows(connection, _CLIENT, chunk.new)
        self._update(chunk.changed, updated_at=self._now)
        insert_rows(connection, _RATE, chunk.rates)
        insert_rows(connection, _FORMER, chunk.former)
        bind_accounts(self._session, self._stamp, chunk.new, chunk.rates, chunk.agreed)

    def _update(self, rows: Sequence[dict[str, Any]], **to_all: Any) -> None:
        """Set what the keys "set_…" of each of these rows say, of the client that is its "which"."""
        if rows:
            names = [name.removeprefix("set_") for name in rows[0] if name != "which"]
            values: dict[str, Any] = {name: bindparam(f"set_{name}") for name in names} | to_all
            statement = update(_CLIENT).where(_CLIENT.c.id == bindparam("which")).values(values)
            self._session.connection().execute(statement, rows)


_MERGED: Final = "merged into another client: the row was not taken"
_ENDED: Final = "ended here, and stands in this list, which has no status: --set status=active brings it back"
_CLIENT: Final = Base.metadata.tables[ClientRow.__tablename__]
_RATE: Final = Base.metadata.tables[RateRow.__tablename__]
_FORMER: Final = Base.metadata.tables[FormerTermsRow.__tablename__]


def _taken_day(row: ListRow, why: str) -> Refusal:
    """The refusal of terms that would hold from a day on which others do, or did."""
    todo = "Name another day with --terms-from DATE, or leave their columns out: --map 'COLUMN=ignore'."
    return Refusal(row.row, f"{why}, so nothing of this row was taken", todo, row.name)


def _id(known: Any) -> UUID:
    return uuid7() if known is None else known["id"]
