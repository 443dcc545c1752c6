"""The fold: events in, what the database must say out. Pure.

`mailer ledger verify` compares the two, and an evidence pack is verified by it without a database. Memory
follows what is different: pieces of one state share it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from mailer.errors import MailerError
from mailer.ledger.bynumber import ByNumber
from mailer.ledger.chain import Event
from mailer.ledger.effects import (
    Carrying,
    Effect,
    HandedOver,
    MovedTo,
    Next,
    OnJob,
    OnMailing,
    OnPieces,
    ReceiptCame,
    ServiceHas,
    effects,
)
from mailer.ledger.events import said
from mailer.ledger.kinds import JobState, ReturnReason, Status
from mailer.ledger.moves import Moved
from mailer.ledger.numbers import recorded
from mailer.ledger.payload import RESTORE, Malformed, Said
from mailer.ledger.serviceevents import PieceAccepted


class IllegalTransition(MailerError):
    """An event that cannot follow what was recorded before it."""


@dataclass(frozen=True, slots=True)
class PieceState:
    """A piece as the events have it. `job` and `drop` are numbers within the mailing."""

    status: Status
    job: int | None = None
    drop: int | None = None
    counts_on: date | None = None
    dropped_on: date | None = None
    returned_on: date | None = None
    received_on: date | None = None
    delivered_on: date | None = None
    rehearsed: bool = False
    certified: str | None = None
    again_of: int | None = None
    return_reason: ReturnReason | None = None
    of_record: bool | None = None
    misaddressed_on: date | None = None
    forgotten: bool = False  # whose it was: its salt may be missing


@dataclass(slots=True)
class MailingState:
    """A mailing as the events have it; `at_service` is what was accepted and not taken back."""

    inputs_digest: str | None = None
    dated: date | None = None
    output_digest: str | None = None
    not_after: date | None = None
    approved_by: str | None = None
    approved_at: datetime | None = None
    approved_on: date | None = None
    articles: dict[str, str] = field(default_factory=dict)
    pieces: ByNumber[PieceState] = field(default_factory=ByNumber)
    jobs: dict[int, dict[str, object]] = field(default_factory=dict)
    drops: list[HandedOver] = field(default_factory=list)
    at_service: dict[int, PieceAccepted] = field(default_factory=dict)


@dataclass(slots=True)
class Folded:
    """What the events up to now come to: mailings by subject, moves by campaign."""

    mailings: dict[str, MailingState] = field(default_factory=dict)
    moves: dict[str, Moved] = field(default_factory=dict)

    def take(self, event: Event, happened: Said | None = None) -> None:
        """The next event. Raises Malformed, IllegalTransition."""
        for effect in effects(event, happened or said(event)):
            self._apply(event, effect)

    def statuses(self, subject: str) -> Iterator[tuple[int, Status]]:
        """The status of each piece of a mailing, by number."""
        found = self.mailings.get(subject)
        return ((number, one.status) for number, one in found.pieces.items()) if found else iter(())

    def piece(self, subject: str, number: int) -> PieceState | None:
        found = self.mailings.get(subject)
        return found.pieces.get(number) if found else None

    def _apply(self, event: Event, effect: Effect) -> None:
        if isinstance(effect, MovedTo):
            self.moves[effect.campaign] = Moved(effect.to, effect.on)
            return
        mailing = self.mailings.setdefault(effect.subject, MailingState())
        match effect:
            case OnPieces():
                _on_pieces(mailing, event, effect)
            case OnMailing():
                for name, value in effect.values.items():
                    setattr(mailing, name, value)
            case Carrying():
                mailing.articles = dict(effect.articles)
            case ServiceHas():
                for number in _numbers(event, effect.pieces):
                    mailing.at_service.pop(number, None)
                    if effect.accepted:
                        mailing.at_service[number] = effect.accepted
            case _:
                _on_paper(mailing, event, effect)


def _on_paper(mailing: MailingState, event: Event, effect: OnJob | HandedOver | ReceiptCame) -> None:
    match effect:
        case OnJob():
            if not (effect.unless_dropped and any(one.job == effect.job for one in mailing.drops)):
                job = mailing.jobs.setdefault(effect.job, {"state": JobState.BUILDING, "manifest": None})
                job.update(effect.values)
        case HandedOver():
            mailing.drops.append(effect)
        case ReceiptCame():
            if not 1 <= effect.drop <= len(mailing.drops):
                raise _impossible(event, f"hand-over {effect.drop} of {effect.subject} is not there")
            given = mailing.drops[effect.drop - 1]
            mailing.drops[effect.drop - 1] = replace(given, receipt=effect.receipt)


def folded(events: Iterable[Event]) -> Folded:
    """All of `events` at once."""
    found = Folded()
    for event in events:
        found.take(event)
    return found


def _on_pieces(mailing: MailingState, event: Event, effect: OnPieces) -> None:
    values = {name: len(mailing.drops) if value is Next else value for name, value in effect.values.items()}
    known: dict[PieceState | None, PieceState] = {}
    for number in _numbers(event, effect.pieces):
        before = mailing.pieces.get(number)
        after = known.get(before)
        if after is None:
            after = known[before] = _stepped(event, effect, number, before, values)
        mailing.pieces[number] = after


def _numbers(event: Event, pieces: str) -> Iterator[int]:
    try:
        yield from recorded(pieces)
    except ValueError as error:
        raise Malformed(f"event {event.seq}: {error}.", todo=RESTORE) from None


def _stepped(
    event: Event, effect: OnPieces, number: int, before: PieceState | None, values: dict[str, object]
) -> PieceState:
    step = effect.step
    was = before.status if before else None
    if (step is None and before is None) or (step is not None and was not in step.before):
        raise _impossible(
            event,
            f"{event.kind} is recorded for piece {number} of {effect.subject}, "
            f"which was {was.value if was else 'not there'}",
        )
    before = before or PieceState(Status.PREPARED)
    days = {
        name: day
        for name, day in effect.earliest.items()
        if (known := getattr(before, name)) is None or known > day
    }
    changed: dict[str, object] = {**values, **days, "status": step.after if step else before.status}
    return replace(before, **changed)  # type: ignore[arg-type]


def _impossible(event: Event, what: str) -> IllegalTransition:
    return IllegalTransition(
        f"{what}.",
        where=f"ledger event {event.seq}",
        todo="The ledger holds an impossible order of events; restore a backup and report it.",
    )
