"""The client list asked for a part of it: some clients, who is one still, the terms and services it knows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, select

from mailer.agreement import ContractKind
from mailer.campaign.definition import AudienceTable
from mailer.clients.record import Contract
from mailer.store.engine import Session
from mailer.store.inlist import among
from mailer.store.listed.care import listed_now
from mailer.store.tables import ClientRow, PieceClientRow, RateRow


def numbers_of_clients(session: Session, pieces: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
    """The numbers, or else e-mail addresses, of the clients whom these pieces cover, by the piece's id."""
    statement = (
        select(PieceClientRow.piece_id, ClientRow.number, ClientRow.email)
        .join(ClientRow, ClientRow.id == PieceClientRow.client_id)
        .where(among(session, PieceClientRow.piece_id, pieces))
        .order_by(ClientRow.number, ClientRow.email)
    )
    found: dict[UUID, tuple[str, ...]] = {}
    for piece, number, email in session.execute(statement):
        if number or email:
            found[piece] = (*found.get(piece, ()), number or email)
    return found


def services(session: Session) -> list[str]:
    """The services for which a rate was ever entered, sorted."""
    return sorted(session.execute(select(RateRow.service).distinct()).scalars())


def came_after(session: Session, day: date) -> frozenset[UUID]:
    """Who joined after that day, and was not on the list by then: its own word for it proves nothing."""
    wanted = (ClientRow.since > day, ClientRow.first_imported > day)
    return frozenset(session.execute(select(ClientRow.id).where(*wanted)).scalars())


def joined_from(session: Session, day: date) -> list[date]:
    """The first day of each active client's engagement that began on `day` or later."""
    statement = select(ClientRow.since).where(listed_now(session), ClientRow.since >= day)
    return [since for since in session.scalars(statement) if since is not None]


def terms(session: Session, audience: AudienceTable) -> list[Contract]:
    """The distinct notice terms of the active clients that an audience does not leave out by name."""
    out = [name.casefold() for name in audience.exclude]
    statement = select(ClientRow.contract, ClientRow.notice_term).where(
        listed_now(session),
        func.lower(ClientRow.number).not_in(out),
        func.lower(ClientRow.email).not_in(out),
        func.lower(ClientRow.company).not_in(out),
    )
    if audience.only:
        named = [name.casefold() for name in audience.only]
        names = (ClientRow.number, ClientRow.email, ClientRow.company, ClientRow.contact, ClientRow.key)
        statement = statement.where(or_(*(func.lower(name).in_(named) for name in names)))
    if audience.joined_from:
        statement = statement.where(ClientRow.since >= audience.joined_from)
    if audience.contract:
        statement = statement.where(ClientRow.contract.in_([kind.value for kind in audience.contract]))
    return [Contract(ContractKind(kind), term) for kind, term in session.execute(statement.distinct())]
