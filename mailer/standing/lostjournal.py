"""What `mailer settle --lost` makes of a service that can't be asked and whose journal is lost.

Every piece that may have gone by it since the copy was made is put on record as asked for and not answered:
it goes again only once the service's own means or a person say that it did not go.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Final

from mailer.errors import UsageProblem
from mailer.ledger.events import JobDestroyed
from mailer.ledger.kinds import Status
from mailer.ledger.numbers import ranges
from mailer.ledger.records import Mailing, Submission
from mailer.ledger.serviceevents import PiecesReleased, PiecesSubmitting, PieceUnanswered
from mailer.mailservice.provider import OwnJournal, Presumed
from mailer.mailservice.registry import journals, provider
from mailer.mailservice.service import Service
from mailer.planning.mailfolder import MailFolder
from mailer.store.copies.aftercopy import AsCopied, as_copied, asked_for, could_be_printed, take_out_of_jobs
from mailer.store.engine import Session
from mailer.store.outbox import forget, intend, update_submissions
from mailer.store.record.events import Entry, record

_FREE: Final = frozenset({Status.APPROVED, Status.PRODUCED})
_ASKED: Final = frozenset({Status.SUBMITTING, Status.UNKNOWN})
_WHY: Final = "what tells whether it went is lost"


def journal_of(name: str) -> OwnJournal:
    """The journal of a service. Raises UsageProblem where it has none."""
    found = provider(name).journal
    if found is None:
        has = ", ".join(journals())
        raise UsageProblem(f"{name} itself tells what it has; --lost is for {has}.", where="--lost")
    return found


def record_lost(mail: MailFolder, service: Service, printed: Collection[str], by: str) -> Counter[str]:
    """Record that the pieces may have gone, and begin the journal anew; how many of each campaign. `printed`
    are campaigns of which the free ones went on paper.
    """
    name, now = service.name, mail.clock.now()
    with mail.store.read() as session:
        asked, fresh, known = _doubted(session, name, printed)
    journal_of(name).again(mail, [_presumed(at) for at in (*known, *asked, *fresh)])
    with mail.store.write() as session:
        stamp = mail.stamp(by)
        record(session, list(_freed(fresh)), stamp)
        take_out_of_jobs(session, [at.piece.id for at in fresh if at.job])
        forget(session, [at.piece.id for at in fresh if at.submission])
        intend(session, [_submission(service, at, now) for at in fresh])
        update_submissions(session, [_submission(service, at, now) for at in asked])
        for mailing, numbers in _by_mailing(fresh):
            submitting = PiecesSubmitting(ranges(numbers), name)
            record(session, [Entry(mailing.subject, submitting)], stamp)
        untold = [at for at in asked if at.piece.status is not Status.UNKNOWN]
        for mailing, numbers in _by_mailing([*untold, *fresh]):
            unanswered = PieceUnanswered(ranges(numbers), name, _WHY)
            record(session, [Entry(mailing.subject, unanswered)], stamp)
    return Counter(at.mailing.campaign for at in (*asked, *fresh))


def _doubted(
    session: Session, name: str, printed: Collection[str]
) -> tuple[list[AsCopied], list[AsCopied], list[AsCopied]]:
    """The pieces of which it was asked and told nothing, those that it may have been asked for since, and
    those that are known to have gone.
    """
    free = [one for campaign, one in could_be_printed(session) if campaign not in printed]
    found = list(as_copied(session, {*free, *asked_for(session, name)}))
    real = [at for at in found if at.submission and at.submission.live and at.submission.service == name]
    known = [at for at in real if at.submission and at.submission.provider_id]
    asked = [
        at for at in real if at.submission and not at.submission.provider_id and at.piece.status in _ASKED
    ]
    loose = [at for at in found if at.tried or at.piece.status in _FREE]
    return asked, [at for at in loose if (at.piece.address or {}).get("email")], known


def _presumed(at: AsCopied) -> Presumed:
    asked, label = at.submission, at.mailing.label(at.piece.number)
    went = asked is not None and asked.live and asked.provider_id
    return Presumed(
        send_key=at.piece.id.hex,
        label=label,
        campaign=at.mailing.campaign,
        provider_id=(asked.provider_id or "") if asked and went else "",
        taken=asked.accepted_at if asked and went else None,
    )


def _freed(fresh: list[AsCopied]) -> Iterator[Entry]:
    """Why pieces that the copy has in a job, or as sent with a test key, could be sent."""
    for at in fresh:
        number = str(at.piece.number)
        if at.piece.status is Status.PRODUCED and at.job is not None:
            yield Entry(at.mailing.subject, JobDestroyed(at.job.number, number, _WHY))
        elif at.submission and at.tried and at.piece.status is not Status.APPROVED:
            yield Entry(at.mailing.subject, PiecesReleased(number, at.submission.service, _WHY))


def _by_mailing(pieces: list[AsCopied]) -> Iterator[tuple[Mailing, list[int]]]:
    parts: dict[str, tuple[Mailing, list[int]]] = {}
    for at in pieces:
        parts.setdefault(at.mailing.subject, (at.mailing, []))[1].append(at.piece.number)
    yield from parts.values()


def _submission(service: Service, at: AsCopied, now: datetime) -> Submission:
    """What the service is presumed to have been asked."""
    return Submission(
        piece_id=at.piece.id,
        mailing_id=at.mailing.id,
        service=service.name,
        send_key=at.piece.id.hex,
        sha256=at.piece.sha256,
        live=True,
        certified=False,
        send_date=None,
        cost=Decimal(0),
        sender=None,
        first_tried=at.submission.first_tried if at.submission else now,
        last_tried=now,
        problem=_WHY,
        provider_id=None,
        accepted_at=None,
        cancel_until=None,
        expected=None,
        account=service.account,
    )
