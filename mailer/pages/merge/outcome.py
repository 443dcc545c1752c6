"""How the merge engine says that it leaves something to WeasyPrint: one letter, or all letters of a kind."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


class Fallback(Exception):
    """This letter goes to WeasyPrint; the message says why, for people."""


class Unsupported(Exception):
    """All letters with this skeleton go to WeasyPrint; the message says why, for people."""


class Differs(Exception):
    """What the engine made is not what WeasyPrint makes: a defect of the engine."""


@dataclass(slots=True)
class Tally:
    """How many letters were merged, why WeasyPrint set the others, and what differed from WeasyPrint's."""

    merged: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    defects: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Count these too."""
        self.merged += other.merged
        self.reasons.update(other.reasons)
        self.defects += other.defects

    @property
    def set_alone(self) -> int:
        """How many letters WeasyPrint set, of a mailing that is merged at all."""
        return self.reasons.total()
