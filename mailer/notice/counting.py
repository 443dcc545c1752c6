"""Counting: the one predicate, and the two searches that are derived from it.

`is_compliant(mailed, effective, rule)` is the truth. `mailed` is the day the notice was
posted (for a rule that counts receipt: the day it was received), already moved to the day
that a late drop counts for (`mailer.notice.mailingday`). Subtraction is not the inverse of
addition for months, so the latest mailing day and the earliest effective date are found by
searching with the predicate. All days named in an answer are included: a notice mailed on
the latest day is in time.

A month is judged by the corresponding date (Dodds v Walker [1981] 1 WLR 1027) and planned by
the stricter reading, the month subtracted from the effective date; every answer says so where
the two differ (`other_reading`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, assert_never

from mailer.notice.calendars import calendar_named
from mailer.notice.closings import NO_CLOSINGS, Closings
from mailer.notice.problems import RuleProblem
from mailer.notice.rules import Anchor, CountingStyle, Rule, Unit, require_in_force
from mailer.notice.strides import Stride, StrideKind, months_from, run, shifted
from mailer.notice.walks import walk_of

_LIMIT: Final = 20_000  # days: no period of notice is longer than 54 years


@dataclass(frozen=True, slots=True)
class LatestMailing:
    """`legal` is the last day that satisfies the rule, `operational` the day to plan for.

    The operational day is the last open mailing day not after `legal`, less the transit of a
    receipt rule, and the earlier one where two readings of the rule differ (`stricter`).
    """

    legal: dt.date
    operational: dt.date
    stricter: dt.date | None = None


def deemed_given(mailed: dt.date, rule: Rule, closings: Closings = NO_CLOSINGS) -> dt.date:
    """Return the day on which a notice mailed that day counts as given."""
    return run(mailed, walk_of(rule).given, closings)


def is_compliant(mailed: dt.date, effective: dt.date, rule: Rule, closings: Closings = NO_CLOSINGS) -> bool:
    """Say whether a notice mailed on one day is in time for a change effective on another."""
    walk = walk_of(rule)
    given = run(mailed, walk.given, closings)
    if given > effective:  # whatever a count back that rolls forward (49 CFR 1104.7(a)) would allow
        return False
    if walk.forward is not None and run(given, walk.forward, closings) > effective:
        return False
    return walk.backward is None or given <= run(effective, walk.backward, closings)


@lru_cache(maxsize=1024)
def other_reading(rule: Rule) -> Rule | None:
    """Return the other reading of a month, subtracted from the effective date; None if there is but one.

    It is the stricter one but for styles that roll the month's end forward.
    """
    if rule.unit is not Unit.MONTH or rule.counted_from is not Anchor.START:
        return None
    return replace(rule, counting=CountingStyle.MONTH_SUB, anchor=None, roll=None)


def meets_every_reading(
    mailed: dt.date, effective: dt.date, rule: Rule, closings: Closings = NO_CLOSINGS
) -> bool:
    """Say whether a notice mailed that day would be in time by the stricter reading too: what to plan for."""
    other = other_reading(rule)
    judged = is_compliant(mailed, effective, rule, closings)
    return judged and (other is None or is_compliant(mailed, effective, other, closings))


def latest_mailing(effective: dt.date, rule: Rule, closings: Closings = NO_CLOSINGS) -> LatestMailing:
    """Return the last day to mail, by law and in operation, for a change effective that day."""
    require_in_force(rule, effective)
    legal = _latest(effective, rule, closings)
    stricter = None
    other = other_reading(rule)
    if other is not None:
        subtracted = _latest(effective, other, closings)
        stricter = subtracted if subtracted < legal else None
    post = calendar_named(rule.mailing_calendar, closings)
    operational = post.nth_before(post.on_or_before(stricter or legal), rule.transit)
    return LatestMailing(legal, operational, stricter)


def earliest_effective(mailed: dt.date, rule: Rule, closings: Closings = NO_CLOSINGS) -> dt.date:
    """Return the first effective date for which a notice mailed that day is in time."""
    walk = walk_of(rule)
    given = run(mailed, walk.given, closings)
    guess = _opposite(given, walk.backward or (), closings)
    if walk.forward is not None:
        guess = run(given, walk.forward, closings)
    found = _first(lambda effective: is_compliant(mailed, effective, rule, closings), guess, rule)
    if rule.valid_from is not None:
        found = max(found, rule.valid_from)
    require_in_force(rule, found)
    return found


def stricter_earliest(mailed: dt.date, rule: Rule, closings: Closings = NO_CLOSINGS) -> dt.date | None:
    """Return the first effective date by the stricter reading, None where both readings give the same."""
    other = other_reading(rule)
    if other is None:
        return None
    found = earliest_effective(mailed, other, closings)
    return found if found > earliest_effective(mailed, rule, closings) else None


def planned_effective(mailed: dt.date, rule: Rule, closings: Closings = NO_CLOSINGS) -> dt.date:
    """Return the first effective date to plan for: by the stricter reading where two differ."""
    return stricter_earliest(mailed, rule, closings) or earliest_effective(mailed, rule, closings)


def _latest(effective: dt.date, rule: Rule, closings: Closings) -> dt.date:
    walk = walk_of(rule)
    if walk.backward is not None:
        given = run(effective, walk.backward, closings)
    else:
        given = _opposite(effective, walk.forward or (), closings)
    guess = _opposite(given, walk.given, closings)
    return _last(lambda mailed: is_compliant(mailed, effective, rule, closings), guess, rule)


def _opposite(day: dt.date, strides: tuple[Stride, ...], closings: Closings) -> dt.date:
    """Undo the strides roughly: only a first guess, which the search then corrects."""
    for stride in reversed(strides):
        match stride.kind:
            case StrideKind.DAYS:
                day = shifted(day, -stride.n)
            case StrideKind.MONTHS:
                day = months_from(day, -stride.n)
            case StrideKind.OPEN_DAYS:
                day = run(day, (replace(stride, n=-stride.n),), closings)
            case StrideKind.ROLL_FORWARD | StrideKind.ROLL_BACK:
                pass
            case _:
                assert_never(stride.kind)
    return day


def _last(holds: Callable[[dt.date], bool], guess: dt.date, rule: Rule) -> dt.date:
    """Return the last day for which `holds`, which is true of all earlier and no later days."""
    low, high = guess, shifted(guess, 1)
    width = 1
    while not holds(low):
        low, high, width = shifted(low, -width), low, _doubled(width, rule)
    width = 1
    while holds(high):
        low, high, width = high, shifted(high, width), _doubled(width, rule)
    while (high - low).days > 1:
        middle = low + (high - low) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def _first(holds: Callable[[dt.date], bool], guess: dt.date, rule: Rule) -> dt.date:
    """Return the first day for which `holds`, which is true of all later and no earlier days."""
    return shifted(_last(lambda day: not holds(day), shifted(guess, -1), rule), 1)


def _doubled(width: int, rule: Rule) -> int:
    if width > _LIMIT:
        raise RuleProblem(
            "No day satisfies this rule within 50 years.",
            where=f"rule {rule.id}",
            todo="Check the period and the extra closed days.",
        )
    return width * 2
