"""The print room's jobs and hand-overs as frozen records."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from mailer.ledger.records import HandOver, Mailing, PrintJob
from mailer.store.engine import Session
from mailer.store.tables import DropRow, JobRow

_JOB: Final = tuple(getattr(JobRow, name) for name in PrintJob.__slots__)
_HAND_OVER: Final = tuple(getattr(DropRow, name) for name in HandOver.__slots__)


def jobs(session: Session, mailing: Mailing) -> list[PrintJob]:
    """The jobs of a mailing by number."""
    statement = select(*_JOB).where(JobRow.mailing_id == mailing.id).order_by(JobRow.number)
    return [PrintJob(*row) for row in session.connection().execute(statement)]


def hand_overs(session: Session, mailing: Mailing) -> list[HandOver]:
    """What of a mailing was handed to the post, in the order of recording."""
    statement = select(*_HAND_OVER).where(DropRow.mailing_id == mailing.id).order_by(DropRow.id)
    return [HandOver(*row) for row in session.connection().execute(statement)]
