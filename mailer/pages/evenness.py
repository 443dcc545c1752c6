"""Whether the columns of each story end within one line of each other, by where they were laid out.

Inches; a column ends with its last line, or with its last picture or box.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from mailer.pages.copyfit import Trial, Tuning
from mailer.pages.issuepages import TypesetSection
from mailer.pages.theme import COLUMNS
from mailer.pages.valuemarks import plain

LINES: Final = 1.3  # apart: a line, and the quarter of one that a list has above it
FAR: Final = 3.0  # lines: more than words move
SHORT: Final = 3.1  # lines in the longest column: too few to be parted, or as many as a part has at least
TUNINGS: Final = (
    *(Tuning(space) for space in (0.03, -0.03, 0.05)),  # a blank between words is a quarter of an em
    *(Tuning(0, later) for later in (1, -1)),
    Tuning(0.04, 1),
)
WORDED: Final = "A few words more or less there move them."
PICTURED: Final = (
    "Stand its picture or table elsewhere in the text, or make the picture smaller: {width=70%}."
)
_BLOCK: Final = re.compile('<figure|class="data whole"')


@dataclass(frozen=True, slots=True)
class Gap:
    """Story number `story` (from 0) has columns that end `apart` lines from each other on `page`, from 1."""

    story: int
    page: int
    apart: float


def uneven(trial: Trial) -> Iterator[Gap]:
    """Each place where columns end farther apart than a line."""
    line = trial.setting.line
    for number, page in enumerate(trial.columns, 1):
        for found in page:
            ends = found.ends + (found.top,) * (COLUMNS - len(found.ends))
            apart = (max(ends) - min(ends)) / line
            if apart > LINES and max(ends) - found.top > SHORT * line:
                story = int(found.name.removeprefix("story-")) if found.name else 0
                yield Gap(story, number, apart)


def apart(trial: Trial) -> dict[int, float]:
    """The stories whose columns end apart, and by how many lines where it is the most."""
    return {gap.story: gap.apart for gap in sorted(uneven(trial), key=lambda gap: gap.apart)}


def tunings(story: TypesetSection, lines: float) -> list[Tuning]:
    """What may let its columns, which end so many lines apart, end together."""
    movable = "<figure>" in story.text
    return [one for one in TUNINGS if (movable if one.later else lines <= FAR)]


def said(gap: Gap, stories: Sequence[TypesetSection]) -> str:
    """What its author is told."""
    story = stories[gap.story]
    title = plain(story.headline).replace("\u00a0", " ")
    mend = PICTURED if _BLOCK.search(story.text) and gap.apart > FAR else WORDED
    return f"“{title}” on page {gap.page}: its columns end {gap.apart:.1f} lines apart. {mend}"
