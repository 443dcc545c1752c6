"""`mailer print`: the print room's job folder, from approved pages alone; and `mailer destroy`.

The job is recorded as `building` with its pieces before a file is written; the folder is built beside its
place and renamed; one transaction then marks the pieces as produced. An interrupted job is built again
from the start, to the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from mailer.campaign.loading import Campaign, load_campaign
from mailer.delivery.print_room import JobPiece, JobSheet
from mailer.errors import NoticeRefused, Refused
from mailer.ledger.chain import Scalar
from mailer.ledger.kinds import EventKind, Status
from mailer.ledger.numbers import label, ranges
from mailer.notice.steps import spoken
from mailer.render.letterhead import load_letterhead
from mailer.settings import Envelope
from mailer.store.events import Entry, head, record
from mailer.store.pieces import mailing_of
from mailer.store.tables import JobRow, JobState, MailingRow, Medium, PieceRow
from mailer.workflow import issues, letters
from mailer.workflow.approving import in_parts
from mailer.workflow.composing import Letters, inputs_digest
from mailer.workflow.folder import MailFolder
from mailer.workflow.jobfolder import build
from mailer.workflow.progress import Progress, silent


@dataclass(frozen=True, slots=True)
class Job:
    """A produced job: where it lies, and what is in it."""

    name: str
    folder: Path
    pieces: int
    pages: int
    sheets: int
    files: tuple[str, ...]
    not_after: date | None
    chain_head: str


def print_job(mail: MailFolder, name: str, *, by: str, progress: Progress = silent) -> Job:
    """Make the job folder of all approved pieces that are in none yet.

    Raises Refused where nothing is approved, NoticeRefused (exit 3) where the approval is stale or
    past its `not_after`.
    """
    campaign = load_campaign(mail.root, name)
    with _alone(mail.root):
        return _print(mail, campaign, by, progress)


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


def _print(mail: MailFolder, campaign: Campaign, by: str, progress: Progress) -> Job:
    _require_fresh(mail, campaign, progress)
    job = _claim(mail, campaign)
    sheet = _sheet(mail, job)
    folder = mail.root / job.folder
    letterhead = load_letterhead(mail.root / "letterhead")
    made = build(sheet, folder, letterhead, progress)
    with mail.store.write() as session:
        row = session.get_one(JobRow, job.id)
        mailing = session.get_one(MailingRow, row.mailing_id)
        payload: dict[str, Scalar] = {
            "job": row.number,
            "pieces": ranges(piece.number for piece in sheet.pieces),
            "manifest": made.manifest,
        }
        record(session, [Entry(EventKind.PRODUCED, mailing.subject, payload)], mail.stamp(by))
        row.state, row.manifest = JobState.PRODUCED, made.manifest
        last = head(session)
        return Job(
            folder.name,
            folder,
            len(sheet.pieces),
            made.pages,
            made.sheets,
            made.files,
            mailing.not_after,
            last.hash if last else "",
        )


def destroy(mail: MailFolder, name: str, *, number: int | None, reason: str, by: str) -> tuple[str, int]:
    """Record that a job's undropped pieces were destroyed, so that they may be produced again.

    The job's name, and how many pieces. Raises Refused where there is no such job.
    """
    with mail.store.write() as session:
        mailing, job = produced_job(session, name, number)
        statement = select(PieceRow.number).where(
            PieceRow.job_id == job.id, PieceRow.status == Status.PRODUCED.value
        )
        numbers = list(session.execute(statement).scalars())
        if not numbers:
            raise Refused(
                f"every piece of job {job.number} was dropped.",
                where=name,
                todo="Nothing is left to destroy.",
            )
        payload: dict[str, Scalar] = {"job": job.number, "pieces": ranges(numbers), "reason": reason}
        record(session, [Entry(EventKind.DESTROYED, mailing.subject, payload)], mail.stamp(by))
        session.execute(
            update(PieceRow)
            .where(PieceRow.job_id == job.id, PieceRow.status == Status.APPROVED.value)
            .values(job_id=None)
        )
        job.state = JobState.DESTROYED
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


def _undropped(session: Session, job: JobRow) -> bool:
    statement = select(PieceRow.id).where(PieceRow.job_id == job.id, PieceRow.status == Status.PRODUCED.value)
    return session.execute(statement.limit(1)).first() is not None


def _claim(mail: MailFolder, campaign: Campaign) -> JobRow:
    """A job that all approved free pieces belong to from now on: the interrupted one, else a new one."""
    with mail.store.write() as session:
        mailing = mailing_of(session, campaign.name)
        if mailing is None or mailing.approved_at is None:
            raise _not_approved(campaign)
        job = _interrupted(session, mailing) or _new_job(session, mailing)
        claimed = session.execute(
            update(PieceRow)
            .where(
                PieceRow.mailing_id == mailing.id,
                PieceRow.status == Status.APPROVED.value,
                PieceRow.job_id.is_(None),
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


def _not_approved(campaign: Campaign) -> Refused:
    return Refused(
        "is not approved; nothing is printed that was not.",
        where=campaign.name,
        todo=f"Look at `mailer proof {campaign.name}`, then `mailer approve {campaign.name}`.",
    )


def _require_fresh(mail: MailFolder, campaign: Campaign, progress: Progress) -> None:
    """Raises NoticeRefused where the approval is stale or too late, Refused where there is none."""
    with mail.store.read() as session:
        mailing = mailing_of(session, campaign.name)
        if mailing is None or mailing.approved_at is None or mailing.dated is None:
            raise _not_approved(campaign)
    letterhead = load_letterhead(mail.root / "letterhead")
    inputs = inputs_digest(mail.settings, campaign, letterhead)
    if inputs != mailing.inputs_digest:
        raise _stale(campaign, "its definition, texts, letterhead or profile changed after it was approved")
    if mailing.not_after is not None and mail.today > mailing.not_after:
        raise NoticeRefused(
            f"it was approved for a hand-over until {spoken(mailing.not_after)}, "
            f"and today is {spoken(mail.today)}.",
            where=campaign.name,
            todo=f"See `mailer plan {campaign.name}` for the earliest date that can still be met.",
        )
    if campaign.kind.is_issue:
        wanted = in_parts(issues.wanted_newsletters(mail, campaign, inputs))
    else:
        texts = Letters(mail.settings, campaign, mailing.dated, inputs)
        letters.examine(mail, campaign, texts, progress)
        wanted = letters.wanted_letters(mail, campaign, texts)
    expected = {piece.digest for part in wanted for piece in part}
    with mail.store.read() as session:
        statement = select(PieceRow.number, PieceRow.recipient_digest).where(
            PieceRow.mailing_id == mailing.id, PieceRow.status == Status.APPROVED.value
        )
        stale = [number for number, digest in session.execute(statement) if digest not in expected]
    if stale:
        initial = Medium(mailing.medium).initial
        names = ", ".join(label(campaign.name, initial, number) for number in stale[:5])
        raise _stale(campaign, f"the clients of {len(stale)} pieces changed after it was approved ({names})")


def _stale(campaign: Campaign, why: str) -> NoticeRefused:
    return NoticeRefused(
        f"the approval is stale: {why}.",
        where=campaign.name,
        todo=f"Look at `mailer proof {campaign.name}`, then `mailer approve {campaign.name}` again.",
    )


def _sheet(mail: MailFolder, job: JobRow) -> JobSheet:
    """All that the print room needs to know of a job."""
    settings = mail.settings
    with mail.store.read() as session:
        mailing = session.get_one(MailingRow, job.mailing_id)
        rows = session.execute(select(PieceRow).where(PieceRow.job_id == job.id))
        pieces = sorted(
            (_job_piece(mail, mailing, row) for row in rows.scalars()),
            key=lambda piece: (piece.zip, piece.number),
        )
        last = head(session)
    windows = settings.stationery.envelope is Envelope.DOUBLE_WINDOW
    return JobSheet(
        name=Path(job.folder).name,
        campaign=mailing.campaign,
        newsletter=mailing.medium == Medium.NEWSLETTER,
        firm=settings.firm.name,
        sender=(settings.firm.name, *settings.firm.address.lines()) if windows else (),
        labels=settings.stationery.labels,
        postage=settings.mailroom.postage.value,
        cut_off=settings.mailroom.cut_off,
        not_after=mailing.not_after,
        chain_head=last.hash if last else "",
        rehearsal=mail.clock.rehearsal,
        pieces=tuple(pieces),
    )


def _job_piece(mail: MailFolder, mailing: MailingRow, row: PieceRow) -> JobPiece:
    return JobPiece(
        number=row.number,
        label=label(mailing.campaign, Medium(mailing.medium).initial, row.number),
        recipient=tuple(row.recipient),
        zip=row.zip,
        source=mail.store.files.path(row.file),
        first=row.first_page,
        last=row.last_page,
        sha256=row.sha256,
    )
