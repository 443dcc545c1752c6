"""What goes with each letter of a campaign, looked at before a page is made: PDFs of its folder, and issues.

An issue is enclosed as it is read on a screen, without its mailing panel, on US Letter whatever it is printed
on by itself. Who opted out of the newsletter gets none.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from mailer.campaign.loading import Campaign
from mailer.errors import FileProblems, MailerError, Problem
from mailer.making.enclosedfiles import enclosed_issues, printed, read_enclosure
from mailer.making.issue import compose, render_issue
from mailer.pages.enclosing import on_letter
from mailer.pages.foreignpages import upright
from mailer.pages.issuetext import screen_of
from mailer.pages.letterhead import Letterhead
from mailer.pages.preflight import PdfKind, preflight
from mailer.pages.strangepdf import trouble
from mailer.planning.mailfolder import MailFolder

MOST_PAGES: Final = 100
_trouble = lru_cache(maxsize=64)(trouble)


def enclosures_of(mail: MailFolder, campaign: Campaign, letterhead: Letterhead) -> tuple[bytes, ...]:
    """The PDFs in their order. Raises MailerError, as an issue's own proof does."""
    issues = iter(enclosed_issues(campaign))
    return tuple(
        read_enclosure(campaign, one) if one.file else _issue(mail, next(issues), letterhead)
        for one in printed(campaign)
    )


def _issue(mail: MailFolder, issue: Campaign, letterhead: Letterhead) -> bytes:
    pdf = on_letter(screen_of(render_issue(mail, issue, letterhead).pdf))
    flaws = preflight(pdf, PdfKind.ENCLOSURE, letterhead)
    if stops := [Problem(issue.path, 0, str(flaw)) for flaw in flaws if flaw.stops]:
        raise FileProblems(stops)
    return pdf


def wrong_enclosures(mail: MailFolder, campaign: Campaign, letterhead: Letterhead) -> Iterator[Problem]:
    """What stops them from being printed. An issue's pages are looked at when they are made (`_issue`)."""
    for one in printed(campaign):
        if not one.file:
            continue
        where = f"{campaign.folder.name}/{one.file}"
        try:
            pdf = read_enclosure(campaign, one)
        except MailerError as error:
            yield Problem(error.where, 0, error.what)
            continue
        if wrong := _trouble(pdf, MOST_PAGES):
            yield Problem(where, 0, wrong)
            continue
        flaws = preflight(upright(pdf), PdfKind.ENCLOSURE, letterhead, finished=True)
        yield from (Problem(where, 0, str(flaw)) for flaw in flaws if flaw.stops)
    try:
        for issue in enclosed_issues(campaign):
            compose(mail, issue)
    except FileProblems as error:
        yield from error.problems
    except MailerError as error:
        yield Problem(error.where, 0, f"{error.what} {error.todo}".strip())
