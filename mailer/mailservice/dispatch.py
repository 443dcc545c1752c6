"""One process's part in a send: pieces claimed with the intent committed, and what came of them recorded."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from mailer.ledger.kinds import Status
from mailer.ledger.numbers import ranges
from mailer.ledger.records import Mailing, Submission
from mailer.ledger.serviceevents import (
    PieceAccepted,
    PieceRejected,
    PiecesCancelled,
    PiecesReleased,
    PiecesSubmitting,
    PieceUnanswered,
)
from mailer.mailservice.forecast import SendOrder, month_of, require_below
from mailer.mailservice.packing import Packer, Stamped
from mailer.mailservice.reports import attach
from mailer.mailservice.requests import Gone, Result, Task
from mailer.mailservice.service import (
    Accepted,
    Denied,
    Enough,
    Rejected,
    Service,
    Throttled,
    Unknown,
    Unreachable,
)
from mailer.mailservice.transit import Report
from mailer.planning.mailfolder import MailFolder
from mailer.progress import Progress
from mailer.store.outbox import (
    IN_FLIGHT,
    forget,
    holders,
    in_flight,
    intend,
    let_go,
    spent,
    submissions,
    unsettled,
    update_submissions,
    waiting,
)
from mailer.store.record.events import Entry, Stamp, record


@dataclass(slots=True)
class Sent:
    """What a send came to. `rejected` and `unknown` are (label, why), `released` too: not taken, and still
    approved.

    `bygone` are pieces that were taken as they were approved before, `outdated` those that were not taken
    then and must be approved anew: labels.
    """

    accepted: int = 0
    cost: Decimal = Decimal(0)
    rejected: list[tuple[str, str]] = field(default_factory=list)
    unknown: list[tuple[str, str]] = field(default_factory=list)
    released: dict[str, str] = field(default_factory=dict)
    doubles: list[tuple[str, str]] = field(default_factory=list)
    bygone: list[str] = field(default_factory=list)
    outdated: list[str] = field(default_factory=list)
    cancel_until: datetime | None = None
    busy: int = 0  # pieces that another process is sending
    stopped: str = ""  # why nothing more would go


@dataclass(frozen=True, slots=True)
class _Happened:
    """What is recorded of one result: events, and what is known of the submission now."""

    entries: tuple[Entry, ...]
    asked: Submission


class Dispatch:
    """One process's part in a send: what it claims, and what it records.

    `left_out` are never claimed; with `only`, nothing but that number is. `outdated` would be made otherwise
    today: what was asked for them is looked up, and nothing of them is asked for.
    """

    def __init__(
        self,
        mail: MailFolder,
        mailing: Mailing,
        order: SendOrder,
        service: Service,
        packer: Packer,
        stamp: Stamp,
        me: int,
        progress: Progress,
        left_out: Collection[int] = (),
        total: int = 0,
        only: int | None = None,
        outdated: Collection[int] = (),
    ) -> None:
        self._total = total
        self._outdated = set(outdated)
        self._only = only
        self.sent = Sent()
        self._left_out = set(left_out)
        self._mail = mail
        self._mailing = mailing
        self._order = order
        self._service = service
        self._packer = packer
        self._stamp = stamp
        self._me = me
        self._progress = progress
        self._tried: list[int] = []

    def claim(self, limit: int) -> list[Task]:
        """Up to `limit` pieces that this process asks for now, the intent committed."""
        adopted = self.adopt(limit)
        if adopted:
            return adopted
        with self._mail.store.write() as session:
            rows = list(waiting(session, self._mailing, only=self._only, limit=limit, but=self._left_out))
            if not rows:
                return []
            stamped = list(self._packer.packed(rows))
            cost = sum((one.cost for one in stamped), Decimal(0))
            before = spent(session, *month_of(self._mail))
            require_below(
                self._packer.terms.monthly_cap, before, cost, self._order.campaign.name, self._service
            )
            now = self._mail.clock.now()
            intend(session, (self._intent(one, now) for one in stamped))
            asking = PiecesSubmitting(ranges(row.number for row in rows), self._service.name)
            record(session, [Entry(self._mailing.subject, asking)], self._stamp)
        self._tried += [one.number for one in stamped]
        return [Task(one) for one in stamped]

    def adopt(self, limit: int = 100, *, asking: bool = True) -> list[Task]:
        """Pieces that a run before left without an answer; not `asking`: to be looked up only."""
        now = self._mail.clock.now()
        with self._mail.store.write() as session:
            left = in_flight(
                session,
                self._mail.store,
                self._mailing,
                service=self._service.name,
                live=self._service.live,
                account=self._service.account,
                me=self._me,
                but=self._tried,
                limit=limit,
            )
            if not left:
                return []
            stamped = {one.number: one for one in self._packer.packed([found.piece for found in left])}
            tasks, taken = [], []
            for found in left:
                one, row = stamped[found.piece.number], found.submission
                asked = replace(one.asked, certified=row.certified, send_date=row.send_date)
                bygone = not asking or one.number in self._outdated or self._is_past(row.send_date)
                tasks.append(Task(replace(one, asked=asked), row.first_tried, row.last_tried, bygone))
                taken.append(
                    replace(
                        row,
                        sender=self._me,
                        account=row.account if bygone else self._service.account,
                        last_tried=row.last_tried if bygone else now,
                    )
                )
            update_submissions(session, taken)
        self._tried += [task.stamped.number for task in tasks]
        return tasks

    def record(self, results: Sequence[Result]) -> None:
        """Commit what came of these pieces."""
        if not results:
            return
        now = self._mail.clock.now()
        with self._mail.store.write() as session:
            known = submissions(session, [one.stamped.piece_id for one in results])
            ids = [one.outcome.provider_id for one in results if isinstance(one.outcome, Accepted)]
            held = holders(session, ids)
            entries: list[Entry] = []
            changed: list[Submission] = []
            accepted: list[tuple[Submission, tuple[Report, ...]]] = []
            released: list[UUID] = []
            for one in (_own(one, held) for one in results):
                status, asked = known.get(one.stamped.piece_id, (None, None))
                if asked is None or asked.live != self._service.live or status not in IN_FLIGHT:
                    changed += self._was_told(one, asked)
                    continue
                happened = self._happened(one, status, asked, now)
                entries += happened.entries
                changed.append(happened.asked)
                if isinstance(one.outcome, Accepted):
                    accepted.append((happened.asked, one.outcome.told))
                if any(isinstance(entry.said, PiecesReleased) for entry in happened.entries):
                    released.append(asked.piece_id)
            update_submissions(session, changed)
            record(session, entries, self._stamp)
            forget(session, released)
            for submission, told in accepted:
                attach(session, self._mail, submission, told, now)
        self._progress("sending", self.sent.accepted, self._total)

    def _is_past(self, send_date: date | None) -> bool:
        """A day that came since can't be asked for any more."""
        return send_date is not None and send_date <= self._mail.today

    def leave(self) -> None:
        """Give up what is still claimed, and count what others are sending."""
        with self._mail.store.write() as session:
            let_go(session, self._me)
            self.sent.busy = sum(
                row.sender is not None and row.sender != self._me for row in unsettled(session, self._mailing)
            )

    def _happened(self, one: Result, status: Status, asked: Submission, now: datetime) -> _Happened:
        name, number = one.stamped.asked.label, one.stamped.number
        happened: type[PieceRejected | PieceUnanswered | PiecesReleased]
        self.sent.released.pop(name, None)
        match one.outcome:
            case Accepted() as taken:
                return self._accepted(one, taken, asked, now)
            case Rejected(code, message):
                happened, problem = PieceRejected, f"{code}: {message}"
                self.sent.rejected.append((name, message))
            case Unknown(reason):
                happened, problem = PieceUnanswered, reason
                self.sent.unknown.append((name, reason))
            case Gone(reason) | Unreachable(reason) | Denied(_, reason) | Enough(reason):
                happened, problem = PiecesReleased, reason
                if number in self._outdated:
                    self._left_out.add(number)
                    self.sent.outdated.append(name)
                else:
                    self.sent.released[name] = reason  # until it is asked for again
            case Throttled(_, reason):
                happened, problem = PiecesReleased, reason or "the service takes no more at once"
                self._left_out.add(number)  # not in this run again
                self.sent.released[name] = problem
        said = happened(str(number), asked.service, problem)
        known = happened is PieceUnanswered and status is Status.UNKNOWN
        entries = () if known else (Entry(self._mailing.subject, said),)
        return _Happened(entries, replace(asked, sender=None, problem=problem))

    def _was_told(self, one: Result, asked: Submission | None) -> tuple[Submission, ...]:
        """A webhook, or another process, was faster: what only the answer says is added."""
        taken = one.outcome
        if asked is None or not isinstance(taken, Accepted) or asked.provider_id != taken.provider_id:
            return ()
        self.sent.accepted += 1
        self.sent.cost += asked.cost or Decimal(0)
        until, expected = asked.cancel_until or taken.cancel_until, asked.expected or taken.expected_delivery
        return (replace(asked, cancel_until=until, expected=expected),)

    def _accepted(self, one: Result, taken: Accepted, asked: Submission, now: datetime) -> _Happened:
        name, cost = one.stamped.asked.label, one.stamped.cost if taken.price is None else taken.price
        if one.stamped.number in self._outdated:
            self.sent.bygone.append(name)
        problem = ""
        if one.doubles:
            problem = f"the service has it more than once: {', '.join(one.doubles)}"
            self.sent.doubles.append((name, ", ".join(one.doubles)))
        asked = replace(
            asked,
            sender=None,
            provider_id=taken.provider_id,
            accepted_at=now,
            account=self._service.account,
            cancel_until=taken.cancel_until,
            expected=taken.expected_delivery,
            cost=cost,
            problem=problem,
            sha256=one.stamped.sent,
        )
        subject, number = self._mailing.subject, str(one.stamped.number)
        accepted = PieceAccepted(
            pieces=number,
            service=asked.service,
            id=taken.provider_id,
            sha256=asked.sha256,
            live=asked.live,
            certified=asked.certified,
            cost=cost,
            expected=taken.expected_delivery,
            send_date=asked.send_date,
            pages=one.stamped.sha256,
        )
        if one.cancelled:
            gone = PiecesCancelled(number, asked.service, "it was cancelled at the service")
            return _Happened((Entry(subject, accepted), Entry(subject, gone)), asked)
        self.sent.accepted += 1
        self.sent.cost += cost
        if taken.cancel_until is not None:
            self.sent.cancel_until = min(taken.cancel_until, self.sent.cancel_until or taken.cancel_until)
        return _Happened((Entry(subject, accepted),), asked)

    def _intent(self, one: Stamped, now: datetime) -> Submission:
        return Submission(
            piece_id=one.piece_id,
            mailing_id=self._mailing.id,
            service=self._service.name,
            send_key=one.asked.send_key,
            sha256=one.sent,
            live=self._service.live,
            certified=one.asked.certified,
            send_date=one.asked.send_date,
            cost=one.cost,
            sender=self._me,
            first_tried=now,
            last_tried=now,
            problem="",
            provider_id=None,
            accepted_at=None,
            cancel_until=None,
            expected=None,
            account=self._service.account,
        )


def _own(one: Result, held: dict[str, UUID]) -> Result:
    """The result; not believed where the service gave the piece another one's number. `held` is added to."""
    if not isinstance(one.outcome, Accepted):
        return one
    number = one.outcome.provider_id
    if held.setdefault(number, one.stamped.piece_id) == one.stamped.piece_id:
        return one
    return replace(one, outcome=Unknown(f"the service gave it the number of another piece, {number}"))


def stamp_of(mail: MailFolder, service: Service, by: str) -> Stamp:
    """Events of a test key are a rehearsal's: nothing is printed."""
    stamp = mail.stamp(by)
    return stamp if service.live else replace(stamp, rehearsal=True)
