"""`mailer print`: the print room's job folder, from approved pages alone; and `mailer destroy`.

The job is recorded as `building` with its pieces before a file is written; the folder is built beside its
place and renamed; one transaction then marks the pieces as produced. An interrupted job is built again
from the start, to the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import ColumnElement, func, select, true, update
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from mailer.campaign.loading import Campaign, load_campaign
from mailer.errors import MailerError, Refused
from mailer.ledger.events import JobDestroyed, JobProduced
from mailer.ledger.kinds import JobState, Medium, Status
from mailer.ledger.numbers import ranges
from mailer.making.copies import made
from mailer.making.gate import not_approved, require_fresh
from mailer.making.remailing import to_reprint, to_take_over
from mailer.making.testmail import release_tests
from mailer.pages.letterhead import Letterhead, load_letterhead
from mailer.pages.letterheadpage import letterhead_page
from mailer.planning.mailfolder import MailFolder
from mailer.planning.prices import load_prices
from mailer.printroom.jobfolder import build, job_pieces
from mailer.printroom.jobpostage import priced
from mailer.printroom.jobsheet import JobSheet
from mailer.progress import Progress, silent
from mailer.settings import Paper
from mailer.store.events import Entry, head, record
from mailer.store.pieces import mailing_of
from mailer.store.tables import CarriedRow, DropRow, JobRow, MailingRow, PieceRow


@dataclass(frozen=True, slots=True)
class Job:
    """A produced job: where it lies, and what is in it. `gone` are labels of pieces that were not repeated,
    since their clients get none any more.
    """

    name: str
    folder: Path
    pieces: int
    pages: int
    sheets: int
    files: tuple[str, ...]
    not_after: date | None
    chain_head: str
    gone: tuple[str, ...] = ()


def print_job(
    mail: MailFolder, name: str, *, by: str, remaining: bool = False, progress: Progress = silent
) -> Job:
    """Make the job folder of all approved pieces that are in none yet, those tried with a test key included.

    `remaining`: of what the mail service refused or gave back, as new pieces of the same pages. Raises
    Refused where nothing is approved, NoticeRefused (exit 3) where the approval is stale or past its
    `not_after`.
    """
    campaign = load_campaign(mail.root, name)
    with _alone(mail.root):
        _release_tests(mail, name, by, ended=not remaining, copied=remaining)
        repeat = to_take_over(mail, campaign) if remaining else None
        require_fresh(mail, campaign, mail.today, progress)
        if repeat is None:
            return _print(mail, campaign, by, progress)
        made(mail, repeat, by)
        job = _print(mail, campaign, by, progress, PieceRow.again_of.is_not(None))
        return replace(job, gone=repeat.gone)


def reprint_job(
    mail: MailFolder, name: str, piece: str, reason: str, *, by: str, progress: Progress = silent
) -> Job:
    """Make a job of one piece once more, as a new piece. Raises as `print_job`.

    A copy of what was mailed in time may go any day: the notice was given by the first one.
    """
    campaign = load_campaign(mail.root, name)
    with _alone(mail.root):
        _release_tests(mail, name, by, ended=False)
        repeat = to_reprint(mail, campaign, piece, reason)
        require_fresh(mail, campaign, None if repeat.courtesy else mail.today, progress)
        return _print(mail, campaign, by, progress, PieceRow.number.in_(made(mail, repeat, by)))


def _release_tests(mail: MailFolder, name: str, by: str, *, ended: bool, copied: bool = False) -> None:
    """What was only tried with a test key was never printed, and may be printed here."""
    with mail.store.read() as session:
        mailing = mailing_of(session, name)
    if mailing is not None:
        release_tests(mail, mailing, by, ended=ended, copied=copied)


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """The only command that builds jobs here. The system frees the lock of one that was killed."""
    try:
        with FileLock(root / ".printing.lock", blocking=False):
            yield
    except Timeout:
        raise Refused(
            "another command is building a job here.", where=str(root), todo="Wait until it has ended."
        ) from None


def _print(
    mail: MailFolder,
    campaign: Campaign,
    by: str,
    progress: Progress,
    which: ColumnElement[bool] | None = None,
) -> Job:
    job = _claim(mail, campaign, which)
    folder = mail.root / job.folder
    letterhead = load_letterhead(mail.root / "letterhead")
    try:
        sheet = _sheet(mail, job)
        paper = _paper(mail, sheet, letterhead)
        files = build(sheet, folder, letterhead, progress, paper=paper)
    except MailerError:
        _give_up(mail, job)
        raise
    stored = mail.store.files.put(paper) if paper else None
    with mail.store.write() as session:
        row = session.get_one(JobRow, job.id)
        mailing = session.get_one(MailingRow, row.mailing_id)
        numbers = ranges(piece.number for piece in sheet.pieces)
        hashes = "\n".join(f"{name} {digest}" for name, digest in files.hashes.items())
        produced = JobProduced(row.number, numbers, files.manifest, hashes, stored)
        record(session, [Entry(mailing.subject, produced)], mail.stamp(by))
        row.state, row.manifest = JobState.PRODUCED, files.manifest
        last = head(session)
        return Job(
            folder.name,
            folder,
            len(sheet.pieces),
            files.pages,
            files.sheets,
            files.files,
            mailing.not_after,
            last.hash if last else "",
        )


def _give_up(mail: MailFolder, job: JobRow) -> None:
    """Leave the pieces of a job that cannot be made free for another route."""
    with mail.store.write() as session:
        session.execute(update(PieceRow).where(PieceRow.job_id == job.id).values(job_id=None))


def destroy(mail: MailFolder, name: str, *, number: int | None, reason: str, by: str) -> tuple[str, int]:
    """Record that a job's undropped pieces were destroyed, so that they may be produced again.

    The job's name, and how many pieces. A job that was handed over in part stays a printed one. Raises
    Refused where there is no such job.
    """
    with mail.store.write() as session:
        mailing, job = produced_job(session, name, number)
        statement = select(PieceRow.number).where(
            PieceRow.job_id == job.id, PieceRow.status == Status.PRODUCED.value
        )
        numbers = list(session.execute(statement).scalars())
        if not numbers:
            raise Refused(
                f"every piece of job {job.number} was dropped, or destroyed before.",
                where=name,
                todo="Nothing is left to destroy.",
            )
        record(
            session,
            [Entry(mailing.subject, JobDestroyed(job.number, ranges(numbers), reason))],
            mail.stamp(by),
        )
        session.execute(
            update(PieceRow)
            .where(PieceRow.job_id == job.id, PieceRow.status == Status.APPROVED.value)
            .values(job_id=None)
        )
        if not _went(session, job):
            job.state = JobState.DESTROYED  # else what was handed over is still this job's
        return Path(job.folder).name, len(numbers)


def produced_job(session: Session, name: str, number: int | None) -> tuple[MailingRow, JobRow]:
    """The mailing and its produced job: the one of that number, or the only one with pieces undropped."""
    mailing = mailing_of(session, name)
    jobs = (
        list(
            session.execute(
                select(JobRow).where(JobRow.mailing_id == mailing.id).order_by(JobRow.number)
            ).scalars()
        )
        if mailing
        else []
    )
    produced = [
        job for job in jobs if job.state == JobState.PRODUCED and (number is None or job.number == number)
    ]
    waiting = [job for job in produced if _undropped(session, job)] or produced
    if mailing is None or not waiting:
        raise Refused(
            "there is no printed job" + (f" number {number}." if number else "."),
            where=name,
            todo=f"Print it first: mailer print {name}",
        )
    if len(waiting) > 1:
        known = ", ".join(str(job.number) for job in waiting)
        raise Refused(
            f"there are several printed jobs: {known}.", where=name, todo="Say which with --job NUMBER."
        )
    return mailing, waiting[0]


def _went(session: Session, job: JobRow) -> bool:
    """Was any of it handed over to the post."""
    return session.execute(select(DropRow.id).where(DropRow.job_id == job.id).limit(1)).first() is not None


def _undropped(session: Session, job: JobRow) -> bool:
    statement = select(PieceRow.id).where(PieceRow.job_id == job.id, PieceRow.status == Status.PRODUCED.value)
    return session.execute(statement.limit(1)).first() is not None


def _claim(mail: MailFolder, campaign: Campaign, which: ColumnElement[bool] | None) -> JobRow:
    """A job that all approved free pieces belong to from now on: the interrupted one, else a new one."""
    with mail.store.write() as session:
        mailing = mailing_of(session, campaign.name)
        if mailing is None or mailing.approved_at is None:
            raise not_approved(campaign)
        job = _interrupted(session, mailing) or _new_job(session, mailing)
        claimed = session.execute(
            update(PieceRow)
            .where(
                PieceRow.mailing_id == mailing.id,
                PieceRow.status == Status.APPROVED.value,
                PieceRow.job_id.is_(None),
                true() if which is None else which,
            )
            .values(job_id=job.id)
            .returning(PieceRow.id)
        ).first()
        if claimed is None:
            raise Refused(
                "every approved piece is in a job already.",
                where=campaign.name,
                todo=f"Record its hand-over with `mailer drop {campaign.name}`, "
                f"or that it was destroyed: `mailer destroy {campaign.name} --reason …`.",
            )
        return job


def _interrupted(session: Session, mailing: MailingRow) -> JobRow | None:
    """The job that was being built when a command was killed, its claims given up."""
    statement = select(JobRow).where(JobRow.mailing_id == mailing.id, JobRow.state == JobState.BUILDING)
    job = session.execute(statement).scalars().first()
    if job is not None:
        session.execute(update(PieceRow).where(PieceRow.job_id == job.id).values(job_id=None))
    return job


def _new_job(session: Session, mailing: MailingRow) -> JobRow:
    highest = select(func.coalesce(func.max(JobRow.number), 0)).where(JobRow.mailing_id == mailing.id)
    number = session.execute(highest).scalar_one() + 1
    job = JobRow(
        id=uuid7(),
        mailing_id=mailing.id,
        number=number,
        state=JobState.BUILDING,
        folder=f"jobs/{mailing.campaign}-job-{number}",
    )
    session.add(job)
    session.flush()
    return job


def _sheet(mail: MailFolder, job: JobRow) -> JobSheet:
    """All that the print room needs to know of a job. Raises Refused where the post would not take it."""
    settings = mail.settings
    with mail.store.read() as session:
        mailing = session.get_one(MailingRow, job.mailing_id)
        rows = session.execute(select(PieceRow).where(PieceRow.job_id == job.id))
        pieces = job_pieces(mail, mailing, rows.scalars())
        last = head(session)
        ordinal = session.execute(select(func.count()).where(JobRow.id <= job.id)).scalar_one()
        carried = session.execute(select(CarriedRow.campaign).where(CarriedRow.mailing_id == mailing.id))
        newsletter = mailing.medium == Medium.NEWSLETTER
        notice = not newsletter or carried.first() is not None
    sheet = JobSheet(
        name=Path(job.folder).name,
        campaign=mailing.campaign,
        newsletter=newsletter,
        firm=settings.firm,
        stationery=settings.stationery,
        mailroom=settings.mailroom,
        not_after=mailing.not_after,
        chain_head=last.hash if last else "",
        rehearsal=mail.clock.rehearsal,
        ordinal=ordinal,
        notice=notice,
        pieces=tuple(pieces),
    )
    return priced(sheet, load_prices(mail.root), mail.today)


def _paper(mail: MailFolder, sheet: JobSheet, letterhead: Letterhead) -> bytes | None:
    """The pre-printed paper's page, where the letters are printed on such."""
    if sheet.newsletter or sheet.stationery.paper is Paper.PLAIN:
        return None
    return letterhead_page(letterhead, mail.settings)
