"""Pages that are kept are those that are rendered, and any input that differs has its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from mailer import shipped
from mailer.errors import MailerError
from mailer.mailservice.registry import tables
from mailer.pages.issuepages import NewsletterPages, SectionBlock
from mailer.pages.letter import Letter, render_letters
from mailer.pages.letterhead import load_letterhead
from mailer.pages.newsletter import render_newsletter
from mailer.pages.preflight import PdfKind, preflight
from mailer.pages.press import Rendered
from mailer.settings import Brand, Settings, load_settings
from tests.support.kept_pages import Preflight, Shelf, keeping, rendering
from tests.support.office import begin


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return begin(tmp_path_factory.mktemp("kept") / "office").root


@pytest.fixture
def here(folder: Path, tmp_path: Path) -> Path:
    return shutil.copytree(folder, tmp_path / "office")


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    (tmp_path / "shelf").mkdir()
    return Shelf(tmp_path / "shelf")


def letters(folder: Path, *names: str, pictures: bool = False) -> Rendered:
    made = [
        Letter("2027-rates", date(2026, 11, 24), "New rates", f"Dear {name}", f"<p>To {name}.</p>")
        for name in names or ("Alder", "Birch")
    ]
    letterhead = load_letterhead(folder / "letterhead", Brand(logo="logo.svg"))
    settings = load_settings(folder, tables())
    folders = (folder / "campaigns" / "2027-rates",) if pictures else ()
    return render_letters(made, letterhead, settings, folders=folders)


def issue(folder: Path) -> Rendered:
    text = "<p>Nobody gave the code away. They hung up and called the number on their card.</p>" * 20
    pages = NewsletterPages(
        "The Post", "News", date(2026, 12, 1), "Number 12",
        tuple(SectionBlock(f"s{number}", f"Story {number}", text) for number in range(3)),
    )  # fmt: skip
    settings: Settings = load_settings(folder, tables())
    return render_newsletter(pages, load_letterhead(folder / "letterhead", Brand(logo="logo.svg")), settings)


@pytest.mark.parametrize("make", [letters, issue])
def test_what_is_kept_is_what_is_rendered(
    make: Callable[[Path], Rendered], folder: Path, here: Path, shelf: Shelf
) -> None:
    with rendering():
        rendered = make(here)
    with keeping(shelf):
        first = make(folder)
        made = shelf.made
        again = make(here)
    assert rendered == first == again
    assert made > 0, "the first had to be made"
    assert (shelf.made, shelf.found) == (made, made), "the second was found whole, in another folder too"


def test_the_flaws_that_are_kept_are_those_of_the_same_question(folder: Path, shelf: Shelf) -> None:
    rendered = letters(folder)
    letterhead = load_letterhead(folder / "letterhead", Brand(logo="logo.svg"))
    asked = (
        {"starts": {1, 2}},
        {"starts": {1, 2}, "says": {1: "<p>A word that is nowhere.</p>"}},
        {"starts": {1, 2}, "says": {1: "<p>A word that is nowhere.</p>"}, "known": {1}},
    )
    real = [preflight(rendered.pdf, PdfKind.LETTERS, letterhead, **one) for one in asked]
    assert [len(flaws) for flaws in real] == [0, 1, 1]
    kept = Preflight(shelf, preflight)
    first = [kept(rendered.pdf, PdfKind.LETTERS, letterhead, **one) for one in asked]
    assert (shelf.made, shelf.found) == (3, 0)
    again = [kept(rendered.pdf, PdfKind.LETTERS, letterhead, **one) for one in asked]
    assert real == first == again
    assert (shelf.made, shelf.found) == (3, 3)


def a_word(here: Path) -> Rendered:
    return letters(here, "Alder", "Cedar")


def a_letter_more(here: Path) -> Rendered:
    return letters(here, "Alder", "Birch", "Cedar")


def the_other_order(here: Path) -> Rendered:
    return letters(here, "Birch", "Alder")


def a_rule_of_the_sheet(here: Path) -> Rendered:
    sheet = here / "letterhead" / "letter.css"
    sheet.write_text(f"{sheet.read_text().partition('/* new */')[0]}/* new */ main {{ color: #123456 }}")
    return letters(here)


def a_picture(here: Path) -> Rendered:
    logo = here / "letterhead" / "logo.svg"
    logo.write_text("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><path d='M1 1h5v5z'/></svg>")
    return letters(here)


def a_font(here: Path) -> Rendered:
    own = here / "letterhead" / "fonts" / "SourceSerif4-Regular.ttf"
    own.parent.mkdir(exist_ok=True)
    shutil.copy(shipped.typefaces("source") / "SourceSerif4-Semibold.ttf", own)
    return letters(here)


def a_file_of_the_campaign(here: Path) -> Rendered:
    letters(here, pictures=True)
    (here / "campaigns" / "2027-rates" / "map.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    return letters(here, pictures=True)


@pytest.mark.parametrize(
    "changed",
    [a_word, a_letter_more, the_other_order, a_rule_of_the_sheet, a_picture, a_font, a_file_of_the_campaign],
)
def test_what_differs_is_made_anew(changed: Callable[[Path], Rendered], here: Path, shelf: Shelf) -> None:
    with keeping(shelf):
        letters(here)
        before = shelf.made
        kept = changed(here)
    assert shelf.made > before
    with rendering():
        assert changed(here) == kept


def test_an_error_is_raised_each_time(here: Path, shelf: Shelf) -> None:
    template = here / "letterhead" / "letter.html.j2"
    template.write_text(template.read_text().replace("letter.subject", "letter.object"))
    with keeping(shelf):
        for _ in range(2):
            with pytest.raises(MailerError, match=r"cannot be filled in: .*object"):
                letters(here)
