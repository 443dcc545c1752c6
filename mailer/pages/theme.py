"""The newsletter's themes: a style sheet and a template of the letterhead, and how its text is set.

Type sizes in points, lengths in inches. A theme's files are the letterhead's; a firm edits them there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from mailer.settings import PrintStock, ThemeName


@dataclass(frozen=True, slots=True)
class Theme:
    """`stem` names its files. Its text fills one of `pages`, tried in their order; `backs` pages follow it.

    `foot` is what stands below the text on the last page of the text, from the page's bottom. Each story has
    its own columns, or, `in_one_run`, one begins below the other.
    """

    stem: str
    pages: tuple[int, ...]
    foot: float
    backs: int = 0
    in_one_run: bool = False

    def printed(self, pages: int) -> int:
        """The pages of an issue whose text fills so many."""
        return pages + self.backs


SIZE: Final = 10.25  # pt: the body type in every issue; a text that is short has more room between its lines
COLUMNS: Final = 2  # in three, a line of the last of them is missing as often as not
GAP: Final = 0.34  # in: between them

TWO_COLUMN: Final = Theme("newsletter", (2, 4), foot=5.5)
ONE_PAGE: Final = Theme("one-page", (1,), foot=0.75, backs=1, in_one_run=True)
_THEMES: Final = {ThemeName.TWO_COLUMN: TWO_COLUMN, ThemeName.ONE_PAGE: ONE_PAGE}
BOOKLET: Final = (4, 8)  # sheets of 11 x 17 in hold four pages each; six would leave half a sheet


def theme_of(name: ThemeName, sheets: PrintStock) -> Theme:
    """The theme on such sheets."""
    found = _THEMES[name]
    return found if sheets is PrintStock.LOOSE else replace(found, pages=BOOKLET)
