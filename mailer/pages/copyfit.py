"""How an issue is fitted to its pages: the setting, and what one layout says about the next.

Type sizes in points, lengths in inches, pages from 0. Pure but for the laid out document it carries.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from mailer.pages.theme import COLUMNS, GAP, SIZE, TWO_COLUMN, Theme
from mailer.pages.windowzones import HEIGHT, WIDTH

if TYPE_CHECKING:
    from mailer.pages.weasy import Columns, Document

SHORT: Final = 2  # pages; an issue of so few has no list of contents
FIRST: Final = 0.5  # in: above the first page's text
TOP: Final = 0.95  # above the text of the others
BOTTOM: Final = 0.75  # below the text
ON_BACK: Final = 3.8  # the same of a page that follows the text: the panel and the white above it
PANEL_TOP: Final = 7.6  # where the panel begins on the last page, which a screen does not show

MARGIN: Final = 0.72  # at the sides
TIGHT: Final = 1.17  # the leading, as a part of the type size,
AIRY: Final = 1.5  # and in the loosest setting
LOOSEST: Final = 1.0
NEAR: Final = 1 / 40  # of looseness: settings so near to each other look alike
FULL: Final = 0.2  # in: an issue that leaves so little of its pages empty is full
ROOMY: Final = 5.0  # in: an issue in the loosest setting that leaves so much empty is short of text
LEAST: Final = 0.03  # in: less than this is not worth another layout
STRETCH: Final = 0.3  # in: the most that is added above a story so that its page is full


@dataclass(frozen=True, slots=True)
class Tuning:
    """How one story is set so that its columns end together: `space` is added between its words (em), its
    first picture stands a paragraph `later` (1) or earlier (-1).
    """

    space: float = 0.0
    later: int = 0


@dataclass(frozen=True, slots=True)
class Setting:
    """In how many pages an issue is set and how loosely: 0 the tightest, LOOSEST for little text.

    `breaks` are the stories that begin a page, `above` what is added above each story, `tuned` how each is
    set, `on` the page (from 1) on which each one begins, for the list of contents and where a story goes
    on elsewhere (`jumps`).
    """

    pages: int
    loose: float
    breaks: tuple[int, ...] = ()
    above: tuple[float, ...] = ()
    tuned: tuple[Tuning, ...] = ()
    on: tuple[int, ...] = ()
    theme: Theme = TWO_COLUMN
    jumps: bool = False

    @property
    def names_pages(self) -> bool:
        """Whether its pages are named anywhere: in the list of contents, or at a jump."""
        return self.pages > SHORT or self.jumps

    @property
    def printed(self) -> int:
        """The pages of the whole issue."""
        return self.theme.printed(self.pages)

    @property
    def leading(self) -> float:
        return TIGHT + (AIRY - TIGHT) * self.loose

    @property
    def line(self) -> float:
        """From one line to the next."""
        return SIZE * self.leading / 72

    @property
    def area(self) -> float:
        """What a text takes in this setting grows with it: a letter's height, and its width of the column."""
        return SIZE**2 * self.leading / (WIDTH - 2 * MARGIN - GAP * (COLUMNS - 1))

    def height(self, page: int) -> float:
        """How high the text of `page` (from 0) may be."""
        return HEIGHT - self.top(page) - (self.theme.foot if page == self.pages - 1 else BOTTOM)

    def top(self, page: int) -> float:
        return TOP if page else FIRST

    def css(self, *, screen: bool = False) -> str:
        last = f" margin-bottom: {ON_BACK if self.theme.backs else self.theme.foot}in;"
        if screen:
            last = f" size: {WIDTH}in {PANEL_TOP}in; margin-bottom: 0.3in;"
        return (
            f"@page {{ margin: {TOP}in {MARGIN}in {BOTTOM}in }}"
            f"@page :first {{ margin-top: {FIRST}in }}"
            f"@page :nth({self.printed}) {{{last}"
            " @bottom-center { content: element(back); vertical-align: bottom; width: 100% } }"
            f"body {{ font-size: {SIZE}pt; line-height: {self.leading:.4f} }}"
            f".text {{ columns: {COLUMNS}; column-gap: {GAP}in }}"
            + "".join(f"#story-{n} {{ padding-top: {add:.3f}in }}" for n, add in enumerate(self.above) if add)
            + "".join(f"#story-{n} {{ word-spacing: {one.space}em }}" for n, one in enumerate(self.tuned))
        )


@dataclass(frozen=True, slots=True)
class Trial:
    """An issue laid out. `begins` and `ends` of its stories are (page from 0, inches down it); `columns` are
    those on each page.
    """

    setting: Setting
    document: Document
    source: str
    begins: tuple[tuple[int, float], ...]
    ends: tuple[tuple[int, float], ...]
    columns: tuple[tuple[Columns, ...], ...] = ()

    @property
    def fits(self) -> bool:
        return len(self.document.pages) <= self.setting.printed

    @property
    def on(self) -> tuple[int, ...]:
        return tuple(page + 1 for page, _ in self.begins)

    @property
    def is_numbered(self) -> bool:
        """Whether the list of contents and the jumps, if there are any, name the right pages."""
        return not self.setting.names_pages or self.setting.on == self.on

    @property
    def used(self) -> float:
        """How high the text is, all pages on top of each other without what is empty below it."""
        page, y = self.ends[-1]
        height = sum(self.setting.height(before) - self.empty(before) for before in range(page))
        return height + y - self.setting.top(page)

    def empty(self, page: int) -> float:
        """What is empty below the last story of `page`; 0 where the story runs on."""
        last = max((y for at, y in self.ends if at == page), default=None)
        if last is None or any(at == page and y > last for at, y in self.begins):
            return 0.0
        return self.setting.top(page) + self.setting.height(page) - last

    @property
    def left(self) -> float:
        """What is empty on the pages after the last story; less than 0 where they were too few."""
        return sum(map(self.setting.height, range(self.setting.pages))) - self.used

    def room(self, pages: int) -> float:
        """The part of the text that `pages` hold in the tightest setting, to judge by this trial."""
        fixed, tight = self.begins[0][1] - FIRST, Setting(pages, 0, theme=self.setting.theme)
        free = sum(map(tight.height, range(pages))) - fixed - FULL
        return free / ((self.used - fixed) / self.setting.area * tight.area)

    def looser(self, pages: int) -> float:
        """How loosely to set the issue so that it fills `pages`, to judge by this trial."""
        fixed = self.begins[0][1] - FIRST
        tightest = Setting(pages, 0, theme=self.setting.theme)
        return looseness(tightest, fixed, (self.used - fixed) / self.setting.area)

    def spread(self) -> tuple[float, ...]:
        """What to add above each story, so that pages on which a story ends are full."""
        above = [0.0] * len(self.begins)
        if self.setting.theme.in_one_run:
            return tuple(above)
        for page in range(self.setting.pages):
            top = self.setting.top(page)
            inner = [n for n, (at, y) in enumerate(self.begins) if at == page and y > top + 0.1]
            for n in inner:
                above[n] = max(0.0, min(STRETCH, (self.empty(page) - 0.02) / len(inner)))
        return tuple(above)


def looseness(tightest: Setting, fixed: float, per_area: float) -> float:
    """How loosely to set a text that takes `per_area` inches for each of `Setting.area` in the pages of
    `tightest`; may be outside the range.
    """
    free = sum(map(tightest.height, range(tightest.pages))) - fixed - FULL / 2
    low, high = -1.0, 2 * LOOSEST
    while high - low > NEAR / 4:
        middle = (low + high) / 2
        fits = replace(tightest, loose=middle).area * per_area < free
        low, high = (middle, high) if fits else (low, middle)
    return low


def bounded(loose: float) -> float:
    return min(max(loose, 0.0), LOOSEST)
