"""One issue of the newsletter: two or four US Letter pages, the last third of the last a mailing panel.

Type sizes in points, lengths in inches. The loosest setting in which the issue fits is found by
laying it out; each layout says how far the next is to go. Two pages are tried before four.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup, escape

from mailer.errors import MailerError
from mailer.render.letterhead import Letterhead
from mailer.render.marks import plain
from mailer.render.press import Press, Rendered, press
from mailer.render.typeface import check_characters
from mailer.render.weasy import Document
from mailer.render.zones import HEIGHT, WIDTH
from mailer.settings import Settings

FIRST: Final = 0.5  # in: above the first page's text
TOP: Final = 0.95  # above the text of the others
BOTTOM: Final = 0.75  # below the text
FOOT: Final = 5.5  # service box, panel and the white above them, from the last page's bottom
GAP: Final = 0.34  # between the two columns
PIXELS: Final = 96.0  # of CSS in an inch

LOOSEST: Final = 1.7
MASTHEAD: Final = 1.6  # in: about how much the first page has above its lead story,
NOTICES: Final = 4.7  # and with notices and contents;
PER_LETTER: Final = 1.3e-4  # about what a letter of text adds to that, for each of `Setting.area`
HOPELESS: Final = -0.5  # no need to try fewer pages if the text would have to be so tight
FULL: Final = 0.2  # in: an issue that ends so near to its last page's foot is full
CLOSE: Final = 1 / 16  # of looseness: no reason to look for a looser one
NEAR: Final = 1 / 40  # of looseness: settings so near to each other look alike
TRIALS: Final = 7
LEAST: Final = 0.03  # in: less than this is not worth another layout
STRETCH: Final = 0.3  # in: the most that is added above a story so that its page is full


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
class Story:
    """A section as the template sets it: `kicker` is its standing head, or "" where that is its headline."""

    key: str
    kicker: str
    headline: Markup
    byline: str
    parts: tuple[tuple[Markup, Markup], ...]  # a subhead, or "" before the first one, and its text


@dataclass(frozen=True, slots=True)
class Setting:
    """How an issue is set: `pages`, how loosely (0 the tightest, 1 as usual, LOOSEST for little text), and
    where it is opened.

    `breaks` are the stories that begin a page, `above` what is added above each story, `on` the page
    (from 1) on which each one begins, for the list of contents.
    """

    pages: int
    loose: float
    breaks: tuple[int, ...] = ()
    above: tuple[float, ...] = ()
    on: tuple[int, ...] = ()

    @property
    def size(self) -> float:
        return 9.2 + 1.3 * self.loose

    @property
    def leading(self) -> float:
        return 1.3 + 0.14 * self.loose

    @property
    def margin(self) -> float:
        return 0.7 + 0.1 * min(self.loose, 1)

    @property
    def area(self) -> float:
        """What a text takes in this setting grows with it: a letter's height, and its width of the column."""
        return self.size**2 * self.leading / (WIDTH - 2 * self.margin - GAP)

    def height(self, page: int) -> float:
        """How high the text of `page` (from 0) may be."""
        return HEIGHT - self.top(page) - (FOOT if page == self.pages - 1 else BOTTOM)

    def top(self, page: int) -> float:
        return TOP if page else FIRST

    def css(self) -> str:
        return (
            f"@page {{ margin: {TOP}in {self.margin:.3f}in {BOTTOM}in }}"
            f"@page :first {{ margin-top: {FIRST}in }}"
            f"@page :nth({self.pages}) {{ margin-bottom: {FOOT}in;"
            " @bottom-center { content: element(back); vertical-align: bottom; width: 100% } }"
            f"body {{ font-size: {self.size:.3f}pt; line-height: {self.leading:.4f} }}"
            f".text {{ column-gap: {GAP}in }}"
            + "".join(f"#story-{n} {{ padding-top: {add:.3f}in }}" for n, add in enumerate(self.above) if add)
        )


@dataclass(frozen=True, slots=True)
class Trial:
    """An issue laid out. `begins` and `ends` are its stories' first and last (page from 0, inches down it)."""

    setting: Setting
    document: Document
    source: str
    begins: tuple[tuple[int, float], ...]
    ends: tuple[tuple[int, float], ...]

    @property
    def fits(self) -> bool:
        return len(self.document.pages) <= self.setting.pages

    @property
    def on(self) -> tuple[int, ...]:
        return tuple(page + 1 for page, _ in self.begins)

    @property
    def is_numbered(self) -> bool:
        """Whether the list of contents, if there is one, names the right pages."""
        return self.setting.pages == 2 or self.setting.on == self.on

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

    def looser(self, pages: int) -> float:
        """How loosely the issue should be set to fill `pages`, to judge by this trial. May be outside 0 to
        1.
        """
        fixed = self.begins[0][1] - FIRST
        return _looseness(pages, fixed, (self.used - fixed) / self.setting.area)

    def spread(self) -> tuple[float, ...]:
        """What to add above each story, so that pages on which a story ends are full."""
        above = [0.0] * len(self.begins)
        for page in range(self.setting.pages):
            top = self.setting.top(page)
            inner = [n for n, (at, y) in enumerate(self.begins) if at == page and y > top + 0.1]
            for n in inner:
                above[n] = max(0.0, min(STRETCH, (self.empty(page) - 0.02) / len(inner)))
        return tuple(above)


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
    letters = sum(len(plain(section.html)) for section in issue.sections)
    for pages in (2, 4):
        guess = _looseness(pages, NOTICES if issue.notices else MASTHEAD, letters * PER_LETTER)
        if pages == 2 and guess < HOPELESS:
            continue
        first = Setting(pages, _bounded(guess), on=(1,) * len(issue.sections))
        best = layout.fitted(layout.laid_out(first))
        if best:
            break
    if best is None:
        raise _too_long(issue, len(layout.laid_out(Setting(4, 0)).document.pages))
    best = layout.filled(best)
    return layout.machine.write([(best.document, best.source)])


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
        self._stories = [_story(section) for section in issue.sections]

    def fitted(self, trial: Trial) -> Trial | None:
        """The loosest setting in as many pages as `trial` has, which is the first guess; None if none fits."""
        best: Trial | None = None
        low, high = 0.0, LOOSEST
        for _ in range(TRIALS):
            loose = trial.setting.loose
            if trial.fits:
                best, low = trial, loose
                if loose == LOOSEST or trial.left <= FULL:
                    break
            elif loose == 0:
                return None
            else:
                high = loose
            if best and high - low < NEAR:
                break
            guess = _bounded(trial.looser(trial.setting.pages) - (0 if trial.fits else NEAR))
            if trial.fits and guess - loose < CLOSE:
                break
            if not best and (guess <= low or high < NEAR):
                guess = 0.0
            elif not low < guess < high and not (guess == high == LOOSEST):
                guess = (low + high) / 2
            trial = self.laid_out(Setting(trial.setting.pages, guess, on=trial.on))
        return best

    def filled(self, trial: Trial) -> Trial:
        """`trial` with no page left empty, and its stories moved apart where a page ends early."""
        if len(trial.document.pages) < trial.setting.pages:
            trial = self._opened(trial.setting)
        above = trial.spread()
        if max(above) < LEAST and trial.is_numbered:
            return trial
        for more in (above, ()):
            moved = self.laid_out(replace(trial.setting, above=more, on=trial.on))
            if moved.is_numbered and len(moved.document.pages) == len(trial.document.pages):
                return moved
        return self.laid_out(replace(trial.setting, on=()))  # no contents rather than false ones

    def _opened(self, setting: Setting) -> Trial:
        """Too little text: later stories are sent to the next page, so that no page is empty."""
        count = len(self._stories)
        for loose in (setting.loose, 1, 0.5, 0):
            for breaks in _breaks(count, setting.pages):
                trial = self.laid_out(replace(setting, loose=loose, breaks=breaks))
                if len(trial.document.pages) == setting.pages:
                    return trial
        # One story alone, shorter than the first page: the rest of the pages holds the service box.
        return self.laid_out(replace(setting, breaks=(count,)))

    def laid_out(self, setting: Setting) -> Trial:
        issue = self._issue
        values = {
            "issue": issue,
            "month": f"{issue.date:%B %Y}",
            "notices": [(notice, _set(notice.html)) for notice in issue.notices],
            "stories": self._stories,
            "contents": list(zip(self._stories, setting.on, strict=False))[1:] if setting.pages == 4 else (),
            "breaks": setting.breaks,
            "firm": self._settings.firm,
            "hours": self._settings.hours_on(issue.date).lines(),
            "response_times": self._settings.response_times,
        }
        document, source = self.machine.lay_out(
            values, self._folders, extra=setting.css(), images=self._images
        )
        places: dict[str, tuple[int, float]] = {}
        for number, page in enumerate(document.pages):
            for name, place in page.anchors.items():  # a story that runs on has one on each of its pages
                places.setdefault(name, (number, place[1] / PIXELS))
        begins, ends = (
            tuple(places[f"{name}-{n}"] for n in range(len(self._stories))) for name in ("story", "end")
        )
        return Trial(setting, document, source, begins, ends)


_HEADING: Final = re.compile(r"<h[123]>(.*?)</h[123]>", re.DOTALL)
_LINES: Final = re.compile(r'<p class="lines">(.*?)</p>', re.DOTALL)


def _looseness(pages: int, fixed: float, per_area: float) -> float:
    """How loosely to set a text that takes `per_area` inches for each of `Setting.area`; may be outside the
    range.
    """
    free = sum(map(Setting(pages, 0).height, range(pages))) - fixed - FULL / 2
    low, high = -1.0, 2 * LOOSEST
    while high - low > NEAR / 4:
        middle = (low + high) / 2
        low, high = (middle, high) if Setting(pages, middle).area * per_area < free else (low, middle)
    return low


def _bounded(loose: float) -> float:
    return min(max(loose, 0.0), LOOSEST)


def _story(section: SectionBlock) -> Story:
    """A section that begins with a heading has that for its headline."""
    html = section.html
    headings = [found for found in _HEADING.finditer(html) if _is_apart(html[: found.start()])]
    own = headings.pop(0) if headings and not html[: headings[0].start()].strip() else None
    edges = [(Markup(), own.end() if own else 0, own.end() if own else 0)]
    edges += [(Markup(found[1]), found.start(), found.end()) for found in headings]  # noqa: S704 - composed
    stops = [start for _, start, _ in edges[1:]] + [len(html)]
    parts = ((head, html[end:stop]) for (head, _, end), stop in zip(edges, stops, strict=True))
    return Story(
        section.key,
        section.title if own else "",
        Markup(own[1]) if own else escape(section.title),  # noqa: S704 - composed
        section.byline,
        tuple((head, _set(text)) for head, text in parts if head or text.strip()),
    )


def _is_apart(before: str) -> bool:
    """Whether what follows `before` stands in no list and no quotation."""
    return all(before.count(f"<{tag}>") == before.count(f"</{tag}>") for tag in ("li", "blockquote"))


def _set(html: str) -> Markup:
    """Composed HTML with its lists of lines set for narrow columns: "date: what" as a table."""
    return Markup(_LINES.sub(_lines, html))  # noqa: S704 - composed


def _lines(found: re.Match[str]) -> str:
    lines = found[1].split("<br>")
    if all(": " in line for line in lines):
        cells = (line.partition(": ")[::2] for line in lines)
        rows = "".join(f"<tr><td>{name}</td><td>{what}</td></tr>" for name, what in cells)
        return f'<table class="pairs">{rows}</table>'
    return f'<div class="lines">{"".join(f"<p>{line}</p>" for line in lines)}</div>'


def _breaks(count: int, pages: int) -> list[tuple[int, ...]]:
    """Where pages may be broken between `count` stories: fewest breaks first, the later the better."""
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
