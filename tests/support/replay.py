"""The conclusion of an explanation, recomputed from its steps alone, with none of the counting code."""

from __future__ import annotations

from collections.abc import Sequence

from mailer.notice.closings import NO_CLOSINGS, Closings
from mailer.notice.steps import Step, StepKind
from mailer.notice.strides import landing


def replay(steps: Sequence[Step], closings: Closings = NO_CLOSINGS) -> bool:
    """Recompute the conclusion of `explain` from its steps; `ValueError` if a step does not follow.

    The chain runs from the first step's day to the day given, then forward from there and
    backward from the conclusion's day, which is the effective date.
    """
    effective = steps[-1].day
    given = steps[0].day
    forward, backward = None, effective
    for step in steps:
        if step.stride is None or step.start is None:
            continue
        if landing(step.start, step.stride, closings) != step.day:
            raise ValueError(f"The step does not lead there: {step}")
        reached = {StepKind.GIVEN: given, StepKind.FORWARD: forward or given, StepKind.BACKWARD: backward}
        if reached[step.kind] != step.start:
            raise ValueError(f"The step does not follow from those before it: {step}")
        if step.kind is StepKind.GIVEN:
            given = step.day
        elif step.kind is StepKind.FORWARD:
            forward = step.day
        else:
            backward = step.day
    return (forward or given) <= effective and given <= backward
