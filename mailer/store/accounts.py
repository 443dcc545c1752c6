"""What the judge needs of clients who are on the list, read a chunk at a time, and their accounts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import exists, or_, select

from mailer.clients.member import Member
from mailer.judgement.account import Account, account_of
from mailer.judgement.history import History, Question
from mailer.ledger.kinds import Medium
from mailer.ledger.records import Mailing
from mailer.store.engine import Session
from mailer.store.members import agreements, base_rates, in_chunks
from mailer.store.moves import moved
from mailer.store.pieces import sent_to
from mailer.store.tables import ClientRow, PieceClientRow, PieceRow, RateRow


def histories(
    session: Session, members: Sequence[Member], *, without: Collection[str] = ()
) -> dict[UUID, History]:
    """What is known of each client: its rates, agreements and letters; of the latter none of the campaigns
    `without`.
    """
    ids = [member.id for member in members]
    base = base_rates(session, ids, date.max)
    letters = sent_to(session, ids, medium=Medium.LETTER, without=without)
    moves = moved(session, {piece.campaign for sent in letters.values() for piece in sent})
    terms = agreements(session, members)
    return {
        member.id: History(
            member,
            base.get(member.id, ()),
            terms[member.id],
            tuple(letters.get(member.id, ())),
            moves,
        )
        for member in members
    }


def accounts(
    session: Session, members: Sequence[Member], question: Question, *, without: Collection[str] = ()
) -> dict[UUID, Account]:
    """What each client may be billed at. `without` leaves campaigns out (a plan its own)."""
    found = histories(session, members, without=without)
    return {client: account_of(history, question) for client, history in found.items()}


def noticed_rates(
    session: Session, ids: Sequence[UUID], question: Question
) -> dict[UUID, dict[str, Decimal]]:
    """The rates that rest on a notice, of those of the clients who have any."""
    having = list(sent_to(session, ids, medium=Medium.LETTER, mailed=True))
    if not having:
        return {}
    found: dict[UUID, dict[str, Decimal]] = {}
    for members in in_chunks(session, ids=having):
        for client_id, account in accounts(session, members, question).items():
            found[client_id] = {b.service: b.amount for b in account.services.values() if b.piece}
    return found


def numbers_changed_since(session: Session, mailing: Mailing) -> list[int]:
    """The mailed letters to whose client the list brought other terms or rates after they were mailed."""
    entered = exists().where(
        RateRow.client_id == PieceClientRow.client_id, RateRow.valid_from > PieceRow.counts_on
    )
    statement = (
        select(PieceRow.number)
        .join(PieceClientRow, PieceClientRow.piece_id == PieceRow.id)
        .join(ClientRow, ClientRow.id == PieceClientRow.client_id)
        .where(
            PieceRow.mailing_id == mailing.id,
            PieceRow.counts_on.is_not(None),
            or_(ClientRow.terms_from > PieceRow.counts_on, entered),
        )
        .order_by(PieceRow.number)
    )
    return list(session.execute(statement).scalars())
