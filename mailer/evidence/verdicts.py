"""The verdicts of a pack: those of `mailer check`, gathered into one working for each distinct answer.

Letters to clients who are not in the campaign's list any more (they left, or changed) are judged by the
letter's own terms. Nothing is counted here: every day comes from mailer.notice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
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
from mailer.planning.question import question_on
from mailer.progress import Progress, silent
from mailer.spool import Spool
from mailer.standing.check import Line, check
from mailer.standing.checkjson import rates_json
from mailer.store.accounts import histories
from mailer.store.engine import Session
from mailer.store.listed.members import in_chunks

EXCEPTED: Final = "excepted by the firm: no notice"
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

    Of each client no more is held than which letter its answer rests on, and which of the answers that is.
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
    _answers: dict[_Key, _Answer] = field(default_factory=dict)
    _rules: Counter[Rule] = field(default_factory=Counter)
    _of: dict[UUID, tuple[str, _Answer]] = field(default_factory=dict)

    def add(self, one: Judged) -> None:
        self.judged.append(one)
        answer = self._answers.setdefault(_key(one), _Answer(one))
        answer.count += 1
        self._of[one.client] = (one.piece, answer)
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
        self.not_owed += one.state == NoticeState.NOT_OWED.value
        self.states[one.state] += 1
        self.words[one.words] += 1
        if one.house:
            self.house[one.house.state.value] += 1

    def close(self) -> None:
        """One working for each distinct answer, the most frequent first."""
        known = [answer for answer in self._answers.values() if answer.first.notice is not None]
        for place, answer in enumerate(sorted(known, key=_weight)):
            answer.mark, first = _mark(place), answer.first
            if first.notice is not None:
                self.workings.append(Working(answer.mark, answer.count, first.notice, first.words))
        self.rules = [RuleUse(rule, count) for rule, count in self._rules.most_common()]

    def __contains__(self, client: UUID) -> bool:
        return client in self._of

    def of(self, client: UUID) -> Judged | None:
        """What was found for one client."""
        return next((one for one in self.judged if one.client == client), None)

    def mark_of(self, client: UUID) -> str | None:
        """The working of its answer."""
        return self._of[client][1].mark or None

    def said_of(self, piece: ProvedPiece) -> str:
        """The verdict column for one letter."""
        if not piece.clients:
            return ""
        label, answer = self._of.get(piece.clients[0], (None, None))
        if answer is None:
            return "not in the campaign now"
        return answer.said if label == piece.label else f"not relied on: {label or 'none'} is"


def verdicts(
    mail: MailFolder, name: str, pieces: Iterable[ProvedPiece], progress: Progress = silent
) -> Verdicts:
    """The verdict on every client of the campaign, and on every client who was written to."""
    found = Verdicts()
    for line in check(mail, name, progress=progress).lines:
        found.add(_judged(line))
    with mail.store.read() as session:
        for one in _left(session, mail, name, pieces, found):
            found.add(one)
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
    session: Session, mail: MailFolder, name: str, pieces: Iterable[ProvedPiece], found: Verdicts
) -> Iterator[Judged]:
    """Those who were written to and are not in the campaign's list now."""
    ids = sorted({i for piece in pieces if piece.mailed for i in piece.clients if i not in found}, key=str)
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


def _by_its_letter(mail: MailFolder, member: Member, letters: Sequence[JudgedLetter]) -> Judged:
    """The verdict of the first letter that gives notice, else of the first one mailed."""
    chosen = first(one.letter for one in [one for one in letters if one.holds] or letters)
    judged = next(one for one in letters if one.letter is chosen)
    letter = judged.letter
    rehearsed = letter.rehearsed and not mail.clock.rehearsal
    notice = None if rehearsed else judged.notice
    return Judged(
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


def check_json(name: str, mail: MailFolder, found: Verdicts) -> dict[str, Any]:
    """check.json but its clients: the verdicts as they were when the pack was made. No names: see
    addresses.jsonl.
    """
    return {
        "campaign": name,
        "as_of": mail.today.isoformat(),
        "rehearsal": mail.clock.rehearsal,
        "states": dict(found.states.most_common()),
        "house": dict(found.house.most_common()),
        "workings": [_working_json(working) for working in found.workings],
    }


def clients_json(found: Verdicts) -> Iterator[dict[str, Any]]:
    """The clients of check.json, one by one."""
    return (_client_json(found, one) for one in found.judged)


def _working_json(working: Working) -> dict[str, Any]:
    verdict = working.verdict
    return {
        "working": working.mark,
        "clients": working.clients,
        "state": verdict.state.value,
        "reason": verdict.reason,
        "deposited": _iso(verdict.mailed),
        "effective": _iso(verdict.effective),
        "binding_rule": verdict.binding.id if verdict.binding else None,
        "rules": [
            {
                "id": result.rule.id,
                "given": _iso(result.given),
                "in_time": result.in_time,
                "earliest_effective": _iso(result.earliest),
                "steps": [str(step) for step in result.steps],
            }
            for result in verdict.results
        ],
    }


def _client_json(found: Verdicts, one: Judged) -> dict[str, Any]:
    return {
        "id": str(one.client),
        "in_campaign": one.listed,
        "state": one.state,
        "holds": one.holds,
        "reason": one.reason,
        "piece": one.piece or None,
        "working": found.mark_of(one.client),
        "newsletter": one.newsletter.label if one.newsletter else None,
        "house": one.house.state.value if one.house else None,
        "rates": rates_json((service, old, new) for service, _, old, new in one.rates),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def rules_json(found: Verdicts) -> list[dict[str, Any]]:
    """rules.json: each rule as it was applied, with the number of clients it governs."""
    return [
        {
            "id": use.rule.id,
            "title": use.rule.title,
            "period": use.rule.period,
            "counting": use.rule.counting.value,
            "counts_as_given": use.rule.given_by.says,
            "delivery": use.rule.delivery,
            "calendar": use.rule.calendar,
            "mailing_calendar": use.rule.mailing_calendar,
            "on_return": use.rule.on_return.value,
            "origin": use.rule.origin.value,
            "citation": use.rule.citation,
            "url": use.rule.url,
            "note": use.rule.note,
            "clients": use.clients,
        }
        for use in found.rules
    ]
