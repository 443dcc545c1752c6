"""What the database finds in the list: mail that came back from an address that a client still has, and
clients of one e-mail address.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from mailer.clients.addresses import printed_at
from mailer.ledger.kinds import ReturnReason
from mailer.ledger.numbers import label
from mailer.store.listed.care import listed_now
from mailer.store.listed.clients import by_ids
from mailer.store.tables import ClientRow, MailingRow, PieceClientRow, PieceRow

_AT_ONCE: Final = 1_000


def undeliverable(session: Session) -> dict[UUID, tuple[str, date]]:
    """By client the last of its pieces that the post could not deliver to the address that it has, and the
    day.
    """
    return came_back(session, (ReturnReason.ADDRESS_WRONG, ReturnReason.MOVED))


def came_back(
    session: Session, reasons: Collection[ReturnReason] = tuple(ReturnReason)
) -> dict[UUID, tuple[str, date]]:
    """By client its last piece that came back, for one of the reasons or for none known, and the day; none
    whose address is another now.
    """
    known = PieceRow.return_reason
    statement = (
        select(
            PieceClientRow.client_id,
            MailingRow.campaign,
            MailingRow.medium,
            PieceRow.number,
            PieceRow.recipient,
            PieceRow.returned_on,
        )
        .join(PieceRow, PieceRow.id == PieceClientRow.piece_id)
        .join(MailingRow, MailingRow.id == PieceRow.mailing_id)
        .where(PieceRow.returned_on.is_not(None), or_(known.is_(None), known.in_(list(reasons))))
        .order_by(PieceRow.returned_on)
    )
    last = {row.client_id: row for row in session.execute(statement)}
    found: dict[UUID, tuple[str, date]] = {}
    ids = list(last)
    for at in range(0, len(ids), _AT_ONCE):
        for client in by_ids(session, ids[at : at + _AT_ONCE]).values():
            row = last[client.id]
            places = (client.address, client.notice_goes_to)
            if any(printed_at(row.recipient, address) for address in places):
                name = label(row.campaign, row.medium.initial, row.number)
                found[client.id] = (name, row.returned_on)
    return found


def of_one_email(session: Session) -> list[tuple[UUID, UUID]]:
    """The active clients, two and two, who alone have the same e-mail address."""
    first, last = func.min(ClientRow.key), func.max(ClientRow.key)
    statement = (
        select(first, last)
        .where(listed_now(session), ClientRow.email_key != "")
        .group_by(ClientRow.email_key)
        .having(func.count() == 2)
    )
    pairs = session.execute(statement).all()
    keys = [key for pair in pairs for key in pair]
    ids: dict[str, UUID] = {}
    for at in range(0, len(keys), _AT_ONCE):
        known = select(ClientRow.key, ClientRow.id).where(ClientRow.key.in_(keys[at : at + _AT_ONCE]))
        ids |= {row.key: row.id for row in session.execute(known)}
    return [(ids[one], ids[other]) for one, other in pairs]
