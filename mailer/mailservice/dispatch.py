"""One process's part in a send: pieces claimed with the intent committed, and what came of them recorded."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from mailer.ledger.events import (
    PieceAccepted,
    PieceRejected,
    PiecesCancelled,
    PiecesReleased,
    PiecesSubmitting,
    PieceUnanswered,
)
from mailer.ledger.kinds import Status
from mailer.ledger.numbers import ranges
from mailer.mailservice.account import LOB
from mailer.mailservice.forecast import Order, month_of, require_below, unsettled
from mailer.mailservice.packing import Packer, Stamped
from mailer.mailservice.reports import attach
from mailer.mailservice.requests import Gone, Result, Task, past_key_life
from mailer.mailservice.service import (
    Accepted,
    Denied,
    Rejected,
    Service,
    Throttled,
    Unknown,
    Unreachable,
)
from mailer.planning.mailfolder import MailFolder
from mailer.progress import Progress
from mailer.store.events import Entry, Stamp, record
from mailer.store.outbox import IN_FLIGHT, forget, in_flight, let_go, spent, waiting
from mailer.store.tables import MailingRow, PieceRow, SubmissionRow


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


class Dispatch:
    """One process's part in a send: what it claims, and what it records.

    `left_out` are never claimed; with `only`, nothing but that number is. `outdated` would be made otherwise
    today: what was asked for them is looked up, and nothing of them is asked for.
    """

    def __init__(
        self,
        mail: MailFolder,
        mailing: MailingRow,
        order: Order,
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
            cap = self._mail.settings.lob.monthly_cap
            cost = sum((one.cost for one in stamped), Decimal(0))
            require_below(cap, spent(session, *month_of(self._mail)), cost, self._order.campaign.name)
            now = self._mail.clock.now()
            session.add_all(self._intent(one, now) for one in stamped)
            session.flush()
            asking = PiecesSubmitting(ranges(row.number for row in rows), LOB)
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
                live=self._service.live,
                account=self._service.account,
                me=self._me,
                but=self._tried,
                limit=limit,
            )
            if not left:
                return []
            stamped = {one.number: one for one in self._packer.packed([found.piece for found in left])}
            tasks = []
            for found in left:
                one, row = stamped[found.piece.number], found.submission
                asked = replace(one.asked, certified=row.certified, send_date=row.send_date)
                bygone = not asking or one.number in self._outdated or self._is_past(row.send_date)
                tasks.append(Task(replace(one, asked=asked), row.first_tried, row.last_tried, bygone))
                row.sender = self._me
                if not bygone:
                    row.account = self._service.account
                if not bygone and not past_key_life(row.first_tried, now):
                    row.last_tried = now
        self._tried += [task.stamped.number for task in tasks]
        return tasks

    def record(self, results: Sequence[Result]) -> None:
        """Commit what came of these pieces."""
        if not results:
            return
        now = self._mail.clock.now()
        with self._mail.store.write() as session:
            ids = [one.stamped.piece_id for one in results]
            pieces = {
                row.id: row for row in session.execute(select(PieceRow).where(PieceRow.id.in_(ids))).scalars()
            }
            asked = {
                row.piece_id: row
                for row in session.execute(
                    select(SubmissionRow).where(SubmissionRow.piece_id.in_(ids))
                ).scalars()
            }
            entries: list[Entry] = []
            accepted: list[SubmissionRow] = []
            released: list[UUID] = []
            for one in results:
                piece, row = pieces[one.stamped.piece_id], asked.get(one.stamped.piece_id)
                if row is None or row.live != self._service.live or piece.status not in IN_FLIGHT:
                    self._was_told(one, row)
                    continue
                row.sender = None
                made = self._entries(one, piece, row, now)
                entries += made
                if isinstance(one.outcome, Accepted):
                    accepted.append(row)
                if any(isinstance(entry.said, PiecesReleased) for entry in made):
                    released.append(piece.id)
            session.flush()
            record(session, entries, self._stamp)
            forget(session, released)
            session.expire_all()
            for row in accepted:
                attach(session, self._mail, row)
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

    def _entries(self, one: Result, piece: PieceRow, row: SubmissionRow, now: datetime) -> list[Entry]:
        name, number = self._packer.label(piece), str(piece.number)
        happened: type[PieceRejected | PieceUnanswered | PiecesReleased]
        self.sent.released.pop(name, None)
        match one.outcome:
            case Accepted() as taken:
                return self._accepted(one, taken, piece, row, now)
            case Rejected(code, message):
                happened, row.problem = PieceRejected, f"{code}: {message}"
                self.sent.rejected.append((name, message))
            case Unknown(reason):
                self.sent.unknown.append((name, reason))
                row.problem = reason
                if piece.status == Status.UNKNOWN.value:
                    return []
                happened = PieceUnanswered
            case Gone(reason) | Unreachable(reason) | Denied(_, reason):
                happened, row.problem = PiecesReleased, reason
                if piece.number in self._outdated:
                    self._left_out.add(piece.number)
                    self.sent.outdated.append(name)
                else:
                    self.sent.released[name] = reason  # until it is asked for again
            case Throttled():
                happened, row.problem = PiecesReleased, "the service takes no more at once"
                self._left_out.add(piece.number)  # not in this run again
                self.sent.released[name] = row.problem
        return [Entry(self._mailing.subject, happened(number, LOB, row.problem))]

    def _was_told(self, one: Result, row: SubmissionRow | None) -> None:
        """A webhook, or another process, was faster: what only the answer says is added."""
        if row is None or not isinstance(one.outcome, Accepted) or row.provider_id != one.outcome.provider_id:
            return
        row.cancel_until = row.cancel_until or one.outcome.cancel_until
        row.expected = row.expected or one.outcome.expected_delivery
        self.sent.accepted += 1
        self.sent.cost += row.cost or Decimal(0)

    def _accepted(
        self, one: Result, taken: Accepted, piece: PieceRow, row: SubmissionRow, now: datetime
    ) -> list[Entry]:
        row.provider_id, row.accepted_at, row.account = taken.provider_id, now, self._service.account
        row.cancel_until, row.expected = taken.cancel_until, taken.expected_delivery
        row.cost = one.stamped.cost if taken.price is None else taken.price
        row.problem = ""
        name = self._packer.label(piece)
        if piece.number in self._outdated:
            self.sent.bygone.append(name)
        if one.doubles:
            row.problem = f"the service has it more than once: {', '.join(one.doubles)}"
            self.sent.doubles.append((name, ", ".join(one.doubles)))
        subject, number = self._mailing.subject, str(piece.number)
        accepted = PieceAccepted(
            pieces=number,
            service=LOB,
            id=taken.provider_id,
            sha256=one.stamped.sha256,
            live=row.live,
            certified=row.certified,
            cost=row.cost,
            expected=taken.expected_delivery,
            send_date=row.send_date,
        )
        entries = [Entry(subject, accepted)]
        if one.cancelled:
            entries.append(Entry(subject, PiecesCancelled(number, LOB, "it was cancelled at the service")))
            return entries
        self.sent.accepted += 1
        self.sent.cost += row.cost
        if taken.cancel_until is not None:
            self.sent.cancel_until = min(taken.cancel_until, self.sent.cancel_until or taken.cancel_until)
        return entries

    def _intent(self, one: Stamped, now: datetime) -> SubmissionRow:
        return SubmissionRow(
            piece_id=one.piece_id,
            mailing_id=self._mailing.id,
            service=LOB,
            send_key=one.asked.send_key,
            sha256=one.sha256,
            live=self._service.live,
            certified=one.asked.certified,
            send_date=one.asked.send_date,
            cost=one.cost,
            sender=self._me,
            first_tried=now,
            last_tried=now,
            problem="",
            account=self._service.account,
        )


def stamp_of(mail: MailFolder, service: Service, by: str) -> Stamp:
    """Events of a test key are a rehearsal's: nothing is printed."""
    stamp = mail.stamp(by)
    return stamp if service.live else replace(stamp, rehearsal=True)
