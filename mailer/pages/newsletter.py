"""One issue of the newsletter: US Letter pages in a theme, the last third of the last a mailing panel.

The loosest setting in which the issue fits is found by laying it out (`copyfit`), the fewest pages first.
Lengths in inches.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

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
    Tuning,
    bounded,
    looseness,
)
from mailer.pages.evenness import TUNINGS, apart, said, tunings, uneven
from mailer.pages.issuelength import half_empty, no_booklet, roomy_booklet, too_long
from mailer.pages.issuepages import NewsletterPages, TypesetSection, set_text, stories_of, untied
from mailer.pages.keptfit import Fit
from mailer.pages.letterhead import Letterhead
from mailer.pages.theme import BOOKLET, Theme, theme_of
from mailer.pages.typeface import check_characters
from mailer.pages.valuemarks import plain
from mailer.settings import Settings

if TYPE_CHECKING:
    from mailer.pages.press import Press, Rendered

MASTHEAD: Final = 1.6  # in: about how much the first page has above its lead story,
NOTICES: Final = 4.7  # and with notices and contents;
PER_LETTER: Final = 1.33e-4  # about what a letter of text adds to that, for each of `Setting.area`
HOPELESS: Final = -0.5  # no need to try fewer pages if the text would have to be so tight
CLOSE: Final = 1 / 16  # of looseness: no reason to look for a looser setting
TRIALS: Final = 5
_HOUR: Final = re.compile(r" ([ap]m)\b")
LEADINGS: Final = (0.75, 0.5, 0.2, 0.0)  # tried where columns end apart: parts of the looseness
MOST_LEFT: Final = 1.5  # in: that may be empty for it
ON_SCREEN: Final = "screen"  # what a template is told: whether its pages are for one


@dataclass(frozen=True, slots=True)
class Typeset:
    """An issue on its pages: for the printer, and for the screen; and how it was fitted to them."""

    printed: Rendered
    screen: bytes = field(repr=False)
    fit: Fit = field(repr=False)


def render_newsletter(
    issue: NewsletterPages, letterhead: Letterhead, settings: Settings, *, folders: Sequence[Path] = ()
) -> Rendered:
    """The issue for the printer: as many pages as its theme has; the address zone is `zones.PANEL_ADDRESS`.

    `folders` are those that pictures may come from. Raises MailerError where it is too long,
    naming its longest section, and FontProblem.
    """
    layout, best, fit = _fitted(issue, letterhead, settings, folders)
    return replace(layout.machine.write([(best.document, best.source)]), remarks=fit.remarks)


def typeset(
    issue: NewsletterPages,
    letterhead: Letterhead,
    settings: Settings,
    *,
    folders: Sequence[Path] = (),
    known: Fit | None = None,
) -> Typeset:
    """As `render_newsletter`, with the same pages for a screen: tagged, and without the mailing panel.

    `known` is how the same issue was fitted before. A letterhead of before has a template without such pages:
    there the printed ones are both.
    """
    layout, best, fit = _fitted(issue, letterhead, settings, folders, known)
    printed = layout.machine.write([(best.document, best.source)])
    looks = tuple(said(gap, layout.stories) for gap in uneven(best))
    printed = replace(printed, remarks=fit.remarks, looks=looks)
    if ON_SCREEN not in letterhead.text(f"{layout.theme.stem}.html.j2"):
        return Typeset(printed, printed.pdf, fit)
    shown = layout.set(best.setting, screen=True)
    return Typeset(printed, layout.machine.write([(shown.document, shown.source)], tagged=True).pdf, fit)


def _fitted(
    issue: NewsletterPages,
    letterhead: Letterhead,
    settings: Settings,
    folders: Sequence[Path],
    known: Fit | None = None,
) -> tuple[_Layout, Trial, Fit]:
    """The issue laid out as it is printed, and how it was fitted."""
    from mailer.pages.press import press  # noqa: PLC0415 (imports WeasyPrint)

    if not issue.sections:
        raise MailerError("the issue has no sections.", where=issue.name, todo="Write at least one section.")
    _check(issue, letterhead)
    theme = theme_of(settings.newsletter.theme, settings.newsletter.sheets)
    begin = partial(_Layout, press(letterhead, theme.stem), theme, issue, settings, tuple(folders))
    layout = begin()
    if known and (again := layout.again(known)):
        return layout, again, known
    layout = begin()
    best = layout.best()
    while best and (needless := layout.needless(best)):
        layout.keep_whole(needless)
        best = layout.best()
    if best is None:
        tightest = layout.laid_out(layout.setting(theme.pages[-1], 0))
        if tightest.ends[-1][0] < theme.pages[-1]:
            raise MailerError(
                "the page to keep is too long for its back.",
                where=issue.name,
                todo="Shorten the words of [contact], [[hours]] or [[response_times]] in mailer.toml.",
            )
        raise too_long(issue, tightest)
    if theme.pages[-1] == BOOKLET[-1] == best.setting.pages and best.left > best.setting.height(1):
        raise no_booklet(issue, best)
    remarks: tuple[str, ...] = ()
    if best.left > ROOMY and best.setting.pages != theme.pages[0]:
        remarks = (half_empty(issue, best),)
    elif best.left > ROOMY and theme.pages == BOOKLET:
        remarks = (roomy_booklet(best),)
    filled = layout.filled(best)
    return layout, filled, Fit(filled.setting, tuple(sorted(layout.whole)), remarks)


class _Layout:
    """One issue on its way to its pages."""

    def __init__(
        self,
        machine: Press,
        theme: Theme,
        issue: NewsletterPages,
        settings: Settings,
        folders: tuple[Path, ...],
    ) -> None:
        self.machine = machine
        self.theme = theme
        self._issue = issue
        self._settings = settings
        self._folders = folders
        self._images: dict[str, Any] = {}
        self._tried: dict[Setting, Trial] = {}
        self.whole: set[int] = set(range(len(issue.sections))) if theme.in_one_run else set()
        self._stories = stories_of(issue.sections, self.whole)

    def setting(self, pages: int, loose: float) -> Setting:
        """The first of so many pages: where its stories begin is not known yet."""
        jumps = bool(self._stories.jumps)
        return Setting(pages, loose, on=(1,) * len(self._stories.all), theme=self.theme, jumps=jumps)

    @property
    def stories(self) -> tuple[TypesetSection, ...]:
        """All of them, what goes on elsewhere as one of its own."""
        return self._stories.all

    def needless(self, trial: Trial) -> set[int]:
        """The stories that would go on where they are."""
        jumps = self._stories.jumps.items()
        return {begins for begins, rest in jumps if trial.ends[begins][0] == trial.begins[rest][0]}

    def keep_whole(self, stories: set[int]) -> None:
        """Let these stories have no jump."""
        self.whole |= stories
        self._stories = stories_of(self._issue.sections, self.whole)
        self._tried.clear()

    def again(self, known: Fit) -> Trial | None:
        """The issue as it was fitted before; None where it does not fit so."""
        self.keep_whole(set(known.whole))
        trial = self.laid_out(known.setting)
        fits = len(trial.document.pages) == known.setting.printed and trial.is_numbered
        return trial if fits else None

    def best(self) -> Trial | None:
        """The loosest setting in the fewest pages; None where the issue is too long."""
        letters = sum(len(plain(section.html)) for section in self._issue.sections)
        above = NOTICES if self._issue.notices else MASTHEAD
        for pages in self.theme.pages:
            guess = looseness(self.setting(pages, 0), above, letters * PER_LETTER)
            if pages != self.theme.pages[-1] and guess < HOPELESS:
                continue
            if found := self.fitted(self.laid_out(self.setting(pages, bounded(guess)))):
                return found
        return None

    def fitted(self, trial: Trial) -> Trial | None:
        """The loosest that fits in as many pages as `trial`, which is the first guess; None if none does."""
        best: Trial | None = None
        low, high, first = 0.0, LOOSEST + NEAR, trial.setting.loose
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
            if high < first:  # it failed before: what it takes is no measure, a whole story does not fit
                guess = min(guess, (low + high) / 2)
            trial = self.laid_out(replace(trial.setting, loose=_between(guess, low, high), on=trial.on))
        if best is None:
            trial = self.laid_out(replace(trial.setting, loose=0, on=trial.on))
        return trial if best is None and trial.fits else best

    def filled(self, trial: Trial) -> Trial:
        """`trial` with no page left empty, and its columns ending together."""
        if len(trial.document.pages) < trial.setting.printed:
            trial = self._opened(trial.setting)
        return self.tuned(self.spread(self.led(trial)))

    def led(self, trial: Trial) -> Trial:
        """`trial`, or one with less leading, where a story goes over two pages and its columns end apart."""
        best, setting = trial, trial.setting
        for part in LEADINGS:
            if not any(best.ends[number][0] > best.begins[number][0] for number in apart(best)):
                break
            tried = self.laid_out(replace(setting, loose=setting.loose * part, on=trial.on))
            fits = len(tried.document.pages) == setting.printed and tried.left < MOST_LEFT
            if fits and sum(apart(tried).values()) < sum(apart(best).values()):
                best = tried
        return best

    def spread(self, trial: Trial) -> Trial:
        """`trial` with its stories moved apart where a page ends early."""
        above = trial.spread()
        if max(above) < LEAST and trial.is_numbered:
            return trial
        for more in (above, ()):
            moved = self.laid_out(replace(trial.setting, above=more, on=trial.on))
            if moved.is_numbered and len(moved.document.pages) == len(trial.document.pages):
                return moved
        return self.laid_out(replace(trial.setting, on=()))  # no contents rather than false ones

    def tuned(self, trial: Trial) -> Trial:
        """`trial` with the stories tuned whose columns end apart, each as lets them end together."""
        best, left = trial, apart(trial)
        tuned = [Tuning()] * len(self.stories)
        for step in range(len(TUNINGS) + 1) if left else ():
            before = tuple(tuned)
            for number, lines in left.items():
                tuned[number] = next(iter(tunings(self.stories[number], lines)[step:]), Tuning())
            if tuple(tuned) == before:
                continue
            tried = self.laid_out(replace(trial.setting, tuned=tuple(tuned), on=trial.on))
            left = apart(tried)
            if tried.on == trial.on and tried.fits and len(left) <= len(apart(best)):
                best = tried
            if not left:
                break
        return best

    def _opened(self, setting: Setting) -> Trial:
        """Too little text: later stories are sent to the next page, so that no page is empty."""
        count = len(self._stories.all)
        for loose in (setting.loose, 1, 0.5, 0):
            for breaks in _breaks(count, setting.pages):
                trial = self.laid_out(replace(setting, loose=loose, breaks=breaks))
                if len(trial.document.pages) == setting.printed:
                    return trial
        # One story alone, shorter than the first page: the rest of the pages holds the service box.
        return self.laid_out(replace(setting, breaks=(count,)))

    def laid_out(self, setting: Setting) -> Trial:
        """The issue in that setting, laid out once."""
        if setting not in self._tried:
            self._tried[setting] = self.set(setting)
        return self._tried[setting]

    def set(self, setting: Setting, *, screen: bool = False) -> Trial:
        """The issue in that setting; for a `screen` without its panel, the page below it cut off."""
        issue = self._issue
        profile = self._settings.on(issue.date)
        stories = self._stories.on(setting.on, [one.later for one in setting.tuned])
        contents = [
            (untied(one), page) for one, page in zip(stories, setting.on, strict=False) if not one.is_rest
        ]
        values = {
            "issue": issue,
            "month": f"{issue.date:%B %Y}",
            "notices": [(notice, set_text(notice.html)) for notice in issue.notices],
            "stories": stories,
            "contents": contents[1:] if setting.pages > SHORT else (),
            "breaks": setting.breaks,
            ON_SCREEN: screen,
            "firm": profile,
            "hours": [_HOUR.sub("\u00a0\\1", line) for line in profile.hours.lines()],
            "later_hours": [
                (f"From {entry.since:%B} {entry.since.day}", entry.lines())
                for entry in self._settings.hours_ahead(issue.date)
            ],
            "response_times": profile.response_times,
        }
        document, source = self.machine.lay_out(
            values, self._folders, extra=setting.css(screen=screen), images=self._images
        )
        from mailer.pages.weasy import PIXELS  # noqa: PLC0415 (imports WeasyPrint)

        places: dict[str, tuple[int, float]] = {}
        for number, page in enumerate(document.pages):
            for name, place in page.anchors.items():  # a story that runs on has one on each of its pages
                places.setdefault(name, (number, place[1] / PIXELS))
        marks = [[f"{name}-{n}" for n in range(len(stories))] for name in ("story", "end")]
        if lost := [mark for one in marks for mark in one if mark not in places]:
            raise MailerError(
                f"a page lacks the element with id {lost[0]!r}, which tells where a section begins or ends.",
                where=str(self.machine.letterhead.folder / f"{self.theme.stem}.html.j2"),
                todo="Put it there again, as in the template that came with mailer, and don't hide it.",
            )
        begins, ends = (tuple(places[mark] for mark in one) for one in marks)
        return Trial(setting, document, source, begins, ends, self.machine.columns(document))


def _between(guess: float, low: float, high: float) -> float:
    """A looseness to try: `low` fits, or is 0, `high` does not."""
    if low == 0 and (guess <= 0 or high < NEAR):
        return 0.0
    return guess if low < guess < high else (low + high) / 2


def _breaks(count: int, pages: int) -> list[tuple[int, ...]]:
    """Where pages may be broken between `count` stories: fewest breaks first, the later the better."""
    single: list[tuple[int, ...]] = [(index,) for index in range(count - 1, 0, -1)]
    double = [(first, second) for second in range(count - 1, 1, -1) for first in range(second - 1, 0, -1)]
    if pages == 2:
        return single
    many = [tuple(range(first, count)) for first in range(count - 3, 0, -1)] if pages > 4 else []
    return [*single, *double, *many]


def _check(issue: NewsletterPages, letterhead: Letterhead) -> None:
    parts = [(part.title, part.html) for part in issue.sections]
    parts += [(part.title, part.html) for part in issue.notices]
    for title, html in parts:
        check_characters(f"{title} {plain(html)}", letterhead.characters, where=f"{issue.name}, {title}")
    names = " ".join(
        (issue.name, issue.tagline, issue.number, *(section.byline for section in issue.sections))
    )
    check_characters(names, letterhead.characters, where=issue.name)
