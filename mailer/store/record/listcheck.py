"""The client list, exceptions and corrections against their events (mailer.store.record.ledgercheck).

What a list says of a client today is the firm's own to change; bound are its dated terms and base rates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from mailer.clients.member import BaseRate, Member
from mailer.judgement.history import DatedTerms
from mailer.ledger.chain import Event
from mailer.ledger.clientevents import (
    ClientCorrected,
    ClientsForgotten,
    ExceptionAdded,
    RatesRecorded,
    TermsRecorded,
)
from mailer.ledger.payload import Said
from mailer.ledger.salt import salted, salted_address
from mailer.store.listed.members import agreements, base_rates, in_chunks
from mailer.store.record.binding import IDENTITY, RATE, TERMS, party_of, rates_leaf, salts, terms_leaf
from mailer.store.record.ledgercheck import LedgerDifference, changed
from mailer.store.tables import CorrectionRow, ExceptionRow


@dataclass(slots=True)
class ListEvents:
    """What the events say of the list so far: of each client the last hash counts."""

    terms: dict[str, str] = field(default_factory=dict)
    rates: dict[str, str] = field(default_factory=dict)
    forgotten: set[UUID] = field(default_factory=set)
    corrections: list[tuple[Event, ClientCorrected]] = field(default_factory=list)
    exceptions: list[tuple[Event, ExceptionAdded]] = field(default_factory=list)
    adopted: bool = False

    def note(self, event: Event, happened: Said) -> None:
        match happened:
            case TermsRecorded():
                self.terms.update(leaves(happened))
            case RatesRecorded():
                self.rates.update(leaves(happened))
            case ClientsForgotten():
                self.forgotten |= {UUID(line) for line in happened.clients.splitlines()}
            case ClientCorrected():
                self.corrections.append((event, happened))
            case ExceptionAdded():
                self.exceptions.append((event, happened))


def leaves(happened: TermsRecorded | RatesRecorded) -> dict[str, str]:
    """Of each client that the event names, by the digits of its id, the hash of what it has from then on."""
    lines = (line.split(" ") for line in happened.leaves.split("\n"))
    return {client: leaf for client, leaf in lines}  # noqa: C416 (typed so)


def list_differences(session: Session, listed: ListEvents) -> Iterator[LedgerDifference]:
    """Every difference of clients' terms and rates, of corrections and exceptions. Empties `listed`."""
    for members in in_chunks(session):
        ids = [member.id for member in members]
        known = salts(session, ids)
        terms, rates = agreements(session, members), base_rates(session, ids, date.max)
        for member in members:
            key = member.id.hex
            agreed, paid = listed.terms.pop(key, None), listed.rates.pop(key, None)
            if known[key] or member.id not in listed.forgotten:
                of = (member, known[key])
                yield from wrong_terms(of, terms[member.id], agreed)
                yield from wrong_rates(of, rates.get(member.id, ()), paid)
    for client in listed.terms:
        yield LedgerDifference("client", client, "id", None, client)
    for client in listed.rates:
        yield LedgerDifference("client_rate", f"of {client}", "client_id", None, client)
    yield from _corrections(session, listed)
    yield from _exceptions(session, listed)


def wrong_terms(
    client: tuple[Member, str], terms: tuple[DatedTerms, ...], recorded: str | None
) -> Iterator[LedgerDifference]:
    """Whether the agreements of a client, who comes with its salt, are not those that were recorded."""
    member, salt = client
    if terms_leaf(member.id.hex, salt, party_of(member), terms) != recorded:
        name = f"{member.number} {member.name}".strip()
        columns = (*IDENTITY, "salt", "terms_from", "valid_from", *TERMS)
        yield changed("client or former_terms", name, columns)


def wrong_rates(
    client: tuple[Member, str], rates: tuple[BaseRate, ...], recorded: str | None
) -> Iterator[LedgerDifference]:
    """As `wrong_terms`, of its base rates; without a rate there may be no event."""
    member, salt = client
    if (rates or recorded) and rates_leaf(member.id.hex, salt, rates) != recorded:
        yield changed("client_rate", f"{member.number} {member.name}".strip(), RATE)


def _corrections(session: Session, listed: ListEvents) -> Iterator[LedgerDifference]:
    rows = session.execute(select(CorrectionRow).order_by(CorrectionRow.id)).scalars().all()
    for at in range(max(len(rows), len(listed.corrections))):
        name = f"correction {at + 1}"
        if at >= len(rows) or at >= len(listed.corrections):
            yield LedgerDifference("correction", name, "id", at < len(rows) or None, True)
            continue
        row, (event, known) = rows[at], listed.corrections[at]
        plain: dict[str, tuple[Any, Any]] = {
            "notice": (row.notice, known.notice),
            "wrong_since": (row.wrong_since, known.wrong_since),
            "corrected_by": (row.corrected_by, event.actor),
            "corrected_on": (row.corrected_on, event.occurred_on),
        }
        yield from _plain("correction", name, plain)
        hashed = {
            "client_id": (salted(row.salt, str(row.client_id)), known.client),
            "before": (salted_address(row.salt, row.before), known.before),
            "after": (salted_address(row.salt, row.after), known.after),
            "reason": (salted(row.salt, row.reason), known.reason),
        }
        if row.salt or row.client_id not in listed.forgotten:
            yield from _hashed("correction", name, hashed)


def _exceptions(session: Session, listed: ListEvents) -> Iterator[LedgerDifference]:
    rows = session.execute(select(ExceptionRow).order_by(ExceptionRow.id)).scalars().all()
    for at in range(max(len(rows), len(listed.exceptions))):
        name = f"exception {at + 1}"
        if at >= len(rows) or at >= len(listed.exceptions):
            yield LedgerDifference("exception", name, "id", at < len(rows) or None, True)
            continue
        row, (event, known) = rows[at], listed.exceptions[at]
        plain: dict[str, tuple[Any, Any]] = {
            "policy": (row.policy, known.policy),
            "until": (row.until, known.until),
            "recorded_by": (row.recorded_by, event.actor),
            "recorded_on": (row.recorded_on, event.occurred_on),
        }
        yield from _plain("exception", name, plain)
        hashed = {
            "client_id": (salted(row.salt, str(row.client_id)), known.client),
            "reason": (salted(row.salt, row.reason), known.reason),
        }
        if row.salt or row.client_id not in listed.forgotten:
            yield from _hashed("exception", name, hashed)


def _plain(table: str, row: str, columns: Mapping[str, tuple[Any, Any]]) -> Iterator[LedgerDifference]:
    for name, (stored, recorded) in columns.items():
        if stored != recorded:
            yield LedgerDifference(table, row, name, stored, recorded)


def _hashed(table: str, row: str, columns: Mapping[str, tuple[str, str]]) -> Iterator[LedgerDifference]:
    """With another salt, all of them differ."""
    wrong = [name for name, (now, recorded) in columns.items() if now != recorded]
    if wrong:
        yield changed(table, row, ("salt",) if len(wrong) == len(columns) else wrong)
