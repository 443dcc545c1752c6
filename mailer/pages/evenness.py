"""Whether the columns of each story end within one line of each other: measured on the finished pages.

Inches; a column ends with its last ink, be it words or a picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from PIL import Image

from mailer.pages.copyfit import Trial
from mailer.pages.ink import MM, image_of, ink_within, opened
from mailer.pages.windowzones import WIDTH, Zone

LINES: Final = 1.4  # apart: a line, and what one letter reaches farther down than another
_CLEAR: Final = 0.06  # in: below a column and beside it


def uneven(pdf: bytes, trial: Trial, titles: tuple[str, ...]) -> Iterator[str]:
    """What is said of each story whose columns end farther apart. `titles` are those of its stories."""
    setting = trial.setting
    line = setting.size * setting.leading / 72
    with opened(pdf) as document:
        images = [image_of(document, page) for page in range(1, setting.pages + 1)]
    for title, page, top, bottom in _parts(trial, titles):
        ends = [end for end in _ends(images[page], trial, top, bottom) if end]
        apart = (max(ends) - min(ends)) / line if len(ends) == setting.theme.columns else 0
        if apart > LINES:
            yield f"“{title}” on page {page + 1}: its columns end {apart:.0f} lines apart"


def _parts(trial: Trial, titles: tuple[str, ...]) -> Iterator[tuple[str, int, float, float]]:
    """Each story on each of its pages, from the top to the bottom of its room there."""
    setting = trial.setting
    if setting.theme.in_one_run:
        (page, y), (last, end) = trial.begins[0], max(trial.ends)
        yield titles[0], page, y, end if last == page else setting.top(page) + setting.height(page)
        return
    for title, (first, begin), (last, end) in zip(titles, trial.begins, trial.ends, strict=True):
        for page in range(first, last + 1):
            top = begin if page == first else setting.top(page)
            yield title, page, top, end if page == last else setting.top(page) + setting.height(page)


def _ends(image: Image.Image, trial: Trial, top: float, bottom: float) -> Iterator[float]:
    """Where the ink of each column ends between `top` and `bottom`; 0 for an empty one."""
    setting, theme = trial.setting, trial.setting.theme
    width = (WIDTH - 2 * setting.margin - (theme.columns - 1) * theme.gap) / theme.columns
    for column in range(theme.columns):
        left = setting.margin + column * (width + theme.gap)
        room = Zone("column", left - _CLEAR, top, width + 2 * _CLEAR, bottom - top, "")
        ink = ink_within(image, room)
        yield (ink.y + ink.h) / MM if ink else 0.0
