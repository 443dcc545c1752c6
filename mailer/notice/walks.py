"""The walk of a rule, stride by stride: what each counting style and each unit does, in one place.

Forward strides lead from the day a notice is given to the first effective date allowed (or the
last day to act); backward strides lead from the effective date to the last day the notice may
be given. The day moved from is never counted, the day moved to is included.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import assert_never

from mailer.notice.deliveries import Effect
from mailer.notice.rules import Anchor, CountingStyle, Roll, Rule, Unit
from mailer.notice.strides import Stride, StrideKind


@dataclass(frozen=True, slots=True)
class Walk:
    """The strides of a rule. `forward` or `backward` is None where that count plays no part."""

    given: tuple[Stride, ...]  # from the day mailed to the day given
    forward: tuple[Stride, ...] | None  # from the day given to the first effective date allowed
    backward: tuple[Stride, ...] | None  # from the effective date to the last day it may be given


@lru_cache(maxsize=1024)
def walk_of(rule: Rule) -> Walk:
    """Return the strides of a rule."""
    delivery = rule.given_by
    given = delivery.strides(rule.calendar, rule.given_citation)
    extra = delivery.n if rule.traits.extends and delivery.effect is Effect.EXTENDED else 0
    if extra:
        given = ()
    if rule.counting is CountingStyle.AT_LEAST_OPEN:
        given = (Stride(StrideKind.ROLL_FORWARD, 0, rule.mailing_calendar), *given)
    forward = backward = None
    if rule.counted_from is not Anchor.END:
        forward = _period(rule, 1, extra)
    if rule.counted_from is not Anchor.START:
        backward = _period(rule, -1, extra)
    return Walk(given, forward, backward)


def _period(rule: Rule, sign: int, extra: int) -> tuple[Stride, ...]:
    roll = _roll(rule, sign)
    base = _base(rule, sign)
    mail = (_days(rule, sign * extra, "calendar day", "for mailing", rule.given_citation),) if extra else ()
    short = rule.n <= 5  # CPR 2.8(4): a period of 5 days or less leaves out closed days
    strides: tuple[Stride, ...]
    match rule.counting:
        case CountingStyle.FRCP_6A_6D:
            strides = (*base, *roll, *mail, *roll)
        case CountingStyle.CA_12_12A | CountingStyle.NY_GCL | CountingStyle.CA_12C:
            strides = (*base, *mail, *roll)
        case CountingStyle.CLEAR_DAYS:
            strides = _clear(rule, sign)
        case CountingStyle.CPR_2_8:
            clear = (_open(rule, sign * rule.n), _days(rule, sign, "day", "for a clear day"))
            strides = clear if short else _clear(rule, sign)
        case CountingStyle.CPR_2_8_WITHIN:
            strides = (_open(rule, sign * rule.n),) if short else base
        case CountingStyle.DEEMED | CountingStyle.DEEMED_2DAY:
            strides = ()
        case (
            CountingStyle.AT_LEAST
            | CountingStyle.AT_LEAST_OPEN
            | CountingStyle.AT_LEAST_BD
            | CountingStyle.MONTH_CORR
            | CountingStyle.MONTH_SCAN
            | CountingStyle.MONTH_SUB
            | CountingStyle.FRCP_6A
            | CountingStyle.STB_1104_7
            | CountingStyle.AIA_36_WINDOW_START
            | CountingStyle.OPEN_DAY
        ):
            strides = (*base, *roll)
        case _:
            assert_never(rule.counting)
    return strides


def _base(rule: Rule, sign: int) -> tuple[Stride, ...]:
    match rule.unit:
        case Unit.DAY:
            return (_days(rule, sign * rule.n),) if rule.n else ()
        case Unit.CLEAR_DAY:
            return _clear(rule, sign)
        case Unit.MONTH:
            return (Stride(StrideKind.MONTHS, sign * rule.n, "none", rule.citation, "month"),)
        case Unit.BUSINESS_DAY | Unit.COURT_DAY:
            return (_open(rule, sign * rule.n),)
    assert_never(rule.unit)


def _days(rule: Rule, n: int, noun: str = "day", purpose: str = "", citation: str = "") -> Stride:
    return Stride(StrideKind.DAYS, n, "none", citation or rule.citation, noun, purpose)


def _clear(rule: Rule, sign: int) -> tuple[Stride, ...]:
    return (_days(rule, sign * (rule.n + 1), "day", f"for {rule.n} clear ones between"),)


def _open(rule: Rule, n: int) -> Stride:
    noun = "court day" if rule.unit is Unit.COURT_DAY else "business day"
    return Stride(StrideKind.OPEN_DAYS, n, rule.calendar, rule.citation, noun)


def _roll(rule: Rule, sign: int) -> tuple[Stride, ...]:
    match rule.rolling:
        case Roll.NONE:
            return ()
        case Roll.FORWARD:
            kind = StrideKind.ROLL_FORWARD
        case Roll.SAME_DIRECTION:
            kind = StrideKind.ROLL_FORWARD if sign > 0 else StrideKind.ROLL_BACK
        case _:
            assert_never(rule.rolling)
    return (Stride(kind, 0, rule.calendar, rule.citation),)
