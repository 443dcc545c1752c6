"""The long lists of evidence: rows on pages that are numbered on from the text before them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pikepdf
import pytest

from mailer import shipped
from mailer.evidence.case import Frame, Subject
from mailer.evidence.pages.longlists import ListColumn, Lists
from mailer.evidence.pages.sheets import Sheets, Title
from mailer.mailservice.registry import tables
from mailer.pages.letterhead import Letterhead, load_letterhead
from mailer.settings import Brand, load_settings
from tests.support.office import Office, page_texts

COLUMNS = (ListColumn("No.", 40, right=True), ListColumn("Addressee", 200), ListColumn("Piece", 120))


@pytest.fixture
def letterhead() -> Letterhead:
    return load_letterhead(shipped.letterhead(), Brand())


@pytest.fixture
def frame(office: Office) -> Frame:
    subject = Subject("2027-rates/letter", "2027-rates", "Rates", "letter", None, None)
    settings = load_settings(office.root, tables())
    made = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
    return Frame(settings, subject, made, date(2026, 11, 24), 7, "a1b2" * 16, rehearsal=True, version="0")


def document(lists: Lists, frame: Frame, letterhead: Letterhead, folder: Path) -> Path:
    text = Sheets("Evidence", [Title("In words")], frame, letterhead, others=lists.pages)
    path = folder / "lists.pdf"
    path.write_bytes(lists.after(text, title="Evidence: 2027-rates"))
    return path


def test_a_list_is_numbered_on_from_the_text(frame: Frame, letterhead: Letterhead, tmp_path: Path) -> None:
    lists = Lists(frame, "Evidence", letterhead)
    rows = [(str(number), f"Company {number}\n1 Ash Street", f"L-{number:04}") for number in range(1, 61)]
    lists.add("Schedule A", "60 pieces", COLUMNS, rows)
    assert lists.pages == 3, "21 rows below the title, 22 on each other page"
    path = document(lists, frame, letterhead, tmp_path)
    text, first, *others = page_texts(path)
    assert "In words" in text
    assert "Page 1 of 4" in text
    for words in (
        "Schedule A",
        "60 pieces",
        "Addressee",
        "1 Company 1 1 Ash Street L-0001",
        "REHEARSAL",
        "Page 2 of 4",
        "a1b2a1b2",
    ):
        assert words in first
    assert "Schedule A, continued" in others[0]
    assert "Company 60" in others[-1]
    assert "Page 4 of 4" in others[-1]
    shown = "\n".join([first, *others])
    assert [shown.count(f"L-{number:04}") for number in range(1, 61)] == [1] * 60
    with pikepdf.open(path) as made:
        assert str(made.docinfo["/Title"]) == "Evidence: 2027-rates"


def test_whatever_stands_in_a_cell_is_printed(frame: Frame, letterhead: Letterhead, tmp_path: Path) -> None:
    lists = Lists(frame, "Evidence", letterhead)
    odd = ("Ada (Byrd) \\n & Co", "Łucja’s Café\nŻabia 5", "A" * 60, "☃ Ltd")
    lists.add("Odd names", "", COLUMNS, [("1", name, "") for name in odd])
    page = page_texts(document(lists, frame, letterhead, tmp_path))[1]
    for words in ("Ada (Byrd) \\n & Co", "Łucja’s Café", "Żabia 5", "[U+2603] Ltd"):
        assert words in page
    runs = re.findall("A{5,}", page)
    assert (len(runs), "".join(runs)) == (2, "A" * 60), "a word wider than its column goes on below"
