"""The print room's jobs and hand-overs as frozen records, and what is written of them.

A piece belongs to the job that claimed it before a file was made. Its status is the ledger's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from sqlalchemy import exists, func, or_, select, true, update
from uuid_utils.compat import uuid7

from mailer.ledger.kinds import JobState, Status
from mailer.ledger.records import HandOver, Mailing, PrintJob
from mailer.ledger.stated import Stated
from mailer.store.engine import Session
from mailer.store.inlist import numbered
from mailer.store.tables import DropRow, JobRow, PieceRow

_JOB: Final = tuple(getattr(JobRow, name) for name in PrintJob.__slots__)
_HAND_OVER: Final = tuple(getattr(DropRow, name) for name in HandOver.__slots__)


def jobs(session: Session, mailing: Mailing) -> list[PrintJob]:
    """The jobs of a mailing by number."""
    statement = select(*_JOB).where(JobRow.mailing_id == mailing.id).order_by(JobRow.number)
    return [PrintJob(*row) for row in session.connection().execute(statement)]


def ordinal(session: Session, job: PrintJob) -> int:
    """The how-manieth job of the folder it is, from 1: jobs are numbered within their mailing."""
    return session.execute(select(func.count()).where(JobRow.id <= job.id)).scalar_one()


def claim_for_job(
    session: Session, mailing: Mailing, *, numbers: Collection[int] | None = None
) -> PrintJob | None:
    """A job that all approved pieces in none belong to from now on: the interrupted one, its claims given up,
    else a new one. Of `numbers` only those. None where there is no such piece: roll back then.
    """
    job = _interrupted(session, mailing) or _new(session, mailing)
    claimed = session.execute(
        update(PieceRow)
        .where(
            PieceRow.mailing_id == mailing.id,
            PieceRow.status == Status.APPROVED.value,
            PieceRow.job_id.is_(None),
            true() if numbers is None else numbered(session, PieceRow.number, numbers),
        )
        .values(job_id=job.id)
        .returning(PieceRow.id)
        .execution_options(synchronize_session=False)
    ).first()
    return None if claimed is None else job


def release(session: Session, job: PrintJob) -> None:
    """The pieces of a job that cannot be made are free for another route."""
    session.execute(update(PieceRow).where(PieceRow.job_id == job.id).values(job_id=None))


def was_dropped(session: Session, job: PrintJob) -> bool:
    """Was any of it handed over to the post."""
    return bool(session.execute(select(exists().where(DropRow.job_id == job.id))).scalar())


def is_waiting(session: Session, job: PrintJob) -> bool:
    """Is any of it printed and neither handed over nor destroyed."""
    printed = exists().where(PieceRow.job_id == job.id, PieceRow.status == Status.PRODUCED.value)
    return bool(session.execute(select(printed)).scalar())


def has_free_pieces(session: Session, mailing: Mailing) -> bool:
    """Are approved pieces of the mailing in no finished job."""
    building = select(JobRow.id).where(JobRow.state == JobState.BUILDING)
    free = exists().where(
        PieceRow.mailing_id == mailing.id,
        PieceRow.status == Status.APPROVED.value,
        or_(PieceRow.job_id.is_(None), PieceRow.job_id.in_(building)),
    )
    return bool(session.execute(select(free)).scalar())


def statuses_in(session: Session, job: PrintJob) -> dict[int, Status]:
    """The status of each piece of the job, by number and in its order."""
    statement = select(PieceRow.number, PieceRow.status).where(PieceRow.job_id == job.id)
    rows = session.execute(statement.order_by(PieceRow.number))
    return {number: status for number, status in rows}  # noqa: C416 (typed so)


def withdrawn(session: Session, mailing: Mailing, job: PrintJob) -> list[int]:
    """The pieces of the mailing that must not go out from this job: void, or in another one, or in none."""
    elsewhere = or_(PieceRow.job_id.is_(None), PieceRow.job_id != job.id)
    statement = select(PieceRow.number).where(
        PieceRow.mailing_id == mailing.id, or_(PieceRow.status == Status.VOID.value, elsewhere)
    )
    return list(session.execute(statement).scalars())


def facts_of(session: Session, mailing: Mailing, numbers: Collection[int]) -> Iterator[tuple[int, Stated]]:
    """(number, facts as printed) of these pieces."""
    statement = select(PieceRow.number, PieceRow.facts).where(
        PieceRow.mailing_id == mailing.id, numbered(session, PieceRow.number, numbers)
    )
    return ((number, facts) for number, facts in session.execute(statement))


def repeated_as(session: Session, mailing: Mailing, numbers: Collection[int]) -> dict[int, int]:
    """The piece that was made in place of each of these, of those that were repeated."""
    statement = select(PieceRow.again_of, PieceRow.number).where(
        PieceRow.mailing_id == mailing.id, numbered(session, PieceRow.again_of, numbers)
    )
    return {int(old or 0): number for old, number in session.execute(statement)}


def hand_overs(session: Session, mailing: Mailing) -> list[HandOver]:
    """What of a mailing was handed to the post, in the order of recording."""
    statement = select(*_HAND_OVER).where(DropRow.mailing_id == mailing.id).order_by(DropRow.id)
    return [HandOver(*row) for row in session.connection().execute(statement)]


def name_receipt(session: Session, mailing: Mailing, drop: int, name: str) -> None:
    """How the file of a hand-over's receipt was called, which proves nothing."""
    given = hand_overs(session, mailing)[drop - 1]
    session.execute(update(DropRow).where(DropRow.id == given.id).values(receipt_name=name))


def _interrupted(session: Session, mailing: Mailing) -> PrintJob | None:
    """The job that was being built when a command was killed, its claims given up."""
    statement = select(*_JOB).where(JobRow.mailing_id == mailing.id, JobRow.state == JobState.BUILDING)
    row = session.connection().execute(statement).first()
    if row is None:
        return None
    job = PrintJob(*row)
    release(session, job)
    return job


def _new(session: Session, mailing: Mailing) -> PrintJob:
    highest = select(func.coalesce(func.max(JobRow.number), 0)).where(JobRow.mailing_id == mailing.id)
    number = session.execute(highest).scalar_one() + 1
    folder = f"jobs/{mailing.campaign}-job-{number}"
    job = PrintJob(uuid7(), mailing.id, number, JobState.BUILDING, folder, None)
    session.add(JobRow(**{name: getattr(job, name) for name in PrintJob.__slots__}))
    session.flush()
    return job
