"""A stride: one elementary way to get from one day to another, as data.

Every delivery rule and every counting style is a short tuple of strides, so the answer, its
explanation and its recomputation in the tests all run the same arithmetic. `n` is signed:
negative counts backward. The day a stride starts from is never counted.
"""

from __future__ import annotations

import calendar as gregorian
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import assert_never

from mailer.notice.calendars import calendar_named
from mailer.notice.closings import Closings
from mailer.notice.problems import RuleProblem
from mailer.notice.words import plural, spoken, spoken_short


class StrideKind(Enum):
    """How the day changes."""

    DAYS = "days"
    OPEN_DAYS = "open days"  # days open in the stride's calendar
    MONTHS = "months"  # the corresponding date, clamped to the month's end
    ROLL_FORWARD = "roll forward"  # a closed day becomes the next open one, an open day stays
    ROLL_BACK = "roll back"


@dataclass(frozen=True, slots=True)
class Stride:
    """`noun` names what is counted in the explanation; `purpose` follows it ("for mailing")."""

    kind: StrideKind
    n: int = 0
    calendar: str = "none"
    citation: str = ""
    noun: str = "day"
    purpose: str = ""

    def __hash__(self) -> int:
        return hash((self.n, self.calendar))


def months_from(day: dt.date, n: int) -> dt.date:
    """Return the corresponding date n months on (or back), clamped to the month's end.

    Dodds v Walker [1981] 1 WLR 1027: four months from 30 September end on 30 January. Always
    add from the original day: chained single months would let a clamp stick.
    """
    month = day.year * 12 + day.month - 1 + n
    year, month = month // 12, month % 12 + 1
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise _outside(day, n, "month")
    return dt.date(year, month, min(day.day, gregorian.monthrange(year, month)[1]))


def shifted(day: dt.date, n: int) -> dt.date:
    """Return the day n days on (or back); `RuleProblem` where no calendar has it."""
    try:
        return day + dt.timedelta(days=n)
    except OverflowError:
        raise _outside(day, n, "day") from None


def _outside(day: dt.date, n: int, noun: str) -> RuleProblem:
    side = "after" if n >= 0 else "before"
    return RuleProblem(
        f"{plural(abs(n), noun)} {side} {spoken(day)} lies outside the years 1 to 9999.",
        todo="Check the year of the date, and the period.",
    )


def landing(day: dt.date, stride: Stride, closings: Closings) -> dt.date:
    """Return the day that the stride leads to."""
    match stride.kind:
        case StrideKind.DAYS:
            return shifted(day, stride.n)
        case StrideKind.MONTHS:
            return months_from(day, stride.n)
        case StrideKind.OPEN_DAYS:
            days = calendar_named(stride.calendar, closings)
            return days.nth_after(day, stride.n) if stride.n >= 0 else days.nth_before(day, -stride.n)
        case StrideKind.ROLL_FORWARD:
            return calendar_named(stride.calendar, closings).on_or_after(day)
        case StrideKind.ROLL_BACK:
            return calendar_named(stride.calendar, closings).on_or_before(day)
    assert_never(stride.kind)


def run(day: dt.date, strides: Iterable[Stride], closings: Closings) -> dt.date:
    """Return the day after all the strides, one after another."""
    for stride in strides:
        day = landing(day, stride, closings)
    return day


def described(start: dt.date, end: dt.date, stride: Stride, closings: Closings) -> str:
    """Say how the stride got from start to end: "3 business days later (Thu 26 Nov ...)"."""
    closed = _closed_between(start, end, stride, closings)
    match stride.kind:
        case StrideKind.DAYS | StrideKind.OPEN_DAYS:
            side = "later" if stride.n >= 0 else "earlier"
            return f"{plural(abs(stride.n), stride.noun)} {side}{_spaced(stride.purpose)}{closed}"
        case StrideKind.MONTHS:
            side = "after" if stride.n >= 0 else "before"
            clamped = ", where the month ends" if end.day != start.day else ""
            return f"{plural(abs(stride.n), 'month')} {side} {spoken(start)}{clamped}"
        case StrideKind.ROLL_FORWARD | StrideKind.ROLL_BACK:
            side = "after" if stride.kind is StrideKind.ROLL_FORWARD else "before"
            why = calendar_named(stride.calendar, closings).why_closed(start)
            return f"the nearest open day {side} {spoken(start)}, which is closed ({why})"
    assert_never(stride.kind)


def _closed_between(start: dt.date, end: dt.date, stride: Stride, closings: Closings) -> str:
    if stride.kind is not StrideKind.OPEN_DAYS:
        return ""
    closures = calendar_named(stride.calendar, closings).closures(min(start, end), max(start, end))
    if not closures:
        return ""
    named = ", ".join(f"{spoken_short(day)} {why}" for day, why in closures)
    return f" ({named} {'is' if len(closures) == 1 else 'are'} closed)"


def _spaced(text: str) -> str:
    return f" {text}" if text else ""
