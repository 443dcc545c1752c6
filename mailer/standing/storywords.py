"""What each event says of a piece, in the words of the story that `mailer status NAME PIECE` tells. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from mailer.ledger.chain import Event
from mailer.ledger.events import (
    DropReceiptAdded,
    JobDestroyed,
    JobDropped,
    JobProduced,
    JobQueued,
    MailingApproved,
    PieceNumbered,
    PiecePrepared,
    PieceReissued,
    PiecesMisaddressed,
    PiecesPrepared,
    PiecesReceived,
    PiecesReturned,
    PiecesVoided,
)
from mailer.ledger.kinds import ReturnReason
from mailer.ledger.payload import Said
from mailer.ledger.records import Mailing
from mailer.ledger.serviceevents import (
    PieceAccepted,
    PieceDelivered,
    PiecePosted,
    PieceRedated,
    PieceRejected,
    PiecesCancelled,
    PiecesReleased,
    PiecesSubmitting,
    PieceTracked,
    PieceUnanswered,
)
from mailer.mailservice.registry import meaning_of, on_paper, title_of
from mailer.mailservice.transit import Meaning
from mailer.notice.words import spoken
from mailer.printroom.certifiednumber import grouped


def words(mailing: Mailing, number: int, event: Event, happened: Said) -> str:
    """What happened to that piece of the mailing, "" where the event says nothing of it to people."""
    match happened:
        case PiecePrepared() | PiecesPrepared():
            text = "prepared"
        case PieceReissued(of=of) if of == number:
            text = f"repeated as {mailing.label(int(happened.pieces))}{_why(happened.reason)}"
        case PieceReissued(of=of):
            text = f"made to repeat {mailing.label(of)}{_why(happened.reason)}"
        case MailingApproved(not_after=until):
            text = f"approved by {event.actor}{_day(', for a hand-over until ', until)}"
        case PiecesVoided(reason=reason):
            text = f"void{_why(reason)}"
        case PiecesReturned(reason=reason, cause=cause):
            text = f"came back{_cause(cause)}{_why(reason)}{_of_record(happened.of_record)}"
        case PiecesMisaddressed(of_record=of_record):
            text = f"its address was found to have been wrong, by our mistake{_of_record(of_record)}"
        case PiecesReceived(proof=proof):
            text = f"received: {proof}"
        case _:
            text = _at_the_firm(event, happened) or _at_the_service(happened)
    return text


def _at_the_firm(event: Event, happened: Said) -> str:
    match happened:
        case JobProduced(job=job):
            text = f"printed in job {job} by {event.actor}"
        case JobQueued(printer=printer):
            text = f"queued at {printer}"
        case JobDestroyed(job=job, reason=reason):
            text = f"job {job} was destroyed{_why(reason)}; it may be printed or sent again"
        case JobDropped():
            how = f"{happened.place}, {happened.mail_class} class"
            at = f"{happened.at:%H:%M} by {happened.by}, {how}"
            text = f"handed over at {at}{_day('; counts as mailed ', happened.counts_on)}"
        case DropReceiptAdded():
            text = "the post's receipt was added"
        case PieceNumbered(number=certified):
            text = f"certified mail {grouped(certified)}"
        case _:
            text = ""
    return text


def _at_the_service(happened: Said) -> str:
    """What follows from what a mail service was asked, answered or told."""
    service = str(getattr(happened, "service", ""))
    name = title_of(service) if on_paper(service) else "the mail server"
    match happened:
        case PiecesSubmitting():
            text = f"being sent to {name}"
        case PieceAccepted():
            test = "" if happened.live else ", under a test key: nothing is printed"
            promised = _day(", to be mailed on ", happened.send_date) + _day(", expected ", happened.expected)
            text = f"accepted by {name} as {happened.id}{promised}{test}"
        case PieceUnanswered(reason=reason):
            text = f"no certain answer from {name}, which may have it{_why(reason)}"
        case PiecesReleased(reason=reason):
            text = f"not at the service{_why(reason)}; it may be printed or sent again"
        case PieceRejected(reason=reason):
            text = f"refused by {name}{_why(reason)}"
        case PiecesCancelled(reason=reason):
            text = f"cancelled at {name}{_why(reason)}"
        case _:
            text = _seen(happened, name)
    return text


def _seen(happened: Said, name: str) -> str:
    match happened:
        case PieceRedated(counts_on=day):
            text = f"in the post earlier than told{_day('; counts as mailed ', day)}"
        case PiecePosted(service=service, counts_on=day) if not on_paper(service):
            text = f"sent by e-mail{_day('; counts as given ', day)}"
        case PiecePosted(counts_on=day):
            text = f"in the post ({name}){_day('; counts as mailed ', day)}"
        case PieceTracked(ahead=True, provider_kind=kind):
            text = f"told of a time to come, and not believed: {kind}"
        case PieceTracked(early=True, provider_kind=kind):
            text = f"told of a time before it was sent, and not believed: {kind}"
        case PieceTracked(service=service, provider_kind=kind):
            text = _SEEN.get(meaning_of(service, kind), "")
        case PieceDelivered():
            text = "delivered"
        case _:
            text = ""
    return text


def _cause(cause: ReturnReason | None) -> str:
    return f", {cause.value}" if cause else ""


def _of_record(of_record: bool) -> str:
    return "; it was the last address that the client had given" if of_record else ""


def _why(reason: str) -> str:
    return f": {reason}" if reason else ""


def _day(before: str, day: date | None) -> str:
    return f"{before}{spoken(day)}" if day else ""


_SEEN: Final[Mapping[Meaning, str]] = {
    Meaning.POSTED: "in the post",
    Meaning.IN_TRANSIT: "in transit",
    Meaning.LOCAL: "in the local area",
    Meaning.PROCESSED: "processed for delivery",
    Meaning.PICKUP: "waits at a post office to be fetched",
    Meaning.RE_ROUTED: "re-routed to another address",
    Meaning.EXITED: "left the country",
    Meaning.DELIVERED: "delivered",
    Meaning.RECEIVED: "delivered by certified mail",
    Meaning.RETURNED: "returned to the sender",
    Meaning.ISSUE: "the carrier says that something is wrong with it",
    Meaning.REJECTED: "refused",
    Meaning.CANCELLED: "cancelled",
}
"""What a service tells beside the events above. A kind that is not here says nothing of the paper."""
