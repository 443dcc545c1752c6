"""A booklet is folded here as a person folds it, and read from its first page to its last."""

from __future__ import annotations

from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest
from reportlab.pdfgen.canvas import Canvas

from mailer.pages.booklet import saddle
from mailer.pages.imposition import PieceToPrint, assemble
from mailer.pages.letterhead import Letterhead
from mailer.pages.windowzones import PANEL_ADDRESS

ADDRESS = ("Alder Bakery", "1 Alder Street", "Sacramento CA 95814")


def folded(sides: list[tuple[str, str]]) -> list[str]:
    """Sheets are laid in each other and folded; then the leaves are turned one by one.

    A side is its left and right half. A sheet's front is outside: its right half is a leaf's first page, and
    on the back of that leaf is the left half of the sheet's back.
    """
    sheets = [(sides[at], sides[at + 1]) for at in range(0, len(sides), 2)]
    near = [half for front, back in sheets for half in (front[1], back[0])]
    far = [half for front, back in reversed(sheets) for half in (back[1], front[0])]
    return near + far


def test_saddle_order() -> None:
    assert saddle(4) == ((4, 1), (2, 3))
    assert saddle(8) == ((8, 1), (2, 7), (6, 3), (4, 5))
    for pages in (0, 2, 6, 7):
        with pytest.raises(ValueError, match=f"{pages} pages are no booklet"):
            saddle(pages)


@pytest.mark.parametrize("pages", [4, 8])
def test_the_fold(pages: int, letterhead: Letterhead, tmp_path: Path) -> None:
    source, out = tmp_path / "issue.pdf", tmp_path / "newsletters.pdf"
    canvas = Canvas(str(source), pagesize=(612, 792))
    for page in range(1, pages + 1):
        canvas.drawString(300, 500, f"page {page}.")
        canvas.showPage()
    canvas.save()
    pieces = [
        PieceToPrint(
            source, 1, pages, number, ADDRESS, window=PANEL_ADDRESS, address_page=-1, is_booklet=True
        )
        for number in (1, 2)
    ]
    made = assemble(pieces, out, letterhead, total=2)
    assert (made.pages, made.sheets, made.starts) == (pages, pages // 2, (1, pages // 2 + 1))
    document = pypdfium2.PdfDocument(out)
    assert {document.get_page_size(at) for at in range(len(document))} == {(1224, 792)}
    halves = []
    for page in document:
        text = page.get_textpage()
        halves.append((text.get_text_bounded(right=612), text.get_text_bounded(left=612)))
    for copy in (1, 2):
        sides = halves[(copy - 1) * pages // 2 : copy * pages // 2]
        read = folded(sides)
        assert [f"page {number}." in words for number, words in enumerate(read, 1)] == [True] * pages
        assert ["Alder Bakery" in words for words in read] == [False] * (pages - 1) + [True]
        marks = [f"000{copy}/0002 {sheet}of{pages // 4}" for sheet in range(1, pages // 4 + 1)]
        assert [mark for words in read for mark in marks if mark in words] == marks
        assert all(mark in front[1] for mark, front in zip(marks, sides[::2], strict=True))


def test_many_booklets_share_their_pages(letterhead: Letterhead, tmp_path: Path) -> None:
    source, out = tmp_path / "issue.pdf", tmp_path / "newsletters.pdf"
    canvas = Canvas(str(source), pagesize=(612, 792))
    for _ in range(4):
        for line in range(60):
            canvas.drawString(72, 740 - 11 * line, f"A line of the newsletter, number {line}, with words.")
        canvas.showPage()
    canvas.save()
    sizes = []
    for copies in (1, 101):
        pieces = [
            PieceToPrint(source, 1, 4, number, ADDRESS, window=PANEL_ADDRESS, is_booklet=True)
            for number in range(1, copies + 1)
        ]
        assemble(pieces, out, letterhead, total=copies)
        sizes.append(out.stat().st_size)
    assert sizes[1] - sizes[0] < 100 * 1500
