"""What is known of one client that its rates and its notices hang on: values, oldest first. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from operator import is_

from mailer.clients.member import BaseRate, Member
from mailer.clients.record import Contract
from mailer.ledger.clientpiece import ClientPiece
from mailer.ledger.moves import Moved
from mailer.notice.closings import Closings
from mailer.notice.rules import Rule


@dataclass(frozen=True, slots=True)
class DatedTerms:
    """A client's agreement from a day on."""

    valid_from: date
    contract: Contract


@dataclass(frozen=True, slots=True)
class Asked:
    """What a campaign's definition asks of its notice today, where its letters froze nothing.

    `effective` is None where there is no definition any more, or it names no day.
    """

    statutes: tuple[str, ...] = ()
    effective: date | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What does not change from client to client: the day of the work, today, the firm's house rule and
    state, and what each campaign's definition asks. `instead`: campaigns as if they took effect on that day.
    """

    worked_on: date
    today: date
    house: Rule
    closings: Closings
    rehearsal: bool
    state: str
    asked: Callable[[str], Asked]
    instead: tuple[tuple[str, date], ...] = ()

    def recorded(self, letter: ClientPiece, moved: Moved | None) -> date:
        """The day for which a letter is judged: what it states, or later where it was moved on record.

        A lower rate that was promised for a day is not put off without a word: it keeps its day.
        """
        stated = letter.facts.effective or date.max
        if letter.facts.rates and all(rate.new <= rate.old for rate in letter.facts.rates):
            return stated
        for campaign, day in self.instead:
            if campaign == letter.campaign:
                return day
        return max(stated, moved.to) if moved else stated

    def effective(self, letter: ClientPiece, moved: Moved | None) -> date:
        """When a letter's change takes effect: its recorded day, or later where its definition was put off by
        hand since. A date that nobody recorded takes away and never gives: a late letter stays late.
        """
        recorded = self.recorded(letter, moved)
        lower = letter.facts.rates and all(rate.new <= rate.old for rate in letter.facts.rates)
        if lower or any(campaign == letter.campaign for campaign, _ in self.instead):
            return recorded
        return max(recorded, self.asked(letter.campaign).effective or recorded)


@dataclass(frozen=True, slots=True)
class History:
    """One client: `base` are the rates entered, `terms` its agreements, `letters` the documents it got."""

    member: Member
    base: tuple[BaseRate, ...]
    terms: tuple[DatedTerms, ...]
    letters: tuple[ClientPiece, ...]
    moves: Mapping[str, Moved]

    def contract_on(self, day: date) -> Contract:
        """The agreement of a day; the first one known for a day before it."""
        found = self.terms[0].contract if self.terms else self.member.contract
        for one in self.terms:
            if one.valid_from > day:
                break
            found = one.contract
        return found

    def raised_before(self, day: date) -> date | None:
        """The latest rise before a day that any agreement of the client tells of."""
        told = (one.contract.last_raised for one in self.terms)
        return max((each for each in told if each is not None and each < day), default=None)

    def until(self, day: date) -> History:
        """Without the rates and terms of later days; the first terms known hold before their day too."""
        base = tuple(one for one in self.base if one[2] <= day)
        later = tuple(one for one in self.terms[1:] if one.valid_from <= day)
        return replace(self, base=base, terms=(*self.terms[:1], *later))

    def without(self, campaigns: Collection[str]) -> History:
        """As if these had sent nothing."""
        letters = tuple(one for one in self.letters if one.campaign not in campaigns)
        return self if len(letters) == len(self.letters) else replace(self, letters=letters)

    def as_of(self, day: date, rehearsal: bool) -> History:
        """What was known by the end of a day."""
        letters = tuple(one.as_of(day, rehearsal) for one in self.letters)
        same = all(map(is_, letters, self.letters))
        return self if same else replace(self, letters=letters)

    def known_on(self, day: date) -> History:
        """What was known by the end of that day of letters that were mailed: no return or move since."""
        letters = tuple(
            replace(one, returned_on=None, misaddressed_on=None)
            if one.undoing_known is not None and one.undoing_known > day
            else replace(
                one,
                returned_on=_until(one.returned_on, day),
                misaddressed_on=_until(one.misaddressed_on, day),
            )
            for one in self.letters
        )
        moves = {name: move for name, move in self.moves.items() if move.on <= day}
        return replace(self, letters=letters, moves=moves)


def _until(happened: date | None, day: date) -> date | None:
    return happened if happened is not None and happened <= day else None


Amounts = tuple[tuple[str, Decimal], ...]
"""Service and amount, sorted by service."""
