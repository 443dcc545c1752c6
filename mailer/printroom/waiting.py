"""Jobs that are printed and wait for the post, in all campaigns: what `mailer handed-over` asks about."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePath

from mailer.campaign.loading import readable
from mailer.errors import MailerError
from mailer.judgement.rules import goes_certified
from mailer.ledger.kinds import Status
from mailer.ledger.numbers import ranges
from mailer.ledger.records import HandOver, Mailing, PrintJob
from mailer.planning.lastday import last_day_of_all
from mailer.planning.mailfolder import MailFolder
from mailer.printroom.drop import Dropped, DropReport, MailClass, drop
from mailer.printroom.jobfiles import manifest_of
from mailer.store.engine import Session
from mailer.store.jobs import facts_of, hand_overs, jobs, statuses_in
from mailer.store.mailings import mailings


@dataclass(frozen=True, slots=True)
class WaitingJob:
    """A printed job with pieces that were not handed over: their numbers, and which of them go certified.

    `name` is its folder's; `until` is the last day on which it is in time, None where no day binds it.
    """

    mailing: Mailing
    number: int
    name: str
    pieces: tuple[int, ...]
    certified: tuple[int, ...]
    until: date | None
    sheets: int | None  # of paper; None where its folder does not tell any more


def waiting_jobs(mail: MailFolder) -> list[WaitingJob]:
    """All of them, those first that must be in the post first."""
    with mail.store.read() as session:
        found = [job for mailing in mailings(session) for job in _of(session, mail, mailing)]
    return sorted(found, key=lambda job: (job.until or date.max, job.mailing.campaign, job.number))


def hand_over(mail: MailFolder, job: WaitingJob, said: DropReport, *, actor: str) -> Iterator[Dropped]:
    """Record that the job's waiting pieces went as `said`, those that go certified apart from the others.
    What is given is recorded.

    Of `said` the class, the job and the pieces are the job's own. Raises as `drop`.
    """
    for mail_class, pieces in by_class(mail, job).items():
        one = replace(said, mail_class=mail_class, job=job.number, only=ranges(pieces))
        yield drop(mail, job.mailing.campaign, one, actor=actor)


def by_class(mail: MailFolder, job: WaitingJob) -> dict[MailClass, tuple[int, ...]]:
    """The job's pieces by what is to be paid for."""
    certified = set(job.certified)
    plain = tuple(number for number in job.pieces if number not in certified)
    usual = (
        MailClass(mail.settings.mailroom.newsletter_class.value)
        if job.mailing.is_newsletter
        else MailClass.FIRST
    )
    found = {usual: plain, MailClass.CERTIFIED: job.certified}
    return {mail_class: pieces for mail_class, pieces in found.items() if pieces}


def last_hand_over(mail: MailFolder) -> HandOver | None:
    """The latest one of any campaign: who brought it, and where."""
    with mail.store.read() as session:
        found = [one for mailing in mailings(session) for one in hand_overs(session, mailing)]
    return max(found, key=lambda one: one.dropped_at, default=None)


def _of(session: Session, mail: MailFolder, mailing: Mailing) -> Iterator[WaitingJob]:
    for job in jobs(session, mailing):
        numbers = tuple(
            number for number, status in statuses_in(session, job).items() if status is Status.PRODUCED
        )
        if numbers:
            campaign = readable(mail.root, mailing.campaign)
            facts = () if mailing.is_newsletter else facts_of(session, mailing, numbers)
            yield WaitingJob(
                mailing,
                job.number,
                PurePath(job.folder).name,
                numbers,
                tuple(sorted(number for number, one in facts if goes_certified(one, campaign))),
                last_day_of_all(session, mail, mailing, campaign, numbers),
                _sheets(mail, job, {mailing.label(number) for number in numbers}),
            )


def _sheets(mail: MailFolder, job: PrintJob, labels: Collection[str]) -> int | None:
    try:
        return sum(row.sheets for row in manifest_of(mail, job) if row.label in labels)
    except MailerError:
        return None  # what is wrong with the folder is said where somebody needs it
