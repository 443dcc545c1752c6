"""The newsletter's themes: one sheet with a page to keep on its back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mailer.errors import MailerError
from mailer.pages.issuepages import NewsletterPages
from mailer.pages.letterhead import Letterhead
from mailer.pages.newsletter import render_newsletter, typeset
from mailer.pages.preflight import PdfKind, preflight
from mailer.profile import ResponseTime
from mailer.settings import Newsletter, Settings

Read = Callable[[bytes | Path, int], str]
Make = Callable[[int], NewsletterPages]


def themed(settings: Settings, theme: str) -> Settings:
    return settings.model_copy(update={"newsletter": Newsletter.model_validate({"theme": theme})})


def test_one_page_has_all_on_its_front_and_a_page_to_keep_on_its_back(
    issue: Make, letterhead: Letterhead, settings: Settings, page_text: Read
) -> None:
    made = typeset(issue(1), letterhead, themed(settings, "one-page"))
    assert made.printed.pages == ((1, 2),)
    front, back = page_text(made.printed.pdf, 1), page_text(made.printed.pdf, 2)
    assert front.count("They hung up and called") == 5
    assert "Effective January 1, 2027" in front
    assert "Keep this page (916) 555-0142" in back
    assert "Critical outage 30 minutes" in back
    assert "Address Service Requested" in back
    assert preflight(made.printed.pdf, PdfKind.NEWSLETTER, letterhead) == ()
    assert "Critical outage 30 minutes" in page_text(made.screen, 2)
    assert "Address Service Requested" not in page_text(made.screen, 2)


def test_too_much_for_one_page(issue: Make, letterhead: Letterhead, settings: Settings) -> None:
    with pytest.raises(MailerError, match="however closely it is set; one is the most"):
        render_newsletter(issue(3), letterhead, themed(settings, "one-page"))


def test_a_page_to_keep_that_is_too_long(issue: Make, letterhead: Letterhead, settings: Settings) -> None:
    one = themed(settings, "one-page")
    rows = tuple(ResponseTime(what=f"Question {n}", within="1 business day") for n in range(40))
    long = one.model_copy(update={"response_times": rows})
    short = replace(issue(1), notices=())
    with pytest.raises(MailerError, match="the page to keep is too long for its back"):
        render_newsletter(short, letterhead, long)


def test_one_page_is_no_booklet() -> None:
    with pytest.raises(ValueError, match='theme = "one-page" is one loose sheet'):
        Newsletter.model_validate({"theme": "one-page", "sheets": "booklet"})


def booklet(settings: Settings) -> Settings:
    return settings.model_copy(update={"newsletter": Newsletter.model_validate({"sheets": "booklet"})})


def test_a_booklet_has_four_pages_or_eight(issue: Make, letterhead: Letterhead, settings: Settings) -> None:
    bound = booklet(settings)
    assert render_newsletter(issue(2), letterhead, bound).pages == ((1, 4),)
    eight = render_newsletter(issue(14), letterhead, bound)
    assert eight.pages == ((1, 8),)
    assert preflight(eight.pdf, PdfKind.NEWSLETTER, letterhead) == ()


def test_six_pages_are_no_booklet(issue: Make, letterhead: Letterhead, settings: Settings) -> None:
    with pytest.raises(MailerError) as caught:
        render_newsletter(issue(8), letterhead, booklet(settings))
    assert "pages; a booklet has 4 or 8." in str(caught.value)
    assert "Take out some " in str(caught.value)
