"""When a contract lets a rate rise: price locks, months between rises, only at renewal.

`allowed_from` is the first day, not before the day asked for, on which the rate may rise; so
a rise is allowed on a day exactly if that day is its own answer. A locked day is locked to
its end. The months between rises end on the corresponding date, clamped to the month's end.
How much a rate may rise is not a date and is not here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from mailer.notice.problems import RuleProblem
from mailer.notice.steps import Step, StepKind
from mailer.notice.strides import months_from
from mailer.notice.words import plural, spoken

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RiseLimits:
    """A client's terms. `locked_until` is the last locked day.

    `renewal` is a day on which the contract renews, given if the rate may rise
    only at a renewal; it renews each year on that date.
    """

    locked_until: dt.date | None = None
    min_months_between: int = 0
    renewal: dt.date | None = None

    def __post_init__(self) -> None:
        if self.min_months_between < 0:
            raise RuleProblem(
                f"The months between rises cannot be negative ({self.min_months_between}).",
                todo="Correct the client's terms.",
            )


@dataclass(frozen=True, slots=True)
class RiseAllowed:
    """The first day the rate may rise, with a step for every limit that moved it there."""

    day: dt.date
    asked: dt.date
    steps: tuple[Step, ...]

    @property
    def as_asked(self) -> bool:
        return self.day == self.asked


def anniversary(start: dt.date, year: int) -> dt.date:
    """Return the renewal in that year. A contract of 29 February renews on 1 March in common years.

    Both 28 February and 1 March are argued for; on 1 March the old term has ended on either
    reading, so the later one is taken.
    """
    if (start.month, start.day) == (2, 29):
        return dt.date(year, 2, 28) + _DAY
    return start.replace(year=year)


def next_renewal(known: dt.date, not_before: dt.date) -> dt.date:
    """Return the first renewal on or after the day: the one that is known, or an anniversary after it."""
    year = max(not_before.year, known.year)
    day = known if year == known.year else anniversary(known, year)
    return day if day >= not_before else anniversary(known, year + 1)


def rise_allowed_from(asked: dt.date, limits: RiseLimits, last_rise: dt.date | None = None) -> RiseAllowed:
    """Return the first day on or after `asked` on which the contract lets the rate rise."""
    day = asked
    steps = [Step(asked, f"{spoken(asked)}: the rise asked for", kind=StepKind.FIXED)]
    if limits.locked_until is not None and limits.locked_until.year == dt.MAXYEAR:
        text = f"the price lock, which runs to {spoken(limits.locked_until)}, has no end"
        return RiseAllowed(dt.date.max, asked, (*steps, Step(dt.date.max, text, "the client's contract")))
    if limits.locked_until is not None and limits.locked_until >= day:
        day = limits.locked_until + _DAY
        text = f"{spoken(day)}: the day after the price lock, which runs to {spoken(limits.locked_until)}"
        steps.append(Step(day, text, "the client's contract"))
    if last_rise is not None and limits.min_months_between:
        spaced = months_from(last_rise, limits.min_months_between)
        if spaced > day:
            day = spaced
            months = plural(limits.min_months_between, "month")
            text = f"{spoken(day)}: {months} after the last rise on {spoken(last_rise)}"
            steps.append(Step(day, text, "the client's contract"))
    if limits.renewal is not None:
        renewal = next_renewal(limits.renewal, day)
        if renewal > day:
            day = renewal
            text = f"{spoken(day)}: the next renewal of the contract of {spoken(limits.renewal)}"
            steps.append(Step(day, text, "the client's contract: only at renewal"))
    return RiseAllowed(day, asked, tuple(steps))
