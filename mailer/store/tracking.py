"""What services told of pieces, kept once: rows of `tracking`, and the pieces that they belong to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import Session

from mailer.ledger.kinds import Status
from mailer.store.tables import MailingRow, PieceRow, SubmissionRow, TrackingRow


@dataclass(frozen=True, slots=True)
class AtService:
    """A piece that a service was asked for. Its rows are as the database has them now."""

    piece: PieceRow
    mailing: MailingRow
    submission: SubmissionRow


_AT_SERVICE: Final[Select[PieceRow, MailingRow, SubmissionRow]] = (
    select(PieceRow, MailingRow, SubmissionRow)
    .join(SubmissionRow, SubmissionRow.piece_id == PieceRow.id)
    .join(MailingRow, MailingRow.id == PieceRow.mailing_id)
    .order_by(MailingRow.campaign, PieceRow.number)
    .execution_options(populate_existing=True)
)


def at_service(
    session: Session, letters: Collection[str], send_keys: Collection[str] = ()
) -> list[AtService]:
    """The pieces that a service knows by these ids, or that it was asked for by these keys."""
    chosen = or_(SubmissionRow.provider_id.in_(letters), SubmissionRow.send_key.in_(send_keys))
    return [AtService(*row) for row in session.execute(_AT_SERVICE.where(chosen))]


def to_poll(session: Session, campaigns: Collection[str]) -> list[AtService]:
    """Accepted and mailed pieces of these campaigns, of all where none is named."""
    statement = _AT_SERVICE.where(
        PieceRow.status.in_([Status.ACCEPTED.value, Status.MAILED.value]),
        SubmissionRow.provider_id.is_not(None),
    )
    if campaigns:
        statement = statement.where(MailingRow.campaign.in_(campaigns))
    return [AtService(*row) for row in session.execute(statement)]


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


def keep(session: Session, rows: Iterable[TrackingRow], once: Collection[str]) -> list[TrackingRow]:
    """Keep what was not told before; what was new.

    The same thing is the same id, or the same name and time of one letter; of `once`, kinds that happen
    to a letter once, the same name alone.
    """
    listed = list(rows)
    ids, letters = {row.id for row in listed}, {row.provider_id for row in listed}
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
    for row in listed:
        mark = _mark(row.provider_id, row.provider_kind, row.kind, row.occurred_at, once)
        if row.id not in seen and mark not in marks:
            seen.add(row.id)
            marks.add(mark)
            new.append(row)
    session.add_all(new)
    session.flush()
    return new


def told_of(session: Session, letter: str) -> list[TrackingRow]:
    """Everything that was told of a letter. A piece may have had an earlier one, under a test key."""
    statement = select(TrackingRow).where(TrackingRow.provider_id == letter)
    return list(session.execute(statement).scalars())


def adopt(session: Session, letter: str, piece: UUID) -> list[TrackingRow]:
    """Give the piece what was told of its letter before anyone knew whose it is."""
    statement = select(TrackingRow).where(TrackingRow.provider_id == letter, TrackingRow.piece_id.is_(None))
    rows = list(session.execute(statement).scalars())
    for row in rows:
        row.piece_id = piece
    session.flush()
    return rows


def strangers(session: Session) -> int:
    """Letters at the service that no piece here is known to be."""
    statement = select(func.count(TrackingRow.provider_id.distinct())).where(TrackingRow.piece_id.is_(None))
    return session.execute(statement).scalar_one()


def change(session: Session, piece: UUID, columns: Mapping[str, object]) -> None:
    """Change columns of a piece other than its status, which is the ledger's."""
    if columns:
        session.execute(update(PieceRow).where(PieceRow.id == piece).values(**columns))


def _mark(letter: str, name: str, kind: str, at: datetime, once: Collection[str]) -> tuple[object, ...]:
    return (letter, name) if kind in once else (letter, name, at)
