"""Mailings as frozen records, what they carry, and what preparing and approving make of them."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from mailer.errors import MailerError
from mailer.ledger.kinds import Medium
from mailer.ledger.records import Mailing
from mailer.store.tables import CarriedRow, MailingRow

_COLUMNS: Final = tuple(getattr(MailingRow, name) for name in Mailing.__slots__)


def mailing_named(session: Session, campaign: str) -> Mailing | None:
    """The campaign's mailing, once something was prepared for it."""
    return _one(session, MailingRow.campaign == campaign)


def mailing_by_id(session: Session, mailing_id: UUID) -> Mailing:
    """A mailing that is there."""
    return Mailing(*session.connection().execute(select(*_COLUMNS).where(MailingRow.id == mailing_id)).one())


def mailings(session: Session) -> list[Mailing]:
    """All of them, by campaign."""
    rows = session.connection().execute(select(*_COLUMNS).order_by(MailingRow.campaign))
    return [Mailing(*row) for row in rows]


def last_number(session: Session, mailing: Mailing) -> int:
    """The highest number that a piece of the mailing was given."""
    statement = select(MailingRow.next_number).where(MailingRow.id == mailing.id)
    return (session.scalar(statement) or 1) - 1


def carriers(session: Session, campaign: str) -> tuple[str, ...]:
    """The approved issues that carry the campaign's article."""
    statement = (
        select(MailingRow.campaign)
        .join(CarriedRow, CarriedRow.mailing_id == MailingRow.id)
        .where(CarriedRow.campaign == campaign)
        .order_by(MailingRow.campaign)
    )
    return tuple(session.execute(statement).scalars())


def carried_by(session: Session, mailing: Mailing) -> dict[str, str]:
    """The campaigns whose articles an approved issue carries, each with the article's digest."""
    statement = select(CarriedRow.campaign, CarriedRow.article_digest)
    rows = session.execute(statement.where(CarriedRow.mailing_id == mailing.id).order_by(CarriedRow.campaign))
    return {campaign: digest for campaign, digest in rows}  # noqa: C416 (typed so)


def add_mailing(session: Session, campaign: str, medium: Medium, subject: str) -> Mailing:
    """A new mailing without pieces."""
    made = uuid7()
    session.execute(
        insert(MailingRow).values(id=made, campaign=campaign, medium=medium, subject=subject, next_number=1)
    )
    return mailing_by_id(session, made)


def take_numbers(session: Session, mailing: Mailing, count: int) -> range:
    """The numbers of `count` new pieces: nobody else gets them."""
    statement = select(MailingRow.next_number).where(MailingRow.id == mailing.id)
    first = session.execute(statement).scalar_one()
    _set(session, mailing, next_number=first + count)
    return range(first, first + count)


def _set(session: Session, mailing: Mailing, **values: object) -> None:
    session.execute(update(MailingRow).where(MailingRow.id == mailing.id).values(**values))


def _one(session: Session, condition: ColumnElement[bool]) -> Mailing | None:
    rows = session.connection().execute(select(*_COLUMNS).where(condition).limit(2)).all()
    if len(rows) > 1:
        raise MailerError(
            f"has the mailing of {rows[0].campaign} twice.",
            where="the database",
            todo="Something other than mailer put it in: run `mailer ledger verify`, restore a backup.",
        )
    return Mailing(*rows[0]) if rows else None
