"""`mailer status NAME`: where the pieces of a mailing stand, its deadlines, and what somebody must look at.

Read from the pieces and the outbox alone, so that it comes at once for a mailing of any size.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from mailer.campaign.loading import load_campaign
from mailer.errors import Refused
from mailer.ledger.kinds import IN_POST, JobState, Medium, Status
from mailer.making.piecenames import label_of
from mailer.notice.calendars import calendar_named
from mailer.planning.mailfolder import MailFolder
from mailer.store.pieces import mailing_of, served
from mailer.store.tables import JobRow, MailingRow, PieceRow, SubmissionRow


@dataclass(frozen=True, slots=True)
class Noticed:
    """A piece that somebody must look at: to whom it goes, and why where the record says it."""

    label: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Group:
    """Pieces with one trouble. `says` completes "4 …"; `next_step` is a command; with `named` False the
    pieces are too ordinary to be listed.
    """

    key: str
    says: str
    pieces: tuple[Noticed, ...]
    next_step: str
    named: bool = True


@dataclass(frozen=True, slots=True)
class Overview:
    """A mailing at one look. `cancel` is how many pieces may still be taken back and until when the first
    of them; `expected` the first and last day on which the service expects to deliver.
    """

    campaign: str
    medium: Medium
    pieces: dict[Status, int]
    approved_by: str
    approved_on: date | None
    not_after: date | None
    cancel: tuple[int, datetime] | None
    expected: tuple[date, date] | None
    attention: tuple[Group, ...]


def mailing_for(mail: MailFolder, name: str) -> MailingRow:
    """The mailing of a campaign. Raises MailerError where there is no such campaign, or no piece of it."""
    with mail.store.read() as session:
        mailing = mailing_of(session, name)
    if mailing is None:
        load_campaign(mail.root, name)  # a mistyped name is an error of its own
        raise Refused("nothing was made for it yet.", where=name, todo=f"Begin with `mailer plan {name}`.")
    return mailing


def overview(mail: MailFolder, mailing: MailingRow) -> Overview:
    """The mailing as it stands now."""
    with mail.store.read() as session:
        counted = select(PieceRow.status, func.count()).where(PieceRow.mailing_id == mailing.id)
        counts = {Status(s): count for s, count in session.execute(counted.group_by(PieceRow.status))}
        return Overview(
            mailing.campaign,
            Medium(mailing.medium),
            {status: counts[status] for status in Status if status in counts},
            mailing.approved_by or "",
            mailing.approved_on,
            mailing.not_after,
            _cancellable(mail, session, mailing),
            _expected(session, mailing),
            tuple(group for group in _groups(mail, session, mailing) if group.pieces),
        )


def troubles(session: Session, mailing: MailingRow) -> tuple[tuple[int, str], ...]:
    """How many pieces are in the worst of troubles, and which."""
    return (
        (_count(session, mailing, _is(Status.REJECTED), ~served()), "refused by the service"),
        (_count(session, mailing, _is(Status.SUBMITTING, Status.UNKNOWN)), "with no answer from the service"),
    )


def _count(session: Session, mailing: MailingRow, *conditions: Any) -> int:
    statement = select(func.count()).select_from(PieceRow)
    return session.execute(statement.where(PieceRow.mailing_id == mailing.id, *conditions)).scalar_one()


def _cancellable(mail: MailFolder, session: Session, mailing: MailingRow) -> tuple[int, datetime] | None:
    statement = (
        select(func.count(), func.min(SubmissionRow.cancel_until))
        .join(PieceRow, PieceRow.id == SubmissionRow.piece_id)
        .where(
            PieceRow.mailing_id == mailing.id,
            PieceRow.status == Status.ACCEPTED.value,
            SubmissionRow.cancel_until > mail.clock.now(),
        )
    )
    count, until = session.execute(statement).one()
    return (count, until) if until is not None else None


def _expected(session: Session, mailing: MailingRow) -> tuple[date, date] | None:
    statement = (
        select(func.min(SubmissionRow.expected), func.max(SubmissionRow.expected))
        .join(PieceRow, PieceRow.id == SubmissionRow.piece_id)
        .where(
            PieceRow.mailing_id == mailing.id,
            PieceRow.status.in_([Status.ACCEPTED.value, Status.MAILED.value]),
            SubmissionRow.live.is_(True),
        )
    )
    first, last = session.execute(statement).one()
    return (first, last) if first is not None and last is not None else None


def _groups(mail: MailFolder, session: Session, mailing: MailingRow) -> Iterator[Group]:
    name = mailing.campaign
    yield Group(
        "unknown",
        "with no answer from the service: it may have them. Never print them",
        _noticed(session, mailing, _is(Status.SUBMITTING, Status.UNKNOWN)),
        f"mailer send {name}",
    )
    yield Group(
        "rejected",
        "refused by the service, and nothing else serves the client",
        _noticed(session, mailing, _is(Status.REJECTED), ~served()),
        f"mailer print {name} --remaining",
    )
    yield Group(
        "cancelled",
        "cancelled at the service, and nothing else serves the client",
        _noticed(session, mailing, _is(Status.CANCELLED), ~served()),
        f"mailer print {name} --remaining",
    )
    yield Group(
        "returned",
        "came back and were not repeated. Correct the address, then",
        _noticed(session, mailing, _is(Status.RETURNED), ~served(later=True)),
        "mailer reprint PIECE --reason TEXT",
    )
    yield Group(
        "doubled",
        "of which the service says something is wrong",
        _noticed(session, mailing, _is(Status.ACCEPTED, *IN_POST), SubmissionRow.problem != ""),
        f"mailer track {name}",
    )
    yield Group(
        "late",
        "accepted, and not in the post though they should be",
        _late(mail, session, mailing),
        f"mailer track {name}",
    )
    yield Group(
        "test",
        "accepted under a test key, so nothing is printed. With a live one",
        _noticed(session, mailing, _is(Status.ACCEPTED), SubmissionRow.live.is_(False)),
        f"mailer send {name}",
        named=False,
    )
    yield from _undropped(session, mailing)


def _is(*statuses: Status) -> ColumnElement[bool]:
    return PieceRow.status.in_([status.value for status in statuses])


def _noticed(session: Session, mailing: MailingRow, *conditions: Any) -> tuple[Noticed, ...]:
    statement = (
        select(PieceRow.number, PieceRow.recipient_name, SubmissionRow.problem)
        .outerjoin(SubmissionRow, SubmissionRow.piece_id == PieceRow.id)
        .where(PieceRow.mailing_id == mailing.id, *conditions)
        .order_by(PieceRow.number)
    )
    return tuple(
        Noticed(label_of(mailing, number), name, problem or "")
        for number, name, problem in session.execute(statement)
    )


def _late(mail: MailFolder, session: Session, mailing: MailingRow) -> tuple[Noticed, ...]:
    """Past the service's turnaround ([lead_times] service), in days on which the post works."""
    statement = (
        select(PieceRow.number, PieceRow.recipient_name, SubmissionRow.accepted_at, SubmissionRow.send_date)
        .join(SubmissionRow, SubmissionRow.piece_id == PieceRow.id)
        .where(PieceRow.mailing_id == mailing.id, _is(Status.ACCEPTED), SubmissionRow.live.is_(True))
        .order_by(PieceRow.number)
    )
    post, zone = calendar_named("usps", mail.closings), mail.settings.firm.time_zone
    found = []
    for number, name, accepted_at, send_date in session.execute(statement):
        begun = send_date or (accepted_at.astimezone(zone).date() if accepted_at else mail.today)
        due = post.nth_after(begun, mail.settings.lead_times.service)
        if due < mail.today:
            found.append(Noticed(label_of(mailing, number), name, f"should be in the post since {due}"))
    return tuple(found)


def _undropped(session: Session, mailing: MailingRow) -> Iterator[Group]:
    """Printed and not handed over, job by job; named where the others of the job went."""
    jobs = select(JobRow).where(JobRow.mailing_id == mailing.id, JobRow.state == JobState.PRODUCED)
    for job in session.execute(jobs.order_by(JobRow.number)).scalars():
        went = exists(select(PieceRow.id).where(PieceRow.job_id == job.id, PieceRow.drop_id.is_not(None)))
        partly = bool(session.execute(select(went)).scalar_one())
        others = ", though others of the job went" if partly else ""
        yield Group(
            "undropped",
            f"printed in job {job.number} and not handed over to the post{others}",
            _noticed(session, mailing, _is(Status.PRODUCED), PieceRow.job_id == job.id),
            f"mailer drop {mailing.campaign} --job {job.number} --at … --by … --place … --class first",
            named=partly,
        )
