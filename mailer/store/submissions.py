"""What mail services were asked for a mailing, what they told of it, and which of its pieces are in trouble.

Read only: who works on which piece is in mailer.store.outbox, what a service tells is kept by
mailer.store.tracking. Moments are aware and in UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, exists, func, select

from mailer.ledger.kinds import IN_POST, ReturnReason, Status
from mailer.ledger.records import Mailing, PrintJob
from mailer.store.engine import Session
from mailer.store.pieces import IN_DOUBT, in_doubt, is_copy, served
from mailer.store.tables import MailingRow, PieceRow, SubmissionRow, TrackingRow

_TWICE: Final = (Status.ACCEPTED, *IN_POST)
"""With one of these the outbox's `problem` says that there is a second letter: all others were settled."""


@dataclass(frozen=True, slots=True)
class PieceInTrouble:
    """A piece that somebody must look at. What a service has of it is None where none was asked. `copy`: it
    is the copy by e-mail of a letter.
    """

    number: int
    name: str
    problem: str | None
    accepted_at: datetime | None
    send_date: date | None
    return_reason: ReturnReason | None
    service: str | None
    copy: bool


@dataclass(frozen=True, slots=True)
class ServiceReport:
    """One thing that a service told of a piece: `event` is its own number of it, `kind` its name for it,
    `means` ours.
    """

    subject: str
    number: int
    letter: str
    event: str
    kind: str
    means: str
    at: datetime
    told_at: datetime
    told_by: str


def in_trouble(
    session: Session,
    mailing: Mailing,
    statuses: Iterable[Status],
    *,
    unserved: bool = False,
    unrepeated: bool = False,
    twice: bool = False,
    doubted: bool = False,
    misaddressed: bool = False,
    live: bool | None = None,
    job: PrintJob | None = None,
) -> list[PieceInTrouble]:
    """Pieces in one of `statuses`, by number.

    All conditions that are given must be met: nothing else serves the client (`unserved`), no later piece
    does (`unrepeated`), the service says that something is wrong (`twice`), or took back that it mailed it
    (`doubted`), its address was found to be wrong and no receipt is proved (`misaddressed`), asked for with a
    `live` key or a test key, of the `job`.
    """
    statement = (
        select(
            PieceRow.number,
            PieceRow.recipient_name,
            SubmissionRow.problem,
            SubmissionRow.accepted_at,
            SubmissionRow.send_date,
            PieceRow.return_reason,
            SubmissionRow.service,
            is_copy(PieceRow),
        )
        .outerjoin(SubmissionRow, SubmissionRow.piece_id == PieceRow.id)
        .where(PieceRow.mailing_id == mailing.id, PieceRow.status.in_(list(statuses)))
        .order_by(PieceRow.number)
    )
    if unserved:
        statement = statement.where(~served())
    if unrepeated:
        statement = statement.where(~served(later=True))
    if twice:
        statement = statement.where(*_doubled())
    if doubted:
        statement = statement.where(in_doubt())
    if misaddressed:
        statement = statement.where(PieceRow.misaddressed_on.is_not(None), PieceRow.received_on.is_(None))
    if live is not None:
        statement = statement.where(SubmissionRow.live.is_(live))
    if job is not None:
        statement = statement.where(PieceRow.job_id == job.id)
    return [PieceInTrouble(*row) for row in session.execute(statement)]


def count_in(
    session: Session, mailing: Mailing, statuses: Iterable[Status], *, unserved: bool = False
) -> int:
    """How many pieces are in one of `statuses`; `unserved`: nothing else serves the client."""
    conditions: list[ColumnElement[bool]] = [PieceRow.status.in_(list(statuses))]
    conditions += [~served()] if unserved else []
    statement = select(func.count()).select_from(PieceRow)
    return session.execute(statement.where(PieceRow.mailing_id == mailing.id, *conditions)).scalar_one()


def went_in_part(session: Session, job: PrintJob) -> bool:
    """Was a piece of the job handed over?"""
    went = exists(select(PieceRow.id).where(PieceRow.job_id == job.id, PieceRow.drop_id.is_not(None)))
    return bool(session.execute(select(went)).scalar_one())


def cancellable(session: Session, mailing: Mailing, now: datetime) -> tuple[int, datetime] | None:
    """How many pieces may still be taken back, and until when the first of them; None where there is none."""
    statement = (
        select(func.count(), func.min(SubmissionRow.cancel_until))
        .join(PieceRow, PieceRow.id == SubmissionRow.piece_id)
        .where(
            PieceRow.mailing_id == mailing.id,
            PieceRow.status == Status.ACCEPTED.value,
            SubmissionRow.cancel_until > now,
        )
    )
    count, until = session.execute(statement).one()
    return (count, until) if until is not None else None


def expected(session: Session, mailing: Mailing) -> tuple[date, date] | None:
    """The first and last day on which a service expects to deliver what was asked for with a live key."""
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


def _doubled() -> tuple[ColumnElement[bool], ...]:
    return SubmissionRow.problem != "", ~SubmissionRow.problem.startswith(IN_DOUBT)


def taken_back(session: Session, mailing: Mailing) -> dict[int, str]:
    """Pieces that their service told as mailed, and since otherwise, by number: both in words."""
    statement = (
        select(PieceRow.number, SubmissionRow.problem)
        .join(PieceRow, PieceRow.id == SubmissionRow.piece_id)
        .where(SubmissionRow.mailing_id == mailing.id, in_doubt())
    )
    return {number: problem.removeprefix(IN_DOUBT) for number, problem in session.execute(statement)}


def sent_twice(session: Session, mailing: Mailing) -> dict[int, str]:
    """Pieces of which the service, or the post, is known to have had more than one letter, by number: what
    is known of it.
    """
    statement = (
        select(PieceRow.number, SubmissionRow.problem)
        .join(PieceRow, PieceRow.id == SubmissionRow.piece_id)
        .where(
            SubmissionRow.mailing_id == mailing.id,
            *_doubled(),
            PieceRow.status.in_([status.value for status in _TWICE]),
        )
    )
    rows = session.execute(statement)
    return {number: problem for number, problem in rows}  # noqa: C416 (typed so)


def count_reports(session: Session, mailing: Mailing) -> int:
    """How many things services told of the mailing's pieces."""
    statement = (
        select(func.count())
        .select_from(TrackingRow)
        .join(PieceRow, PieceRow.id == TrackingRow.piece_id)
        .where(PieceRow.mailing_id == mailing.id)
    )
    return session.execute(statement).scalar_one()


def reports(session: Session, subjects: Sequence[str]) -> Iterator[ServiceReport]:
    """What services told of the mailings of these subjects, by subject, number and moment."""
    columns: tuple[Any, ...] = (
        MailingRow.subject,
        PieceRow.number,
        TrackingRow.provider_id,
        TrackingRow.id,
        TrackingRow.provider_kind,
        TrackingRow.kind,
        TrackingRow.occurred_at,
        TrackingRow.told_at,
        TrackingRow.told_by,
    )
    statement = (
        select(*columns)
        .join_from(TrackingRow, PieceRow, PieceRow.id == TrackingRow.piece_id)
        .join(MailingRow, MailingRow.id == PieceRow.mailing_id)
        .where(MailingRow.subject.in_(subjects))
        .order_by(MailingRow.subject, PieceRow.number, TrackingRow.occurred_at, TrackingRow.id)
    )
    return (ServiceReport(*row) for row in session.execute(statement))
