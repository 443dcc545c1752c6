from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
import segno

from mailer.pages.imposition import PieceToPrint, assemble, cut, cuts
from mailer.pages.ink import DPI, image_of, opened
from mailer.pages.letterhead import Letterhead
from mailer.pages.letterheadpage import letterhead_page
from mailer.pages.overlay import MODULE, QUIET
from mailer.pages.press import Rendered
from mailer.pages.sheetcount import sheets
from mailer.pages.typeface import check_fonts
from mailer.pages.windowzones import (
    HEIGHT,
    PANEL_ADDRESS,
    RECIPIENT_WINDOW,
    RETURN_WINDOW,
    SHEET_MARK,
    WIDTH,
    Zone,
)
from mailer.settings import Settings
from tests.support.ink import ink_in

Read = Callable[[bytes | Path, int], str]
ADDRESS = (
    "Birch Dental Group",
    "Attn: Ms. Őri Łukasz",
    "2270 Fair Oaks Boulevard, Suite 12",
    "Sacramento CA 95825",
)
SENDER = ("Cedar & Finch IT", "1415 L Street, Suite 300", "Sacramento CA 95814")


@pytest.fixture
def source(chunk: Rendered, tmp_path: Path) -> Path:
    path = tmp_path / "chunk.pdf"
    path.write_bytes(chunk.pdf)
    return path


def everything(pdf: bytes) -> bytes:
    """Every object of the file, with its streams uncompressed."""
    with pikepdf.open(BytesIO(pdf)) as document:
        parts = [
            item.read_bytes() if isinstance(item, pikepdf.Stream) else item.unparse(resolved=True)
            for item in document.objects
        ]
        return b"\n".join(parts)


def test_a_cut_holds_one_letter_alone(chunk: Rendered, page_text: Read) -> None:
    whole = list(cuts(chunk.pdf, chunk.pages))
    assert whole[1] == cut(chunk.pdf, 2, 3)
    assert hashlib.sha256(whole[0]).hexdigest() == hashlib.sha256(cut(chunk.pdf, 1, 1)).hexdigest()
    for single, (first, last), name in zip(whole, chunk.pages, ("Alder", "Birch", "Cypress"), strict=True):
        with pikepdf.open(BytesIO(single)) as document:
            assert len(document.pages) == last - first + 1
            assert not document.docinfo
            pages = [
                item
                for item in document.objects
                if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Page"
            ]
            assert len(pages) == last - first + 1
            contents = sum(
                isinstance(item, pikepdf.Stream) and "/Length1" not in item for item in document.objects
            )
        assert f"Dear {name}" in page_text(single, 1)
        assert contents < 20
        assert page_text(single, 1) == page_text(chunk.pdf, first)
    # Text is glyph numbers: compare the drawing of each page instead of its words.
    drawings = [everything(single) for single in whole]
    with pikepdf.open(BytesIO(chunk.pdf)) as document:
        for page, owner in zip(document.pages, (0, 1, 1, 2), strict=True):
            drawn = page.Contents.read_bytes().strip()
            assert [drawn in drawing for drawing in drawings] == [owner == number for number in range(3)]


def test_a_cut_outside_the_file(chunk: Rendered) -> None:
    with pytest.raises(ValueError, match="pages 4-5 of 4"):
        cut(chunk.pdf, 4, 5)


def test_pieces_begin_on_odd_pages(
    source: Path, letterhead: Letterhead, tmp_path: Path, page_text: Read
) -> None:
    pieces = [
        PieceToPrint(source, 4, 4, 1, ADDRESS, SENDER),
        PieceToPrint(source, 2, 3, 2, ADDRESS),
        PieceToPrint(source, 1, 1, 3, ADDRESS),
    ]
    out, again = tmp_path / "letters.pdf", tmp_path / "again.pdf"
    made = assemble(pieces, out, letterhead, total=52)
    assert (made.pages, made.sheets, made.starts) == (6, 3, (1, 3, 5))
    texts = [page_text(out, page) for page in range(1, 7)]
    assert "Dear Cypress" in texts[0]
    assert "Birch Dental Group Attn: Ms. Őri Łukasz 2270 Fair Oaks" in texts[0]
    assert "0001/0052 1of1" in texts[0]
    assert texts[1] == ""
    assert "0002/0052 1of1" in texts[2]
    assert "Page 2 of 2" in texts[3]
    assert "of1" not in texts[3]
    assert "Dear Alder" in texts[4]
    assert texts[5] == ""
    assemble(pieces, again, letterhead, total=52)
    assert out.read_bytes() == again.read_bytes()
    assert check_fonts(out, letterhead.typefaces) == ()


def test_addresses_and_marks_stay_in_their_zones(
    source: Path, letterhead: Letterhead, tmp_path: Path
) -> None:
    out = tmp_path / "letters.pdf"
    assemble([PieceToPrint(source, 1, 1, 12, ADDRESS, SENDER)], out, letterhead, total=52)
    for zone in (RECIPIENT_WINDOW, RETURN_WINDOW, SHEET_MARK):
        assert ink_in(out, 1, zone)
    for zone in (
        Zone("left of the windows", 0, 0, 0.625, 10.4, ""),
        Zone("above the windows", 0, 0, 4.8, 0.5, ""),
        Zone("between the windows", 0, 1.375, 4.8, 0.325, ""),
        Zone("below the windows", 0, 2.7, 4.8, 0.3, ""),
        Zone("left of the mark", 0, 10.4, 0.3, 0.6, ""),
        Zone("below the mark", 0, 10.85, 8.5, 0.15, ""),
        Zone("right of the mark", 2.4, 10.4, 6.1, 0.6, ""),
    ):
        assert ink_in(out, 1, zone) is None, zone.name
    unmarked = tmp_path / "unmarked.pdf"
    assemble([PieceToPrint(source, 1, 1, 12)], unmarked, letterhead, total=52, marks=False)
    assert ink_in(unmarked, 1, SHEET_MARK) is None


def test_the_code_on_the_sheet(source: Path, letterhead: Letterhead, tmp_path: Path) -> None:
    out = tmp_path / "letters.pdf"
    assemble([PieceToPrint(source, 2, 3, 12, ADDRESS)], out, letterhead, total=52)
    dpi = 600
    with opened(out) as document:
        image = image_of(document, 1, dpi=dpi)
    left = SHEET_MARK.x + QUIET * MODULE
    top = SHEET_MARK.y + (SHEET_MARK.h - 17 * MODULE) / 2
    pixels = image.load()
    assert pixels

    def dark(row: int, column: int) -> bool:
        place = (left + (column + 0.5) * MODULE) * dpi, (top + (row + 0.5) * MODULE) * dpi
        return pixels[round(place[0]), round(place[1])] == 0

    symbol = segno.make_micro("12 1/1", version="M4", error="M", boost_error=False)
    assert [[dark(row, column) for column in range(17)] for row in range(17)] == [
        [bool(module) for module in row] for row in symbol.matrix
    ]
    assert dpi > DPI


def test_copies_of_a_newsletter_share_its_pages(
    newsletter: Rendered, letterhead: Letterhead, tmp_path: Path, page_text: Read
) -> None:
    source, out = tmp_path / "issue.pdf", tmp_path / "newsletters.pdf"
    source.write_bytes(newsletter.pdf)
    pieces = [
        PieceToPrint(
            source, 1, 2, number, (f"Client {number}", *ADDRESS[2:]), window=PANEL_ADDRESS, address_page=-1
        )
        for number in range(1, 201)
    ]
    made = assemble(pieces, out, letterhead, total=200)
    assert made.pages == 400
    assert out.stat().st_size < len(newsletter.pdf) + 200 * 1200
    assert "Client 200 2270 Fair Oaks" in page_text(out, 400)
    assert "Client" not in page_text(out, 399).replace("Clients", "")
    assert "0200/0200 1of1" in page_text(out, 399)
    assert ink_in(out, 2, PANEL_ADDRESS)


def test_pre_printed_paper_lies_beneath_first_pages(
    source: Path, letterhead: Letterhead, settings: Settings, tmp_path: Path, page_text: Read
) -> None:
    paper = letterhead_page(letterhead, settings, date(2026, 11, 24))
    assert "Cedar & Finch IT" in page_text(paper, 1)
    assert "As seen on pre-printed paper" in page_text(paper, 1)
    out, again = tmp_path / "composite.pdf", tmp_path / "again.pdf"
    pieces = [PieceToPrint(source, 2, 3, 1, ADDRESS), PieceToPrint(source, 1, 1, 2, ADDRESS)]
    for path in (out, again):
        assemble(pieces, path, letterhead, total=2, beneath=paper)
    assert out.read_bytes() == again.read_bytes()
    texts = [page_text(out, page) for page in (1, 2, 3)]
    assert ["As seen on" in text for text in texts] == [True, False, True]
    assert "Dear Birch" in texts[0]
    assert "Birch Dental Group" in texts[0]
    assert ink_in(paper, 1, SHEET_MARK) is None
    assert check_fonts(out, letterhead.typefaces) == ()


def test_sheets_and_limits(source: Path, letterhead: Letterhead, tmp_path: Path) -> None:
    assert [sheets(pages) for pages in (1, 2, 3, 4)] == [1, 1, 2, 2]
    with pytest.raises(ValueError, match="1001 pieces; one file takes 1 to 1000"):
        assemble([PieceToPrint(source, 1, 1, 1)] * 1001, tmp_path / "x.pdf", letterhead, total=1001)
    assert (WIDTH, HEIGHT) == (8.5, 11.0)
