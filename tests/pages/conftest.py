"""One sample firm, the shipped letterhead, and a reader of finished PDFs for all tests of render."""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import date
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest

import mailer
from mailer.campaign.fields import TableField
from mailer.pages.issuepages import NewsletterPages, Notice, SectionBlock
from mailer.pages.letter import Letter, render_letters
from mailer.pages.letterhead import Letterhead, load_letterhead
from mailer.pages.newsletter import render_newsletter
from mailer.pages.press import Rendered
from mailer.settings import Brand, Settings
from tests.support.kept_pages import rendering

SHIPPED = Path(mailer.__file__).parent.parent / "letterhead"

FIRM = {
    "name": "Cedar & Finch IT",
    "tagline": "Calm technology for Sacramento offices",
    "phone": "(916) 555-0142",
    "email": "hello@cedarfinch.example",
    "web": "www.cedarfinch.example",
    "time_zone": "America/Los_Angeles",
    "address": {"line1": "1415 L Street, Suite 300", "city": "Sacramento", "state": "CA", "zip": "95814"},
}
BRAND = Brand(logo="logo.svg")
WEEK = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday"), "8:00-17:30")

PARAGRAPH = (
    "<p>In November four of our clients were called by somebody who said that he worked for their bank. "
    "He knew the name of the bookkeeper and the last invoice, and he asked for one thing only: to read out "
    "the code that had just arrived by text message. Nobody did. They hung up and called the number on their "
    "card instead.</p>"
)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup() -> Generator[None, object, object]:
    """Here everything is rendered, always; in the fixtures too."""
    with rendering():
        return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call() -> Generator[None, object, object]:
    with rendering():
        return (yield)


@pytest.fixture(scope="session")
def settings() -> Settings:
    return Settings.model_validate(
        {
            "firm": FIRM,
            "signature": {"name": "Maren Castillo", "title": "Managing Director", "image": "signature.svg"},
            "hours": [{"from": date(2020, 1, 1), **WEEK, "friday": "8:00-16:00"}],
            "response_times": [{"what": "Critical outage", "within": "30 minutes"}],
        }
    )


@pytest.fixture(scope="session")
def letterhead() -> Letterhead:
    return load_letterhead(SHIPPED, BRAND)


@pytest.fixture(scope="session")
def rates() -> TableField:
    return TableField(
        ("Service", "Unit", "Current rate", "New rate"),
        (
            ("Hourly support", "hour", "$130.00", "$140.00"),
            ("After-hours support", "hour", "$195.00", "$210.00"),
        ),
        (False, False, True, True),
    )


@pytest.fixture(scope="session")
def letter() -> Callable[..., Letter]:
    def made(name: str, html: str = "", **more: object) -> Letter:
        values: dict[str, object] = {
            "reference": "2027-rates",
            "date": date(2026, 11, 24),
            "subject": "New hourly rates from January 1, 2027",
            "salutation": f"Dear {name}",
            "body_html": html or f"<p>The rates for {name} change.</p>",
        }
        return Letter(**(values | more))  # type: ignore[arg-type]

    return made


@pytest.fixture(scope="session")
def chunk(letter: Callable[..., Letter], letterhead: Letterhead, settings: Settings) -> Rendered:
    """Three letters of one, two and one page, to Alder, Birch and Cypress."""
    letters = [
        letter("Alder"),
        letter("Birch", "<p>The rates for Birch change.</p>" + PARAGRAPH * 9, enclosures=("Rate sheet",)),
        letter("Cypress"),
    ]
    return render_letters(letters, letterhead, settings)


@pytest.fixture(scope="session")
def issue() -> Callable[..., NewsletterPages]:
    def made(paragraphs: int) -> NewsletterPages:
        titles = ("From the desk", "Three calls", "How to", "Lost and found", "People")
        return NewsletterPages(
            "The Cedar Post",
            "News and good sense",
            date(2026, 12, 1),
            "Number 12",
            tuple(
                SectionBlock(f"s{number}", title, PARAGRAPH * paragraphs, "Devon Park")
                for number, title in enumerate(titles)
            ),
            (Notice("Hourly rates change", "<p>Your letter states yours.</p>", "Effective January 1, 2027"),),
        )

    return made


@pytest.fixture(scope="session")
def newsletter(issue: Callable[..., NewsletterPages], letterhead: Letterhead, settings: Settings) -> Rendered:
    return render_newsletter(issue(2), letterhead, settings)


@pytest.fixture(scope="session")
def page_text() -> Callable[[bytes | Path, int], str]:
    def read(pdf: bytes | Path, page: int) -> str:
        document = pypdfium2.PdfDocument(pdf)
        text: str = " ".join(document[page - 1].get_textpage().get_text_range().split())
        document.close()
        return text

    return read
