"""What is asked of a person in a folder that was restored: whether a piece was repeated since it was copied.

No record has it, and nobody but who was there can be asked.
"""

from __future__ import annotations

from typing import Final

from mailer.ledger.events import PiecesPrepared
from mailer.ledger.kinds import EventKind
from mailer.ledger.numbers import numbers
from mailer.making.piecenames import number_of
from mailer.planning.mailfolder import MailFolder
from mailer.store.copies.ledgerhead import SUBJECT
from mailer.store.mailings import mailing_named
from mailer.store.record.events import happened, last_of
from mailer.store.repeats import ended_pieces

MOST: Final = 5  # named in one question


def doubt(mail: MailFolder, name: str, piece: str = "") -> str:
    """The question to answer with yes before that piece is repeated, or all that a service gave back of the
    campaign; "" where all of it is on record.
    """
    with mail.store.read() as session:
        settled, mailing = last_of(session, SUBJECT, [EventKind.SETTLED]), mailing_named(session, name)
        if settled is None or mailing is None:
            return ""
        wanted = (
            [number_of(mailing, piece)] if piece else [one.number for one in ended_pieces(session, mailing)]
        )
        before = {
            number
            for event, prepared in happened(session, mailing.subject, PiecesPrepared)
            if event.seq < settled.seq
            for number in numbers(prepared.pieces)
        }
    old = [mailing.label(number) for number in wanted if number in before]
    if not old:
        return ""
    more = f" and {len(old) - MOST} more" if len(old) > MOST else ""
    return (
        f"This folder is a restored copy, settled at {settled.recorded_at:%Y-%m-%d %H:%M} UTC: nothing tells "
        f"what was repeated just before. Are you sure that {', '.join(old[:MOST])}{more} was not?"
    )
