"""The post's numbers of certified mail, which no two pieces share."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from sqlalchemy import select

from mailer.ledger.kinds import Medium
from mailer.ledger.numbers import label
from mailer.store.engine import Session
from mailer.store.tables import MailingRow, PieceRow

_AT_ONCE: Final = 1_000  # numbers of one question


def used(session: Session, numbers: Collection[str]) -> dict[str, str]:
    """Number → the piece that has it already, by its label."""
    found: dict[str, str] = {}
    listed = list(numbers)
    for at in range(0, len(listed), _AT_ONCE):
        statement = (
            select(PieceRow.certified, MailingRow.campaign, MailingRow.medium, PieceRow.number)
            .join(MailingRow, MailingRow.id == PieceRow.mailing_id)
            .where(PieceRow.certified.in_(listed[at : at + _AT_ONCE]))
        )
        for certified, campaign, medium, number in session.execute(statement):
            found[str(certified)] = label(campaign, Medium(medium).initial, number)
    return found
