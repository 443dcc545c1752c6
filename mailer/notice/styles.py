"""A rule as moves: what each counting style and each unit does, in one place.

Forward moves lead from the day a notice is given to the first effective date allowed (or the
last day to act); backward moves lead from the effective date to the last day the notice may
be given. The day moved from is never counted, the day moved to is included.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import assert_never

from mailer.notice.deliveries import Effect
from mailer.notice.rules import Anchor, Counting, Roll, Rule, Unit
from mailer.notice.strides import Move, MoveKind


@dataclass(frozen=True, slots=True)
class Count:
    """A rule as moves. `forward` or `backward` is None where that count plays no part."""

    given: tuple[Move, ...]  # from the day mailed to the day given
    forward: tuple[Move, ...] | None  # from the day given to the first effective date allowed
    backward: tuple[Move, ...] | None  # from the effective date to the last day it may be given


@lru_cache(maxsize=1024)
def count_of(rule: Rule) -> Count:
    """Return the rule as moves."""
    delivery = rule.given_by
    given = delivery.moves(rule.calendar, rule.given_citation)
    extra = delivery.n if rule.style.extends and delivery.effect is Effect.EXTENDED else 0
    if extra:
        given = ()
    if rule.counting is Counting.AT_LEAST_OPEN:
        given = (Move(MoveKind.ROLL_FORWARD, 0, rule.mailing_calendar), *given)
    forward = backward = None
    if rule.counted_from is not Anchor.END:
        forward = _period(rule, 1, extra)
    if rule.counted_from is not Anchor.START:
        backward = _period(rule, -1, extra)
    return Count(given, forward, backward)


def _period(rule: Rule, sign: int, extra: int) -> tuple[Move, ...]:
    roll = _roll(rule, sign)
    base = _base(rule, sign)
    mail = (_days(rule, sign * extra, "calendar day", "for mailing", rule.given_citation),) if extra else ()
    short = rule.n <= 5  # CPR 2.8(4): a period of 5 days or less leaves out closed days
    moves: tuple[Move, ...]
    match rule.counting:
        case Counting.FRCP_6A_6D:
            moves = (*base, *roll, *mail, *roll)
        case Counting.CA_12_12A | Counting.NY_GCL | Counting.CA_12C:
            moves = (*base, *mail, *roll)
        case Counting.CLEAR_DAYS:
            moves = _clear(rule, sign)
        case Counting.CPR_2_8:
            clear = (_open(rule, sign * rule.n), _days(rule, sign, "day", "for a clear day"))
            moves = clear if short else _clear(rule, sign)
        case Counting.CPR_2_8_WITHIN:
            moves = (_open(rule, sign * rule.n),) if short else base
        case Counting.DEEMED | Counting.DEEMED_2DAY:
            moves = ()
        case (
            Counting.AT_LEAST
            | Counting.AT_LEAST_OPEN
            | Counting.AT_LEAST_BD
            | Counting.MONTH_CORR
            | Counting.MONTH_SCAN
            | Counting.MONTH_SUB
            | Counting.FRCP_6A
            | Counting.STB_1104_7
            | Counting.AIA_36_WINDOW_START
            | Counting.OPEN_DAY
        ):
            moves = (*base, *roll)
        case _:
            assert_never(rule.counting)
    return moves


def _base(rule: Rule, sign: int) -> tuple[Move, ...]:
    match rule.unit:
        case Unit.DAY:
            return (_days(rule, sign * rule.n),) if rule.n else ()
        case Unit.CLEAR_DAY:
            return _clear(rule, sign)
        case Unit.MONTH:
            return (Move(MoveKind.MONTHS, sign * rule.n, "none", rule.citation, "month"),)
        case Unit.BUSINESS_DAY | Unit.COURT_DAY:
            return (_open(rule, sign * rule.n),)
    assert_never(rule.unit)


def _days(rule: Rule, n: int, noun: str = "day", purpose: str = "", citation: str = "") -> Move:
    return Move(MoveKind.DAYS, n, "none", citation or rule.citation, noun, purpose)


def _clear(rule: Rule, sign: int) -> tuple[Move, ...]:
    return (_days(rule, sign * (rule.n + 1), "day", f"for {rule.n} clear ones between"),)


def _open(rule: Rule, n: int) -> Move:
    noun = "court day" if rule.unit is Unit.COURT_DAY else "business day"
    return Move(MoveKind.OPEN_DAYS, n, rule.calendar, rule.citation, noun)


def _roll(rule: Rule, sign: int) -> tuple[Move, ...]:
    match rule.rolling:
        case Roll.NONE:
            return ()
        case Roll.FORWARD:
            kind = MoveKind.ROLL_FORWARD
        case Roll.SAME_DIRECTION:
            kind = MoveKind.ROLL_FORWARD if sign > 0 else MoveKind.ROLL_BACK
        case _:
            assert_never(rule.rolling)
    return (Move(kind, 0, rule.calendar, rule.citation),)
