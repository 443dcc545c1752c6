"""Like cases are judged once: clients whose records differ in nothing but names share a verdict. Pure.

Only the names of its letters tell a client's verdict from that of another with the same rates, terms, places
and days. So a case is judged with marks for them (numbers that no letter has), is kept by its value, and each
client's own names are put in the place of the marks. The judge is that of mailer.judgement.course and
account: nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any, Final, TypeVar
from uuid import UUID

from mailer.clients.member import Member
from mailer.judgement.account import Account, Billed, account_of
from mailer.judgement.history import History, Question
from mailer.judgement.verdict import NoticeVerdict
from mailer.ledger.clientpiece import ClientPiece

_MOST: Final = 8_192  # cases that are kept, each with the record of one client
_NOBODY: Final = UUID(int=0)
_DIGITS: Final = 9_999  # higher numbers have more, and as text they come before
_MARK: Final = 10**15  # and more: no mailing has so many pieces; as text they stand in their order
_MARKED: Final = str(_MARK)[:8]  # in every mark
_PLACES: Final = attrgetter("state", "country", "mail_state", "mail_country")
_LETTER: Final = attrgetter(
    "campaign", "medium", "status", "counts_on", "rehearsed", "returned_on", "dropped_on", "received_on",
    "place", "misaddressed_on", "of_record", "return_reason", "undoing_known", "closings",
    "in_doubt",
)  # fmt: skip
"""What a verdict looks at of a letter, beside what it states."""

_Found = TypeVar("_Found")
Names = Sequence[tuple[str, str]]
"""Each mark with the name that takes its place."""


class LikeCase:
    """What clients have whose records differ in nothing but names: `record` has marks for these, in their
    order, and nobody's name, address or id.
    """

    __slots__ = ("_found", "_known_by", "_marks", "record")

    def __init__(self, record: History, marks: Sequence[str], known_by: History) -> None:
        self.record = record
        self._marks = marks
        self._known_by = known_by  # what the key knows by its place in memory stays there
        self._found: dict[Callable[[LikeCase], Any], Any] = {}

    def once(self, judge: Callable[[LikeCase], _Found]) -> _Found:
        """What this judge finds of it: it is asked once."""
        if judge not in self._found:
            self._found[judge] = judge(self)
        found: _Found = self._found[judge]
        return found

    def names(self, history: History) -> Names:
        """Of one of its clients: what takes the place of the marks."""
        return [(mark, one.label) for mark, one in zip(self._marks, history.letters, strict=False)]

    def told(self, notice: NoticeVerdict | None, history: History) -> NoticeVerdict | None:
        """A verdict on the case, as it is told of one of its clients."""
        if notice is None or (reason := self.words(notice.reason, history)) == notice.reason:
            return notice
        return replace(notice, reason=reason)

    def words(self, words: str, history: History) -> str:
        """Words about the case, as they are said of one of its clients."""
        return _put(words, self.names(history)) if _MARKED in words else words


class Cases:
    """The cases met so far."""

    def __init__(self) -> None:
        self._kept: dict[Any, LikeCase] = {}

    def of(self, history: History) -> LikeCase:
        """The case of that client, which is its own alone where its letters' names could decide."""
        if len(history.letters) > 1 and not _is_like_others(history.letters):
            return LikeCase(history, (), history)
        key = _key(history)
        case = self._kept.get(key)
        if case is None:
            if len(self._kept) >= _MOST:
                self._kept.clear()
            record = _nameless(history)
            case = self._kept[key] = LikeCase(record, [one.label for one in record.letters], history)
        return case


class Docket:
    """The accounts of one question. `replaced` as for `account_of`."""

    def __init__(self, question: Question, replaced: str = "") -> None:
        self.worked_on: Final = question.worked_on
        self._question = question
        self._replaced = replaced
        self._cases: Final = Cases()

    def account(self, history: History) -> Account:
        """The client's account, as `account_of` gives it. Without a letter it costs less than a look-up."""
        if not history.letters:
            return self._account(history)
        case = self._cases.of(history)
        found, names = case.once(self._judged), case.names(history)
        if not names:
            return found
        services = {name: _named(one, names) for name, one in found.services.items()}
        return Account(services, found.last_rise, found.current, found.lows, found.names)

    def _account(self, history: History) -> Account:
        return account_of(history, self._question, self._replaced)

    def _judged(self, case: LikeCase) -> Account:
        return self._account(case.record)


def _is_like_others(letters: Sequence[ClientPiece]) -> bool:
    """Do the marks stand in the order of the names, whether as numbers or as text."""
    several = len({one.campaign for one in letters}) < len(letters)
    return not (several and any(one.number > _DIGITS for one in letters))


def _order(letters: Sequence[ClientPiece]) -> tuple[int, ...]:
    """The places of the letters in the order of their numbers."""
    if len(letters) < 2:
        return ()
    return tuple(sorted(range(len(letters)), key=lambda at: letters[at].number))


def _key(history: History) -> tuple[Any, ...]:
    """All that a verdict hangs on. What was read once for many, an agreement or what a letter states, is
    known by its place in memory.
    """
    letters, moves = history.letters, history.moves
    return (
        _PLACES(history.member),
        id(history.member.contract),
        history.base,
        tuple([(one.valid_from, id(one.contract)) for one in history.terms]),
        tuple([(*_LETTER(one), id(one.facts)) for one in letters]),
        _order(letters),
        tuple([(one.campaign, moves.get(one.campaign)) for one in letters]) if moves else (),
    )


def _nameless(history: History) -> History:
    """The record with marks for its letters' numbers, and of the client what a verdict looks at alone."""
    marks = {at: _MARK + place for place, at in enumerate(_order(history.letters) or (0,))}
    letters = tuple(
        replace(
            one, number=marks[at], client_id=_NOBODY, sha256="", recipient_digest="", file="", first_page=0,
            last_page=0,
        )
        for at, one in enumerate(history.letters)
    )  # fmt: skip
    who = history.member
    nobody = Member(
        _NOBODY, "", "", "", "", who.state, frozenset(), who.contract, True, None, True, who.country,
        who.mail_state, who.mail_country,
    )  # fmt: skip
    return History(nobody, history.base, history.terms, letters, history.moves)


def _put(words: str, names: Names) -> str:
    """The words with each name in the place of its mark."""
    for mark, name in names:
        words = words.replace(mark, name)
    return words


def _named(one: Billed, names: Names) -> Billed:
    because, piece = _put(one.because, names), _put(one.piece, names)
    pending = tuple(_put(words, names) for words in one.pending) if one.pending else ()
    return Billed(one.service, one.amount, one.since, because, piece, pending, one.at_risk)
