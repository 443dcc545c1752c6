"""The hashes that the events bind, read once for a command, and what it shows hashed again.

Whoever bills by a row refuses it where it is not what was recorded; `mailer ledger verify` looks at all the
rest too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from mailer.errors import MailerError
from mailer.judgement.history import History
from mailer.ledger.chain import Event
from mailer.ledger.clientevents import RatesRecorded, TermsRecorded
from mailer.ledger.clientpiece import ClientPiece
from mailer.ledger.events import PieceReissued, PiecesAdopted, PiecesPrepared
from mailer.ledger.leaves import FACTS, facts_leaf
from mailer.store.binding import LIST, salts
from mailer.store.events import happened
from mailer.store.ledgercheck import LedgerDifference, changed
from mailer.store.listcheck import leaves, wrong_rates, wrong_terms


class Edited(MailerError):
    """A row of the database is not what was recorded."""


@dataclass(slots=True)
class BoundRows:
    """What the events bind: of each client the last hash of its terms and of its rates; of each letter, by
    its mailing's subject and its number, the hash of what it states.
    """

    terms: dict[str, str] = field(default_factory=dict)
    rates: dict[str, str] = field(default_factory=dict)
    letters: dict[str, dict[int, str]] = field(default_factory=dict)

    @classmethod
    def read(cls, session: Session) -> BoundRows:
        """Of the whole list; the letters of a mailing are read once one is asked for."""
        found = cls()
        for _, terms in happened(session, LIST, TermsRecorded):
            found.terms.update(leaves(terms))
        for _, rates in happened(session, LIST, RatesRecorded):
            found.rates.update(leaves(rates))
        return found

    def require(self, session: Session, known: Sequence[History]) -> None:
        """Raises Edited, naming the first, where terms, rates or a letter of these clients was edited."""
        for wrong in self._wrong(session, known):
            raise Edited(
                str(wrong),
                where="the database",
                todo="Something other than mailer changed it: run `mailer ledger verify`, restore a backup.",
            )

    def _wrong(self, session: Session, known: Sequence[History]) -> Iterator[LedgerDifference]:
        salt_of = salts(session, [one.member.id for one in known])
        for one in known:
            key = one.member.id.hex
            of = (one.member, salt_of[key])
            yield from wrong_terms(of, one.terms, self.terms.get(key))
            yield from wrong_rates(of, one.base, self.rates.get(key))
            for letter in one.letters:
                if self._letter(session, letter) != facts_leaf(letter.facts, letter.pages, [one.member.id]):
                    yield changed("piece", letter.label, (*FACTS, "its client in piece_client"))

    def _letter(self, session: Session, letter: ClientPiece) -> str | None:
        subject = f"{letter.campaign}/{letter.medium.value}"
        found = self.letters.get(subject)
        if found is None:
            found = self.letters[subject] = {}
            made: list[tuple[Event, PiecesPrepared | PieceReissued]] = [
                *happened(session, subject, PiecesPrepared),
                *happened(session, subject, PiecesAdopted),
                *happened(session, subject, PieceReissued),
            ]
            for _, one in made:
                found.update((number, bound.facts) for number, bound in one.bound)
        return found.get(letter.number)
