"""The verdicts of a pack: those of `mailer check`, gathered into one working for each distinct answer.

Letters to clients who are not in the campaign's list any more (they left, or changed) are judged by the
letter's own terms. Nothing is counted here: every day comes from mailer.notice.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from mailer.campaign.rates import RateLine
from mailer.clients.member import Member
from mailer.evidence.case import RuleUse, Unproved, Working
from mailer.evidence.pieces import ProvedPiece
from mailer.judgement.course import judged_letters
from mailer.judgement.house import HouseVerdict
from mailer.judgement.judged import JudgedLetter
from mailer.judgement.verdict import NoticeState, NoticeVerdict
from mailer.ledger.clientpiece import ClientPiece, first
from mailer.money import plain
from mailer.notice.rules import Rule
from mailer.planning.mailfolder import MailFolder
from mailer.planning.plan import Governing
from mailer.planning.question import question_on
from mailer.progress import Progress, silent
from mailer.spool import Spool
from mailer.standing.check import Line, check
from mailer.store.accounts import histories
from mailer.store.engine import Session
from mailer.store.listed.members import in_chunks

EXCEPTED: Final = "excepted by the firm: no notice"
_NONE: Final = -1
_Key = tuple[Any, ...]
_Rate = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found for a client, who is `named` so. `piece` is the label of the letter it rests on, or "".

    `holds` is what `mailer check` calls safe: an exception to the firm's own policy is no notice. `days` are
    those on which the letter came back, was received, and its address was found to be wrong.
    """

    client: UUID
    named: str
    notice: NoticeVerdict | None
    holds: bool
    house: HouseVerdict | None
    piece: str
    newsletter: ClientPiece | None
    rates: tuple[_Rate, ...]
    problem: str = ""
    days: tuple[date | None, ...] = ()
    listed: bool = True

    @property
    def state(self) -> str:
        return self.notice.state.value if self.notice else "term unknown"

    @property
    def words(self) -> str:
        """The state as a document says it."""
        return self.aside or self.state

    @property
    def aside(self) -> str:
        """What it is where the firm alone set its own rule aside, else ""."""
        return EXCEPTED if self.state == NoticeState.EXCEPTED.value else ""

    @property
    def reason(self) -> str:
        return self.notice.reason if self.notice else self.problem


@dataclass(slots=True)
class _Answer:
    """What is the answer for `count` clients, and that of the first of them. `mark` names its working."""

    first: Judged
    count: int = 0
    mark: str = ""

    @property
    def said(self) -> str:
        """The verdict column for a letter that it rests on."""
        first = self.first
        working = f"\nworking {self.mark}" if self.mark else ""
        if first.holds and first.state in (NoticeState.RUNNING.value, NoticeState.COMPLIANT.value):
            return f"notice holds{working}"
        return f"{first.words}{working}"


@dataclass(slots=True)
class Verdicts:
    """All of a campaign's. What is counted is of those who are `listed` in it now, where no other is named.

    Of each client no more is held than the number of its answer, and of each letter that of the answer that
    rests on it.
    """

    judged: Spool[Judged] = field(default_factory=Spool)
    workings: list[Working] = field(default_factory=list)
    rules: list[RuleUse] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)  # the states as a document says them
    house: Counter[str] = field(default_factory=Counter)
    listed: int = 0
    departed: int = 0
    safe: int = 0
    not_owed: int = 0  # of the safe: to whom no notice is owed, and so none was given
    arguable: int = 0  # of all: whose notice would be late by the stricter reading of a month
    unproved: list[Unproved] = field(default_factory=list)  # of all
    governing: Governing = field(default_factory=Governing)  # the rules that the plan has by now
    _answers: list[_Answer] = field(default_factory=list)
    _known: dict[_Key, int] = field(default_factory=dict)  # where each distinct answer is among them
    _of: array[int] = field(default_factory=lambda: array("l"))  # the client's, in the order of `judged`
    _on: array[int] = field(
        default_factory=lambda: array("l")
    )  # by a letter's number, the one that rests on it
    _others: dict[UUID, str | None] = field(default_factory=dict)
    _rules: Counter[Rule] = field(default_factory=Counter)

    def add(self, one: Judged, letter: ClientPiece | None) -> None:
        self.judged.append(one)
        at = self._known.setdefault(_key(one), len(self._answers))
        if at == len(self._answers):
            self._answers.append(_Answer(one))
        self._answers[at].count += 1
        self._of.append(at)
        if letter is not None:
            self._on.extend([_NONE] * (letter.number + 1 - len(self._on)))
            self._on[letter.number] = at
        if one.client in self._others:
            self._others[one.client] = one.piece
        if not one.holds:
            self.unproved.append(Unproved(one.named, one.words, one.reason))
        if one.notice is not None:
            self._rules.update(result.rule for result in one.notice.results)
            self.arguable += one.notice.stricter is not None and bool(one.piece)
        if not one.listed:
            self.departed += 1
            return
        self.listed += 1
        self.safe += one.holds
        state = one.state
        self.not_owed += state == NoticeState.NOT_OWED.value
        self.states[state] += 1
        self.words[one.words] += 1
        if one.house:
            self.house[one.house.state.value] += 1

    def unfound(self, pieces: Iterable[ProvedPiece]) -> set[UUID]:
        """The clients who were written to and of whom nothing was found. Of a letter on which no answer rests
        it is known from now on what that of its client rests on.
        """
        mailed = set[UUID]()
        for piece in pieces:
            if self._resting_on(piece) is None:
                self._others.update(dict.fromkeys(piece.clients))
                mailed.update(piece.clients if piece.mailed else ())
        for one in self.judged if self._others else ():
            if one.client in self._others:
                self._others[one.client] = one.piece
        return {client for client in mailed if self._others[client] is None}

    def close(self) -> None:
        """One working for each distinct answer, the most frequent first."""
        known = [answer for answer in self._answers if answer.first.notice is not None]
        for place, answer in enumerate(sorted(known, key=_weight)):
            answer.mark, first = _mark(place), answer.first
            if first.notice is not None:
                self.workings.append(Working(answer.mark, answer.count, first.notice, first.words))
        self.rules = [RuleUse(rule, count) for rule, count in self._rules.most_common()]

    def marked(self) -> Iterator[tuple[Judged, str]]:
        """What was found for each client, with the working of its answer or ""."""
        return ((one, self._answers[at].mark) for one, at in zip(self.judged, self._of, strict=True))

    def of(self, client: UUID) -> Judged | None:
        """What was found for one client."""
        return next((one for one in self.judged if one.client == client), None)

    def said_of(self, piece: ProvedPiece) -> str:
        """The verdict column for one letter."""
        if not piece.clients:
            return ""
        answer = self._resting_on(piece)
        if answer is not None:
            return answer.said
        label = self._others.get(piece.clients[0])
        return "not in the campaign now" if label is None else f"not relied on: {label or 'none'} is"

    def _resting_on(self, piece: ProvedPiece) -> _Answer | None:
        at = self._on[piece.number] if piece.number < len(self._on) else _NONE
        return None if at == _NONE else self._answers[at]


def verdicts(
    mail: MailFolder, name: str, pieces: Iterable[ProvedPiece], progress: Progress = silent
) -> Verdicts:
    """The verdict on every client of the campaign, and on every client who was written to."""
    checked = check(mail, name, progress=progress)
    found = Verdicts(governing=checked.summary.governing)
    for line in checked.lines:
        found.add(_judged(line), line.letter)
    unfound = found.unfound(pieces)
    with mail.store.read() as session:
        for one, letter in _left(session, mail, name, unfound):
            found.add(one, letter)
    found.close()
    return found


def _judged(line: Line) -> Judged:
    return Judged(
        line.client.id,
        _named(line.client),
        line.notice,
        line.safe,
        line.house,
        line.letter.label if line.letter else "",
        line.newsletter,
        _rates(line.rates),
        line.problem,
        _days(line.letter),
    )


def _named(client: Member) -> str:
    return f"{client.number} {client.name}".strip()


def _rates(lines: Sequence[RateLine]) -> tuple[_Rate, ...]:
    """Of what many have alike there is one."""
    return _same(tuple([_rate(line.service, line.name, line.old, line.new) for line in lines]))


@lru_cache(maxsize=4_096)
def _rate(service: str, name: str, old: Decimal, new: Decimal) -> _Rate:
    return service, name, plain(old), plain(new)


@lru_cache(maxsize=4_096)
def _same(rates: tuple[_Rate, ...]) -> tuple[_Rate, ...]:
    return rates


def _days(letter: ClientPiece | None) -> tuple[date | None, ...]:
    return (letter.returned_on, letter.received_on, letter.misaddressed_on) if letter else ()


def _left(
    session: Session, mail: MailFolder, name: str, clients: Collection[UUID]
) -> Iterator[tuple[Judged, ClientPiece]]:
    """Those who were written to and are not in the campaign's list now."""
    ids = sorted(clients, key=str)
    question = question_on(mail, mail.today)
    for members in in_chunks(session, ids=ids) if ids else ():
        known = histories(session, members)
        for member in members:
            letters = [
                one
                for one in judged_letters(known[member.id], question)
                if one.letter.campaign == name and one.letter.counts_on is not None
            ]
            if letters:
                yield _by_its_letter(mail, member, letters)


def _by_its_letter(
    mail: MailFolder, member: Member, letters: Sequence[JudgedLetter]
) -> tuple[Judged, ClientPiece]:
    """The verdict of the first letter that gives notice, else of the first one mailed."""
    chosen = first(one.letter for one in [one for one in letters if one.holds] or letters)
    judged = next(one for one in letters if one.letter is chosen)
    letter = judged.letter
    rehearsed = letter.rehearsed and not mail.clock.rehearsal
    notice = None if rehearsed else judged.notice
    found = Judged(
        member.id,
        _named(member),
        notice,
        notice is not None and notice.holds,
        None,
        letter.label,
        None,
        _rates(judged.rates),
        "the hand-over was a rehearsal" if rehearsed else judged.problem,
        _days(letter),
        listed=False,
    )
    return found, letter


def _key(one: Judged) -> _Key:
    if one.notice is None:
        return ()
    notice, ids = one.notice, tuple(result.rule.id for result in one.notice.results)
    return (notice.state, notice.effective, notice.mailed, ids, notice.reason, one.days)


def _weight(answer: _Answer) -> tuple[bool, int, str]:
    """Answers with a day count first, then by how many clients they are the answer for."""
    verdict = answer.first.notice
    return verdict is None or not verdict.results, -answer.count, answer.first.reason


def _mark(place: int) -> str:
    """A, B, …, Z, AA, AB, …"""
    letter = chr(ord("A") + place % 26)
    return letter if place < 26 else _mark(place // 26 - 1) + letter
