"""The same approved pages as a new piece, once they were chosen (mailer.making.remailing).

It has a number of its own and names the one it repeats.
"""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from mailer.ledger.events import PieceReissued, PiecesVoided
from mailer.ledger.kinds import Status
from mailer.ledger.salt import salted
from mailer.making.preparation import Wanted
from mailer.making.remailing import Repeat, require_repeatable
from mailer.making.testmail import end_copies
from mailer.planning.mailfolder import MailFolder
from mailer.store.events import Entry, record
from mailer.store.tables import MailingRow, PieceClientRow, PieceRow


def made(mail: MailFolder, repeat: Repeat, by: str) -> tuple[int, ...]:
    """Record the new pieces; their numbers, and those that were there.

    Raises Refused, and records nothing, where one of them went on since it was chosen.
    """
    if not repeat.rows:
        return repeat.numbers
    numbers: list[int] = []
    with mail.store.write() as session:
        mailing = session.get_one(MailingRow, repeat.mailing.id)
        entries: list[Entry] = []
        for chosen in repeat.rows:
            old = session.get_one(PieceRow, chosen.id)
            require_repeatable(session, mailing, old, repeat.allowed, live=repeat.live)
            if repeat.live:
                entries += end_copies(session, mailing, old)
            if old.status == Status.PRODUCED.value:
                entries.append(Entry(mailing.subject, PiecesVoided(str(old.number), repeat.reason)))
            number = mailing.next_number
            mailing.next_number += 1
            entries.append(_copy(session, mailing, old, number, repeat.wanted[old.number], repeat.reason))
            numbers.append(number)
        session.flush()
        record(session, entries, mail.stamp(by))
    return (*repeat.numbers, *numbers)


def _copy(
    session: Session, mailing: MailingRow, old: PieceRow, number: int, wanted: Wanted, reason: str
) -> Entry:
    """A new approved piece with the pages of `old`, to the address of now; the event that it exists."""
    piece_id, salt = uuid7(), secrets.token_hex(16)
    session.add(
        PieceRow(
            id=piece_id,
            mailing_id=mailing.id,
            number=number,
            status=Status.APPROVED.value,
            recipient_name=wanted.recipient[0],
            recipient=list(wanted.recipient),
            zip=wanted.address["zip"],
            address=wanted.address,
            salt=salt,
            facts=dict[str, Any](old.facts),
            recipient_digest=wanted.digest,
            file=old.file,
            first_page=old.first_page,
            last_page=old.last_page,
            sha256=old.sha256,
            rehearsed=False,
            again_of=old.number,
        )
    )
    session.flush()
    session.add_all(PieceClientRow(piece_id=piece_id, client_id=client) for client in wanted.clients)
    reissued = PieceReissued(
        pieces=str(number),
        of=old.number,
        sha256=old.sha256,
        client=salted(salt, ",".join(sorted(str(client) for client in wanted.clients))),
        address=salted(salt, "\n".join(wanted.recipient)),
        reason=reason or f"the service {old.status} it",
    )
    return Entry(mailing.subject, reissued)
