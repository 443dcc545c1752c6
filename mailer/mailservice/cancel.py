"""`mailer cancel`: pieces taken back from the mail service while its window is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from mailer.campaign.loading import DEFINITION, load_campaign
from mailer.errors import Refused, ServiceTrouble
from mailer.ledger.kinds import AT_SERVICE, IN_POST, Status
from mailer.ledger.records import Mailing, Piece, Submission
from mailer.mailservice.registry import title_of
from mailer.mailservice.send import settle
from mailer.mailservice.service import (
    Absent,
    Cancelled,
    Denied,
    Service,
    Throttled,
    TooLate,
    Unreachable,
    why,
)
from mailer.mailservice.vanished import missing, taken_back
from mailer.making.piecenames import numbers_of
from mailer.notice.words import plural
from mailer.planning.mailfolder import MailFolder
from mailer.progress import Progress, silent
from mailer.store.mailings import mailing_named
from mailer.store.outbox import to_cancel


@dataclass(slots=True)
class TakenBack:
    """What was cancelled, what was not and why, and what is not known: (label, why)."""

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

    What the service gave no answer for is looked up before. Each is recorded as soon as the service has
    answered, so that an interruption loses none. Raises Refused where there is nothing to cancel,
    ServiceTrouble where the service can't be asked.
    """
    mail.store.require_current()
    with mail.store.read() as session:
        mailing = mailing_named(session, name)
    if mailing is not None:
        settle(mail, load_campaign(mail.root, name), service, by=by)
    done = TakenBack()
    found: list[tuple[Piece, Submission]] = []
    if mailing is not None:
        wanted = numbers_of(mailing, only)
        with mail.store.read() as session:
            asked = to_cancel(session, mailing, wanted, (*AT_SERVICE, *IN_POST))
            known = {piece.number for piece, _ in asked}
            done.too_late += [(mailing.label(n), "there is no such piece") for n in wanted if n not in known]
            for piece, row in asked:
                why = _why_not(piece, row, service)
                if row is not None and not why:
                    found.append((piece, row))
                elif piece.status in _NO_ANSWER:
                    done.unknown.append((mailing.label(piece.number), why))
                else:
                    done.too_late.append((mailing.label(piece.number), why))
    if mailing is None or not (found or done.unknown or done.too_late):
        raise Refused(
            "nothing of it is at the service and not yet in the post.",
            where=name,
            todo=f"Look at `mailer status {name}`; what is not sent needs no cancelling.",
        )
    for piece, row in found:
        _take_back(mail, mailing, service, piece, row, reason, by, done)
        progress("cancelling", done.cancelled, len(found))
    return done


_NO_ANSWER: Final = (Status.SUBMITTING, Status.UNKNOWN)
_TRIES: Final = 5  # of one piece, when the service says that it is too much


def _why_not(piece: Piece, row: Submission | None, service: Service) -> str:
    """Why a piece can't be cancelled; "" where the service can be asked to."""
    if row is None or piece.status not in AT_SERVICE:
        return f"it is {piece.status}, not at the service"
    if row.service != service.name:
        way = f'write  route = "{row.service}"  into its {DEFINITION}'
        return f"{title_of(row.service)} has it: {way} to cancel it there"
    if row.live != service.live:
        kind = "live" if row.live else "test"
        return f"it was sent with a {kind} key; take that key to cancel it"
    if row.account not in (None, service.account):
        return "it was sent under another account; take its key to cancel it"
    if piece.status in _NO_ANSWER:
        return "the service gave no certain answer, so it may be mailed"
    return ""


def _take_back(
    mail: MailFolder,
    mailing: Mailing,
    service: Service,
    piece: Piece,
    row: Submission,
    reason: str,
    by: str,
    done: TakenBack,
) -> None:
    name = mailing.label(piece.number)
    for _ in range(_TRIES):
        outcome = service.cancel(row.provider_id or "")
        if not isinstance(outcome, Throttled):
            break  # else its pace is held already
    if isinstance(outcome, Absent):
        outcome = missing(service, row)
    match outcome:
        case Cancelled() | Absent():
            taken_back(mail, mailing, service, row, reason, by)
            done.cancelled += 1
        case TooLate(message):
            done.too_late.append((name, message))
        case Denied() | Unreachable():
            raise ServiceTrouble(
                f"{why(outcome)}.",
                where=service.name,
                todo=f"{plural(done.cancelled, 'piece')} cancelled before; run it again for the rest.",
            )
        case _:
            done.unknown.append((name, why(outcome)))
