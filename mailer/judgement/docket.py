"""Like cases are judged once: clients whose records differ in nothing but names share a verdict. Pure.

Only the names of its letters tell a client's verdict from that of another with the same rates, terms, places
and days. So a case is judged with marks for them (negative numbers, which no letter has), is kept by its
value, and each client's own names are put in the place of the marks. The judge is that of
mailer.judgement.course and account: nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from operator import attrgetter
from typing import Any, Final, TypeVar
from uuid import UUID

from mailer.judgement.account import Account, Billed, account_of
from mailer.judgement.course import judged_letters
from mailer.judgement.history import History, Question
from mailer.judgement.judged import JudgedLetter, RateJudged
from mailer.ledger.clientpiece import ClientPiece
from mailer.ledger.numbers import label

_MOST: Final = 8_192  # cases that are kept, each with the record of one client
_NOBODY: Final = UUID(int=0)
_DIGITS: Final = 9_999  # higher numbers have more, and as text they come before
_MARKS: Final = 999
_PLACES: Final = attrgetter("state", "country", "mail_state", "mail_country")
_LETTER: Final = attrgetter(
    "campaign", "medium", "status", "counts_on", "rehearsed", "returned_on", "dropped_on", "received_on",
    "place", "misaddressed_on", "of_record", "return_reason", "undoing_known", "closings",
)  # fmt: skip
"""What a verdict looks at of a letter, beside what it states."""

_Found = TypeVar("_Found")


class Docket:
    """The cases of one question. `replaced` as for `account_of`."""

    def __init__(self, question: Question, replaced: str = "") -> None:
        self._question = question
        self._replaced = replaced
        self._kept: dict[Any, tuple[History, Any]] = {}

    @property
    def worked_on(self) -> date:
        """The day of the work that is asked about."""
        return self._question.worked_on

    def account(self, history: History) -> Account:
        """The client's account, as `account_of` gives it."""
        found, names = self._judged(history, account_of)
        if not names:
            return found
        services = {name: _named(one, names) for name, one in found.services.items()}
        return Account(services, found.last_rise, found.current, found.lows, found.names)

    def letters(self, history: History) -> tuple[JudgedLetter, ...]:
        """The client's letters judged, as `judged_letters` gives them."""
        found, names = self._judged(history, judged_letters)
        own = _by_number(history.letters) if names else ()
        return tuple(_letter(one, own[-one.letter.number - 1], names) for one in found) if names else found

    def _judged(
        self, history: History, judge: Callable[..., _Found]
    ) -> tuple[_Found, Sequence[tuple[str, str]]]:
        """What the judge finds, with marks, and each mark with the name that takes its place."""
        if not history.letters or not _is_like_others(history.letters):
            return judge(history, self._question, replaced=self._replaced), ()
        own = _by_number(history.letters)
        key = (judge, *_case(history, own))
        if key not in self._kept:
            if len(self._kept) >= _MOST:
                self._kept.clear()
            nameless = _nameless(history, own)
            # With the record itself: what the key knows by its place in memory stays there.
            self._kept[key] = (history, judge(nameless, self._question, replaced=self._replaced))
        marks = [(_mark(one, at), one.label) for at, one in enumerate(own, 1)]
        return self._kept[key][1], marks


def _is_like_others(letters: Sequence[ClientPiece]) -> bool:
    """Do the marks stand in the order of the names, whether as numbers or as text."""
    if len(letters) == 1:
        return True
    several = len({one.campaign for one in letters}) < len(letters)
    return len(letters) <= _MARKS and not (several and any(one.number > _DIGITS for one in letters))


def _by_number(letters: Sequence[ClientPiece]) -> list[ClientPiece]:
    return sorted(letters, key=attrgetter("number")) if len(letters) > 1 else list(letters)


def _case(history: History, own: Sequence[ClientPiece]) -> tuple[Any, ...]:
    """All that a verdict hangs on. What was read once for many, an agreement or what a letter states, is
    known by its place in memory.
    """
    terms = tuple((one.valid_from, id(one.contract)) for one in history.terms)
    moves = history.moves
    moved = tuple((one.campaign, moves.get(one.campaign)) for one in own) if moves else ()
    letters = tuple((*_LETTER(one), id(one.facts)) for one in history.letters)
    order = tuple(map(history.letters.index, own)) if len(own) > 1 else ()
    return (_PLACES(history.member), history.base, terms, letters, order, moved, id(history.member.contract))


def _nameless(history: History, own: Sequence[ClientPiece]) -> History:
    marks = {id(one): -at for at, one in enumerate(own, 1)}
    return replace(
        history,
        letters=tuple(
            replace(
                one, number=marks[id(one)], client_id=_NOBODY, sha256="", recipient_digest="", file="",
                first_page=0, last_page=0,
            )
            for one in history.letters
        ),
    )  # fmt: skip


def _mark(letter: ClientPiece, at: int) -> str:
    return label(letter.campaign, letter.medium.initial, -at)


def _put(words: str, names: Sequence[tuple[str, str]]) -> str:
    """The words with each name in the place of its mark."""
    for mark, name in names:
        words = words.replace(mark, name)
    return words


def _named(one: Billed, names: Sequence[tuple[str, str]]) -> Billed:
    because, piece = _put(one.because, names), _put(one.piece, names)
    pending = tuple(_put(words, names) for words in one.pending) if one.pending else ()
    return Billed(one.service, one.amount, one.since, because, piece, pending, one.at_risk)


def _letter(one: JudgedLetter, own: ClientPiece, names: Sequence[tuple[str, str]]) -> JudgedLetter:
    notice = one.notice
    if notice is not None and (reason := _put(notice.reason, names)) != notice.reason:
        notice = replace(notice, reason=reason)
    lines = tuple(
        RateJudged(
            each.service, each.name, each.old, each.new, each.since, each.counts, _put(each.why, names)
        )
        for each in one.lines
    )
    return JudgedLetter(own, one.effective, one.moved, notice, _put(one.problem, names), lines)
