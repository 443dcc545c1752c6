"""What the print room adds to an approved page: addresses, barcodes, indicia, and the mark of each sheet.

Zones are in inches from the top-left, type in points; reportlab counts points from the bottom-left.
One call draws any number of overlay pages, which share their fonts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from mailer.pages import microqr
from mailer.pages.canvas import FACE, INCH, font_name, new_canvas
from mailer.pages.drawnaddress import AddressTooLong, Block, Indicia, draw_block, draw_indicia, fit
from mailer.pages.letterhead import Letterhead
from mailer.pages.windowzones import HEIGHT, SHEET_MARK

__all__ = [
    "FACE", "AddressTooLong", "Block", "Indicia", "Mark", "OverlayPage", "draw", "draw_block", "fit",
    "font_name", "new_canvas",
]  # fmt: skip

MODULE: Final = 1 / 60  # in: 5 dots at 300 dpi, 10 at 600
QUIET: Final = 2  # modules of white around a Micro QR (ISO/IEC 18004)
MARK_SIZE: Final = 8.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A sheet's mark: the piece's number among `total`, the sheet among `sheets` (all from 1)."""

    number: int
    total: int
    sheet: int
    sheets: int

    @property
    def text(self) -> str:
        """For people: "0012/0052 1of2"."""
        return f"{self.number:04}/{self.total:04} {self.sheet}of{self.sheets}"

    @property
    def code(self) -> str:
        """For the Micro QR: "12 1/2", at most 18 characters at level M of version M4."""
        return f"{self.number} {self.sheet}/{self.sheets}"


@dataclass(frozen=True, slots=True)
class OverlayPage:
    """What one page gets."""

    blocks: tuple[Block, ...] = ()
    mark: Mark | None = None
    indicia: Indicia | None = None


@dataclass(frozen=True, slots=True)
class Overlays:
    """The content stream of each page, and a PDF with the fonts that they name in its page's resources."""

    pages: tuple[bytes, ...] = field(repr=False)
    fonts: bytes = field(repr=False)


def draw(pages: Iterable[OverlayPage], letterhead: Letterhead) -> Overlays:
    """What is laid over each of `pages`. Raises AddressTooLong, FontProblem."""
    font = font_name(letterhead, FACE)
    target = BytesIO()
    canvas = new_canvas(target, font)
    drawn = []
    for page in pages:
        for block in page.blocks:
            draw_block(canvas, block, letterhead)
        if page.indicia:
            draw_indicia(canvas, page.indicia, letterhead)
        if page.mark:
            _draw_mark(canvas, page.mark, font)
        drawn.append(canvas.taken().encode("latin-1"))
    canvas.showPage()
    canvas.save()
    return Overlays(tuple(drawn), target.getvalue())


def _draw_mark(canvas: Canvas, mark: Mark, font: str) -> None:
    left = SHEET_MARK.x + QUIET * MODULE
    top = HEIGHT - SHEET_MARK.y - (SHEET_MARK.h - microqr.SIDE * MODULE) / 2
    side = MODULE * INCH
    moved = f"{side:.4f} 0 0 {-side:.4f} {left * INCH:.4f} {top * INCH:.4f} cm"
    canvas.addLiteral(f"q {moved} {_outlined(microqr.rows(mark.code))}f Q")
    canvas.setFont(font, MARK_SIZE)
    beside = left + (microqr.SIDE + 2 * QUIET) * MODULE
    canvas.drawString(beside * INCH, (top - 11 * MODULE) * INCH, mark.text)


def _outlined(rows: Sequence[int]) -> str:
    """The operators that outline the dark modules, those side by side as one; a module is 1 wide and high."""
    modules = "".join([f"{bits:0{microqr.SIDE}b}0" for bits in rows])  # the leftmost last
    return "".join([_run(*found.span()) for found in _DARK.finditer(modules)])


_DARK: Final = re.compile("1+")


@cache
def _run(start: int, end: int) -> str:
    row, first = divmod(start, microqr.SIDE + 1)
    return f"{microqr.SIDE - first - (end - start)} {row} {end - start} 1 re "
