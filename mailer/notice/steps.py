"""A step: one dated reason in the working of an answer, in words a lawyer can follow.

`text` is a complete statement and normally begins with its day. A step that leads from one day to
another also says so in `stride` and `start`, so that the whole chain can be recomputed from the steps
alone (the tests do).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from mailer.notice.strides import Stride
from mailer.notice.words import spoken


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
    stride: Stride | None = None
    start: date | None = None
    why: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.text} [{self.citation}]" if self.citation else self.text


def dated(
    day: date,
    why: str,
    citation: str = "",
    kind: StepKind = StepKind.NOTE,
    stride: Stride | None = None,
    start: date | None = None,
) -> Step:
    """Return the step whose text is its day and `why`."""
    return Step(day, f"{spoken(day)}: {why}", citation, kind, stride, start, why)
