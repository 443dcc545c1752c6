"""Saddle order: which pages lie side by side on the sheets of a booklet. Pure; pages from 1.

A sheet of 11 x 17 in is folded once to US Letter, and the sheets lie in each other, the first outside. Each
side is printed as the left page and the right one, the fold between them.
"""

from __future__ import annotations

from typing import Final

PAGES: Final = 4  # of a sheet


def saddle(pages: int) -> tuple[tuple[int, int], ...]:
    """The sides in the order of printing: front and back of the outermost sheet, then of the next.

    Raises ValueError for pages that do not fill their sheets.
    """
    if pages < PAGES or pages % PAGES:
        raise ValueError(f"{pages} pages are no booklet")
    sides: list[tuple[int, int]] = []
    for first in range(1, pages // 2, 2):
        last = pages + 1 - first
        sides += [(last, first), (first + 1, last - 1)]
    return tuple(sides)
