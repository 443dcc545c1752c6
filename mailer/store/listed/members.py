"""Clients as planning and checking see them: the little they look at, read fast, in ZIP order and in chunks.

Memory does not grow with the list: a caller sees at most CHUNK members at a time. Equal contracts and
tags are one object. Rows come straight from the connection: the ORM's own loading would take a third of
the time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from mailer.clients.member import BaseRate, Member
from mailer.judgement.history import DatedTerms
from mailer.store.inlist import among
from mailer.store.listed.care import listed_now
from mailer.store.listed.clients import contract_of, tags_of, zip_order
from mailer.store.record.binding import TERMS
from mailer.store.tables import ClientRow, FormerTermsRow, RateRow

CHUNK: Final = 5_000


_COLUMNS: Final = (
    ClientRow.id,
    ClientRow.key,
    ClientRow.number,
    ClientRow.company,
    ClientRow.contact,
    ClientRow.email,
    ClientRow.state,
    ClientRow.tags,
    ClientRow.newsletter,
    ClientRow.since,
    ClientRow.active,
    ClientRow.country,
    ClientRow.notice_address,
    ClientRow.contract,
    ClientRow.notice_term,
    ClientRow.rate_locked_until,
    ClientRow.max_raise,
    ClientRow.min_months_between,
    ClientRow.only_at_renewal,
    ClientRow.renewal,
    ClientRow.last_raised,
    ClientRow.terms_from,
    ClientRow.salt,
)


def in_chunks(
    session: Session,
    *,
    active: bool = False,
    ids: Collection[UUID] | None = None,
    size: int = CHUNK,
    few: int = 0,
) -> Iterator[list[Member]]:
    """The members in ZIP order, `size` at a time; the `active` ones, those of `ids`. The first `few` come by
    themselves, for whoever mostly stops there. Whoever stops early leaves no cursor open.
    """
    wanted: list[ColumnElement[bool]] = []
    if active:
        wanted.append(listed_now(session))
    if ids is not None:
        wanted.append(among(session, ClientRow.id, ids))
    statement = zip_order(select(*_COLUMNS).where(*wanted)).execution_options(yield_per=size)
    with session.connection().execute(statement) as rows:
        for part in rows.partitions(size):
            if few:
                yield [_member(row) for row in part[:few]]
            if part[few:]:
                yield [_member(row) for row in part[few:]]
            few = 0


def _member(row: Sequence[Any]) -> Member:
    client_id, key, number, company, contact, email, state, tags, newsletter, since, active, *rest = row
    country, notices, *terms, terms_from, salt = rest
    to_state, to_country = (notices["state"], notices["country"]) if notices else (state, country)
    return Member(
        client_id,
        key,
        number,
        company or contact,
        email,
        state,
        tags_of(tags),
        contract_of(*terms),
        newsletter,
        since,
        active,
        country,
        to_state,
        to_country,
        terms_from,
        salt,
    )


def base_rates(session: Session, ids: Sequence[UUID], on: date) -> dict[UUID, tuple[BaseRate, ...]]:
    """The rates entered for these clients that count by a day, the oldest first.

    What campaigns made of them is not in here: that hangs on notice (mailer.judgement.account).
    """
    statement = (
        select(
            type_coerce(RateRow.client_id, NullType()),  # made no UUID again
            RateRow.service,
            type_coerce(RateRow.amount, BigInteger),
            RateRow.valid_from,
            RateRow.is_rise,
            RateRow.source,
        )
        .where(among(session, RateRow.client_id, ids), RateRow.valid_from <= on)
        .order_by(RateRow.client_id, RateRow.valid_from, RateRow.id)
    )
    rows = session.connection().execute(statement).all()
    known = {each.hex: each for each in ids}  # SQLite gives the digits back
    return {
        known[raw] if isinstance(raw, str) else raw: tuple(rate[1:] for rate in rates)
        for raw, rates in groupby(rows, itemgetter(0))
    }


def former_terms(session: Session, ids: Collection[UUID]) -> dict[UUID, list[DatedTerms]]:
    """The agreements that were followed by another, by client, the oldest first."""
    columns = (getattr(FormerTermsRow, name) for name in ("client_id", "valid_from", *TERMS))
    statement = select(*columns).where(among(session, FormerTermsRow.client_id, ids))
    found: dict[UUID, list[DatedTerms]] = {}
    for client, valid_from, *terms in session.connection().execute(statement):
        found.setdefault(client, []).append(DatedTerms(valid_from or date.min, contract_of(*terms)))
    return {client: sorted(all_, key=lambda one: one.valid_from) for client, all_ in found.items()}


def agreements(session: Session, members: Iterable[Member]) -> dict[UUID, tuple[DatedTerms, ...]]:
    """The agreements of these clients, the oldest first, that of now the last."""
    now = {each.id: DatedTerms(each.terms_from or date.min, each.contract) for each in members}
    former = former_terms(session, list(now))
    return {client: (*former.get(client, ()), last) for client, last in now.items()}
