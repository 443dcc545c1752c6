"""What an event does to what the database keeps: effects, the same for every piece of the event. Pure.

The only place that says so: `mailer.store.record.projection` applies them as the event is recorded,
`mailer.ledger.fold` applies them to nothing, to be compared. Columns are named as in mailer.ledger.records;
a piece's `job` and `drop` are numbers within the mailing, in the order of recording.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from mailer.ledger.chain import Event
from mailer.ledger.events import (
    CampaignMoved,
    DropReceiptAdded,
    JobDestroyed,
    JobDropped,
    JobProduced,
    MailingAdopted,
    MailingApproved,
    MailingBegun,
    PieceNumbered,
    PieceReissued,
    PiecesForgotten,
    PiecesMisaddressed,
    PiecesReceived,
    PiecesReturned,
)
from mailer.ledger.kinds import TRANSITIONS, JobState, Transition
from mailer.ledger.payload import Said, Unmoved
from mailer.ledger.serviceevents import (
    PieceAccepted,
    PieceDelivered,
    PiecePosted,
    PieceRedated,
    PiecesReleased,
    PieceTracked,
)
from mailer.ledger.stated import KnownClosings

Value = object


@dataclass(frozen=True, slots=True)
class OnPieces:
    """`values` are set at `pieces` of the mailing, `earliest` days where there is none or a later one.

    Their status follows `step`; None: it stays.
    """

    subject: str
    pieces: str
    step: Transition | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    earliest: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OnMailing:
    subject: str
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Carrying:
    """The campaigns whose articles an issue carries from now on, each with the article's digest."""

    subject: str
    articles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OnJob:
    """`unless_dropped`: a job that was handed over in part stays what it was."""

    subject: str
    job: int
    values: Mapping[str, Value]
    unless_dropped: bool = False


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The next hand-over of the mailing; the effect on its pieces follows, with `drop` unsaid."""

    subject: str
    job: int
    pieces: str
    dropped_at: datetime
    counts_on: date
    dropped_by: str
    place: str
    mail_class: str
    receipt: str | None
    closings: KnownClosings = ()


@dataclass(frozen=True, slots=True)
class ReceiptCame:
    """The scan of the receipt of hand-over `drop`."""

    subject: str
    drop: int
    receipt: str


@dataclass(frozen=True, slots=True)
class ServiceHas:
    """What a mail service has of these pieces; None: they were never there. The store keeps it in the outbox,
    with what is not the ledger's.
    """

    subject: str
    pieces: str
    accepted: PieceAccepted | None


@dataclass(frozen=True, slots=True)
class MovedTo:
    campaign: str
    to: date
    on: date


Effect = OnPieces | OnMailing | Carrying | OnJob | HandedOver | ReceiptCame | ServiceHas | MovedTo


def effects(event: Event, said: Said) -> Iterator[Effect]:
    """What follows from an event that says so, in the order in which it is to be applied."""
    yield from _on_mailing(event, said)
    yield from _on_paper(event, said)
    step = TRANSITIONS.get(said.kind)
    values, earliest = _at_firm(event, said) or _at_service(event, said) or _fate(said) or ({}, {})
    if said.concerns:  # each must be there, whatever comes of it
        yield OnPieces(event.subject, said.concerns, step, values, earliest)
    if isinstance(said, PieceAccepted | PiecesReleased):  # once it is known that there are such pieces
        yield ServiceHas(event.subject, said.pieces, said if isinstance(said, PieceAccepted) else None)


def _on_mailing(event: Event, said: Said) -> Iterator[Effect]:
    match said:
        case MailingBegun() | MailingAdopted():
            yield OnMailing(event.subject, {"inputs_digest": said.inputs, "dated": said.dated})
        case MailingApproved():
            yield OnMailing(event.subject, _approval(event, said))
        case CampaignMoved():
            yield MovedTo(event.subject, said.after, event.occurred_on)
    if isinstance(said, MailingAdopted | MailingApproved) and said.carried is not None:
        lines = (line.rsplit(" ", 1) for line in said.carried.splitlines())
        yield Carrying(event.subject, {line[0]: line[1] for line in lines})


def _on_paper(event: Event, said: Said) -> Iterator[Effect]:
    """What becomes of jobs and hand-overs."""
    subject = event.subject
    match said:
        case JobProduced():
            yield OnJob(subject, said.job, {"state": JobState.PRODUCED, "manifest": said.manifest})
        case JobDestroyed():
            yield OnJob(subject, said.job, {"state": JobState.DESTROYED}, unless_dropped=True)
        case JobDropped():
            where = (said.by, said.place, said.mail_class, said.receipt, said.closings)
            yield HandedOver(subject, said.job, said.pieces, said.at, said.counts_on, *where)
        case DropReceiptAdded():
            yield ReceiptCame(subject, said.drop, said.receipt)


_Columns = tuple[dict[str, Value], dict[str, date]]
"""What is set at pieces, and days of which the first counts."""


def _at_firm(event: Event, said: Said) -> _Columns | None:
    match said:
        case PieceReissued():
            return {"again_of": said.of}, {}
        case JobProduced():
            return {"job": said.job}, {}
        case JobDestroyed():
            return {"job": None}, {}
        case JobDropped():
            return {"drop": Next, "rehearsed": event.rehearsal, **_mailed(event, said.counts_on)}, {}
        case PieceNumbered():
            return {"certified": said.number}, {}
    return None


def _at_service(event: Event, said: Said) -> _Columns | None:
    match said:
        case PieceRedated():
            return _mailed(event, said.counts_on), {}
        case PiecePosted():
            return {"rehearsed": event.rehearsal, **_mailed(event, said.counts_on)}, {}
        case PieceDelivered():
            return {"delivered_on": event.occurred_on}, {}
        case PieceTracked():
            told = {name: getattr(said, name) for name in _TOLD}
            return {name: day for name, day in told.items() if not isinstance(day, Unmoved)}, {}
        case PiecesReleased():
            return dict.fromkeys(_TOLD), {}
    return None


def _fate(said: Said) -> _Columns | None:
    match said:
        case PiecesReceived():
            return {"received_on": said.on}, {}
        case PiecesReturned(misaddressed=True):
            of_record: dict[str, Value] = {"of_record": True} if said.of_record else {}
            back: dict[str, Value] = {"returned_on": said.on, "return_reason": said.cause}
            return back | of_record, {"misaddressed_on": said.on}
        case PiecesReturned():
            cause = {"return_reason": said.cause} if said.cause else {}
            return {"returned_on": said.on, **cause}, {}
        case PiecesForgotten():
            return {"forgotten": True}, {}
        case PiecesMisaddressed():
            return {"of_record": said.of_record}, {"misaddressed_on": said.on}
    return None


_TOLD: Final = ("delivered_on", "returned_on", "received_on")
"""Days that a mail service may move, and take back."""


class Next:
    """The hand-over of this very event."""


def _mailed(event: Event, counts_on: date) -> dict[str, Value]:
    return {"counts_on": counts_on, "dropped_on": event.occurred_on}


def _approval(event: Event, said: MailingApproved) -> dict[str, Value]:
    return {
        "output_digest": said.output,
        "not_after": said.not_after,
        "approved_by": event.actor,
        "approved_at": event.recorded_at,
        "approved_on": event.occurred_on,
    }
