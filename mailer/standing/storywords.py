"""What each event says of a piece, in the words of the story that `mailer status NAME PIECE` tells. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from mailer.ledger.chain import Event, Scalar
from mailer.ledger.kinds import EventKind
from mailer.mailservice.services import meaning_of
from mailer.mailservice.transit import Meaning
from mailer.making.piecenames import label_of
from mailer.notice.steps import spoken
from mailer.printroom.certifiednumber import grouped
from mailer.store.tables import MailingRow


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as it concerns one piece of its mailing."""

    mailing: MailingRow
    number: int
    event: Event
    payload: Mapping[str, Scalar]

    def said(self, key: str) -> str:
        """A value of the payload as text, "" where it has none."""
        value = self.payload.get(key)
        return "" if value is None else str(value)

    def day(self, key: str, before: str) -> str:
        """A day of the payload, with words before it; "" where it has none."""
        text = self.said(key)
        return f"{before}{spoken(date.fromisoformat(text))}" if text else ""

    @property
    def why(self) -> str:
        return f": {self.said('reason')}" if self.said("reason") else ""

    @property
    def service(self) -> str:
        return self.said("service").capitalize()

    def piece(self, key: str) -> str:
        return label_of(self.mailing, int(self.said(key)))


def words(one: Happened) -> str:
    """What happened to the piece, "" where the event says nothing of it to people."""
    say = _SAYS.get(EventKind(one.event.kind))
    return say(one) if say else ""


def _reissued(one: Happened) -> str:
    if one.said("of") == str(one.number):
        return f"repeated as {one.piece('pieces')}{one.why}"
    return f"made to repeat {one.piece('of')}{one.why}"


def _dropped(one: Happened) -> str:
    at = datetime.fromisoformat(one.said("at"))
    how = f"{one.said('place')}, {one.said('class')} class"
    return (
        f"handed over at {at:%H:%M} by {one.said('by')}, {how}{one.day('counts_on', '; counts as mailed ')}"
    )


def _accepted(one: Happened) -> str:
    test = ", under a test key: nothing is printed" if one.payload.get("live") is False else ""
    promised = one.day("send_date", ", to be mailed on ") + one.day("expected", ", expected ")
    return f"accepted by {one.service} as {one.said('id')}{promised}{test}"


_SAYS: Final[Mapping[EventKind, Callable[[Happened], str]]] = {
    EventKind.PREPARED: lambda _: "prepared",
    EventKind.REISSUED: _reissued,
    EventKind.APPROVED: lambda one: (
        f"approved by {one.event.actor}{one.day('not_after', ', for a hand-over until ')}"
    ),
    EventKind.VOIDED: lambda one: f"void{one.why}",
    EventKind.PRODUCED: lambda one: f"printed in job {one.said('job')} by {one.event.actor}",
    EventKind.QUEUED: lambda one: f"queued at {one.said('printer')}",
    EventKind.DESTROYED: lambda one: (
        f"job {one.said('job')} was destroyed{one.why}; it may be printed or sent again"
    ),
    EventKind.DROPPED: _dropped,
    EventKind.NUMBERED: lambda one: f"certified mail {grouped(one.said('number'))}",
    EventKind.SUBMITTING: lambda one: f"being sent to {one.service}",
    EventKind.ACCEPTED: _accepted,
    EventKind.UNANSWERED: lambda one: f"no certain answer from {one.service}, which may have it{one.why}",
    EventKind.RELEASED: lambda one: f"not at the service{one.why}; it may be printed or sent again",
    EventKind.REJECTED: lambda one: f"refused by {one.service}{one.why}",
    EventKind.CANCELLED: lambda one: f"cancelled at {one.service}{one.why}",
    EventKind.POSTED: lambda one: f"in the post ({one.service}){one.day('counts_on', '; counts as mailed ')}",
    EventKind.REDATED: lambda one: (
        f"in the post earlier than told{one.day('counts_on', '; counts as mailed ')}"
    ),
    EventKind.TRACKED: lambda one: _SEEN.get(meaning_of(one.said("service"), one.said("kind")), ""),
    EventKind.DELIVERED: lambda _: "delivered",
    EventKind.RETURNED: lambda one: f"came back{one.why}",
    EventKind.RECEIPT_ADDED: lambda _: "the post's receipt was added",
    EventKind.RECEIVED: lambda one: f"received: {one.said('proof')}",
}
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
