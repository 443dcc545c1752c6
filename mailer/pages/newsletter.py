"""One issue of the newsletter: two or four US Letter pages, the last third of the last a mailing panel.

The loosest setting in which the issue fits is found by laying it out (`copyfit`). Two pages are tried
before four. Lengths in inches.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup, escape

from mailer.errors import MailerError
from mailer.pages.copyfit import (
    FULL,
    LEAST,
    LOOSEST,
    NEAR,
    ROOMY,
    SHORT,
    Setting,
    Trial,
    bounded,
    looseness,
)
from mailer.pages.letterhead import Letterhead
from mailer.pages.typeface import check_characters
from mailer.pages.valuemarks import plain
from mailer.settings import Settings

if TYPE_CHECKING:
    from mailer.pages.press import Press, Rendered

PIXELS: Final = 96.0  # of CSS in an inch
MASTHEAD: Final = 1.6  # in: about how much the first page has above its lead story,
NOTICES: Final = 4.7  # and with notices and contents;
PER_LETTER: Final = 1.33e-4  # about what a letter of text adds to that, for each of `Setting.area`
HOPELESS: Final = -0.5  # no need to try fewer pages if the text would have to be so tight
CLOSE: Final = 1 / 16  # of looseness: no reason to look for a looser setting
TRIALS: Final = 5


@dataclass(frozen=True, slots=True)
class SectionBlock:
    """One section. `key` is its CSS class; `html` is a `Composed.html`, the rest plain text."""

    key: str
    title: str
    html: str
    byline: str = ""
    standfirst: str = ""


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

    @property
    def html(self) -> str:
        """All that the issue says, as one text: the notices, then the sections."""
        parts = [_part(escape(one.title), [one.effective], "", one.html) for one in self.notices]
        for one in self.sections:
            headline, kicker, rest = _headed(one)
            parts.append(_part(headline, [kicker, one.byline], one.standfirst, rest))
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class TypesetSection:
    """A section as the template sets it: `kicker` is its standing head, or "" where that is its headline."""

    key: str
    kicker: str
    headline: Markup
    byline: str
    standfirst: str
    text: Markup


def render_newsletter(
    issue: NewsletterPages, letterhead: Letterhead, settings: Settings, *, folders: Sequence[Path] = ()
) -> Rendered:
    """The issue as a PDF of exactly two or four pages; the address zone is `zones.PANEL_ADDRESS`.

    `folders` are those that pictures may come from. Raises MailerError where it is too long,
    naming its longest section, and FontProblem.
    """
    from mailer.pages.press import press  # noqa: PLC0415 (imports WeasyPrint)

    if not issue.sections:
        raise MailerError("the issue has no sections.", where=issue.name, todo="Write at least one section.")
    _check(issue, letterhead)
    layout = _Layout(press(letterhead, "newsletter"), issue, settings, tuple(folders))
    letters = sum(len(plain(section.html)) for section in issue.sections)
    for pages in (2, 4):
        guess = looseness(pages, NOTICES if issue.notices else MASTHEAD, letters * PER_LETTER)
        if pages == 2 and guess < HOPELESS:
            continue
        first = Setting(pages, bounded(guess), on=(1,) * len(issue.sections))
        best = layout.fitted(layout.laid_out(first))
        if best:
            break
    if best is None:
        tightest = layout.laid_out(Setting(4, 0, on=(1,) * len(issue.sections)))
        raise _too_long(issue, len(tightest.document.pages))
    roomy = best.setting.pages != SHORT and best.left > ROOMY
    remarks = (_half_empty(issue, best),) if roomy else ()
    best = layout.filled(best)
    return replace(layout.machine.write([(best.document, best.source)]), remarks=remarks)


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
        """The loosest that fits in as many pages as `trial`, which is the first guess; None if none does."""
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
            guess = bounded(trial.looser(trial.setting.pages) - (0 if trial.fits else NEAR))
            if trial.fits and guess - loose < CLOSE:
                break
            if not best and (guess <= low or high < NEAR):
                guess = 0.0
            elif not low < guess < high and not (guess == high == LOOSEST):
                guess = (low + high) / 2
            trial = self.laid_out(Setting(trial.setting.pages, guess, on=trial.on))
        if best is None:
            trial = self.laid_out(Setting(trial.setting.pages, 0, on=trial.on))
        return trial if best is None and trial.fits else best

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
        profile = self._settings.on(issue.date)
        values = {
            "issue": issue,
            "month": f"{issue.date:%B %Y}",
            "notices": [(notice, _set(notice.html)) for notice in issue.notices],
            "stories": self._stories,
            "contents": list(zip(self._stories, setting.on, strict=False))[1:] if setting.pages == 4 else (),
            "breaks": setting.breaks,
            "firm": profile,
            "hours": profile.hours.lines(),
            "later_hours": [
                (f"From {entry.since:%B} {entry.since.day}", entry.lines())
                for entry in self._settings.hours_ahead(issue.date)
            ],
            "response_times": profile.response_times,
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
_EXACT: Final = re.compile(
    r"<[^>]*>|((?:https?://|www\.)[^\s<]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\(?\d{3}\)?[ .-]\d{3}[.-]\d{4}\b)"
)
"""A tag, or an address of the web or of mail, or a telephone number, none of which may be divided."""
_LINES: Final = re.compile(r'<p class="lines">(.*?)</p>', re.DOTALL)


def _story(section: SectionBlock) -> TypesetSection:
    """A section that begins with a heading has that for its headline; others stand in its columns."""
    headline, kicker, rest = _headed(section)
    return TypesetSection(section.key, kicker, headline, section.byline, section.standfirst, _set(rest))


def _headed(section: SectionBlock) -> tuple[Markup, str, str]:
    """Its headline, its standing head where that is another, and its text below."""
    html = section.html.lstrip()
    if found := _HEADING.match(html):
        return Markup(found[1]), section.title, html[found.end() :]  # noqa: S704 - composed
    return escape(section.title), "", html


def _part(headline: Markup, small: Sequence[str], standfirst: str, html: str) -> str:
    """A part of an issue as it is read on a screen."""
    lines = [f"<h2>{headline}</h2>"]
    if any(small):
        lines.append(f'<p class="small">{escape(" · ".join(filter(None, small)))}</p>')
    if standfirst:
        lines.append(f"<p><em>{escape(standfirst)}</em></p>")
    return "\n".join((*lines, html))


def _set(html: str) -> Markup:
    """Composed HTML with its lists of lines set for narrow columns: "date: what" as a table."""
    return Markup(_EXACT.sub(_undivided, _LINES.sub(_lines, html)))  # noqa: S704 - composed


def _undivided(found: re.Match[str]) -> str:
    return f'<span class="exact">{found[1]}</span>' if found[1] else found[0]


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


def _half_empty(issue: NewsletterPages, trial: Trial) -> str:
    """What would make one sheet of an issue of two that leaves much of them empty."""
    words, longest = _words(issue)
    less = sum(words.values()) * (1 - trial.room(SHORT))
    empty = trial.setting.pages * trial.left / (trial.left + trial.used)
    return (
        f"{empty:.1f} of the {trial.setting.pages} pages stay empty, and each copy takes two sheets. With "
        f"some {max(10, round(less + 5, -1)):.0f} words less it takes one; the longest part is "
        f'"{longest}" with {words[longest]:,}.'
    )


def _words(issue: NewsletterPages) -> tuple[dict[str, int], str]:
    """The words of each part, and which is the longest."""
    words = {section.title: len(plain(section.html).split()) for section in issue.sections}
    words |= {notice.title: len(plain(notice.html).split()) for notice in issue.notices}
    return words, max(words, key=lambda title: words[title])


def _too_long(issue: NewsletterPages, pages: int) -> MailerError:
    words, longest = _words(issue)
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
