"""Accounts of clients who are on the list: what the judge needs of each, read a chunk at a time."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from mailer.clients.member import Member
from mailer.judgement.account import Account, Question, account_of
from mailer.ledger.kinds import Medium
from mailer.store.members import base_rates, in_chunks
from mailer.store.moves import moved
from mailer.store.pieces import sent_to


def accounts(
    session: Session, members: Sequence[Member], question: Question, *, without: tuple[str, ...] = ()
) -> dict[UUID, Account]:
    """What each client may be billed at. `without` leaves campaigns out (a plan its own)."""
    ids = [member.id for member in members]
    base = base_rates(session, ids, question.worked_on)
    notices = sent_to(session, ids, medium=Medium.LETTER, without=without)
    moves = moved(session, {piece.campaign for sent in notices.values() for piece in sent})
    return {
        member.id: account_of(member, base.get(member.id, ()), notices.get(member.id, ()), moves, question)
        for member in members
    }


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
