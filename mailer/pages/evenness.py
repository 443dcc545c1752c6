"""Whether the columns of each story end within one line of each other: measured on the finished pages.

Inches; a column ends with its last ink, be it words or a picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
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
_CLEAR: Final = 0.06  # in: below a column and beside it


def uneven(pdf: bytes, trial: Trial, stories: Sequence[TypesetSection]) -> Iterator[str]:
    """What is said of each of its stories whose columns end farther apart, and what mends it."""
    setting = trial.setting
    line = setting.size * setting.leading / 72
    with opened(pdf) as document:
        images = [image_of(document, page) for page in range(1, setting.pages + 1)]
    for story, page, top, bottom in _parts(trial, stories):
        ends = [end for end in _ends(images[page], trial, top, bottom) if end]
        apart = (max(ends) - min(ends)) / line if len(ends) == setting.theme.columns else 0
        if apart > LINES:
            title = plain(story.headline).replace("\u00a0", " ")
            mend = PICTURED if _BLOCK.search(story.text) and apart > FAR else WORDED
            yield f"“{title}” on page {page + 1}: its columns end {apart:.0f} lines apart. {mend}"


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
