"""What is odd about whom the letters of a mailing go to: said at the approval, the last look before paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mailer.ledger.records import Mailing
from mailer.notice.words import plural, some, spoken
from mailer.store.engine import Session
from mailer.store.listed.findings import undeliverable
from mailer.store.pieces import clients_of, pieces


def odd_addressees(session: Session, mailing: Mailing, numbers: Sequence[int]) -> Iterator[str]:
    """Of the letters with these numbers: those to an address that the post called wrong, and those of which
    another one goes to the very same name and address.
    """
    if mailing.is_newsletter or not numbers:
        return
    wrong = undeliverable(session)
    if wrong:
        for number, clients in clients_of(session, mailing, numbers).items():
            for client in clients:
                if client in wrong:
                    label, day = wrong[client]
                    yield (
                        f"{mailing.label(number)} goes to the address from which {label} came back on "
                        f"{spoken(day)}: it gives no notice if that is wrong. Correct it (mailer clients "
                        "correct) and approve again."
                    )
    met: dict[int, int] = {}  # hash of name and address: the first letter there
    twice: list[str] = []
    for piece in pieces(session, mailing, numbers=numbers):
        if piece.facts.is_copy:
            continue  # of a letter that is looked at
        first = met.setdefault(hash(piece.recipient), piece.number)
        if first != piece.number:
            twice.append(f"{mailing.label(first)} and {mailing.label(piece.number)}")
    if twice:
        yield (
            f"{plural(len(twice), 'letter goes', 'letters go')} to a name and address that has one already: "
            f"{some(twice)}. Is it one client? mailer clients quality"
        )
