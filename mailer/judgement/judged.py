"""A letter of a client as it was judged, beside others of its day, and why it does not count. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from mailer.campaign.rates import RateLine
from mailer.judgement.verdict import NoticeState, NoticeVerdict, set_aside
from mailer.ledger.clientpiece import ClientPiece
from mailer.ledger.moves import Moved
from mailer.ledger.stated import NoticedRate
from mailer.notice.words import spoken

TAKES_ITS_PLACE: Final = "takes its place"


@dataclass(frozen=True, slots=True)
class RateInForce:
    """A rate in force from a day on; `mailed` is the day its letter counts for. `decides` is False of the
    earlier of two letters that a contract asks for.
    """

    since: date
    amount: Decimal
    because: str
    piece: str = ""
    mailed: date = date.min
    decides: bool = True

    @property
    def rank(self) -> tuple[Decimal, bool, date, str]:
        """Of several for one day the least is taken."""
        return self.amount, not self.decides, self.mailed, self.piece


@dataclass(frozen=True, slots=True)
class RateJudged(RateLine):
    """One service of a letter: the rate in force before it, the new one, the day from which that is to count,
    and whether it does.
    """

    since: date
    counts: bool
    why: str

    def answered(self, why: str, *, counts: bool = False, new: Decimal | None = None) -> RateJudged:
        """The same with its answer; `new` where no more than that is billed."""
        new = self.new if new is None else new
        return RateJudged(self.service, self.name, self.old, new, self.since, counts, why)


def judged_rate(stated: NoticedRate, in_force: Decimal, since: date) -> RateJudged:
    """What a letter states of a service, against the rate in force. That it falls is no notice of a rise
    where it has fallen further since.
    """
    new = stated.new if stated.new > stated.old else min(stated.new, in_force)
    return RateJudged(stated.service, stated.name, in_force, new, since, counts=False, why="")


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

    def with_lines(self, lines: tuple[RateJudged, ...], notice: NoticeVerdict | None = None) -> JudgedLetter:
        """The same with these lines, and with another verdict where one is given."""
        verdict = notice or self.notice
        return JudgedLetter(self.letter, self.effective, self.moved, verdict, self.problem, lines)

    @property
    def holds(self) -> bool:
        return self.notice is not None and self.notice.holds

    @property
    def rates(self) -> tuple[RateLine, ...]:
        """The rates that it states, each no higher than what counts where a later letter says less."""
        counted = {line.service: line.new for line in self.lines if line.counts}
        return tuple(
            RateLine(one.service, one.name, one.old, min(one.new, counted.get(one.service, one.new)))
            for one in self.letter.facts.rates
        )

    @property
    def gave(self) -> bool:
        """Its notice holds, though another letter may have taken its place since."""
        return self.holds or (self.notice is not None and self.notice.state is NoticeState.SUPERSEDED)

    @property
    def waits(self) -> bool:
        """It does not count and still may: its receipt is to be proved."""
        return self.notice is not None and self.notice.state is NoticeState.UNPROVED


def raises_unsaid(amount: Decimal, before: Sequence[RateInForce], *, is_rise: bool) -> bool:
    """Would a rate that the list entered as no rise be one all the same: what it was lower than was undone
    since, or another rate was put in before it.
    """
    return not is_rise and bool(before) and amount > before[-1].amount


def serves(one: JudgedLetter, service: str) -> bool:
    """Does what it says of the service count."""
    return any(line.service == service and line.counts for line in one.lines)


def not_held(one: JudgedLetter, notice: NoticeVerdict) -> str:
    """Why its notice does not hold."""
    if notice.state is NoticeState.LATE:
        return never(one)
    which = "" if notice.state is NoticeState.BLOCKED else f" ({_which(one.letter)})"
    return f"{notice.reason}{which}"


def never(one: JudgedLetter) -> str:
    """That a letter can give no notice of its day any more, and what to do, whatever the day of the work."""
    letter, day, remedy = one.letter, spoken(one.effective), f"mailer remedy {one.letter.campaign}"
    if letter.counts_on is None:
        return f"notice of {day} cannot be given any more: {remedy}"
    if one.notice is not None and one.notice.mailed != letter.counts_on:  # it hangs on its other letter
        return f"{one.notice.reason}: {remedy}"
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


def beside_others(one: JudgedLetter, chosen: dict[str, RateInForce]) -> JudgedLetter:
    """The letter after the choice among letters of one day; contradicted where nothing of it is left."""
    lines = tuple(_beside(line, chosen.get(line.service), one.letter) for line in one.lines)
    lost = [after.why for before, after in zip(one.lines, lines, strict=True) if before.counts > after.counts]
    replaced = [line.why for line in lines if line.why.endswith(TAKES_ITS_PLACE)]
    if one.holds and replaced and not any(line.counts for line in lines):
        return one.with_lines(lines, set_aside(NoticeState.SUPERSEDED, one.effective, replaced[0]))
    if one.holds and lost and not any(line.counts for line in lines):
        return one.with_lines(lines, set_aside(NoticeState.CONTRADICTS, one.effective, lost[0]))
    return one.with_lines(lines)


def _beside(line: RateJudged, taken: RateInForce | None, letter: ClientPiece) -> RateJudged:
    """The line after the choice among letters of one day: the lower rate is billed."""
    if not line.counts or taken is None or taken.amount == line.new:
        return line
    why = f"{letter.label} and {taken.piece} say different rates for one day: the lower one is billed"
    return line.answered(why)
