"""The client list, exceptions and corrections against their events (mailer.store.record.ledgercheck).

What a list says of a client today is the firm's own to change; bound are its dated terms and base rates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice, zip_longest
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from mailer.clients.member import BaseRate, Member
from mailer.judgement.history import DatedTerms
from mailer.ledger.chain import Event
from mailer.ledger.clientevents import (
    ClientCorrected,
    ClientMarked,
    ClientsForgotten,
    ExceptionAdded,
    ImportUndone,
    RatesRecorded,
    TermsRecorded,
)
from mailer.ledger.payload import Said
from mailer.ledger.salt import salted, salted_address
from mailer.store.inlist import among
from mailer.store.listed.members import agreements, base_rates, in_chunks
from mailer.store.record.binding import IDENTITY, RATE, TERMS, party_of, rates_leaf, terms_leaf
from mailer.store.record.ledgercheck import LedgerDifference, changed
from mailer.store.record.spilled import ClientLeaves
from mailer.store.tables import CareRow, ClientRow, CorrectionRow, ExceptionRow

_AT_ONCE: Final = 1_000  # clients that are looked for at once


@dataclass(slots=True)
class ListEvents:
    """What the events say of the list so far: of each client the last hash counts."""

    terms: ClientLeaves = field(default_factory=ClientLeaves)
    rates: ClientLeaves = field(default_factory=ClientLeaves)
    forgotten: set[UUID] = field(default_factory=set)
    corrections: list[tuple[Event, ClientCorrected]] = field(default_factory=list)
    marks: list[tuple[Event, ClientMarked]] = field(default_factory=list)
    exceptions: list[tuple[Event, ExceptionAdded]] = field(default_factory=list)
    adopted: bool = False

    def note(self, event: Event, happened: Said) -> None:
        match happened:
            case RatesRecorded():
                self.rates.update(happened.bound)
            case TermsRecorded():
                self.terms.update(happened.bound)
            case ImportUndone():
                self.terms.drop(happened.ids)
                self.rates.drop(happened.ids)
            case ClientsForgotten():
                self.forgotten |= happened.ids
            case ClientCorrected():
                self.corrections.append((event, happened))
            case ClientMarked():
                self.marks.append((event, happened))
            case ExceptionAdded():
                self.exceptions.append((event, happened))


def list_differences(session: Session, listed: ListEvents) -> Iterator[LedgerDifference]:
    """Every difference of clients' terms and rates, of corrections and exceptions."""
    agreeing = paying = 0
    for members in in_chunks(session):
        ids = [member.id for member in members]
        keys = [member.id.hex for member in members]
        agreed, paid = listed.terms.of(keys), listed.rates.of(keys)
        agreeing, paying = agreeing + len(agreed), paying + len(paid)
        terms, rates = agreements(session, members), base_rates(session, ids, date.max)
        for member, key in zip(members, keys, strict=True):
            if member.salt or member.id not in listed.forgotten:
                known = (terms[member.id], agreed.get(key)), (rates.get(member.id, ()), paid.get(key))
                yield from wrong_account(member, key, *known)
    if agreeing < len(listed.terms):
        for client in _gone(session, listed.terms):
            yield LedgerDifference("client", client, "id", None, client)
    if paying < len(listed.rates):
        for client in _gone(session, listed.rates):
            yield LedgerDifference("client_rate", f"of {client}", "client_id", None, client)
    yield from _corrections(session, listed)
    yield from _marks(session, listed)
    yield from _exceptions(session, listed)


def _gone(session: Session, told: ClientLeaves) -> Iterator[str]:
    """Those of whom the events tell and no row."""
    clients = told.clients()
    while part := list(islice(clients, _AT_ONCE)):
        statement = select(ClientRow.id).where(among(session, ClientRow.id, [UUID(one) for one in part]))
        there = {client.hex for client in session.scalars(statement)}
        yield from (client for client in part if client not in there)


def wrong_account(
    member: Member,
    key: str,
    terms: tuple[tuple[DatedTerms, ...], str | None],
    rates: tuple[tuple[BaseRate, ...], str | None],
) -> Sequence[LedgerDifference]:
    """Whether the agreements of a client, whose id has the digits `key`, and its base rates are not those
    that were recorded: each comes with the hash that was. Without a rate there may be no event.
    """
    wrong = []
    if terms_leaf(key, member.salt, party_of(member), terms[0]) != terms[1]:
        columns = (*IDENTITY, "salt", "terms_from", "valid_from", *TERMS)
        wrong.append(changed("client or former_terms", f"{member.number} {member.name}".strip(), columns))
    if (rates[0] or rates[1]) and rates_leaf(key, member.salt, rates[0]) != rates[1]:
        wrong.append(changed("client_rate", f"{member.number} {member.name}".strip(), RATE))
    return wrong


def _corrections(session: Session, listed: ListEvents) -> Iterator[LedgerDifference]:
    rows = session.execute(select(CorrectionRow).order_by(CorrectionRow.id)).scalars().all()
    for name, row, happened in _in_order("correction", rows, listed.corrections):
        if row is None or happened is None:
            yield _unpaired("correction", name, row)
            continue
        event, known = happened
        yield from _plain("correction", name, {
            "notice": (row.notice, known.notice),
            "wrong_since": (row.wrong_since, known.wrong_since),
            "corrected_by": (row.corrected_by, event.actor),
            "corrected_on": (row.corrected_on, event.occurred_on),
        })  # fmt: skip
        yield from _hashed("correction", name, row, listed, {
            "before": (salted_address(row.salt, row.before), known.before),
            "after": (salted_address(row.salt, row.after), known.after),
            "reason": (salted(row.salt, row.reason), known.reason),
            "client_id": (salted(row.salt, str(row.client_id)), known.client),
        })  # fmt: skip


def _marks(session: Session, listed: ListEvents) -> Iterator[LedgerDifference]:
    rows = session.execute(select(CareRow).order_by(CareRow.id)).scalars().all()
    for name, row, happened in _in_order("care", rows, listed.marks):
        if row is None or happened is None:
            yield _unpaired("care", name, row)
            continue
        event, known = happened
        yield from _plain("care", name, {
            "mark": (row.mark, known.mark),
            "marked_by": (row.marked_by, event.actor),
            "marked_on": (row.marked_on, event.occurred_on),
        })  # fmt: skip
        kept = salted(row.salt, str(row.kept_id)) if row.kept_id else ""
        yield from _hashed("care", name, row, listed, {
            "client_id": (salted(row.salt, str(row.client_id)), known.client),
            "reason": (salted(row.salt, row.reason), known.reason),
            "kept_id": (kept, known.kept),
        })  # fmt: skip


def _exceptions(session: Session, listed: ListEvents) -> Iterator[LedgerDifference]:
    rows = session.execute(select(ExceptionRow).order_by(ExceptionRow.id)).scalars().all()
    for name, row, happened in _in_order("exception", rows, listed.exceptions):
        if row is None or happened is None:
            yield _unpaired("exception", name, row)
            continue
        event, known = happened
        yield from _plain("exception", name, {
            "policy": (row.policy, known.policy),
            "until": (row.until, known.until),
            "recorded_by": (row.recorded_by, event.actor),
            "recorded_on": (row.recorded_on, event.occurred_on),
        })  # fmt: skip
        yield from _hashed("exception", name, row, listed, {
            "client_id": (salted(row.salt, str(row.client_id)), known.client),
            "reason": (salted(row.salt, row.reason), known.reason),
        })  # fmt: skip


_Row = TypeVar("_Row")
_Told = TypeVar("_Told")


def _in_order(
    table: str, rows: Sequence[_Row], told: Sequence[_Told]
) -> Iterator[tuple[str, _Row | None, _Told | None]]:
    """Each row with the event that recorded it, which are in one order; None where there is no other."""
    pairs = zip_longest(rows, told)
    return ((f"{table} {at}", row, happened) for at, (row, happened) in enumerate(pairs, 1))


def _unpaired(table: str, name: str, row: object) -> LedgerDifference:
    return LedgerDifference(
        table, name, "id", None if row is None else "there", "there" if row is None else None
    )


def _plain(table: str, row: str, columns: Mapping[str, tuple[Any, Any]]) -> Iterator[LedgerDifference]:
    for name, (stored, recorded) in columns.items():
        if stored != recorded:
            yield LedgerDifference(table, row, name, stored, recorded)


def _hashed(
    table: str,
    name: str,
    row: CorrectionRow | CareRow | ExceptionRow,
    listed: ListEvents,
    columns: Mapping[str, tuple[str, str]],
) -> Iterator[LedgerDifference]:
    """With another salt all of them differ; without one nothing can be told of a client who was forgotten."""
    if not row.salt and row.client_id in listed.forgotten:
        return
    wrong = [column for column, (now, recorded) in columns.items() if now != recorded]
    if wrong:
        yield changed(table, name, ("salt",) if len(wrong) == len(columns) else wrong)
