"""Jobs that are printed and wait for the post, in all campaigns: what `mailer handed-over` asks about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from mailer.campaign.loading import load_campaign
from mailer.errors import MailerError
from mailer.judgement.rules import goes_certified
from mailer.ledger.kinds import Status
from mailer.ledger.records import HandOver, Mailing
from mailer.planning.mailfolder import MailFolder
from mailer.store.engine import Session
from mailer.store.jobs import facts_of, hand_overs, jobs, statuses_in
from mailer.store.mailings import mailings


@dataclass(frozen=True, slots=True)
class WaitingJob:
    """A printed job with pieces that were not handed over: their numbers, and which of them go certified."""

    campaign: str
    number: int
    folder: str
    newsletter: bool
    not_after: date | None
    pieces: tuple[int, ...]
    certified: tuple[int, ...]


def waiting_jobs(mail: MailFolder) -> list[WaitingJob]:
    """All of them, those first that must be in the post first."""
    with mail.store.read() as session:
        found = [job for mailing in mailings(session) for job in _of(session, mail, mailing)]
    return sorted(found, key=lambda job: (job.not_after or date.max, job.campaign, job.number))


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
            yield WaitingJob(
                mailing.campaign,
                job.number,
                job.folder,
                mailing.is_newsletter,
                mailing.not_after,
                numbers,
                _certified(session, mail, mailing, numbers),
            )


def _certified(
    session: Session, mail: MailFolder, mailing: Mailing, numbers: tuple[int, ...]
) -> tuple[int, ...]:
    if mailing.is_newsletter:
        return ()
    try:
        campaign = load_campaign(mail.root, mailing.campaign)
    except MailerError:
        campaign = None  # what is printed may be handed over whatever became of the definition
    facts = facts_of(session, mailing, numbers)
    return tuple(sorted(number for number, stated in facts if goes_certified(stated, campaign)))
