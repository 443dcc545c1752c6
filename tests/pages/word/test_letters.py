"""Letters in Word: what they say is what the PDF says, and the address lies in the window."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.table import Table
from PIL import Image

from mailer.errors import MailerError
from mailer.pages.letter import Letter, render_letters
from mailer.pages.letterhead import Letterhead
from mailer.pages.windowzones import RECIPIENT_WINDOW
from mailer.pages.word.blocks import blocks
from mailer.pages.word.letters import WordLetter, letters_docx
from mailer.pages.word.merging import merging
from mailer.settings import Settings
from tests.support.office import LETTERS, RATES, Office, page_texts

HTML = (
    "<p>From <strong>January 1, 2027</strong> our <em>rates</em> change.</p>"
    '<table class="data"><thead><tr><th>Service</th><th class="n">New rate</th></tr></thead>'
    '<tbody><tr><td>Hourly support</td><td class="n">$140.00</td></tr></tbody></table>'
    "<h2>What stays</h2><ul><li>The hours</li><li>The people</li></ul><ol><li>Read</li><li>Keep</li></ol>"
    '<p class="lines">Monday, 8:00 am<br>Friday, closed</p><ol><li>Ask</li></ol>'
    "<blockquote><p>Nothing else changes.</p></blockquote>"
)
TO = ("Ash Street Bakery", "1 Ash Street", "Sacramento CA 95814")

LONG = (
    "The rate pays for people who know your machines, for the tools that they use, and for the hours in "
    "which nobody calls because nothing is broken. It is the same for all who have no agreement with us, and "
    "it is looked at once a year, in the autumn, with the costs of that year on the table. "
) * 2

Make = Callable[..., Letter]


def word_letter(letter: Letter) -> WordLetter:
    return WordLetter(letter, TO, ("Cedar & Finch IT",), tuple(blocks(letter.body_html)))


def words_of(document: Any) -> list[str]:
    """The body's words in order, tables in their place."""
    parts: list[str] = []
    for element in document.element.body:
        if element.tag == qn("w:tbl"):
            parts += [cell.text for row in Table(element, document).rows for cell in row.cells]
        elif element.tag == qn("w:p"):
            parts.append("".join(text.text or "\n" for text in element.iter(qn("w:t"), qn("w:br"))))
    return " ".join(parts).split()


def test_it_says_what_the_pdf_says(
    letter: Make, letterhead: Letterhead, settings: Settings, page_text: Callable[[bytes, int], str]
) -> None:
    made = letter("Ada Byrd", HTML, enclosures=("Rate sheet",))
    words = words_of(Document(BytesIO(letters_docx([word_letter(made)], letterhead, settings))))
    paper = page_text(render_letters([made], letterhead, settings).pdf, 1).split()
    signs = {"•", "1.", "2."}  # Word counts lists itself
    said, printed = (one[one.index("Dear") :] for one in (words, paper))
    printed = [one for one in printed if one not in signs]
    assert said == printed[: len(said)]
    assert printed[len(said) : len(said) + 3] == ["Cedar", "&", "Finch"], "what follows is the letterhead"


def test_the_letterhead_the_frame_and_the_fonts(
    letter: Make, letterhead: Letterhead, settings: Settings
) -> None:
    made = letters_docx([word_letter(letter(name, HTML)) for name in ("Ada", "Bo")], letterhead, settings)
    document = Document(BytesIO(made))
    assert len(document.sections) == 2
    first, second = document.sections
    assert first.different_first_page_header_footer
    assert second.different_first_page_header_footer
    assert "(916) 555-0142" in first.first_page_header.tables[0].cell(0, 1).text
    assert first.header.paragraphs[0].text == "Cedar & Finch IT\tNovember 24, 2026\tPage "
    (frame, *_) = [
        p._p.find(f"{qn('w:pPr')}/{qn('w:framePr')}")
        for p in document.paragraphs
        if p.style and p.style.name == "Address"
    ]
    x, y, w, h = (int(frame.get(qn(f"w:{side}"))) / 1440 for side in "xywh")
    zone = RECIPIENT_WINDOW
    assert zone.x <= x < x + w <= zone.x + zone.w
    assert zone.y <= y < y + h <= zone.y + zone.h
    numbers = [
        p._p.xpath("./w:pPr/w:numPr/w:numId/@w:val")[0]
        for p in document.paragraphs
        if p.style and p.style.name == "List Number"
    ]
    assert len(set(numbers)) == 4, "each list counts from 1, in each letter"
    with ZipFile(BytesIO(made)) as archive:
        assert sum(name.endswith(".odttf") for name in archive.namelist()) == 8


def test_the_address_stands_once_in_word_too(
    letter: Make, letterhead: Letterhead, settings: Settings
) -> None:
    for in_window in (True, False):
        made = letters_docx([word_letter(letter("Ada", HTML, in_window=in_window))], letterhead, settings)
        (section,) = Document(BytesIO(made)).sections
        said = section.first_page_header.tables[0].cell(0, 1).text
        assert ("1415 L Street" in said) is not in_window


def test_a_merge_document_and_its_data_say_what_each_letter_says(letter: Make) -> None:
    texts = ("<p>You pay $130.00 from May.</p>", "<p>You pay $145.50 a day from May.</p>")
    table = "<table><tr><th>Service</th></tr>{}</table>"
    rows = ("<tr><td>Hourly</td></tr>", "<tr><td>Hourly</td></tr><tr><td>After hours</td></tr>")
    letters = [
        word_letter(letter(name, text + table.format(row)))
        for name, text, row in zip(("Ada", "Bo"), texts, rows, strict=True)
    ]
    made = merging(letters)
    for one, values in zip(letters, made.rows, strict=True):
        filled = str(made.main.body)
        for name, value in zip(made.names, values, strict=True):
            filled = filled.replace(f"«{name}»", value)
        assert str(one.body[0]) in filled
    assert made.main.letter.salutation == "«Salutation»"
    assert [name for name in made.names if name.startswith("Text")] == ["Text_1", "Text_2"]
    with pytest.raises(MailerError, match="some have a paragraph that others have not"):
        merging([word_letter(letter("Ada", "<p>One.</p>")), word_letter(letter("Bo", "<p>1</p><p>2</p>"))])


def test_a_sign_that_word_has_no_place_for_is_left_out(office: Office) -> None:
    """A form feed is nothing on paper, and no XML."""
    office.edit(f"campaigns/{RATES}/letter.md", "Thank you", "Thank\x0c you\x01")
    office.does("word", "letters", RATES)
    document = Document(str(office.root / "word" / RATES / "letters.docx"))
    assert any("Thank you" in paragraph.text for paragraph in document.paragraphs)


def test_a_signature_of_four_inks(office: Office) -> None:
    """As an image program writes a JPEG for a press; Word has no name for it."""
    Image.new("CMYK", (60, 40)).save(office.root / "letterhead" / "ink.jpeg")
    office.edit("mailer.toml", "signature.svg", "ink.jpeg")
    assert "4 letters" in office.does("word", "letters", RATES).said


def test_the_commands(office: Office) -> None:
    ran = office.does("word", "letters", RATES)
    assert "4 letters, a draft" in ran.said
    document = Document(str(office.root / "word" / RATES / "letters.docx"))
    references = [p.text.partition("reference ")[2] for p in document.paragraphs if "reference" in p.text]
    assert sorted(references) == [f"{RATES}/N-{number}" for number in range(1, 5)]
    office.does("word", "letters", RATES, "--merge")
    with (office.root / "word" / RATES / "data.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {row["Reference"] for row in csv.DictReader(file)} == set(references)
    one = office.does("word", "letters", RATES, "--client", "N-2")
    assert "1 letter," in one.said


@pytest.mark.parametrize(("paragraphs", "pages"), [(0, 1), (9, 3)])
def test_pages_are_equal_in_another_program(
    office: Office, tmp_path: Path, paragraphs: int, pages: int
) -> None:
    """`make test-word`: what LibreOffice prints of four letters has the PDF's pages, and is approved."""
    import os  # noqa: PLC0415
    import shutil  # noqa: PLC0415
    import subprocess  # noqa: PLC0415

    if not os.environ.get("MAILER_TEST_WORD") or not shutil.which("soffice"):
        pytest.skip("LibreOffice is for `make test-word` (Debian: libreoffice-writer)")
    text = (office.root / LETTERS).read_text(encoding="utf-8")
    (office.root / LETTERS).write_text(text + f"\n\n{LONG}" * paragraphs, encoding="utf-8")
    ours = office.copy(tmp_path / "ours")
    ours.does("approve", RATES)
    ours.does("print", RATES)
    assert [one["pages"] for one in ours.manifest()] == [str(pages)] * 4
    office.does("word", "letters", RATES)
    source = office.root / "word" / RATES / "letters.docx"
    subprocess.run(
        ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(office.root), str(source)],
        check=True,
    )
    printed = page_texts(office.root / "letters.pdf")
    assert len(printed) == 4 * pages
    assert ["Dear " in text for text in printed] == [True, *[False] * (pages - 1)] * 4
    if shutil.which("gs"):  # as a printer to PDF on Linux makes it: ligatures told with their bytes swapped
        device = ("-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=pdfwrite", f"-sOutputFile={tmp_path}/gs.pdf")
        subprocess.run(["gs", *device, str(office.root / "letters.pdf")], check=True)
        other = office.copy(tmp_path / "other")
        assert "Approved 4 pieces" in other.does("approve", RATES, "--pdf", str(tmp_path / "gs.pdf")).said
    office.does("approve", RATES, "--pdf", str(office.root / "letters.pdf"))
