"""Pieces read as frozen records: which documents a client got, and when they count as mailed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased

from mailer.ledger.clientpiece import ClientPiece
from mailer.ledger.kinds import ENDED, Medium, Status
from mailer.store.among import among
from mailer.store.tables import CarriedRow, DropRow, MailingRow, PieceClientRow, PieceRow

LIVE: Final = tuple(status.value for status in Status if status not in ENDED)


_COLUMNS: Final = (
    MailingRow.campaign,
    MailingRow.medium,
    PieceRow.number,
    PieceRow.status,
    PieceRow.counts_on,
    PieceRow.facts,
    PieceRow.sha256,
    PieceRow.recipient_digest,
    PieceRow.rehearsed,
    PieceRow.returned_on,
    PieceRow.dropped_on,
    PieceRow.received_on,
    DropRow.place,
)


def mailing_of(session: Session, campaign: str) -> MailingRow | None:
    """The campaign's mailing, once something was prepared for it."""
    return session.execute(select(MailingRow).where(MailingRow.campaign == campaign)).scalar_one_or_none()


def sent_to(session: Session, ids: Sequence[UUID], *conditions: Any) -> dict[UUID, list[ClientPiece]]:
    """The live pieces of these clients, oldest first; `conditions` restrict mailings or pieces."""
    # `distinct` changes no row (both columns are the key) and keeps the table whole: SQLite would else go
    # through every piece of the mailing, and look among all of `ids` for each.
    covers = (
        select(PieceClientRow.client_id, PieceClientRow.piece_id)
        .where(among(session, PieceClientRow.client_id, ids))
        .distinct()
        .subquery()
    )
    statement = (
        select(covers.c.client_id, *_COLUMNS)
        .join_from(covers, PieceRow, PieceRow.id == covers.c.piece_id)
        .join(MailingRow, MailingRow.id == PieceRow.mailing_id)
        .outerjoin(DropRow, DropRow.id == PieceRow.drop_id)
        .where(PieceRow.status.in_(LIVE), *conditions)
        .order_by(PieceRow.number)
    )
    found: dict[UUID, list[ClientPiece]] = {}
    for row in session.connection().execute(statement):
        client_id, campaign, medium, number, status, *rest = row
        piece = ClientPiece(client_id, campaign, Medium(medium), number, Status(status), *rest)
        found.setdefault(client_id, []).append(piece)
    return found


def carriers(session: Session, campaign: str) -> tuple[str, ...]:
    """The approved issues that carry the campaign's article."""
    statement = (
        select(MailingRow.campaign)
        .join(CarriedRow, CarriedRow.mailing_id == MailingRow.id)
        .where(CarriedRow.campaign == campaign)
        .order_by(MailingRow.campaign)
    )
    return tuple(session.execute(statement).scalars())


def first_mailed(session: Session, campaign: str) -> date | None:
    """The first mailing day of the campaign's own pieces."""
    statement = (
        select(func.min(PieceRow.counts_on))
        .join(MailingRow, MailingRow.id == PieceRow.mailing_id)
        .where(MailingRow.campaign == campaign)
    )
    return session.execute(statement).scalar_one()


def mailed_clients(session: Session, campaign: str) -> set[UUID]:
    """Those whose letter of the campaign was handed over: the gates are behind them."""
    statement = (
        select(PieceClientRow.client_id)
        .join(PieceRow, PieceRow.id == PieceClientRow.piece_id)
        .join(MailingRow, MailingRow.id == PieceRow.mailing_id)
        .where(MailingRow.campaign == campaign, PieceRow.counts_on.is_not(None))
    )
    return set(session.execute(statement).scalars())


def served(*, later: bool = False, statuses: Sequence[str] = LIVE) -> ColumnElement[bool]:
    """For a statement on pieces: another one of the mailing, a live one, goes to one of the piece's clients.

    `later`: one that was made after it; `statuses`: one in any of these.
    """
    other, shared, own = aliased(PieceRow), aliased(PieceClientRow), aliased(PieceClientRow)
    return exists(
        select(other.id)
        .join(shared, shared.piece_id == other.id)
        .join(own, own.client_id == shared.client_id)
        .where(
            own.piece_id == PieceRow.id,
            other.mailing_id == PieceRow.mailing_id,
            other.status.in_(statuses),
            other.number > PieceRow.number if later else other.id != PieceRow.id,
        )
    )
