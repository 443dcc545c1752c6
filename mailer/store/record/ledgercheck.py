"""A mailing's rows against its events: every column that events give or bind (mailer.store.record.guarded).

Each row is read once, in order, beside what the events bound of it, which is kept in a file: memory follows
what differs between pieces. What is only ever a step on the way, a job that is being built or a letter that
was asked for and not answered, is no event's yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields
from math import inf
from operator import attrgetter
from typing import Any, Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from mailer.ledger.chain import Event
from mailer.ledger.events import MailingApproved, PieceReissued, PiecesPrepared, said
from mailer.ledger.fold import Folded, MailingState, PieceState
from mailer.ledger.kinds import ENDED, JobState
from mailer.ledger.leaves import FACTS, PERSON, Leaves, leaves_of
from mailer.ledger.numbers import ranges
from mailer.ledger.payload import Said
from mailer.ledger.records import Mailing, Piece
from mailer.ledger.serviceevents import PieceAccepted
from mailer.store.jobs import hand_overs, jobs
from mailer.store.mailings import carried_by, last_number
from mailer.store.record.binding import with_clients
from mailer.store.record.events import all_events
from mailer.store.record.projection import DROP
from mailer.store.record.spilled import PieceLeaves
from mailer.store.tables import JobRow, PieceRow, SubmissionRow, TrackingRow

_PIECE: Final = tuple(one.name for one in fields(PieceState) if one.name not in ("job", "drop", "forgotten"))
_values: Final = attrgetter(*_PIECE)
_MAILING: Final = tuple(
    one.name
    for one in fields(MailingState)
    if one.name not in ("articles", "pieces", "jobs", "drops", "at_service")
)
_SUBMISSION: Final = {
    "service": "service",
    "provider_id": "id",
    "sha256": "sha256",
    "live": "live",
    "certified": "certified",
    "send_date": "send_date",
    "cost": "cost",
}
"""Column → what it is called in the event of the acceptance."""

Means = Callable[[str, str], str]
"""(service, the service's word) → what it means here."""


class LedgerDifference(NamedTuple):
    """Where a row is not what the events say. `columns` are those of which one was changed."""

    table: str
    row: str
    columns: str
    stored: object
    recorded: object

    def __str__(self) -> str:
        if self.stored is self.recorded:
            return f"{self.table}, {self.row}: {self.columns} is not what was recorded."
        return (
            f"{self.table}, {self.row}: {self.columns} is {_shown(self.stored)}, "
            f"the events say {_shown(self.recorded)}."
        )


def changed(table: str, row: str, columns: Iterable[str]) -> LedgerDifference:
    """A row whose hash is not the recorded one."""
    return LedgerDifference(table, row, " or ".join(columns), None, None)


@dataclass(slots=True)
class _Told:
    """What the events of a mailing say that the fold does not keep."""

    bound: PieceLeaves = field(default_factory=PieceLeaves)
    letters: dict[int, set[str]] = field(default_factory=dict)  # every id that a service gave a piece
    reports: dict[str, tuple[int, str, object, str, bool]] = field(default_factory=dict)


def differences(session: Session, mailing: Mailing, means: Means) -> Iterator[LedgerDifference]:
    """Every difference between a mailing's rows and its events. Raises Malformed, IllegalTransition."""
    folded, told = Folded(), _Told()
    for event in all_events(session, mailing.subject):
        happened = said(event)
        folded.take(event, happened)
        _note(told, happened)
        if isinstance(happened, MailingApproved):
            yield from _of_approval(mailing, event, happened, folded, told)
    state = folded.mailings.get(mailing.subject, MailingState())
    yield from _of_mailing(session, mailing, state)
    yield from _of_jobs(session, mailing, state)
    yield from _of_drops(session, mailing, state)
    yield from _of_pieces(session, mailing, state)
    yield from _of_bound(session, mailing, state, told)
    yield from _of_submissions(session, mailing, state)
    yield from _of_reports(session, mailing, told, means)


def _of_approval(
    mailing: Mailing, event: Event, happened: MailingApproved, folded: Folded, told: _Told
) -> Iterator[LedgerDifference]:
    """That it approved what was bound then and had not ended. Version 1 had no root."""
    known = folded.mailings[mailing.subject].pieces
    live = sum(one.status not in ENDED for one in known.values())

    def is_live(number: int) -> bool:
        return number in known and known[number].status not in ENDED

    if not happened.root or sum(is_live(number) for number, _ in told.bound.in_order()) < live:
        return
    row = f"{event.seq}, an approval of {mailing.campaign}"
    yield from _unlike("event", row, "output", happened.output, told.bound.output(is_live))
    yield from _unlike("event", row, "root", happened.root, told.bound.root(is_live))


def _note(told: _Told, happened: Said) -> None:
    if isinstance(happened, PiecesPrepared | PieceReissued):
        told.bound.update(happened.bound)
    if isinstance(happened, PieceAccepted):
        told.letters.setdefault(int(happened.pieces), set()).add(happened.id)
    name = getattr(happened, "event", "")
    if name:
        kind, at = getattr(happened, "provider_kind", ""), getattr(happened, "at", None)
        service = getattr(happened, "service", "")
        off = getattr(happened, "ahead", False) or getattr(happened, "early", False)
        told.reports[name] = (int(happened.concerns), kind, at, service, off)


def _of_mailing(session: Session, mailing: Mailing, state: MailingState) -> Iterator[LedgerDifference]:
    row = mailing.subject
    if mailing.subject != f"{mailing.campaign}/{mailing.medium.value}":
        yield LedgerDifference(
            "mailing", row, "campaign or medium", f"{mailing.campaign}/{mailing.medium}", row
        )
    for name in _MAILING:
        yield from _unlike("mailing", row, name, getattr(mailing, name), getattr(state, name))
    highest = max(state.pieces, default=0)
    yield from _unlike("mailing", row, "next_number", last_number(session, mailing) + 1, highest + 1)
    stored = carried_by(session, mailing)
    for campaign in sorted(stored.keys() | state.articles.keys()):
        yield from _unlike(
            "carried",
            f"{row} {campaign}",
            "article_digest",
            stored.get(campaign),
            state.articles.get(campaign),
        )


def _of_jobs(session: Session, mailing: Mailing, state: MailingState) -> Iterator[LedgerDifference]:
    stored = {job.number: job for job in jobs(session, mailing)}
    for number in sorted(stored.keys() | state.jobs.keys()):
        job, known = stored.get(number), state.jobs.get(number)
        row = f"job {number} of {mailing.campaign}"
        if job is None:
            yield LedgerDifference("job", row, "number", None, number)
            continue
        yield from _unlike("job", row, "folder", job.folder, f"jobs/{mailing.campaign}-job-{number}")
        recorded = known or {"state": JobState.BUILDING, "manifest": None}
        for name, value in recorded.items():
            yield from _unlike("job", row, name, getattr(job, name), value)


def _of_drops(session: Session, mailing: Mailing, state: MailingState) -> Iterator[LedgerDifference]:
    numbers = {job.id: job.number for job in jobs(session, mailing)}
    stored = hand_overs(session, mailing)
    for at in range(max(len(stored), len(state.drops))):
        row = f"hand-over {at + 1} of {mailing.campaign}"
        if at >= len(stored) or at >= len(state.drops):
            yield LedgerDifference(
                "mail_drop",
                row,
                "id",
                "there" if at < len(stored) else None,
                "there" if at < len(state.drops) else None,
            )
            continue
        given, known = stored[at], state.drops[at]
        yield from _unlike("mail_drop", row, "job_id", numbers.get(given.job_id), known.job)
        for name in DROP:
            yield from _unlike("mail_drop", row, name, getattr(given, name), getattr(known, name))


def _of_pieces(session: Session, mailing: Mailing, state: MailingState) -> Iterator[LedgerDifference]:
    """What the fold gives of each piece."""
    drops = {given.id: at for at, given in enumerate(hand_overs(session, mailing), 1)}
    columns = (PieceRow.drop_id, PieceRow.number, JobRow.number, JobRow.state)
    statement = (
        select(*columns, *(getattr(PieceRow, name) for name in _PIECE))
        .outerjoin(JobRow, JobRow.id == PieceRow.job_id)
        .where(PieceRow.mailing_id == mailing.id)
        .order_by(PieceRow.number)
    )
    missing: list[int] = []
    expected = iter(sorted(state.pieces))
    rows = session.connection().execute(statement.execution_options(yield_per=1_000))
    for drop, number, job, building, *values in rows:
        known, row = state.pieces.get(number), mailing.label(number)
        if known is None:
            yield LedgerDifference("piece", row, "number", number, None)
            continue
        missing += iter(expected.__next__, number)  # those before it; it is among them itself
        yield from _unlike("piece", row, "drop_id", drops.get(drop, drop), known.drop)
        if building is not JobState.BUILDING or known.job is not None:
            yield from _unlike("piece", row, "job_id", job, known.job)
        if _values(known) == tuple(values):
            continue
        for name, value in zip(_PIECE, values, strict=True):
            yield from _unlike("piece", row, name, value, getattr(known, name))
    missing += expected
    if missing:
        yield LedgerDifference(
            "piece", f"{ranges(missing)} of {mailing.subject}", "number", None, ranges(missing)
        )


def _of_bound(
    session: Session, mailing: Mailing, state: MailingState, told: _Told
) -> Iterator[LedgerDifference]:
    """What is hashed of each piece, by number. A piece of which no event tells is found elsewhere."""
    told_of = told.bound.in_order()
    number, recorded = next(told_of, _NO_MORE)
    for piece, clients in with_clients(session, mailing):
        while number < piece.number:
            number, recorded = next(told_of, _NO_MORE)
        if number == piece.number and recorded is not None:
            yield from unbound(mailing, piece, recorded, leaves_of(piece, clients), state)
    bound = (number for number, _ in told.bound.in_order())
    last = next(bound, inf)
    for number in sorted(state.pieces):
        while last < number:
            last = next(bound, inf)
        if last != number:
            yield LedgerDifference("piece", mailing.label(number), "number", number, None)


_NO_MORE: Final[tuple[float, Leaves | None]] = (inf, None)


def unbound(
    mailing: Mailing, piece: Piece, recorded: Leaves, now: Leaves, state: MailingState | None = None
) -> Iterator[LedgerDifference]:
    """What of a piece is not what was recorded when it was made."""
    row = mailing.label(piece.number)
    if (now.sha256, now.facts) != (recorded.sha256, recorded.facts):
        yield changed("piece", row, (*FACTS, "its clients in piece_client"))
    known = state.pieces.get(piece.number) if state else None
    if now.person != recorded.person and not (known and known.forgotten and not piece.salt):
        yield changed("piece", row, PERSON)


def _of_submissions(session: Session, mailing: Mailing, state: MailingState) -> Iterator[LedgerDifference]:
    columns = (PieceRow.number, SubmissionRow.mailing_id)
    statement = (
        select(*columns, *(getattr(SubmissionRow, name) for name in _SUBMISSION))
        .join(PieceRow, PieceRow.id == SubmissionRow.piece_id)
        .where(PieceRow.mailing_id == mailing.id)
    )
    left = dict(state.at_service)
    for number, of, *values in session.connection().execute(statement.execution_options(yield_per=1_000)):
        row = f"of {mailing.label(number)}"
        yield from _unlike("submission", row, "mailing_id", of, mailing.id)
        accepted = left.pop(number, None)
        if accepted is None:
            continue
        for (name, called), value in zip(_SUBMISSION.items(), values, strict=True):
            yield from _unlike("submission", row, name, value, getattr(accepted, called))
    for number, accepted in left.items():
        yield LedgerDifference("submission", f"of {mailing.label(number)}", "piece_id", None, accepted.id)


def _of_reports(session: Session, mailing: Mailing, told: _Told, means: Means) -> Iterator[LedgerDifference]:
    columns = (TrackingRow.id, TrackingRow.provider_kind, TrackingRow.occurred_at, TrackingRow.kind)
    statement = (
        select(PieceRow.number, TrackingRow.provider_id, SubmissionRow.provider_id, *columns)
        .join_from(TrackingRow, PieceRow, PieceRow.id == TrackingRow.piece_id)
        .outerjoin(SubmissionRow, SubmissionRow.piece_id == PieceRow.id)
        .where(PieceRow.mailing_id == mailing.id)
    )
    left = dict(told.reports)
    for number, letter, current, name, *values in session.connection().execute(statement):
        row, known = str(name), left.pop(name, None)
        if known is None:
            yield LedgerDifference("tracking", row, "id", name, None)
            continue
        of, kind, at, service, off = known
        meant = means(service, "" if off else kind)  # what can't have been then means what no word does
        yield from _unlike("tracking", row, "piece_id", number, of)
        names = ("provider_kind", "occurred_at", "kind")
        for column, value, recorded in zip(names, values, (kind, at, meant), strict=True):
            yield from _unlike("tracking", row, column, value, recorded)
        if letter != current and letter not in told.letters.get(number, ()):
            yield LedgerDifference("tracking", row, "provider_id", letter, current)
    for name in left:
        yield LedgerDifference("tracking", name, "id", None, name)


def _unlike(table: str, row: str, column: str, stored: Any, recorded: Any) -> Iterator[LedgerDifference]:
    if stored != recorded:
        yield LedgerDifference(table, row, column, stored, recorded)


def _shown(value: object) -> str:
    return "nothing" if value is None else str(value)
