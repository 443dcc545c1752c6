"""A step: one dated reason in the working of an answer, in words a lawyer can follow.

Days are written as "Tue 1 Dec 2026", in English whatever the machine's locale. `text` is a
complete statement and normally begins with its day. A step that moves from one day to
another also says so in `move` and `start`, so that `mailer.notice.reasons.replay` can
recompute the whole chain from the steps alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import date

    from mailer.notice.strides import Move

_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class StepKind(Enum):
    """What a step contributes to the answer."""

    FIXED = "fixed"  # a day somebody gave: deposit, receipt, effective date, today
    GIVEN = "given"  # deposit -> when the notice counts as given
    FORWARD = "forward"  # the period, counted forward from the notice
    BACKWARD = "backward"  # the period, counted back from the effective date
    FOUND = "found"  # a day found by search
    IN_TIME = "in time"  # the conclusion
    LATE = "late"
    NOTE = "note"  # a differing reading, a caution, a returned piece


@dataclass(frozen=True, slots=True)
class Step:
    """`day` is the day the step arrives at, `start` the day it set out from (or None), `why` the statement
    of a `dated` step without its day.
    """

    day: date
    text: str
    citation: str = ""
    kind: StepKind = StepKind.NOTE
    move: Move | None = None
    start: date | None = None
    why: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.text} [{self.citation}]" if self.citation else self.text


def dated(
    day: date,
    why: str,
    citation: str = "",
    kind: StepKind = StepKind.NOTE,
    move: Move | None = None,
    start: date | None = None,
) -> Step:
    """Return the step whose text is its day and `why`."""
    return Step(day, f"{spoken(day)}: {why}", citation, kind, move, start, why)


def spoken(day: date) -> str:
    """Return the day as "Tue 1 Dec 2026"."""
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def spoken_short(day: date) -> str:
    """Return the day without its year, as "Thu 26 Nov", where the year is beside it."""
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


def counted(n: int, noun: str, nouns: str = "") -> str:
    """Return "1 day", "2 days", "1,000 days"; `nouns` is the plural that is no mere "s"."""
    return f"{n:,} {noun if n == 1 else nouns or f'{noun}s'}"
