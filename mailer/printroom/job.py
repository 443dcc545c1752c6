"""`mailer print`: the print room's job folder, from approved pages alone; and `mailer destroy`.

The job is recorded as `building` with its pieces before a file is written; the folder is built beside its
place and renamed; one transaction then marks the pieces as produced. An interrupted job is built again
from the start, to the same bytes.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from mailer.campaign.loading import Campaign, load_campaign, readable
from mailer.errors import MailerError, Refused
from mailer.ledger.events import JobDestroyed, JobProduced
from mailer.ledger.kinds import JobState, Status
from mailer.ledger.numbers import ranges
from mailer.ledger.records import Mailing, PrintJob
from mailer.making.copies import made
from mailer.making.gate import not_approved, require_fresh
from mailer.making.remailing import to_reprint, to_take_over
from mailer.making.testmail import release_tests
from mailer.pages.letterhead import Letterhead
from mailer.pages.letterheadpage import letterhead_page
from mailer.planning.lastday import last_day_of_all
from mailer.planning.mailfolder import MailFolder
from mailer.planning.route import goes_by_email
from mailer.printroom.jobfolder import build, job_pieces
from mailer.printroom.jobpostage import priced
from mailer.printroom.jobsheet import JobPieces, JobSheet
from mailer.printroom.postagerates import load_postage
from mailer.progress import Progress, silent
from mailer.settings import Paper
from mailer.store.commandlock import PRINTING, alone
from mailer.store.engine import Session
from mailer.store.jobs import (
    claim_for_job,
    has_free_pieces,
    is_waiting,
    jobs,
    ordinal,
    release,
)
from mailer.store.mailings import carried_by, mailing_by_id, mailing_named
from mailer.store.outbox import waiting
from mailer.store.pieces import piece_numbers, pieces
from mailer.store.record.events import Entry, head, record


@dataclass(frozen=True, slots=True)
class JobFolder:
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
) -> JobFolder:
    """Make the job folder of all approved pieces that are in none yet, those tried with a test key included.
    Of a campaign that goes by e-mail it takes those alone that can't.

    `remaining`: of what the mail service refused or gave back, as new pieces of the same pages. Raises
    Refused where nothing is approved, NoticeRefused (exit 3) where the approval is stale or past its
    `not_after`.
    """
    campaign = load_campaign(mail.root, name)
    with alone(mail.root, PRINTING, "building a job"):
        _release_tests(mail, name, by, ended=not remaining, copied=remaining)
        repeat = to_take_over(mail, campaign) if remaining else None
        require_fresh(mail, campaign, mail.mails_on, progress)
        if repeat is None:
            return _print(mail, campaign, by, progress, numbers=_on_paper(mail, campaign))
        job = _print(mail, campaign, by, progress, numbers=made(mail, repeat, by))
        return replace(job, gone=repeat.gone)


def _on_paper(mail: MailFolder, campaign: Campaign) -> list[int] | None:
    """Of a campaign that goes by e-mail, what was approved to go on paper all the same; None: everything."""
    if not goes_by_email(mail.settings, campaign):
        return None
    with mail.store.read() as session:
        mailing = mailing_named(session, campaign.name)
        rows = waiting(session, mailing, only=None, limit=None) if mailing else ()
        return [row.number for row in rows if not (row.address or {}).get("email")]


def reprint_job(
    mail: MailFolder, name: str, piece: str, reason: str, *, by: str, progress: Progress = silent
) -> JobFolder:
    """Make a job of one piece once more, as a new piece. Raises as `print_job`.

    A copy of what was mailed in time may go any day: the notice was given by the first one.
    """
    campaign = load_campaign(mail.root, name)
    with alone(mail.root, PRINTING, "building a job"):
        _release_tests(mail, name, by, ended=False)
        repeat = to_reprint(mail, campaign, piece, reason)
        require_fresh(mail, campaign, None if repeat.courtesy else mail.mails_on, progress)
        return _print(mail, campaign, by, progress, numbers=made(mail, repeat, by))


def put_printed_on_record(mail: MailFolder, name: str, *, by: str, progress: Progress = silent) -> None:
    """Make a job of what of a campaign is approved and in none: the user says that it was printed before.

    No day binds it. Its files are made again for the record, not to be printed.
    """
    with alone(mail.root, PRINTING, "building a job"):
        _release_tests(mail, name, by, ended=True)
        with mail.store.read() as session:
            mailing = mailing_named(session, name)
            free = mailing is not None and has_free_pieces(session, mailing)
        campaign = load_campaign(mail.root, name)
        numbers = _on_paper(mail, campaign) if free else []
        if numbers is None or numbers:
            _print(mail, campaign, by, progress, numbers=numbers)


def _release_tests(mail: MailFolder, name: str, by: str, *, ended: bool, copied: bool = False) -> None:
    """What was only tried with a test key was never printed, and may be printed here."""
    with mail.store.read() as session:
        mailing = mailing_named(session, name)
    if mailing is not None:
        release_tests(mail, mailing, by, ended=ended, copied=copied)


def _print(
    mail: MailFolder,
    campaign: Campaign,
    by: str,
    progress: Progress,
    *,
    numbers: Collection[int] | None = None,
) -> JobFolder:
    job = _claim(mail, campaign, numbers)
    folder = mail.root / job.folder
    letterhead = mail.letterhead
    try:
        sheet = _sheet(mail, job)
        paper = _paper(mail, sheet, letterhead)
        files = build(sheet, folder, letterhead, progress, paper=paper)
    except MailerError:
        with mail.store.write() as session:
            release(session, job)
        raise
    stored = mail.store.files.put(paper) if paper else None
    with mail.store.write() as session:
        mailing = mailing_by_id(session, job.mailing_id)
        inside = ranges(piece.number for piece in sheet.pieces)
        hashes = "\n".join(f"{name} {digest}" for name, digest in files.hashes.items())
        produced = JobProduced(job.number, inside, files.manifest, hashes, stored)
        record(session, [Entry(mailing.subject, produced)], mail.stamp(by))
        last = head(session)
        return JobFolder(
            folder.name,
            folder,
            len(sheet.pieces),
            files.pages,
            files.sheets,
            files.files,
            sheet.not_after,
            last.hash if last else "",
        )


def destroy(mail: MailFolder, name: str, *, number: int | None, reason: str, by: str) -> tuple[str, int]:
    """Record that a job's undropped pieces were destroyed, so that they may be produced again.

    The job's name, and how many pieces. A job that was handed over in part stays a printed one. Raises
    Refused where there is no such job.
    """
    with mail.store.write() as session:
        mailing, job = produced_job(session, name, number)
        numbers = piece_numbers(session, mailing, statuses=[Status.PRODUCED], job=job)
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
        return Path(job.folder).name, len(numbers)


def produced_job(session: Session, name: str, number: int | None) -> tuple[Mailing, PrintJob]:
    """The mailing and its produced job: the one of that number, or the only one with pieces undropped."""
    mailing = mailing_named(session, name)
    produced = [
        job
        for job in (jobs(session, mailing) if mailing else ())
        if job.state is JobState.PRODUCED and number in (None, job.number)
    ]
    waiting = [job for job in produced if is_waiting(session, job)] or produced
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


def _claim(mail: MailFolder, campaign: Campaign, numbers: Collection[int] | None) -> PrintJob:
    with mail.store.write() as session:
        mailing = mailing_named(session, campaign.name)
        if mailing is None or mailing.approved_at is None:
            raise not_approved(campaign)
        job = claim_for_job(session, mailing, numbers=numbers)
        if job is None:
            raise Refused(
                "every approved piece is in a job already, or goes by e-mail.",
                where=campaign.name,
                todo=f"Record its hand-over with `mailer drop {campaign.name}`, "
                f"or that it was destroyed: `mailer destroy {campaign.name} --reason …`.",
            )
        return job


def _sheet(mail: MailFolder, job: PrintJob) -> JobSheet:
    """All that the print room needs to know of a job. Raises Refused where the post would not take it."""
    settings = mail.settings
    with mail.store.read() as session:
        mailing = mailing_by_id(session, job.mailing_id)
        inside = JobPieces(job_pieces(mail, mailing, pieces(session, mailing, job=job, by_zip=True)))
        last = head(session)
        place = ordinal(session, job)
        notice = not mailing.is_newsletter or bool(carried_by(session, mailing))
        numbers = [piece.number for piece in inside]
        last_day = last_day_of_all(session, mail, mailing, readable(mail.root, mailing.campaign), numbers)
    sheet = JobSheet(
        name=Path(job.folder).name,
        campaign=mailing.campaign,
        newsletter=mailing.is_newsletter,
        firm=settings.firm,
        stationery=settings.stationery,
        mailroom=settings.mailroom,
        not_after=last_day,
        chain_head=last.hash if last else "",
        rehearsal=mail.clock.rehearsal,
        ordinal=place,
        notice=notice,
        pieces=inside,
        bound=settings.newsletter.sheets,
    )
    return priced(sheet, load_postage(mail.root, mail.settings.services), mail.today)


def _paper(mail: MailFolder, sheet: JobSheet, letterhead: Letterhead) -> bytes | None:
    """The pre-printed paper's page, where the letters are printed on such."""
    if sheet.newsletter or sheet.stationery.paper is Paper.PLAIN:
        return None
    return letterhead_page(letterhead, mail.settings, mail.today)
