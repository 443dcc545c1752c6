"""Letters that come back from Word as PDF: known by their reference, facts checked, the address covered."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pikepdf
import pytest
from docx import Document
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from mailer import shipped
from mailer.pages.windowzones import ADDRESSES
from tests.support.foreign import stamped, trimmed, turned, with_layer_off, with_logo
from tests.support.ink import ink_in
from tests.support.office import CEDAR, HEADINGS, RATES, Office, page_texts


def printed(
    office: Office, out: Path, *, only: Sequence[int] = (0, 1, 2, 3), said: str = "", adds: str = ""
) -> Path:
    """The letters as another program prints them: the address in the window, the text below; the first says
    what it `adds`.
    """
    office.does("word", "letters", RATES)
    document = Document(str(office.root / "word" / RATES / "letters.docx"))
    letters: list[list[str]] = []
    tables = [[" ".join(cell.text for cell in row.cells) for row in one.rows] for one in document.tables]
    rows = iter(tables)
    for paragraph in document.paragraphs:
        if "Our reference" in paragraph.text:
            letters.append([])
        if letters and paragraph.style and paragraph.style.name not in ("Address", "Sender"):
            letters[-1].append(paragraph.text.replace("\t", " "))
    pdfmetrics.registerFont(TTFont("Returned", shipped.typefaces("plex") / "IBMPlexSans-Regular.ttf"))
    canvas = Canvas(str(out), pagesize=(612, 792), initialFontName="Returned")  # type: ignore[arg-type]
    for number, lines in enumerate(letters):
        table = next(rows)
        if number not in only:
            continue
        canvas.setFont("Returned", 9)
        canvas.drawString(60, 660, "Sacramento CA")
        y = 560
        for line in (*lines, *table, *([adds] if adds and not number else [])):
            for at in range(0, len(line), 100):
                canvas.drawString(
                    72, y, re.sub(r"\$[0-9.]+", said, line[at : at + 100]) if said else line[at : at + 100]
                )
                y -= 12
        canvas.showPage()
    canvas.save()
    return out


def test_it_is_approved_and_its_address_is_covered(office: Office, tmp_path: Path) -> None:
    pdf = printed(office, tmp_path / "back.pdf")
    ran = office.does("approve", RATES, "--by", "Dana Whitcomb", "--pdf", str(pdf))
    assert "Approved 4 pieces" in ran.said
    (kept,) = office.stored()
    assert all(ink_in(kept, page, ADDRESSES) is None for page in range(1, 5))
    again = office.does("approve", RATES, "--by", "Dana Whitcomb", "--pdf", str(pdf))
    assert "Nothing changed" in again.said
    office.does("print", RATES)


def test_other_pages_after_the_printing_are_not_passed_over_in_silence(
    office: Office, tmp_path: Path
) -> None:
    office.does("approve", RATES, "--pdf", str(printed(office, tmp_path / "back.pdf")))
    office.does("print", RATES)
    other = printed(office, tmp_path / "other.pdf", adds="With our thanks.")
    said = office.does("approve", RATES, "--pdf", str(other)).said
    assert "Nothing new was made: 4 pieces" in said
    assert "1 piece was printed before the client or the inputs changed; not made again" in said


def test_a_letter_of_another_text_beside_finished_ones_is_said(office: Office, tmp_path: Path) -> None:
    office.does("approve", RATES, "--pdf", str(printed(office, tmp_path / "back.pdf")))
    assert "as finished in Word" not in office.does("approve", RATES).said
    office.imports(f"{HEADINGS}\nN-5,Elm Cafe,El M,el@elm.example,5 Elm Court,Davis,CA,95616,none,,130.00\n")
    said = office.does("approve", RATES).said
    assert (
        "1 letter is made of letter.md, and 4 are as finished in Word: look whether they say the same" in said
    )
    office.does("ledger", "verify")


def test_who_is_written_to_at_two_addresses_gets_the_same_pages_twice(office: Office, tmp_path: Path) -> None:
    both = CEDAR.replace("contract-30-deposit", "30 days from deposit to both addresses")
    where = "Notice Address,Notice City,Notice State,Notice Zip"
    office.imports(f"{HEADINGS},{where}\n{both},9 Court Street,Reno,NV,89501\n")
    pdf = printed(office, tmp_path / "back.pdf")
    assert "Approved 5 pieces" in office.does("approve", RATES, "--pdf", str(pdf)).said
    office.does("print", RATES)
    assert [row["zip"] for row in office.manifest()].count("89501") == 1
    assert len(office.manifest()) == 5


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"only": (0, 1, 2)}, f"the letter {RATES}/N-"),
        ({"only": (0, 1, 2, 3), "said": "$999.00"}, "does not state"),
        (
            {"adds": "As for birch lane  dental, it pays less."},
            "names another client, birch lane dental; what",
        ),
        ({"adds": f"Our reference {RATES}/N-2"}, f"bears another reference too, {RATES}/N-2"),
        ({"adds": f"See also {RATES}/N-3."}, f"bears another reference too, {RATES}/N-3"),
        ({"adds": f"Our reference {RATES}/N-99"}, f"bears another reference too, {RATES}/N-99"),
    ],
)
def test_what_is_wrong_is_not_approved(
    office: Office, tmp_path: Path, change: dict[str, object], why: str
) -> None:
    pdf = printed(office, tmp_path / "back.pdf", **change)  # type: ignore[arg-type]
    said = " ".join(office.does("approve", RATES, "--pdf", str(pdf), exits=1).said.split())
    assert why in said
    assert "Nothing was approved." in said
    assert office.stored() == []


def test_what_the_letter_itself_says_may_stand_in_it(office: Office, tmp_path: Path) -> None:
    """Its own client, its own reference again, its firm, and a client that the campaign's text names."""
    with (office.root / f"campaigns/{RATES}/letter.md").open("a", encoding="utf-8") as file:
        file.write("\nWe moved, as Birch Lane Dental did.\n")
    pdf = printed(office, tmp_path / "back.pdf", adds=f"Dogwood Press, {RATES}/N-4. Birch Lane Dental moved.")
    assert "Approved 4 pieces" in office.does("approve", RATES, "--pdf", str(pdf)).said


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (
            with_layer_off,
            "back.pdf: has layers that are switched off, and they would be printed; print it to",
        ),
        (
            with_logo,
            "back.pdf: page 1: a picture or a line lies where the envelope's windows are, 51 mm from",
        ),
        (stamped, "back.pdf: page 1: a stamp lies over the page and would not be printed; print it to a PDF"),
    ],
)
def test_what_would_be_printed_otherwise_than_it_is_shown_is_refused(
    office: Office, tmp_path: Path, change: Callable[[bytes], bytes], why: str
) -> None:
    pdf = printed(office, tmp_path / "back.pdf")
    pdf.write_bytes(change(pdf.read_bytes()))
    said = " ".join(office.does("approve", RATES, "--pdf", str(pdf), exits=1).said.split())
    assert why in said
    assert "Nothing was approved." in said
    assert office.stored() == []


@pytest.mark.parametrize("change", [trimmed, turned])
def test_a_page_is_printed_as_a_reader_shows_it(
    office: Office, tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    """Whole, whatever its TrimBox; upright, whatever its turn and origin."""
    pdf = printed(office, tmp_path / "back.pdf")
    pdf.write_bytes(change(pdf.read_bytes()))
    assert "Approved 4 pieces" in office.does("approve", RATES, "--pdf", str(pdf)).said
    (kept,) = office.stored()
    assert all(ink_in(kept, page, ADDRESSES) is None for page in range(1, 5))
    with pikepdf.open(kept) as made:
        assert [[float(edge) for edge in page.mediabox] for page in made.pages] == [[0, 0, 612, 792]] * 4
    assert all("$" in text for text in page_texts(kept))
