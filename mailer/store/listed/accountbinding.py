"""Recording what clients' terms and base rates are now, once a list or an upgrade wrote them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from mailer.clients.member import BaseRate, Member
from mailer.judgement.history import DatedTerms
from mailer.money import to_stored
from mailer.store.listed.clients import contract_of
from mailer.store.listed.members import agreements, base_rates, in_chunks
from mailer.store.record.binding import LIST, TERMS, Party, account_events, party_of, salts
from mailer.store.record.events import Entry, Stamp, record


def bind_accounts(
    session: Session,
    stamp: Stamp,
    new: Sequence[Mapping[str, Any]],
    entered: Iterable[Mapping[str, Any]],
    agreed: Collection[UUID],
) -> None:
    """Of the `new` clients, of those whom the rates that were `entered` belong to, and of those who `agreed`
    to other terms or are called otherwise now. All of it is written already; what was read anyway is not
    read again.
    """
    known = {row["id"].hex: str(row["salt"]) for row in new}
    terms: dict[UUID, tuple[Party, tuple[DatedTerms, ...]]] = {row["id"]: _first(row) for row in new}
    first: dict[UUID, tuple[BaseRate, ...]] = {}
    others: set[UUID] = set()
    for rate in entered:
        client = rate["client_id"]
        if client not in terms:
            others.add(client)
            continue
        amount = to_stored(rate["amount"])
        one = (rate["service"], amount, rate["valid_from"], rate["is_rise"], rate["source"])
        first[client] = (*first.get(client, ()), one)
    rates = first | base_rates(session, sorted(others, key=str), date.max)
    if agreed:
        for members in in_chunks(session, ids=agreed):
            terms |= _agreed(session, members)
    older = salts(session, [*others, *agreed]) if others or agreed else {}
    events = account_events(terms, rates, known | older)
    record(session, [Entry(LIST, one) for one in events], stamp)


def bind_again(session: Session, stamp: Stamp, clients: Collection[UUID]) -> None:
    """Of these clients, as they are: one that has no rate any more is bound to none."""
    if not clients:
        return
    for members in in_chunks(session, ids=clients):
        ids = [each.id for each in members]
        rates = dict.fromkeys(ids, ()) | base_rates(session, ids, date.max)
        events = account_events(_agreed(session, members), rates, salts(session, ids))
        record(session, [Entry(LIST, one) for one in events], stamp)


def adopt_accounts(session: Session, stamp: Stamp) -> None:
    """Of every client, as they are."""
    for members in in_chunks(session):
        ids = [each.id for each in members]
        rates = base_rates(session, ids, date.max)
        events = account_events(_agreed(session, members), rates, salts(session, ids), adopted=True)
        record(session, [Entry(LIST, one) for one in events], stamp)


def _agreed(session: Session, members: Sequence[Member]) -> dict[UUID, tuple[Party, tuple[DatedTerms, ...]]]:
    """Who each of these clients is, and its agreements."""
    terms = agreements(session, members)
    return {member.id: (party_of(member), terms[member.id]) for member in members}


def _first(row: Mapping[str, Any]) -> tuple[Party, tuple[DatedTerms, ...]]:
    """Of a client who is new: its terms hold from the beginning."""
    return _party(row), (DatedTerms(date.min, contract_of(*(row[name] for name in TERMS))),)


def _party(row: Mapping[str, Any]) -> Party:
    return Party(row["number"], row["company"] or row["contact"], row["since"], row["active"])
