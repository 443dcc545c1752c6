"""`mailer cancel`: pieces taken back from the mail service while its window is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from mailer.delivery.service import Cancelled, Denied, Service, Throttled, TooLate, Unreachable
from mailer.errors import Refused, ServiceTrouble
from mailer.ledger.chain import Scalar
from mailer.ledger.kinds import EventKind, Status
from mailer.ledger.numbers import label
from mailer.notice.steps import counted
from mailer.store.events import Entry, record
from mailer.store.pieces import mailing_of
from mailer.store.tables import MailingRow, Medium, PieceRow, SubmissionRow
from mailer.workflow.dispatching import stamp_of
from mailer.workflow.folder import MailFolder
from mailer.workflow.labels import numbers_of
from mailer.workflow.progress import Progress, silent
from mailer.workflow.services import LOB


@dataclass(slots=True)
class TakenBack:
    """What was cancelled, what will be mailed all the same, and what is not known: (label, why)."""

    cancelled: int = 0
    too_late: list[tuple[str, str]] = field(default_factory=list)
    unknown: list[tuple[str, str]] = field(default_factory=list)


def cancel(
    mail: MailFolder,
    name: str,
    service: Service,
    *,
    only: Sequence[str],
    reason: str,
    by: str,
    progress: Progress = silent,
) -> TakenBack:
    """Cancel the accepted pieces of a mailing, or those named; the nearest deadline first.

    Each is recorded as soon as the service has answered, so that an interruption loses none. Raises Refused
    where there is nothing to cancel, ServiceTrouble where the service can't be asked.
    """
    with mail.store.read() as session:
        mailing = mailing_of(session, name)
        wanted = numbers_of(mailing, only) if mailing else []
        statement = (
            select(PieceRow, SubmissionRow)
            .join(SubmissionRow, SubmissionRow.piece_id == PieceRow.id)
            .where(PieceRow.status == Status.ACCEPTED.value, SubmissionRow.live.is_(service.live))
            .order_by(SubmissionRow.cancel_until, PieceRow.number)
        )
        if mailing is not None:
            statement = statement.where(PieceRow.mailing_id == mailing.id)
        found = [
            (piece, row)
            for piece, row in (session.execute(statement).all() if mailing else ())
            if not wanted or piece.number in wanted
        ]
    if mailing is None or not found:
        raise Refused(
            "nothing of it is at the service and not yet in the post.",
            where=name,
            todo=f"Look at `mailer status {name}`; what is not sent needs no cancelling.",
        )
    done = TakenBack()
    for piece, row in found:
        _take_back(mail, mailing, service, piece, row, reason, by, done)
        progress("cancelling", done.cancelled + len(done.too_late) + len(done.unknown), len(found))
    return done


def _take_back(
    mail: MailFolder,
    mailing: MailingRow,
    service: Service,
    piece: PieceRow,
    row: SubmissionRow,
    reason: str,
    by: str,
    done: TakenBack,
) -> None:
    name = label(mailing.campaign, Medium(mailing.medium).initial, piece.number)
    outcome = service.cancel(row.provider_id or "")
    while isinstance(outcome, Throttled):  # its pace is held already
        outcome = service.cancel(row.provider_id or "")
    match outcome:
        case Cancelled():
            payload: dict[str, Scalar] = {"pieces": str(piece.number), "service": LOB, "reason": reason}
            with mail.store.write() as session:
                still = session.get_one(PieceRow, piece.id)
                if still.status == Status.ACCEPTED.value:  # its webhook may have been faster
                    entry = Entry(EventKind.CANCELLED, mailing.subject, payload)
                    record(session, [entry], stamp_of(mail, service, by))
            done.cancelled += 1
        case TooLate(message):
            done.too_late.append((name, message))
        case Denied(_, message) | Unreachable(message):
            raise ServiceTrouble(
                f"{message}.",
                where=LOB,
                todo=f"{counted(done.cancelled, 'piece')} cancelled before; run it again for the rest.",
            )
        case _:
            done.unknown.append(
                (name, str(getattr(outcome, "reason", "") or getattr(outcome, "message", "")))
            )
