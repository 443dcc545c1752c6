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

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from mailer.clients.member import amount_of
from mailer.judgement.history import History, Question
from mailer.judgement.judged import (
    TAKES_ITS_PLACE,
    JudgedLetter,
    RateInForce,
    RateJudged,
    beside_others,
    judged_rate,
    low,
    never,
    not_held,
    raises_unsaid,
    serves,
)
from mailer.judgement.letterverdict import verdict_of, verdict_under
from mailer.judgement.lowering import NO_NOTICE, lowered, lowers, rises, rules_on_lower
from mailer.judgement.rules import (
    TermUnknown,
    largest_rise,
    rise_barred,
    statutes_binding,
)
from mailer.judgement.superseding import gave, superseded_before, undone
from mailer.judgement.verdict import NoticeState, NoticeVerdict, set_aside
from mailer.ledger.clientpiece import ClientPiece
from mailer.ledger.kinds import IN_POST
from mailer.ledger.stated import NoticedRate
from mailer.money import people
from mailer.notice.strides import months_from
from mailer.notice.words import spoken


@dataclass(frozen=True, slots=True)
class Course:
    """The letters in the order in which they take effect, those of one day together; the rates in force by
    service, the oldest first, and the days of the rises.
    """

    letters: tuple[JudgedLetter, ...]
    rates: Mapping[str, Sequence[RateInForce]]
    rises: Sequence[date]


Named = dict[tuple[str, str], str]
"""(letter, service) → the letter that takes the place of what it says."""


def course_of(history: History, question: Question, replaced: str = "") -> Course:
    """One client's course. `replaced` is a campaign in whose place another letter shall be that is not there
    yet: what of it is not in force today does not count, though what it superseded itself stays withdrawn.

    A letter that another one supersedes before it took effect never takes effect, though the other one's own
    day comes later: the walk is gone again without it. Whether the other one's notice holds is asked on the
    day on which it would have taken effect: no rate and no term of later revives it. Where the other one was
    undone since, it stood back until that was known: no day that is past is billed higher by it. Where the
    other one gives no notice, as where it went too late, it still says what is billed until its own day.
    """
    walk = _Walk(history, question, replaced, {}, {})
    for one, withdrawn, day in list(superseded_before(walk.letters, walk.not_given)):
        letter, known = one.letter, history.until(day)
        without = walk.withdrawn | dict.fromkeys(withdrawn, letter.label)
        if gave(_Walk(known, question, replaced, without, walk.put_off).letters, letter, withdrawn):
            walk = _Walk(history, question, replaced, without, walk.put_off)
            continue
        came, before = undone(known, letter)
        until = came or one.effective
        if not gave(_Walk(before, question, replaced, without, walk.put_off).letters, letter, withdrawn):
            until = min(until, one.effective)
        undoing = ", when that was undone" if until == came else ""
        stood = f"{letter.label} took its place until {spoken(until)}{undoing}"
        later = {rise: max(walk.put_off.get(rise, (date.min, "")), (until, stood)) for rise in withdrawn}
        walk = _Walk(history, question, replaced, walk.withdrawn, walk.put_off | later)
    return Course(tuple(_whole(walk.letters)), walk.rates, walk.rises)


def judged_letters(history: History, question: Question, replaced: str = "") -> tuple[JudgedLetter, ...]:
    """Every letter of the client, judged in the order in which they take effect (`replaced` as above)."""
    return course_of(history, question, replaced).letters


class _Walk:
    """One walk through the letters. `withdrawn` never count; `put_off` do from a later day."""

    def __init__(
        self,
        history: History,
        question: Question,
        replaced: str,
        withdrawn: Named,
        put_off: dict[tuple[str, str], tuple[date, str]],
    ) -> None:
        self.rates: dict[str, list[RateInForce]] = {}
        self.rises: list[date] = []
        self.withdrawn = withdrawn
        self.put_off = put_off
        self._replaced = replaced
        self._history = history
        self._question = question
        self._base = iter(history.base)
        self._next = next(self._base, None)
        self.letters = list(self._steps())

    def _steps(self) -> Iterator[JudgedLetter]:
        parts = list(self._parts())
        done: list[JudgedLetter] = []
        for day in sorted({day for day, _, _ in parts}):
            self._enter_base(day)
            together = [self._judged(day, letter, part) for when, letter, part in parts if when == day]
            taken = list(self._taken(day, together, done))
            done += taken
            yield from taken
        self._enter_base(date.max)

    def _parts(self) -> Iterator[tuple[date, ClientPiece, list[NoticedRate]]]:
        """Each letter with its day: in parts where its lower rates keep the day that it states and its rises
        were put off.
        """
        for letter in self._history.letters:
            day = self._question.effective(letter, self._history.moves.get(letter.campaign))
            days: dict[date, list[NoticedRate]] = {}
            for rate in letter.facts.rates:
                its = (letter.facts.effective or date.max) if rate.new < rate.old else day
                until, _ = self.put_off.get((letter.label, rate.service), (its, ""))
                days.setdefault(max(its, until), []).append(rate)
            for its, rates in (days or {day: []}).items():
                yield its, letter, rates

    def _enter_base(self, until: date) -> None:
        while self._next is not None and self._next[2] < until:
            service, stored, since, is_rise, source = self._next
            amount, before = amount_of(stored), self.rates.setdefault(service, [])
            less = before and before[-1].piece and before[-1].since == since and before[-1].amount < amount
            if not less and not raises_unsaid(amount, before, is_rise=is_rise):
                before.append(RateInForce(since, amount, source))
            if is_rise:
                self.rises.append(since)
            self._next = next(self._base, None)

    def _judged(self, day: date, letter: ClientPiece, rates: Sequence[NoticedRate]) -> JudgedLetter:
        """The letter against the rates in force before that day's letters; what counts is still open."""
        history, question = self._history, self._question
        moved = history.moves.get(letter.campaign)
        lines = tuple(
            judged_rate(one, self.rates[one.service][-1].amount, day)
            for one in rates
            if one.service in self.rates
        )
        rise = largest_rise((self._low(line, day), line.new) for line in lines)
        try:
            if lowers(lines) or (lowers(rates) and not rises(lines)):
                notice = self._lowered(letter, rise)
            else:
                notice = verdict_of(history, letter, question.recorded(letter, moved), question, rise)
            barred = rise_barred(history, day, lines, self.rises) if notice.holds else ""
        except TermUnknown as unknown:
            return JudgedLetter(letter, day, moved, None, unknown.what, lines)
        if barred:
            notice = set_aside(NoticeState.BLOCKED, day, barred)
        return JudgedLetter(letter, day, moved, notice, "", lines)

    def _lowered(self, letter: ClientPiece, rise: Decimal) -> NoticeVerdict:
        """The verdict on a letter, or a part of it, that raises no rate."""
        stated = letter.facts.effective or date.max
        rules = rules_on_lower(statutes_binding(self._history, letter, self._question, rise))
        if letter.counts_on is not None and rules == (NO_NOTICE,):
            return lowered(stated, self._question.today, letter.counts_on)
        return verdict_under(rules, letter, stated, self._question)

    def _low(self, line: RateJudged, day: date) -> Decimal:
        return low(self.rates[line.service], months_from(day, -12))

    def _taken(
        self, day: date, together: Sequence[JudgedLetter], done: Sequence[JudgedLetter]
    ) -> Iterator[JudgedLetter]:
        """That day's letters with what counts of each; what counts is in force from now on."""
        known = [*done, *together]
        chosen: dict[str, RateInForce] = {}
        settled = [
            one.with_lines(tuple(self._line(one, line, known) for line in one.lines)) for one in together
        ]
        for one in settled:
            for line in one.lines:
                mailed = one.letter.counts_on or day
                decides = one.notice is None or one.notice.mailed in (None, mailed)
                rate = RateInForce(day, line.new, line.why, one.letter.label, mailed, decides)
                best = chosen.get(line.service)
                if line.counts and (best is None or rate.rank < best.rank):
                    chosen[line.service] = rate
        for service, rate in chosen.items():
            if rate.amount > self.rates[service][-1].amount:
                self.rises.append(day)
            self.rates[service].append(rate)
        for one in settled:
            yield beside_others(one, chosen)

    def _line(self, one: JudgedLetter, line: RateJudged, known: Sequence[JudgedLetter]) -> RateJudged:
        """Does a line count, and why or why not."""
        letter, notice = one.letter, one.notice
        mailed = f"{letter.label} mailed {spoken(letter.counts_on)}" if letter.counts_on else ""
        why = self.not_given(letter)
        if why and notice is not None and notice.state is NoticeState.LATE:
            why = f"{why}; {never(one)}"
        if by := self.withdrawn.get((letter.label, line.service)):
            why = f"{by} {TAKES_ITS_PLACE}"
        if letter.campaign == self._replaced and self._is_replaced(line):
            why = f"another letter {TAKES_ITS_PLACE}"
        if why or line.new == line.old:
            return line.answered(why)
        instead = self._instead(one, line, known)
        if instead is not None and not instead.counts and (line.new < line.old or one.holds):
            return instead
        if line.new < line.old:
            late = f"; {notice.reason}" if lowers(one.lines) and notice is not None and not one.holds else ""
            return line.answered(f"{mailed} states it{late}", counts=True)
        if notice is None or not notice.holds:
            why = not_held(one, notice) if notice else f"the client {one.problem}"
            return line.answered(f"no new rate: {why}")
        if instead is not None:
            return instead
        arguable = f"; by the stricter reading only from {spoken(notice.stricter)}" if notice.stricter else ""
        rule = notice.binding.title if notice.binding else ""
        if notice.mailed is not None and notice.mailed != letter.counts_on:
            mailed += f", the later of its two letters {spoken(notice.mailed)},"
        _, stood = self.put_off.get((letter.label, line.service), (date.min, ""))
        why = f"notice {mailed} holds for {spoken(one.effective)} ({rule}{arguable})"
        why = f"{why}; {stood}" if stood else why
        return line.answered(why, counts=True)

    def _instead(
        self, one: JudgedLetter, line: RateJudged, known: Sequence[JudgedLetter]
    ) -> RateJudged | None:
        """The line where another letter stands in its place, or limits it: that which it follows gives notice
        already, or that which supersedes it does, or says less.
        """
        limits: list[tuple[Decimal, str]] = []
        for other in known:
            by = other.letter
            follows = by.campaign in one.letter.facts.follows and line.new >= line.old  # less is billed
            if follows and serves(other, line.service):
                return line.answered(f"{by.label} gives notice of it already")
            if by.facts.supersedes != one.letter.campaign or self.not_given(by):
                continue
            stated = [each.new for each in other.lines if each.service == line.service]
            if stated and other.gave:
                return line.answered(f"{by.label} {TAKES_ITS_PLACE}")
            limits += [(amount, by.label) for amount in stated if amount < line.new]
        if limits:
            least, label = min(limits)
            why = f"{label} says no more than {people(least)}, so that no more is billed"
            return line.answered(why, counts=True, new=least)
        return None

    def _is_replaced(self, line: RateJudged) -> bool:
        """A lower rate that was promised for a day before stays, as a letter that is in force does."""
        question = self._question
        return line.since > question.today and (line.new > line.old or line.since >= question.worked_on)

    def not_given(self, letter: ClientPiece) -> str:
        """Why a letter gives nobody notice yet; "" where it was mailed."""
        if letter.status not in IN_POST or letter.counts_on is None:
            return f"no new rate: {letter.label} is {letter.status.value}, not mailed"
        if letter.rehearsed and not self._question.rehearsal:
            return f"no new rate: {letter.label} was handed over in a rehearsal only"
        return ""


def _whole(parts: Sequence[JudgedLetter]) -> Iterator[JudgedLetter]:
    """The letters made whole again from their parts; the verdict is on what rises, else on what falls."""
    seen: dict[int, list[JudgedLetter]] = {}
    for part in parts:
        seen.setdefault(id(part.letter), []).append(part)
    for part in parts:
        mine = seen[id(part.letter)]
        changing = [one for one in mine if lowers(one.lines)] or mine
        rising = [one for one in mine if rises(one.lines)] or changing
        if part is rising[-1]:
            lines = {line.service: line for one in mine for line in one.lines}
            order = [rate.service for rate in part.letter.facts.rates if rate.service in lines]
            whole = part.with_lines(tuple(lines[service] for service in order))
            yield whole.with_lines(whole.lines, _limited(whole))


def _limited(one: JudgedLetter) -> NoticeVerdict | None:
    """Its verdict, which says so where a later letter says less than what it gives notice of."""
    stated = {rate.service: rate.new for rate in one.letter.facts.rates}
    less = [line.why for line in one.lines if line.counts and line.new < stated[line.service]]
    if one.notice is None or not less:
        return one.notice
    return replace(one.notice, reason="; ".join([one.notice.reason, *dict.fromkeys(less)]))
