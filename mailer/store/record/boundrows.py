"""The hashes that the events bind, read once for a command, and what it shows hashed again.

Whoever bills by a row refuses it where it is not what was recorded; `mailer ledger verify` looks at all the
rest too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mailer.errors import MailerError
from mailer.judgement.history import History
from mailer.ledger.clientpiece import ClientPiece
from mailer.ledger.effects import HandedOver
from mailer.ledger.events import PieceReissued, PiecesAdopted, PiecesPrepared, said
from mailer.ledger.fold import Folded, MailingState, PieceState
from mailer.ledger.kinds import EventKind
from mailer.ledger.leaves import FACTS, facts_leaf
from mailer.store.record.binding import LIST
from mailer.store.record.events import all_events
from mailer.store.record.ledgercheck import LedgerDifference, changed
from mailer.store.record.listcheck import ListEvents, wrong_account
from mailer.store.record.spilled import PieceLeaves
from mailer.store.tables import EventRow, MailingRow, PieceClientRow, PieceRow


class Edited(MailerError):
    """A row of the database is not what was recorded."""


_BEGUN: Final = (EventKind.BEGUN.value, EventKind.ADOPTED.value)
_STATE: Final = (
    "status", "rehearsed", "counts_on", "dropped_on", "returned_on", "return_reason", "received_on",
    "misaddressed_on", "of_record",
)  # fmt: skip
"""What a verdict rests on, of what the events make of a letter."""
_state: Final = attrgetter(*_STATE)


@dataclass(frozen=True, slots=True)
class _Made:
    """A mailing's pieces as the events have them: what binds each, its state by number; its hand-overs."""

    bound: PieceLeaves
    state: Mapping[int, PieceState]
    drops: Sequence[HandedOver]

    @classmethod
    def read(cls, session: Session, subject: str) -> _Made:
        bound, folded = PieceLeaves(), Folded()
        for event in all_events(session, subject):
            told = said(event)
            folded.take(event, told)
            if isinstance(told, PiecesPrepared | PiecesAdopted | PieceReissued):
                bound.update(told.bound)
        known = folded.mailings.get(subject, MailingState())
        return cls(bound, known.pieces, known.drops)

    def missing(self, session: Session, subject: str) -> Iterator[LedgerDifference]:
        """A letter that was taken out would be billed as if it had not been written."""
        statement = (
            select(func.count())
            .select_from(PieceRow)
            .join(MailingRow, MailingRow.id == PieceRow.mailing_id)
            .join(PieceClientRow, PieceClientRow.piece_id == PieceRow.id)
            .where(MailingRow.subject == subject)
        )
        stored = session.execute(statement).scalar_one()
        if stored < len(self.state):
            yield LedgerDifference("piece_client", f"of {subject}", "client_id", stored, len(self.state))

    def unlike(self, letter: ClientPiece) -> Iterator[LedgerDifference]:
        known = self.state.get(letter.number)
        if known is None:
            return
        closings = self.drops[known.drop - 1].closings if known.drop else ()
        if letter.closings != closings:
            yield LedgerDifference("mail_drop", f"of {letter.label}", "closings", letter.closings, closings)
        if _state(letter) == _state(known):
            return
        for name, stored, recorded in zip(_STATE, _state(letter), _state(known), strict=True):
            if stored != recorded:
                yield LedgerDifference("piece", letter.label, name, stored, recorded)


@dataclass(slots=True)
class BoundRows:
    """What the events give: of each client the last hash of its terms and of its rates; its letters by their
    mailing's subject.
    """

    listed: ListEvents = field(default_factory=ListEvents)
    mailings: dict[str, _Made] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)  # mailings that the events tell of and no row

    @classmethod
    def read(cls, session: Session) -> BoundRows:
        """Of the whole list; the letters of a mailing are read once one is asked for."""
        found = cls()
        for event in all_events(session, LIST):
            found.listed.note(event, said(event))
        begun = select(EventRow.subject).where(EventRow.kind.in_(_BEGUN)).distinct()
        found.gone += session.scalars(begun.where(EventRow.subject.not_in(select(MailingRow.subject))))
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
        for subject in self.gone:
            yield LedgerDifference("mailing", subject, "subject", None, subject)
        keys = [one.member.id.hex for one in known]
        agreed, paid = self.listed.terms.of(keys), self.listed.rates.of(keys)
        numbers: dict[str, list[int]] = {}
        for one in known:
            for letter in one.letters:
                numbers.setdefault(_subject(letter), []).append(letter.number)
        for subject in [one for one in numbers if one not in self.mailings]:
            made = self.mailings[subject] = _Made.read(session, subject)
            yield from made.missing(session, subject)
        facts = {subject: self.mailings[subject].bound.facts(of) for subject, of in numbers.items()}
        for key, one in zip(keys, known, strict=True):
            member = one.member
            if member.salt or member.id not in self.listed.forgotten:
                yield from wrong_account(member, key, (one.terms, agreed.get(key)), (one.base, paid.get(key)))
            for letter in one.letters:
                subject = _subject(letter)
                if facts[subject].get(letter.number) != facts_leaf(letter.facts, letter.pages, [member.id]):
                    yield changed("piece", letter.label, (*FACTS, "its client in piece_client"))
                yield from self.mailings[subject].unlike(letter)


def _subject(letter: ClientPiece) -> str:
    return f"{letter.campaign}/{letter.medium}"
