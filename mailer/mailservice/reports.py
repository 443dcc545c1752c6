"""What a service tells of a piece, by polling or webhook, as events of the ledger.

Order and repetition do no harm: what was told is kept once, the piece's standing is made of all that was
told of its letter (mailer.mailservice.transit), and events bring the piece to it. Notice rests on the post's
custody: the mailing day is the firm's local day of the event that says so, or the next day with mail, and
never before the approval, nor before the day on which the service was asked for the piece.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Final, Literal
from uuid import UUID

from mailer.ledger.events import PiecesReceived, PiecesReturned
from mailer.ledger.kinds import IN_POST, ReturnReason, Status
from mailer.ledger.payload import Said
from mailer.ledger.records import Submission
from mailer.ledger.serviceevents import (
    PieceAccepted,
    PieceDelivered,
    PiecePosted,
    PieceRedated,
    PieceRejected,
    PiecesCancelled,
    PieceTracked,
)
from mailer.mailservice.contradiction import contradiction
from mailer.mailservice.registry import meaning_of
from mailer.mailservice.transit import CUSTODY, Meaning, Report, Whereabouts, day_of, lasts, standing
from mailer.notice.calendars import calendar_named
from mailer.planning.mailfolder import MailFolder
from mailer.store.engine import Session
from mailer.store.outbox import IN_FLIGHT, update_submissions
from mailer.store.record.events import Entry, record
from mailer.store.tracking import AtService, KeptReport, adopt, at_service, keep, told_of

By = Literal["webhook", "poll"]

ONCE: Final = frozenset({Meaning.CREATED.value, Meaning.REJECTED.value, Meaning.CANCELLED.value})
"""Happens to a letter once: the same name again is the same event, told in the other way."""
BEYOND: Final = 86_400.0
"""Seconds: what a service tells of a time so much later than now, or earlier than it was asked for the
piece, is kept as told, and means nothing.
"""
_BEFORE_POST: Final = frozenset({Status.ACCEPTED, Status.REJECTED, Status.CANCELLED})


@dataclass(frozen=True, slots=True)
class Heard:
    """What one told thing came to. `piece` is its label, "" for a letter that is not known here; `new`: it
    was not told before; `before` and `after` are the piece's status around all that was told with it.
    `contradiction`: what of that is at odds with what was told, or done, before.
    """

    told: Report
    piece: str
    new: bool
    before: Status | None
    after: Status | None
    contradiction: str = ""


def tell(mail: MailFolder, told: Sequence[Report], *, by: By, now: datetime) -> list[Heard]:
    """Keep what was not told before and bring its pieces up to date, all of it or nothing."""
    with mail.store.write() as session:
        owners = _owners(session, told)
        until = max(now, datetime.combine(mail.today, time(), UTC))
        kept = [_kept(one, owners.get(one.provider_id), now, by, until) for one in told]
        new = keep(session, kept, ONCE)
        fresh = {one.id for one in new}
        status: dict[str, tuple[Status, Status, str]] = {}
        for letter, at in owners.items():
            own = [one for one in new if one.provider_id == letter]
            if at.submission.provider_id is None:
                at = _accept(session, mail, at, letter, now)  # noqa: PLW2901
                own += adopt(session, letter, at.piece.id, partial(_meant, at.submission))
            before = at.piece.status
            after = _bring(session, mail, at, own) if own else before
            whole = [one for one in told if one.provider_id == letter] if by == "poll" else ()
            status[letter] = (before, after, contradiction(session, mail, at, after, whole))
        return [
            Heard(
                one,
                owners[one.provider_id].mailing.label(owners[one.provider_id].piece.number)
                if one.provider_id in owners
                else "",
                one.event_id in fresh,
                *status.get(one.provider_id, (None, None, "")),
            )
            for one in told
        ]


def attach(
    session: Session,
    mail: MailFolder,
    submission: Submission,
    answer: Sequence[Report] = (),
    now: datetime | None = None,
) -> None:
    """Apply what was told of a piece before its acceptance was on record, and what its `answer` tells at
    `now`. The caller has recorded that.
    """
    letter = submission.provider_id
    if letter is None:
        return
    if answer and now is not None:
        keep(
            session,
            [replace(_kept(one, None, now, "poll", max(now, one.occurred_at))) for one in answer],
            ONCE,
        )
    told = adopt(session, letter, submission.piece_id, partial(_meant, submission))
    if told:
        (at,) = at_service(session, [letter])
        _bring(session, mail, at, told)


def _owners(session: Session, told: Sequence[Report]) -> dict[str, AtService]:
    """Letter → its piece, known by the letter's id, or by the key in the letter while the id is not known.

    A letter that was made before the service was asked is an earlier one with that key, under a test key.
    """
    keys = {one.send_key for one in told if one.send_key}
    known = at_service(session, {one.provider_id for one in told}, keys)
    by_letter = {at.submission.provider_id: at for at in known if at.submission.provider_id}
    by_key = {at.submission.send_key: at for at in known}
    owners: dict[str, AtService] = {}
    letters: dict[UUID, str] = {}
    for one in told:
        at = by_letter.get(one.provider_id) or by_key.get(one.send_key)
        if at is None:
            continue
        letter = at.submission.provider_id or letters.get(at.piece.id, "")
        if not letter and one.created_at is not None and one.created_at >= at.submission.first_tried:
            letter = letters[at.piece.id] = one.provider_id
        if letter == one.provider_id:
            owners[letter] = at
        elif letter and (one.kind is Meaning.POSTED or one.kind in CUSTODY):
            problem = f"the post has it more than once: also {one.provider_id}"
            marked = replace(at, submission=replace(at.submission, problem=problem))
            update_submissions(session, [marked.submission])
            for known_as in (by_letter, by_key, owners):
                known_as.update({key: marked for key, other in known_as.items() if other is at})
    return owners


def _kept(one: Report, at: AtService | None, now: datetime, by: By, until: datetime) -> KeptReport:
    ahead = (one.occurred_at - until).total_seconds() > BEYOND
    kept = KeptReport(
        id=one.event_id,
        provider_id=one.provider_id,
        piece_id=at.piece.id if at else None,
        kind=(Meaning.UNKNOWN if ahead else one.kind).value,
        provider_kind=one.provider_kind,
        occurred_at=one.occurred_at,
        told_at=now,
        told_by=by,
    )
    return replace(kept, kind=_meant(at.submission, kept)) if at else kept


def _meant(asked: Submission, kept: KeptReport) -> str:
    """What it means of that piece: nothing where the post would have had it before it was asked for. Of what
    is never mailed, under a test key, any clock is right.
    """
    early = (asked.first_tried - kept.occurred_at).total_seconds() > BEYOND + lasts(kept.occurred_at)
    at_the_post = kept.kind in CUSTODY or kept.kind == Meaning.POSTED
    return Meaning.UNKNOWN.value if early and at_the_post and asked.live else kept.kind


def _accept(session: Session, mail: MailFolder, at: AtService, letter: str, now: datetime) -> AtService:
    """The service has the piece, since it tells of it: faster than its answer, or that was lost."""
    asked = replace(at.submission, provider_id=letter)
    if at.piece.status not in IN_FLIGHT:
        update_submissions(session, [asked])
        return replace(at, submission=asked)
    asked = replace(asked, accepted_at=now, problem="")
    update_submissions(session, [asked])
    accepted = PieceAccepted(
        pieces=str(at.piece.number),
        service=asked.service,
        id=letter,
        sha256=asked.sha256,
        live=asked.live,
        certified=asked.certified,
        cost=asked.cost,
        send_date=asked.send_date,
        pages=at.piece.sha256,
    )
    _record(session, mail, at, [(Entry(at.mailing.subject, accepted), mail.today)])
    return replace(at, submission=asked, piece=replace(at.piece, status=Status.ACCEPTED))


def _bring(session: Session, mail: MailFolder, at: AtService, fresh: Sequence[KeptReport]) -> Status:
    """Record what brings the piece to its standing, now that `fresh` was told too; its status then."""
    everything = told_of(session, str(at.submission.provider_id))
    new = {one.id for one in fresh}
    earlier = (one for one in everything if one.id not in new)
    step = _Step(mail, at, standing(map(_told, everything)), standing(map(_told, earlier)))
    step.take()
    step.note_the_rest(sorted(map(_told, fresh), key=lambda one: (one.occurred_at, one.event_id)))
    _record(session, mail, at, step.entries)
    return step.status


class _Step:
    """From one standing of a piece to the next: the entries that this takes."""

    def __init__(self, mail: MailFolder, at: AtService, now: Whereabouts, before: Whereabouts) -> None:
        self._mail, self._at, self._now, self._before = mail, at, now, before
        self._service = at.submission.service
        self.status = at.piece.status
        self.entries: list[tuple[Entry, date]] = []
        self._used: set[str] = set()
        self._entered: set[Callable[..., Said]] = set()
        self._more: dict[str, date | None] = {}

    def take(self) -> None:
        now = self._now
        if now.posted is not None:
            self._post(now.posted)
        elif self.status is Status.ACCEPTED and now.rejected is not None:
            self._enter(PieceRejected, now.rejected, reason=now.rejected.provider_kind)
            self.status = Status.REJECTED
        elif self.status is Status.ACCEPTED and now.cancelled is not None:
            self._enter(PiecesCancelled, now.cancelled, reason="it was cancelled at the service")
            self.status = Status.CANCELLED
        if now.delivered is not None and self.status is Status.MAILED:
            self._enter(PieceDelivered, now.delivered)
            self.status = Status.DELIVERED
        if now.returned is not None and self.status in (Status.MAILED, Status.DELIVERED):
            on = self._day(now.returned)
            reason = f"{self._service}: returned to sender"
            self._enter(PiecesReturned, now.returned, on=on, reason=reason, cause=ReturnReason.OTHER)
            self.status = Status.RETURNED
        if PieceDelivered not in self._entered:  # else that says the day
            self._date("delivered_on", now.delivered, self._before.delivered)
        if PiecesReturned not in self._entered:
            self._date("returned_on", now.returned, self._before.returned)
        self._date("received_on", now.received, self._before.received)
        if now.received is not None and self._more.pop("received_on", None):
            on = self._day(now.received)
            proof = f"{self._service}: {now.received.provider_kind} {now.received.event_id}"
            self._enter(PiecesReceived, now.received, on=on, proof=proof)

    def note_the_rest(self, fresh: Sequence[Report]) -> None:
        """What changed nothing is recorded too; the last of it with the days that it moved."""
        rest = [one for one in fresh if one.event_id not in self._used]
        if self._more and not rest:
            rest = [*fresh[-1:]]  # a day that one of the others took away is said of the last
        for one in rest:
            not_believed = one.kind is Meaning.UNKNOWN is not meaning_of(self._service, one.provider_kind)
            early = not_believed and one.occurred_at < self._at.submission.first_tried
            days = self._more if one is rest[-1] else {}
            self._enter(PieceTracked, one, ahead=not_believed and not early, early=early, **days)

    def _post(self, posted: Report) -> None:
        piece, day = self._at.piece, self._day(posted)
        by_post = posted.kind is not Meaning.SENT
        counts_on = calendar_named("usps", self._mail.closings).on_or_after(day) if by_post else day
        if self.status in _BEFORE_POST:
            self._enter(PiecePosted, posted, counts_on=counts_on)
            self.status = Status.MAILED
        elif (
            self.status in IN_POST
            and piece.drop_id is None
            and posted != self._before.posted
            and (piece.dropped_on, piece.counts_on) != (day, counts_on)
        ):
            self._enter(PieceRedated, posted, counts_on=counts_on)

    def _date(self, column: str, now: Report | None, before: Report | None) -> None:
        """The day that the column must move to, unless a person recorded another."""
        has: date | None = getattr(self._at.piece, column)
        wants = self._day(now) if now else None
        if has == wants or has not in (None, self._day(before) if before else None):
            return
        self._more[column] = wants

    def _day(self, one: Report) -> date:
        """The firm's local day; nothing is mailed before the service was asked for it, which comes after its
        approval (that of the mailing may be a later one). A test's clock is any.
        """
        zone, asked = self._mail.settings.firm.time_zone, self._at.submission
        day = day_of(one.occurred_at, zone)
        tried = asked.first_tried.astimezone(zone).date()
        return max(day, tried if asked.live else self._at.mailing.approved_on or day)

    def _enter(self, kind: Callable[..., Said], one: Report, **more: date | str | bool | None) -> None:
        happened = kind(
            pieces=str(self._at.piece.number),
            service=self._service,
            event=one.event_id,
            provider_kind=one.provider_kind,
            at=one.occurred_at,
            **more,
        )
        self.entries.append((Entry(self._at.mailing.subject, happened), self._day(one)))
        self._used.add(one.event_id)
        self._entered.add(kind)


def _record(session: Session, mail: MailFolder, at: AtService, entries: Sequence[tuple[Entry, date]]) -> None:
    """Each on its own local day; a test letter's events are a rehearsal's, since nothing is printed."""
    for entry, day in entries:
        record(
            session, [entry], replace(mail.stamp(at.submission.service, day), rehearsal=_rehearsed(mail, at))
        )


def _rehearsed(mail: MailFolder, at: AtService) -> bool:
    return mail.clock.rehearsal or not at.submission.live


def _told(kept: KeptReport) -> Report:
    return Report(kept.id, kept.provider_id, "", kept.provider_kind, Meaning(kept.kind), kept.occurred_at)
