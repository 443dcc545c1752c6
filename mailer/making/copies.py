"""The same approved pages as a new piece, once they were chosen (mailer.making.remailing).

It has a number of its own and names the one it repeats.
"""

from __future__ import annotations

from dataclasses import replace

from mailer.ledger.events import PieceReissued, PiecesVoided
from mailer.ledger.kinds import Status
from mailer.ledger.leaves import leaves_of
from mailer.making.preparation import Sheet, piece_of
from mailer.making.remailing import Repeat, require_repeatable
from mailer.making.testmail import end_copies
from mailer.planning.mailfolder import MailFolder
from mailer.store.mailings import mailing_by_id, take_numbers
from mailer.store.pieces import add_pieces, piece_by_id
from mailer.store.record.events import Entry, record


def made(mail: MailFolder, repeat: Repeat, by: str) -> tuple[int, ...]:
    """Record the new pieces; their numbers, and those that were there.

    Raises Refused, and records nothing, where one of them went on since it was chosen.
    """
    if not repeat.rows:
        return repeat.numbers
    with mail.store.write() as session:
        mailing = mailing_by_id(session, repeat.mailing.id)
        numbers = take_numbers(session, mailing, len(repeat.rows))
        entries: list[Entry] = []
        for number, chosen in zip(numbers, repeat.rows, strict=True):
            old = piece_by_id(session, chosen.id)
            require_repeatable(session, mailing, old, repeat.allowed, live=repeat.live)
            if repeat.live:
                entries += end_copies(session, mailing, old)
            if old.status is Status.PRODUCED:
                entries.append(Entry(mailing.subject, PiecesVoided(str(old.number), repeat.reason)))
            # the pages of the old one, to the address of now
            wanted = replace(repeat.wanted[old.number], facts=old.facts)
            sheet = Sheet(old.file, old.first_page, old.last_page, old.sha256)
            new = piece_of(mailing, number, wanted, sheet, status=Status.APPROVED, again_of=old.number)
            add_pieces(session, [(new, wanted.clients)])
            reason = repeat.reason or f"the service {old.status} it"
            bound = leaves_of(new, wanted.clients)
            reissued = PieceReissued(str(number), old.number, bound.sha256, reason, bound.facts, bound.person)
            entries.append(Entry(mailing.subject, reissued))
        record(session, entries, mail.stamp(by))
    return (*repeat.numbers, *numbers)
