"""Applying what events do (mailer.ledger.effects) to the tables, in the transaction that records them.

The only place that changes what the fold gives: `mailer ledger verify` compares the two.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CursorResult, ScalarSelect, Update, case, delete, exists, insert, or_, select, update
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from mailer.errors import MailerError
from mailer.ledger.effects import (
    Carrying,
    Effect,
    HandedOver,
    Next,
    OnJob,
    OnMailing,
    OnPieces,
    ReceiptCame,
)
from mailer.ledger.kinds import Status
from mailer.ledger.numbers import spans
from mailer.store.tables import CarriedRow, DropRow, JobRow, MailingRow, PieceRow

DROP: Final = tuple(one.name for one in fields(HandedOver) if one.name not in ("subject", "job"))
_SPANS: Final = 200  # of one statement


class Conflict(MailerError):
    """A piece is no longer what this command took it for: another command was faster."""


def apply(session: Session, effect: Effect) -> None:
    """Bring the tables to what they are after it. Raises Conflict where a piece can't follow."""
    match effect:
        case OnPieces():
            _on_pieces(session, effect)
        case OnMailing():
            _set(session, update(MailingRow).where(MailingRow.subject == effect.subject), effect.values)
        case Carrying():
            _carrying(session, effect)
        case OnJob():
            job = update(JobRow).where(JobRow.id == _job(session, effect.subject, effect.job))
            if effect.unless_dropped:
                job = job.where(~exists().where(DropRow.job_id == JobRow.id))
            _set(session, job, effect.values)
        case HandedOver():
            session.execute(
                insert(DropRow).values(
                    id=uuid7(),
                    mailing_id=_mailing(effect.subject),
                    job_id=_job(session, effect.subject, effect.job),
                    **{name: getattr(effect, name) for name in DROP},
                )
            )
        case ReceiptCame():
            drop = _drop(session, effect.subject, effect.drop)
            session.execute(update(DropRow).where(DropRow.id == drop).values(receipt=effect.receipt))
        # what a mail service has is kept in the outbox, a move is read from its event


def _on_pieces(session: Session, effect: OnPieces) -> None:
    step = effect.step
    if step is not None and None in step.before:  # put in by whoever made it
        return
    values = {_COLUMN.get(name, name): _value(session, effect, name) for name in effect.values}
    if values.pop("forgotten", False):
        values |= _FORGOTTEN
    for name, day in effect.earliest.items():
        column = getattr(PieceRow, name)
        values[name] = case((or_(column.is_(None), column > day), day), else_=column)
    if step is not None:
        values["status"] = step.after.value
    if not values:
        return
    mailing = _mailing(effect.subject)
    parts = list(spans(effect.pieces))
    expected = sum(last - first + 1 for first, last in parts)
    changed = 0
    for at in range(0, len(parts), _SPANS):
        within = or_(*(PieceRow.number.between(first, last) for first, last in parts[at : at + _SPANS]))
        statement = update(PieceRow).where(PieceRow.mailing_id == mailing, within).values(**values)
        if step is not None:
            statement = statement.where(PieceRow.status.in_(_words(step.before)))
        result = session.execute(statement.execution_options(synchronize_session=False))
        changed += result.rowcount if isinstance(result, CursorResult) else 0
    if changed != expected:
        were = f"are not {' or '.join(_words(step.before))} any more" if step else "are not there"
        raise Conflict(
            f"{expected - changed} of {expected} pieces of {effect.subject} {were}.",
            todo="Another command was faster: run `mailer status` and try again. Nothing was recorded.",
        )


def _carrying(session: Session, effect: Carrying) -> None:
    mailing = session.execute(select(_mailing(effect.subject))).scalar_one()
    session.execute(delete(CarriedRow).where(CarriedRow.mailing_id == mailing))
    rows = [
        {"mailing_id": mailing, "campaign": campaign, "article_digest": digest}
        for campaign, digest in effect.articles.items()
    ]
    if rows:
        session.execute(insert(CarriedRow), rows)


_COLUMN: Final = {"job": "job_id", "drop": "drop_id"}
_FORGOTTEN: Final[dict[str, Any]] = {
    "salt": "",
    "recipient_name": "",
    "recipient": [],
    "zip": "",
    "address": None,
}


def _value(session: Session, effect: OnPieces, name: str) -> Any:
    value = effect.values[name]
    if value is Next:
        return _drop(session, effect.subject, None)
    if name == "job" and isinstance(value, int):
        return _job(session, effect.subject, value)
    return value


def _set(session: Session, statement: Update, values: Any) -> None:
    session.execute(statement.values(**values).execution_options(synchronize_session=False))


def _mailing(subject: str) -> ScalarSelect[UUID]:
    return select(MailingRow.id).where(MailingRow.subject == subject).scalar_subquery()


def _job(session: Session, subject: str, number: int) -> UUID:
    statement = select(JobRow.id).where(JobRow.mailing_id == _mailing(subject), JobRow.number == number)
    return session.execute(statement).scalar_one()


def _drop(session: Session, subject: str, number: int | None) -> UUID:
    """The id of a hand-over by its number, of the last one without."""
    drops = select(DropRow.id).where(DropRow.mailing_id == _mailing(subject))
    found = session.execute(drops.order_by(DropRow.id)).scalars().all()
    return found[-1 if number is None else number - 1]


def _words(statuses: frozenset[Status | None]) -> list[str]:
    return sorted(status.value for status in statuses if status is not None)
