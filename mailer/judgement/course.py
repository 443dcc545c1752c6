"""The course of a client's rates: one walk through its letters, each judged as it takes effect. Pure.

Letters take effect in the order of their days. Each is judged against the rate in force before it: its notice
(law and contract), and for a rise the contract's cap, lock, months between and renewal of that day. What
counts becomes the rate in force for the next. A lower rate needs no notice: it counts from its day, once it
is mailed. A piece's number, the order of rows and the names of campaigns change nothing.

- One campaign's letters to a client (a copy, one made again) are one: the first that gives notice counts.
- A follow-up counts for those alone whom the campaign that it `follows` does not serve.
- A letter that `supersedes` a campaign takes its place once its own notice holds; until then the earlier one
  stands, and no more than the later one says is billed.
- Two letters for one day that do neither contradict each other: the lower rate is billed, and the notice of
  the other is set aside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from mailer.campaign.rates import RateLine
from mailer.clients.member import amount_of
from mailer.judgement.history import History, Question
from mailer.judgement.rules import TermUnknown, largest_rise, rise_barred, rules_binding
from mailer.judgement.verdict import NoticeState, NoticeVerdict, judge, set_aside
from mailer.ledger.clientpiece import ClientPiece
from mailer.ledger.kinds import IN_POST
from mailer.ledger.moves import Moved
from mailer.money import people
from mailer.notice.strides import months_from
from mailer.notice.words import spoken

TAKES_ITS_PLACE: Final = "takes its place"


@dataclass(frozen=True, slots=True)
class RateJudged(RateLine):
    """One service of a letter: the rate in force before it, the new one, and whether that counts."""

    counts: bool
    why: str


@dataclass(frozen=True, slots=True)
class JudgedLetter:
    """One letter of a client, judged. `notice` is None where a term is unknown: `problem` says so.

    `effective` is the later of what it states, where its campaign was moved, and what the definition says.
    """

    letter: ClientPiece
    effective: date
    moved: Moved | None
    notice: NoticeVerdict | None
    problem: str
    lines: tuple[RateJudged, ...]

    @property
    def holds(self) -> bool:
        return self.notice is not None and self.notice.holds

    @property
    def waits(self) -> bool:
        """It does not count and still may: its receipt is to be proved."""
        return self.notice is not None and self.notice.state is NoticeState.UNPROVED


def judged_letters(history: History, question: Question) -> tuple[JudgedLetter, ...]:
    """Every letter of the client, judged in the order in which they take effect."""
    return tuple(Course(history, question).walk())


@dataclass(frozen=True, slots=True)
class RateInForce:
    """A rate in force from a day on; `mailed` is the day its letter counts for."""

    since: date
    amount: Decimal
    because: str
    piece: str = ""
    mailed: date = date.min

    @property
    def rank(self) -> tuple[Decimal, date, str]:
        """Of several for one day the least is taken."""
        return self.amount, self.mailed, self.piece


class Course:
    """One walk. `rates` are those in force, by service, the oldest first."""

    def __init__(self, history: History, question: Question) -> None:
        self.rates: dict[str, list[RateInForce]] = {}
        self.rises: list[date] = []
        self._withdrawn: dict[tuple[str, str], str] = {}
        self._history = history
        self._question = question
        self._base = iter(history.base)
        self._next = next(self._base, None)

    def walk(self) -> list[JudgedLetter]:
        """The letters in the order in which they take effect; those of one day together.

        A letter that another one supersedes before it took effect never takes effect, though the other one's
        own day comes later: the walk is gone again without it.
        """
        found = list(self._steps())
        for label, withdrawn in list(self._superseded_before(found)):
            again = Course(self._history, self._question)
            again._withdrawn = self._withdrawn | dict.fromkeys(withdrawn, label)
            without = list(again._steps())
            if any(one.letter.label == label and one.holds for one in without):
                found, self.rates, self.rises = without, again.rates, again.rises
                self._withdrawn = again._withdrawn
        return found

    def _superseded_before(
        self, found: Sequence[JudgedLetter]
    ) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """A letter that supersedes another, mailed before that took effect and taking effect after it; and
        the (campaign, service) of the rises that it withdraws if its own notice holds. A lower rate that was
        promised is not withdrawn: that would be a rise on its day.
        """
        for one in found:
            letter = one.letter
            if not letter.facts.supersedes or self._not_given(letter):
                continue
            services = {line.service for line in one.lines}
            rises = [
                (other.letter.campaign, line.service)
                for other in found
                if other.letter.campaign == letter.facts.supersedes
                and (letter.counts_on or date.max) < other.effective < one.effective
                for line in other.lines
                if line.service in services and line.new > line.old
            ]
            if rises:
                yield letter.label, rises

    def _steps(self) -> Iterator[JudgedLetter]:
        moves, effective = self._history.moves, self._question.effective
        dated = [(effective(one, moves.get(one.campaign)), one) for one in self._history.letters]
        done: list[JudgedLetter] = []
        for day in sorted({day for day, _ in dated}):
            self._enter_base(day)
            together = [self._judged(day, one) for when, one in dated if when == day]
            taken = list(self._taken(day, together, done))
            done += taken
            yield from taken
        self._enter_base(date.max)

    def _enter_base(self, until: date) -> None:
        while self._next is not None and self._next[2] < until:
            service, stored, since, is_rise, source = self._next
            self.rates.setdefault(service, []).append(RateInForce(since, amount_of(stored), source))
            if is_rise:
                self.rises.append(since)
            self._next = next(self._base, None)

    def _judged(self, day: date, letter: ClientPiece) -> JudgedLetter:
        """The letter against the rates in force before that day's letters; what counts is still open."""
        history, question = self._history, self._question
        moved = history.moves.get(letter.campaign)
        lines = tuple(
            RateJudged(
                one.service, one.name, self.rates[one.service][-1].amount, one.new, counts=False, why=""
            )
            for one in letter.facts.rates
            if one.service in self.rates
        )
        rise = largest_rise((self._low(line, day), line.new) for line in lines)
        try:
            notice = verdict_of(history, letter, question.recorded(letter, moved), question, rise)
            barred = rise_barred(history, day, lines, self.rises) if notice.holds else ""
        except TermUnknown as unknown:
            return JudgedLetter(letter, day, moved, None, unknown.what, lines)
        if barred:
            notice = set_aside(NoticeState.BLOCKED, day, barred)
        return JudgedLetter(letter, day, moved, notice, "", lines)

    def _low(self, line: RateJudged, day: date) -> Decimal:
        return low(self.rates[line.service], months_from(day, -12))

    def _taken(
        self, day: date, together: Sequence[JudgedLetter], done: Sequence[JudgedLetter]
    ) -> Iterator[JudgedLetter]:
        """That day's letters with what counts of each; what counts is in force from now on."""
        known = [*done, *together]
        chosen: dict[str, RateInForce] = {}
        settled = [
            replace(one, lines=tuple(self._line(one, line, known) for line in one.lines)) for one in together
        ]
        for one in settled:
            for line in one.lines:
                rate = RateInForce(day, line.new, line.why, one.letter.label, one.letter.counts_on or day)
                best = chosen.get(line.service)
                if line.counts and (best is None or rate.rank < best.rank):
                    chosen[line.service] = rate
        for service, rate in chosen.items():
            if rate.amount > self.rates[service][-1].amount:
                self.rises.append(day)
            self.rates[service].append(rate)
        for one in settled:
            yield _beside_others(one, chosen)

    def _line(self, one: JudgedLetter, line: RateJudged, known: Sequence[JudgedLetter]) -> RateJudged:
        """Does a line count, and why or why not."""
        letter, notice = one.letter, one.notice
        mailed = f"{letter.label} mailed {spoken(letter.counts_on)}" if letter.counts_on else ""
        why = self._not_given(letter)
        if why and notice is not None and notice.state is NoticeState.LATE:
            why = f"{why}; {_never(one)}"
        if by := self._withdrawn.get((letter.campaign, line.service)):
            why = f"{by} {TAKES_ITS_PLACE}"
        if why or line.new == line.old:
            return replace(line, why=why)
        instead = self._instead(one, line, known)
        if instead is not None and not instead.counts and (line.new < line.old or one.holds):
            return instead
        if line.new < line.old:
            return replace(line, counts=True, why=f"{mailed} states it")
        if notice is None or not notice.holds:
            why = _not_held(one, notice) if notice else f"the client {one.problem}"
            return replace(line, why=f"no new rate: {why}")
        if instead is not None:
            return instead
        arguable = f"; by the stricter reading only from {spoken(notice.stricter)}" if notice.stricter else ""
        rule = notice.binding.title if notice.binding else ""
        why = f"notice {mailed} holds for {spoken(one.effective)} ({rule}{arguable})"
        return replace(line, counts=True, why=why)

    def _instead(
        self, one: JudgedLetter, line: RateJudged, known: Sequence[JudgedLetter]
    ) -> RateJudged | None:
        """The line where another letter stands in its place, or limits it: that which it follows gives notice
        already, or that which supersedes it does, or says less.
        """
        limits: list[tuple[Decimal, str]] = []
        for other in known:
            by = other.letter
            if by.campaign in one.letter.facts.follows and serves(other, line.service):
                return replace(line, why=f"{by.label} gives notice of it already")
            if by.facts.supersedes != one.letter.campaign or self._not_given(by):
                continue
            stated = [each.new for each in other.lines if each.service == line.service]
            if stated and other.holds:
                return replace(line, why=f"{by.label} {TAKES_ITS_PLACE}")
            limits += [(amount, by.label) for amount in stated if amount < line.new]
        if limits:
            least, label = min(limits)
            why = f"notice {one.letter.label} holds; {label} says no more than {people(least)}"
            return replace(line, new=least, counts=True, why=why)
        return None

    def _not_given(self, letter: ClientPiece) -> str:
        if letter.status not in IN_POST or letter.counts_on is None:
            return f"no new rate: {letter.label} is {letter.status.value}, not mailed"
        if letter.rehearsed and not self._question.rehearsal:
            return f"no new rate: {letter.label} was handed over in a rehearsal only"
        return ""


def _not_held(one: JudgedLetter, notice: NoticeVerdict) -> str:
    if notice.state is NoticeState.LATE:
        return _never(one)
    which = "" if notice.state is NoticeState.BLOCKED else f" ({_which(one.letter)})"
    return f"{notice.reason}{which}"


def _never(one: JudgedLetter) -> str:
    """That a letter can give no notice of its day any more, and what to do, whatever the day of the work."""
    letter, day, remedy = one.letter, spoken(one.effective), f"mailer remedy {one.letter.campaign}"
    if letter.counts_on is None:
        return f"notice of {day} cannot be given any more: {remedy}"
    lasts = [each.latest.legal for each in one.notice.results if each.in_time is None] if one.notice else []
    if lasts and letter.counts_on <= min(lasts):
        return f"no receipt by {spoken(min(lasts))} is proved, as {day} needs ({_which(letter)}): {remedy}"
    return f"notice was given too late for {day} and cannot be given any more ({_which(letter)}): {remedy}"


def _which(letter: ClientPiece) -> str:
    return f"{letter.label}, mailed {spoken(letter.counts_on)}" if letter.counts_on else letter.label


def low(rates: Sequence[RateInForce], year_ago: date) -> Decimal:
    """The lowest amount in force at any time since that day."""
    amounts = [rates[-1].amount]
    for rate in reversed(rates):
        amounts.append(rate.amount)
        if rate.since <= year_ago:
            break
    return min(amounts)


def _beside_others(one: JudgedLetter, chosen: dict[str, RateInForce]) -> JudgedLetter:
    """The letter after the choice among letters of one day; contradicted where nothing of it is left."""
    lines = tuple(_beside(line, chosen.get(line.service), one.letter) for line in one.lines)
    lost = [after.why for before, after in zip(one.lines, lines, strict=True) if before.counts > after.counts]
    replaced = [line.why for line in lines if line.why.endswith(TAKES_ITS_PLACE)]
    if one.holds and replaced and not any(line.counts for line in lines):
        return replace(one, lines=lines, notice=set_aside(NoticeState.SUPERSEDED, one.effective, replaced[0]))
    if one.holds and lost and not any(line.counts for line in lines):
        return replace(one, lines=lines, notice=set_aside(NoticeState.CONTRADICTS, one.effective, lost[0]))
    return replace(one, lines=lines)


def _beside(line: RateJudged, taken: RateInForce | None, letter: ClientPiece) -> RateJudged:
    """The line after the choice among letters of one day: the lower rate is billed."""
    if not line.counts or taken is None or taken.amount == line.new:
        return line
    why = f"{letter.label} and {taken.piece} say different rates for one day: the lower one is billed"
    return replace(line, counts=False, why=why)


def serves(one: JudgedLetter, service: str) -> bool:
    return any(line.service == service and line.counts for line in one.lines)


def verdict_of(
    history: History, letter: ClientPiece, effective: date, question: Question, rise: Decimal
) -> NoticeVerdict:
    """Was notice of the letter's change given for `effective`: law and the contract's term, nothing else.

    `rise` is the largest one, a fraction, over the lowest amounts of the 12 months before. A letter that
    states a later date gives no notice of an earlier one. Raises TermUnknown.
    """
    stated = letter.facts.effective
    mailed = letter.counts_on if stated is not None and stated <= effective else None
    return judge(
        rules_binding(history, letter, effective, question, rise),
        effective,
        question.today,
        mailed=mailed,
        received_on=letter.received_on,
        returned_on=letter.returned_on,
        misaddressed_on=letter.misaddressed_on,
        of_record=bool(letter.of_record),
        closings=question.closings,
    )
