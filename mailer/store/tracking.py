"""What services told of pieces, kept once: rows of `tracking`, and the pieces that they belong to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, insert, or_, select, update

from mailer.ledger.kinds import Status
from mailer.ledger.records import Mailing, Piece, Submission
from mailer.store.engine import Session
from mailer.store.outbox import SUBMISSION
from mailer.store.pieces import PIECE, piece_of
from mailer.store.tables import MailingRow, PieceRow, SubmissionRow, TrackingRow


@dataclass(frozen=True, slots=True)
class KeptReport:
    """One thing that a service told of a letter. `piece_id` is None until its piece is known here; `kind` is
    ours, `provider_kind` the service's own word; `told_by` is "webhook" or "poll".
    """

    id: str
    provider_id: str
    piece_id: UUID | None
    kind: str
    provider_kind: str
    occurred_at: datetime
    told_at: datetime
    told_by: str


@dataclass(frozen=True, slots=True)
class AtService:
    """A piece that a service was asked for."""

    piece: Piece
    mailing: Mailing
    submission: Submission


_MAILING: Final = tuple(getattr(MailingRow, name) for name in Mailing.__slots__)
_REPORT: Final = tuple(getattr(TrackingRow, name) for name in KeptReport.__slots__)
_AT_SERVICE: Final[Select[Any]] = (
    select(*PIECE, *_MAILING, *SUBMISSION)
    .select_from(PieceRow)
    .join(SubmissionRow, SubmissionRow.piece_id == PieceRow.id)
    .join(MailingRow, MailingRow.id == PieceRow.mailing_id)
    .order_by(MailingRow.campaign, PieceRow.number)
)


def _found(session: Session, statement: Select[Any]) -> list[AtService]:
    one, two = len(PIECE), len(PIECE) + len(_MAILING)
    return [
        AtService(piece_of(row[:one]), Mailing(*row[one:two]), Submission(*row[two:]))
        for row in session.connection().execute(statement)
    ]


def at_service(
    session: Session, letters: Collection[str], send_keys: Collection[str] = ()
) -> list[AtService]:
    """The pieces that a service knows by these ids, or that it was asked for by these keys."""
    chosen = or_(SubmissionRow.provider_id.in_(letters), SubmissionRow.send_key.in_(send_keys))
    return _found(session, _AT_SERVICE.where(chosen))


def to_poll(session: Session, campaigns: Collection[str]) -> list[AtService]:
    """Accepted, mailed and rejected pieces of these campaigns, of all where none is named: who rejected one
    may have mailed it all the same.
    """
    statement = _AT_SERVICE.where(
        PieceRow.status.in_([Status.ACCEPTED.value, Status.MAILED.value, Status.REJECTED.value]),
        SubmissionRow.provider_id.is_not(None),
    )
    if campaigns:
        statement = statement.where(MailingRow.campaign.in_(campaigns))
    return _found(session, statement)


def counts(session: Session, campaigns: Collection[str]) -> dict[str, dict[str, int]]:
    """Campaign → status → how many pieces that a service was asked for."""
    statement = (
        select(MailingRow.campaign, PieceRow.status, func.count())
        .join(PieceRow, PieceRow.mailing_id == MailingRow.id)
        .join(SubmissionRow, SubmissionRow.piece_id == PieceRow.id)
        .group_by(MailingRow.campaign, PieceRow.status)
        .order_by(MailingRow.campaign)
    )
    if campaigns:
        statement = statement.where(MailingRow.campaign.in_(campaigns))
    found: dict[str, dict[str, int]] = {}
    for campaign, status, count in session.execute(statement):
        found.setdefault(campaign, {})[status] = count
    return found


def keep(session: Session, told: Iterable[KeptReport], once: Collection[str]) -> list[KeptReport]:
    """Keep what was not told before; what was new.

    The same thing is the same id, or the same name and time of one letter; of `once`, kinds that happen
    to a letter once, the same name alone.
    """
    listed = list(told)
    ids, letters = {one.id for one in listed}, {one.provider_id for one in listed}
    columns = (TrackingRow.id, TrackingRow.provider_id, TrackingRow.provider_kind, TrackingRow.kind)
    statement = select(*columns, TrackingRow.occurred_at).where(
        or_(TrackingRow.id.in_(ids), TrackingRow.provider_id.in_(letters))
    )
    seen: set[str] = set()
    marks: set[tuple[object, ...]] = set()
    for number, letter, name, kind, at in session.execute(statement):
        seen.add(number)
        marks.add(_mark(letter, name, kind, at, once))
    new = []
    for one in listed:
        mark = _mark(one.provider_id, one.provider_kind, one.kind, one.occurred_at, once)
        if one.id not in seen and mark not in marks:
            seen.add(one.id)
            marks.add(mark)
            new.append(one)
    if new:
        values = [{name: getattr(one, name) for name in KeptReport.__slots__} for one in new]
        session.execute(insert(TrackingRow), values)
    return new


def told_of(session: Session, letter: str) -> list[KeptReport]:
    """Everything that was told of a letter. A piece may have had an earlier one, under a test key."""
    return _reports(session, select(*_REPORT).where(TrackingRow.provider_id == letter))


def adopt(session: Session, letter: str, piece: UUID, meant: Callable[[KeptReport], str]) -> list[KeptReport]:
    """Give the piece what was told of its letter before anyone knew whose it is; `meant`: its kind then."""
    unclaimed = (TrackingRow.provider_id == letter, TrackingRow.piece_id.is_(None))
    found = _reports(session, select(*_REPORT).where(*unclaimed))
    if found:
        session.execute(update(TrackingRow).where(*unclaimed).values(piece_id=piece))
    adopted = [replace(one, piece_id=piece, kind=meant(one)) for one in found]
    for before, one in zip(found, adopted, strict=True):
        if one.kind != before.kind:
            session.execute(update(TrackingRow).where(TrackingRow.id == one.id).values(kind=one.kind))
    return adopted


def _reports(session: Session, statement: Select[Any]) -> list[KeptReport]:
    return [KeptReport(*row) for row in session.connection().execute(statement)]


def strangers(session: Session) -> int:
    """Letters at the service that no piece here is known to be."""
    statement = select(func.count(TrackingRow.provider_id.distinct())).where(TrackingRow.piece_id.is_(None))
    return session.execute(statement).scalar_one()


def _mark(letter: str, name: str, kind: str, at: datetime, once: Collection[str]) -> tuple[object, ...]:
    return (letter, name) if kind in once else (letter, name, at)
