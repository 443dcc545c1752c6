"""Whether the columns of each story end within one line of each other: measured on the finished pages.

Inches; a column ends with its last ink, be it words or a picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image

from mailer.pages.copyfit import Trial
from mailer.pages.ink import MM, image_of, ink_within, opened
from mailer.pages.issuepages import TypesetSection
from mailer.pages.valuemarks import plain
from mailer.pages.windowzones import WIDTH, Zone

LINES: Final = 1.4  # apart: a line, and what one letter reaches farther down than another
FAR: Final = 3.0  # lines: more than words move
WORDED: Final = "A few words more or less there move them."
PICTURED: Final = (
    "Stand its picture or table elsewhere in the text, or make the picture smaller: {width=70%}."
)
_BLOCK: Final = re.compile('<figure|class="data whole"')
BARE: Final = 4.0  # lines, headline and all, that may stand in one column: too few to be parted
_RULE: Final = 0.1  # in: the rule above a story, the one ink over a column without text
_CLEAR: Final = 0.06  # in: below a column and beside it


@dataclass(frozen=True, slots=True)
class Gap:
    """A story whose columns end `apart` lines from each other on `page`, from 1."""

    story: TypesetSection
    page: int
    apart: float

    def __str__(self) -> str:
        title = plain(self.story.headline).replace("\u00a0", " ")
        mend = PICTURED if _BLOCK.search(self.story.text) and self.apart > FAR else WORDED
        return f"“{title}” on page {self.page}: its columns end {self.apart:.0f} lines apart. {mend}"


def uneven(pdf: bytes, trial: Trial, stories: Sequence[TypesetSection]) -> tuple[Gap, ...]:
    """Each of its stories whose columns end farther apart than a line."""
    setting = trial.setting
    line = setting.size * setting.leading / 72
    with opened(pdf) as document:
        images = [image_of(document, page) for page in range(1, setting.pages + 1)]
    found = []
    for story, page, top, bottom in _parts(trial, stories):
        ends = [end for end in _ends(images[page], trial, top, bottom) if end]
        apart = (max(ends) - min(ends)) / line if len(ends) == setting.theme.columns else 0
        empty = bool(ends) and min(ends) < top + max(setting.above, default=0) + _RULE
        if apart > (BARE if empty else LINES):
            found.append(Gap(story, page + 1, apart))
    return tuple(found)


def _parts(
    trial: Trial, stories: Sequence[TypesetSection]
) -> Iterator[tuple[TypesetSection, int, float, float]]:
    """Each story on each of its pages, from the top to the bottom of its room there."""
    setting = trial.setting
    if setting.theme.in_one_run:
        (page, y), (last, end) = trial.begins[0], max(trial.ends)
        yield stories[0], page, y, end if last == page else setting.top(page) + setting.height(page)
        return
    for story, (first, begin), (last, end) in zip(stories, trial.begins, trial.ends, strict=True):
        for page in range(first, last + 1):
            top = begin if page == first else setting.top(page)
            yield story, page, top, end if page == last else setting.top(page) + setting.height(page)


def _ends(image: Image.Image, trial: Trial, top: float, bottom: float) -> Iterator[float]:
    """Where the ink of each column ends between `top` and `bottom`; 0 for an empty one."""
    setting, theme = trial.setting, trial.setting.theme
    width = (WIDTH - 2 * setting.margin - (theme.columns - 1) * theme.gap) / theme.columns
    for column in range(theme.columns):
        left = setting.margin + column * (width + theme.gap)
        room = Zone("column", left - _CLEAR, top, width + 2 * _CLEAR, bottom - top, "")
        ink = ink_within(image, room)
        yield (ink.y + ink.h) / MM if ink else 0.0
