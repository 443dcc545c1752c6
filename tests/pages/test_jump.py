"""A story that goes on elsewhere: the author's mark, both page numbers, and where there is no use for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from mailer.pages.composition import compile_text
from mailer.pages.issuepages import NewsletterPages, SectionBlock, stories_of
from mailer.pages.letterhead import Letterhead
from mailer.pages.newsletter import render_newsletter, typeset
from mailer.pages.readable import readable
from mailer.settings import Settings
from tests.pages.conftest import PARAGRAPH

Read = Callable[[bytes | Path, int], str]
Make = Callable[[int], NewsletterPages]


def composed(text: str) -> str:
    return compile_text(text, path="lead.md").compose({}).html


def jumping(issue: NewsletterPages, before: int, after: int) -> NewsletterPages:
    """The issue, its first story with a jump between so many paragraphs."""
    mark = composed("One.\n\n{jump}\n\nTwo.").partition("<p>One.</p>")[2].partition("<p>Two.</p>")[0]
    lead = replace(issue.sections[0], html=PARAGRAPH * before + mark + PARAGRAPH * after)
    return replace(issue, sections=(lead, *issue.sections[1:]))


def test_both_pages_are_named(
    issue: Make, letterhead: Letterhead, settings: Settings, page_text: Read
) -> None:
    rendered = render_newsletter(jumping(issue(6), 2, 4), letterhead, settings)
    texts = [page_text(rendered.pdf, page) for page in range(1, 5)]
    (end,) = [page for page, text in enumerate(texts, 1) if "CONTINUED FROM PAGE 1 From the desk" in text]
    assert f"Continued on page {end}" in texts[0]
    assert sum(text.count("They hung up and called") for text in texts) == 30
    contents = texts[0].partition("IN THIS ISSUE ")[2].partition("FROM THE DESK")[0]
    assert "From the desk" not in contents.partition("People")[0]


def test_a_jump_within_a_page_is_none() -> None:
    html = composed("One.\n\n{jump}\n\nTwo.")
    section = SectionBlock("lead", "Lead", html)
    assert [one.text.split() for one in stories_of([section], ()).all] == [["<p>One.</p>"], ["<p>Two.</p>"]]
    (whole,) = stories_of([section], {0}).all
    assert whole.text.split() == ["<p>One.</p>", "<p>Two.</p>"]
    (begin,) = stories_of([replace(section, html=composed("One.\n\n{jump}"))], ()).all
    assert begin.onward == ""
    assert readable(html) == "One.\n\nTwo.\n"


def test_a_mark_that_is_not_alone_is_words() -> None:
    assert composed("Say {jump} and jump.") == "<p>Say {jump} and jump.</p>\n"


def test_columns_that_end_apart_are_said(issue: Make, letterhead: Letterhead, settings: Settings) -> None:
    """A box that cannot be divided, after a single line: the columns of that story cannot be even."""
    box = composed("::: sidebar\n" + "A line of the box.\n\n" * 12 + ":::\n")
    sections = (SectionBlock("s", "Uneven", f"<p>One line alone.</p>{box}"), *issue(1).sections[1:2])
    made = typeset(replace(issue(1), sections=sections), letterhead, settings)
    (said,) = [look for look in made.printed.looks if "Uneven" in look]
    assert said.startswith("“Uneven” on page 1: its columns end ")
