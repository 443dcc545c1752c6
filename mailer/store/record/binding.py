"""What binds rows to events (mailer.ledger.leaves): computed as they are recorded, and again to look.

A client's terms and its base rates are one leaf each, of all that it has, recorded whenever one of them
changes; a piece's leaves are recorded when it is made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import islice
from json.encoder import encode_basestring
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from mailer.clients.member import BaseRate, Member
from mailer.clients.record import Contract
from mailer.judgement.history import DatedTerms
from mailer.ledger.clientevents import RatesRecorded, TermsRecorded
from mailer.ledger.kinds import Status
from mailer.ledger.leaves import leaves_of, root_of, written
from mailer.ledger.records import Mailing, Piece
from mailer.store.inlist import among
from mailer.store.pieces import LIVE, clients_of, pieces
from mailer.store.tables import ClientRow

LIST: Final = "clients"
"""The subject of events about the client list."""
RATE: Final = ("service", "amount", "valid_from", "is_rise", "source")
"""The columns of a base rate (mailer.clients.member.BaseRate)."""
_AT_ONCE: Final = 1_000
_MOST: Final = 2_048  # agreements that are known by their place in memory


def term_columns(contract: Contract) -> dict[str, Any]:
    """An agreement as its columns, in `client` and in `former_terms`."""
    return {
        "contract": contract.kind.value,
        "notice_term": contract.notice,
        "rate_locked_until": contract.rate_locked_until,
        "max_raise": contract.max_raise,
        "min_months_between": contract.min_months_between,
        "only_at_renewal": contract.only_at_renewal,
        "renewal": contract.renewal,
        "last_raised": contract.last_raised,
    }


TERMS: Final = tuple(term_columns(Contract()))


def with_clients(
    session: Session,
    mailing: Mailing,
    *,
    statuses: Iterable[Status] | None = None,
) -> Iterator[tuple[Piece, tuple[UUID, ...]]]:
    """Pieces of a mailing by number, each with the clients that it covers; read as a stream."""
    found = pieces(session, mailing, statuses=statuses)
    while part := list(islice(found, _AT_ONCE)):
        covered = clients_of(session, mailing, [piece.number for piece in part])
        yield from ((piece, covered.get(piece.number, ())) for piece in part)


def live_root(session: Session, mailing: Mailing) -> str:
    """The hash over all that binds the mailing's live pieces."""
    live = with_clients(session, mailing, statuses=[Status(each) for each in LIVE])
    return root_of(leaves_of(*each) for each in live)


def party_of(member: Member) -> Party:
    return Party(member.number, member.name, member.since, member.active)


def salts(session: Session, clients: Collection[UUID]) -> dict[str, str]:
    """The salt of each of these clients by the digits of its id, "" once it was forgotten."""
    statement = select(type_coerce(ClientRow.id, NullType()), ClientRow.salt)
    rows: Any = session.connection().execute(statement.where(among(session, ClientRow.id, clients)))
    return {raw if isinstance(raw, str) else raw.hex: salt for raw, salt in rows}  # SQLite gives the digits


class Party(NamedTuple):
    """Who the client is to its account: what bills name it by, and since when it is one, if it still is."""

    number: str
    name: str
    since: date | None
    active: bool


IDENTITY: Final = ("number", "company", "since", "active")
"""The columns of `client` that say so; without a company its name is the contact."""


def terms_leaf(client: str, salt: str, party: Party, terms: tuple[DatedTerms, ...]) -> str:
    """Of who a client is, by the digits of its id, and of its agreements, the oldest first."""
    whole = f'{salt}\0["{client}",{_party(*party)},{_terms(terms)}]'
    return hashlib.sha256(whole.encode()).hexdigest()


def rates_leaf(client: str, salt: str, rates: tuple[BaseRate, ...]) -> str:
    """Of the base rates, the oldest first, those of one day in the order of their entry."""
    return hashlib.sha256(f'{salt}\0["{client}",{_rates(rates)}]'.encode()).hexdigest()


def _party(number: str, name: str, since: date | None, active: bool) -> str:
    """As `written` has it: every client has another, so that the encoder's own setting out would cost more
    than all the rest of a leaf.
    """
    day = f'"{since}"' if since else "null"
    return f"[{encode_basestring(number)},{encode_basestring(name)},{day},{'true' if active else 'false'}]"


_KNOWN: Final[dict[tuple[object, ...], tuple[tuple[DatedTerms, ...], str]]] = {}


def _terms(terms: tuple[DatedTerms, ...]) -> str:
    """As JSON. Equal agreements are mostly one object (mailer.store.listed.members): they are known by their
    place in memory, and kept with it, for to hash their values costs more than all the rest of a leaf.
    """
    key = tuple([(one.valid_from, id(one.contract)) for one in terms])
    known = _KNOWN.get(key)
    if known is None:
        if len(_KNOWN) >= _MOST:
            _KNOWN.clear()
        known = _KNOWN[key] = (terms, _rows(terms))
    return known[1]


@lru_cache(maxsize=8_192)
def _rows(terms: tuple[DatedTerms, ...]) -> str:
    """A row each, its day (null: from the beginning) before the columns `TERMS`."""
    rows = []
    for one in terms:
        day = None if one.valid_from == date.min else one.valid_from
        rows.append([day, *term_columns(one.contract).values()])
    return written(rows)


@lru_cache(maxsize=8_192)
def _rates(rates: tuple[BaseRate, ...]) -> str:
    return written(rates)


def account_events(
    terms: Mapping[UUID, tuple[Party, tuple[DatedTerms, ...]]],
    rates: Mapping[UUID, tuple[BaseRate, ...]],
    salts: Mapping[str, str],
    *,
    adopted: bool = False,
) -> list[TermsRecorded]:
    """What is to be recorded of these clients; nothing where there is none."""
    found: list[TermsRecorded] = []
    if terms:
        agreed = ((client.hex, of) for client, of in terms.items())
        bound = {client: terms_leaf(client, salts[client], *of) for client, of in agreed}
        found.append(TermsRecorded.of(bound, adopted=adopted))
    if rates:
        paid = ((client.hex, rows) for client, rows in rates.items())
        bound = {client: rates_leaf(client, salts[client], rows) for client, rows in paid}
        found.append(RatesRecorded.of(bound, adopted=adopted))
    return found
