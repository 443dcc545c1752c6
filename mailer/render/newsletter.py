"""One issue of the newsletter: two or four US Letter pages, the last third of the last a mailing panel.

Type sizes in points, lengths in inches. The loosest setting in which the issue fits is found by
laying it out; two pages are tried before four.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from mailer.errors import MailerError
from mailer.render.letterhead import Letterhead
from mailer.render.marks import plain
from mailer.render.press import Press, Rendered, press
from mailer.render.typeface import check_characters
from mailer.render.weasy import Document
from mailer.settings import Settings

FOOT: Final = 5.5  # in: service box, panel and the white above them, from the last page's bottom
STEPS: Final = 16


@dataclass(frozen=True, slots=True)
class SectionBlock:
    """One section. `key` is its CSS class; `html` is a `Composed.html`, the rest plain text."""

    key: str
    title: str
    html: str
    byline: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A carried article, set apart on page 1. `effective` is words: "Effective January 1, 2027"."""

    title: str
    html: str
    effective: str


@dataclass(frozen=True, slots=True)
class NewsletterPages:
    """What is printed of an issue. `number` is words: "Number 12"; `date` is a day of its month."""

    name: str
    tagline: str
    date: date
    number: str
    sections: tuple[SectionBlock, ...]
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """How loosely an issue is set: `pages` of `columns`, type and lines in points, side margins in inches."""

    pages: int
    columns: int
    size: float
    leading: float
    margin: float

    def css(self) -> str:
        return (
            f"@page {{ margin-left: {self.margin:.3f}in; margin-right: {self.margin:.3f}in }}"
            f"@page :nth({self.pages}) {{ margin-bottom: {FOOT}in;"
            " @bottom-center { content: element(back); vertical-align: bottom; width: 100% } }"
            f"body {{ font-size: {self.size:.2f}pt; line-height: {self.leading:.3f} }}"
            f".flow {{ columns: {self.columns}; column-gap: {0.26 if self.columns == 3 else 0.34}in }}"
        )


def render_newsletter(
    issue: NewsletterPages, letterhead: Letterhead, settings: Settings, *, folders: Sequence[Path] = ()
) -> Rendered:
    """The issue as a PDF of exactly two or four pages; the address zone is `zones.PANEL_ADDRESS`.

    `folders` are those that pictures may come from. Raises MailerError where it is too long,
    naming its longest section, and FontProblem.
    """
    if not issue.sections:
        raise MailerError("the issue has no sections.", where=issue.name, todo="Write at least one section.")
    _check(issue, letterhead)
    layout = _Layout(press(letterhead, "newsletter"), issue, settings, tuple(folders))
    for pages in (2, 4):
        fitted = layout.fitted(pages)
        if fitted is not None:
            return layout.machine.write([fitted])
    raise _too_long(issue, len(layout.laid_out(_setting(4, 0), ()).pages))


class _Layout:
    """One issue on its way to its pages."""

    def __init__(
        self, machine: Press, issue: NewsletterPages, settings: Settings, folders: tuple[Path, ...]
    ) -> None:
        self.machine = machine
        self._issue = issue
        self._settings = settings
        self._folders = folders
        self._images: dict[str, Any] = {}
        self._source = ""

    def fitted(self, pages: int) -> tuple[Document, str] | None:
        """The loosest layout of exactly `pages` pages; None where even the tightest is longer."""
        if self._count(pages, 0) > pages:
            return None
        best, high = 0, STEPS
        while best < high:
            step = (best + high + 1) // 2
            if self._count(pages, step) <= pages:
                best = step
            else:
                high = step - 1
        document = self.laid_out(_setting(pages, best), ())
        if len(document.pages) < pages:
            document = self._spread(pages, best)
        return document, self._source

    def _count(self, pages: int, step: int) -> int:
        return len(self.laid_out(_setting(pages, step), ()).pages)

    def _spread(self, pages: int, best: int) -> Document:
        """Too little text for `pages`: later sections are sent to the next page, so that none is empty."""
        count = len(self._issue.sections)
        for step in range(best, -1, -1):
            for breaks in _breaks(count, pages):
                document = self.laid_out(_setting(pages, step), breaks)
                if len(document.pages) == pages:
                    return document
        # One section alone, shorter than the first page: the rest of the pages holds the service box.
        return self.laid_out(_setting(pages, best), (count,) * (pages - 1))

    def laid_out(self, setting: Setting, breaks: tuple[int, ...]) -> Document:
        """The issue in `setting`, a page broken before each section whose index is in `breaks`."""
        blocks = [(section, Markup(section.html)) for section in self._issue.sections]  # noqa: S704 - composed
        edges = (0, *breaks, len(blocks))
        values = {
            "issue": self._issue,
            "month": f"{self._issue.date:%B %Y}",
            "notices": [(notice, Markup(notice.html)) for notice in self._issue.notices],  # noqa: S704 - composed
            "runs": [blocks[start:end] for start, end in pairwise(edges)],
            "firm": self._settings.firm,
            "hours": self._settings.hours_on(self._issue.date).lines(),
            "response_times": self._settings.response_times,
        }
        document, self._source = self.machine.lay_out(
            values, self._folders, extra=setting.css(), images=self._images
        )
        return document


def _setting(pages: int, step: int) -> Setting:
    """Step 0 is the tightest, STEPS the loosest. A short issue of two pages has two wider columns."""
    loose = step / STEPS
    if pages == 2:
        return Setting(2, 3 if loose < 0.6 else 2, 8.8 + 2.8 * loose, 1.32 + 0.24 * loose, 0.7 + 0.1 * loose)
    return Setting(4, 2, 9.2 + 2.6 * loose, 1.34 + 0.2 * loose, 0.7 + 0.1 * loose)


def _breaks(count: int, pages: int) -> list[tuple[int, ...]]:
    """Where pages may be broken between `count` sections: fewest breaks first, the later the better."""
    single: list[tuple[int, ...]] = [(index,) for index in range(count - 1, 0, -1)]
    double = [(first, second) for second in range(count - 1, 1, -1) for first in range(second - 1, 0, -1)]
    return single if pages == 2 else [*single, *double]


def _too_long(issue: NewsletterPages, pages: int) -> MailerError:
    words = {section.title: len(plain(section.html).split()) for section in issue.sections}
    words |= {notice.title: len(plain(notice.html).split()) for notice in issue.notices}
    longest = max(words, key=lambda title: words[title])
    total = sum(words.values())
    return MailerError(
        f"the issue needs {pages} pages in the smallest type; four are the most.",
        where=issue.name,
        todo=f"Shorten it by about {round(total * (1 - 4 / pages), -1):.0f} of its {total:,} words; "
        f'the longest part is "{longest}" with {words[longest]:,}.',
    )


def _check(issue: NewsletterPages, letterhead: Letterhead) -> None:
    parts = [(part.title, part.html) for part in issue.sections]
    parts += [(part.title, part.html) for part in issue.notices]
    for title, html in parts:
        check_characters(f"{title} {plain(html)}", letterhead.characters, where=f"{issue.name}, {title}")
    names = " ".join(
        (issue.name, issue.tagline, issue.number, *(section.byline for section in issue.sections))
    )
    check_characters(names, letterhead.characters, where=issue.name)
