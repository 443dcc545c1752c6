"""What stands in the way of sending a piece once more, or calls for it. Pieces come as frozen records.

A copy that is at a mail service with a test key was only tried: nothing of it was printed.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from mailer.ledger.kinds import AT_SERVICE, Status
from mailer.ledger.records import Mailing, Piece
from mailer.store.engine import Session
from mailer.store.pieces import LIVE, PIECE, clients_of, goes_second, piece_of, served
from mailer.store.tables import PieceClientRow, PieceRow, SubmissionRow


def later_piece(session: Session, piece: Piece, *, live: bool) -> Piece | None:
    """The last live piece made after this one for one of its clients; `live`: but one that was only tried."""
    own, shared = aliased(PieceClientRow), aliased(PieceClientRow)
    statement = (
        select(*PIECE)
        .join(shared, shared.piece_id == PieceRow.id)
        .join(own, own.client_id == shared.client_id)
        .where(
            own.piece_id == piece.id,
            PieceRow.mailing_id == piece.mailing_id,
            PieceRow.number > piece.number,
            PieceRow.status.in_(LIVE),
            goes_second(PieceRow) == piece.facts.second,
        )
        .order_by(PieceRow.number.desc())
    )
    if live:
        tried = _tried(piece).with_only_columns(PieceRow.id)
        statement = statement.where(PieceRow.id.not_in(tried.scalar_subquery()))
    row = session.execute(statement.limit(1)).first()
    return None if row is None else piece_of(row)


def tried_copies(session: Session, piece: Piece) -> dict[int, UUID]:
    """The copies of a piece that were only tried: the id of each by its number."""
    rows = session.execute(_tried(piece).with_only_columns(PieceRow.number, PieceRow.id))
    return {number: key for number, key in rows}  # noqa: C416 (typed so)


def _tried(piece: Piece) -> Select[PieceRow]:
    return (
        select(PieceRow)
        .join(SubmissionRow, SubmissionRow.piece_id == PieceRow.id)
        .where(
            PieceRow.mailing_id == piece.mailing_id,
            PieceRow.again_of == piece.number,
            PieceRow.status.in_(list(AT_SERVICE)),
            SubmissionRow.live.is_(False),
        )
    )


def ended_pieces(session: Session, mailing: Mailing) -> list[Piece]:
    """Refused and cancelled pieces none of whose clients has another one, by number; of several to the same
    clients the last.
    """
    statement = (
        select(*PIECE)
        .where(
            PieceRow.mailing_id == mailing.id,
            PieceRow.status.in_([Status.REJECTED, Status.CANCELLED]),
            ~served(),
        )
        .order_by(PieceRow.number)
    )
    ended = [piece_of(row) for row in session.execute(statement)]
    clients = clients_of(session, mailing, [piece.number for piece in ended])
    # a piece refused twice goes once
    latest = {(clients.get(piece.number), piece.facts.second): piece for piece in ended}
    return sorted(latest.values(), key=lambda piece: piece.number)
