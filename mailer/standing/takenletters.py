"""What a mail service has of an older copy's pieces, as `mailer settle` records it: a send's own events."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from mailer.campaign.loading import load_campaign
from mailer.errors import MailerError
from mailer.ledger.events import JobDestroyed
from mailer.ledger.kinds import Status
from mailer.ledger.numbers import ranges
from mailer.ledger.records import Mailing, Submission
from mailer.ledger.serviceevents import PieceAccepted, PiecesCancelled, PiecesReleased, PiecesSubmitting
from mailer.mailservice.packing import Packer
from mailer.mailservice.registry import terms_of
from mailer.mailservice.reports import attach
from mailer.mailservice.service import Service, ServiceLetter
from mailer.making.gonebefore import GoneLetter, keep_found
from mailer.planning.mailfolder import MailFolder
from mailer.store.copies.aftercopy import AsCopied, take_out_of_jobs
from mailer.store.outbox import forget, intend, update_submissions
from mailer.store.record.events import Entry, record

_ASKED: Final = frozenset({Status.SUBMITTING, Status.UNKNOWN})


@dataclass(slots=True)
class TakenLetters:
    """What a service has, as it is to be recorded."""

    service: Service
    pieces: list[tuple[AsCopied, ServiceLetter]] = field(default_factory=list)
    strangers: list[ServiceLetter] = field(default_factory=list)


@dataclass(slots=True)
class _Packers:
    """What reckons the prices of pieces: one for each mailing and day."""

    mail: MailFolder
    service: str
    made: dict[tuple[UUID, date | None], Packer] = field(default_factory=dict)

    def of(self, mailing: Mailing, send_date: date | None) -> Packer:
        key = (mailing.id, send_date)
        if key not in self.made:
            campaign = load_campaign(self.mail.root, mailing.campaign)
            terms = terms_of(self.mail, self.service, send_date or self.mail.today)
            self.made[key] = Packer(self.mail, campaign, mailing, terms, send_date)
        return self.made[key]


def record_taken(mail: MailFolder, taken: TakenLetters, by: str) -> dict[str, int]:
    """Record what a service has, in one transaction; how many pieces of each campaign."""
    counts: dict[str, int] = {}
    service, stamp = taken.service.name, mail.stamp(by)
    packers = _Packers(mail, service)
    sent = dict(_as_sent(packers, taken))
    pieces = [
        (at, one, _submission(taken.service, at, one, packers.of(at.mailing, one.send_date), sent))
        for at, one in taken.pieces
    ]
    with mail.store.write() as session:
        record(session, list(_freed(taken, service)), stamp)
        take_out_of_jobs(session, [at.piece.id for at, _ in taken.pieces if at.job])
        kept = {at.piece.id for at, _ in taken.pieces if at.piece.status in _ASKED and _was_live(at)}
        forget(session, [at.piece.id for at, _ in taken.pieces if at.submission and at.piece.id not in kept])
        intend(session, [asked for at, _, asked in pieces if at.piece.id not in kept])
        update_submissions(session, [asked for at, _, asked in pieces if at.piece.id in kept])
        for mailing, part in _by_mailing(pieces):
            asking = [at.piece.number for at, _, _ in part if at.piece.id not in kept]
            said = [Entry(mailing.subject, PiecesSubmitting(ranges(asking), service))] if asking else []
            record(session, [*said, *_accepted(mailing, service, part)], stamp)
            counts[mailing.campaign] = len(part)
        for _, _, asked in pieces:
            attach(session, mail, asked)
        keep_found(session, mail, service, [_gone(one) for one in taken.strangers], stamp)
    return counts


def _gone(one: ServiceLetter) -> GoneLetter:
    return GoneLetter(one.accepted.provider_id, one.label, one.campaign, one.name, one.company, one.zip)


def _freed(taken: TakenLetters, service: str) -> Iterable[Entry]:
    """Why pieces that the copy has in a job, or as tried with a test key, could be sent."""
    reason = "the service has it: it was sent after the backup"
    for at, _ in taken.pieces:
        subject, number = at.mailing.subject, str(at.piece.number)
        if at.piece.status is Status.PRODUCED and at.job is not None:
            yield Entry(subject, JobDestroyed(at.job.number, number, reason))
        elif at.submission and not at.submission.live and at.piece.status is not Status.APPROVED:
            yield Entry(subject, PiecesReleased(number, service, reason))


def _by_mailing(
    pieces: Sequence[tuple[AsCopied, ServiceLetter, Submission]],
) -> Iterable[tuple[Mailing, list[tuple[AsCopied, ServiceLetter, Submission]]]]:
    parts: dict[UUID, list[tuple[AsCopied, ServiceLetter, Submission]]] = {}
    for one in pieces:
        parts.setdefault(one[0].mailing.id, []).append(one)
    return [(part[0][0].mailing, part) for part in parts.values()]


def _accepted(
    mailing: Mailing, service: str, part: Collection[tuple[AsCopied, ServiceLetter, Submission]]
) -> Iterable[Entry]:
    for at, one, asked in part:
        number = str(at.piece.number)
        accepted = PieceAccepted(
            pieces=number,
            service=service,
            id=one.accepted.provider_id,
            sha256=asked.sha256,
            live=True,
            certified=one.certified,
            cost=asked.cost,
            expected=one.accepted.expected_delivery,
            send_date=one.send_date,
            pages=at.piece.sha256,
        )
        yield Entry(mailing.subject, accepted)
        if one.cancelled:
            yield Entry(mailing.subject, PiecesCancelled(number, service, "it was cancelled at the service"))


def _as_sent(packers: _Packers, taken: TakenLetters) -> Iterator[tuple[UUID, str]]:
    """The SHA-256 of the file that the service got of each piece: the same pages make the same file. Nothing
    of pieces whose pages are not here.
    """
    parts: dict[tuple[UUID, str], list[AsCopied]] = {}
    for at, _ in taken.pieces:
        parts.setdefault((at.mailing.id, at.piece.file), []).append(at)
    for part in parts.values():
        packer = packers.of(part[0].mailing, None)
        with suppress(MailerError, OSError):
            yield from ((one.piece_id, one.sent) for one in packer.packed([at.piece for at in part]))


def _submission(
    service: Service, at: AsCopied, one: ServiceLetter, packer: Packer, sent: Mapping[UUID, str]
) -> Submission:
    """What the service was asked, as a send would have kept it."""
    return Submission(
        piece_id=at.piece.id,
        mailing_id=at.mailing.id,
        service=service.name,
        send_key=one.send_key,
        sha256=sent.get(at.piece.id, ""),
        live=True,
        certified=one.certified,
        send_date=one.send_date,
        cost=one.accepted.price if one.accepted.price is not None else packer.unpaged(at.piece).cost,
        sender=None,
        first_tried=one.created,
        last_tried=one.created,
        problem="",
        provider_id=one.accepted.provider_id,
        accepted_at=one.created,
        cancel_until=one.accepted.cancel_until,
        expected=one.accepted.expected_delivery,
        account=service.account,
    )


def _was_live(at: AsCopied) -> bool:
    return at.submission is not None and at.submission.live
