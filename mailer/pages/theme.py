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

    `columns` are those of the page, with `gap` between them; `foot` is what stands below the text on the last
    page of the text, from the page's bottom. The body type is `size` in every issue: a text that is short has
    more room between its lines. Each story has its own columns, or, `in_one_run`, one begins below the other.
    """

    stem: str
    pages: tuple[int, ...]
    foot: float
    columns: int
    gap: float
    size: float
    backs: int = 0
    in_one_run: bool = False

    def printed(self, pages: int) -> int:
        """The pages of an issue whose text fills so many."""
        return pages + self.backs


TWO_COLUMN: Final = Theme("newsletter", (2, 4), foot=5.5, columns=2, gap=0.34, size=10.25)
ONE_PAGE: Final = Theme(
    "one-page", (1,), foot=0.75, columns=2, gap=0.34, size=10.25, backs=1, in_one_run=True
)
_THREE: Final = replace(TWO_COLUMN, columns=3, gap=0.22, size=9.5)  # 32 characters a line and more
_THEMES: Final = {
    ThemeName.TWO_COLUMN: TWO_COLUMN,
    ThemeName.THREE_COLUMN: _THREE,
    ThemeName.ONE_PAGE: ONE_PAGE,
}
BOOKLET: Final = (4, 8)  # sheets of 11 x 17 in hold four pages each; six would leave half a sheet


def theme_of(name: ThemeName, sheets: PrintStock) -> Theme:
    """The theme on such sheets."""
    found = _THEMES[name]
    return found if sheets is PrintStock.LOOSE else replace(found, pages=BOOKLET)
