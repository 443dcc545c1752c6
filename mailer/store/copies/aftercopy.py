"""What an older copy of the database must ask about: which of its pieces could have gone since."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, or_, select, update

from mailer.ledger.kinds import Status
from mailer.ledger.records import Mailing, Piece, PrintJob, Submission
from mailer.store.engine import Session
from mailer.store.inlist import among
from mailer.store.outbox import IN_FLIGHT, SUBMISSION
from mailer.store.pieces import PIECE, piece_of
from mailer.store.tables import JobRow, MailingRow, PieceRow, SubmissionRow

_MAILING: Final = tuple(getattr(MailingRow, name) for name in Mailing.__slots__)
_JOB: Final = tuple(getattr(JobRow, name) for name in PrintJob.__slots__)
_PRINTABLE: Final = (Status.APPROVED.value, Status.PRODUCED.value)
_TRIED: Final = (*IN_FLIGHT, Status.ACCEPTED.value, Status.REJECTED.value, Status.CANCELLED.value)


@dataclass(frozen=True, slots=True)
class AsCopied:
    """A piece as the copy has it, with its job, and what a service was asked for it by then."""

    piece: Piece
    mailing: Mailing
    job: PrintJob | None
    submission: Submission | None

    @property
    def tried(self) -> bool:
        """Was it sent with a test key alone, so that it could go for real since."""
        return self.submission is not None and not self.submission.live


def as_copied(session: Session, ids: Collection[UUID]) -> Iterator[AsCopied]:
    """Those of these pieces that the copy knows, by campaign and number."""
    statement: Any = (
        select(*PIECE, *_MAILING, *_JOB, *SUBMISSION)
        .select_from(PieceRow)
        .join(MailingRow, MailingRow.id == PieceRow.mailing_id)
        .outerjoin(JobRow, JobRow.id == PieceRow.job_id)
        .outerjoin(SubmissionRow, SubmissionRow.piece_id == PieceRow.id)
        .where(among(session, PieceRow.id, ids))
        .order_by(MailingRow.campaign, PieceRow.number)
    )
    one, two = len(PIECE), len(PIECE) + len(_MAILING)
    three = two + len(_JOB)
    for row in session.connection().execute(statement):
        job, asked = row[two:three], row[three:]
        yield AsCopied(
            piece_of(row[:one]),
            Mailing(*row[one:two]),
            PrintJob(*job) if job[0] is not None else None,
            Submission(*asked) if asked[0] is not None else None,
        )


def could_be_printed(session: Session) -> Iterator[tuple[str, UUID]]:
    """Every piece that the print room could have taken since, with its campaign, in its order: what was sent
    with a test key too, for print takes it.
    """
    tried = and_(SubmissionRow.live.is_(False), PieceRow.status.in_(_TRIED))
    statement = (
        select(MailingRow.campaign, PieceRow.id)
        .join(MailingRow, MailingRow.id == PieceRow.mailing_id)
        .outerjoin(SubmissionRow, SubmissionRow.piece_id == PieceRow.id)
        .where(or_(PieceRow.status.in_(_PRINTABLE), tried))
        .order_by(MailingRow.campaign, PieceRow.number)
    )
    return ((campaign, id_) for campaign, id_ in session.connection().execute(statement))


def asked_for(session: Session, service: str) -> list[UUID]:
    """The pieces that the service was asked for under a live key."""
    statement = select(SubmissionRow.piece_id).where(
        SubmissionRow.service == service, SubmissionRow.live.is_(True)
    )
    return list(session.execute(statement).scalars())


def last_account(session: Session, service: str) -> str | None:
    """The account that a service was asked under last with a live key; None where that is not on record."""
    statement = (
        select(SubmissionRow.account)
        .where(SubmissionRow.service == service, SubmissionRow.live.is_(True))
        .order_by(SubmissionRow.first_tried.desc())
        .limit(1)
    )
    return session.execute(statement).scalar()


def take_out_of_jobs(session: Session, ids: Collection[UUID]) -> None:
    """These pieces went another way than the job that the copy has them in."""
    session.execute(
        update(PieceRow)
        .where(among(session, PieceRow.id, ids))
        .values(job_id=None)
        .execution_options(synchronize_session=False)
    )
