"""What the print room adds to an approved page: addresses, barcodes, indicia, and the mark of each sheet.

Zones are in inches from the top-left, type in points; reportlab counts points from the bottom-left.
One call draws any number of overlay pages into one PDF, whose fonts they share.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Final

import segno
from reportlab.pdfgen.canvas import Canvas

from mailer.pages.canvas import FACE, INCH, font_name, new_canvas
from mailer.pages.drawnaddress import AddressTooLong, Block, Indicia, draw_block, draw_indicia, fit
from mailer.pages.letterhead import Letterhead
from mailer.pages.windowzones import HEIGHT, SHEET_MARK

__all__ = [
    "FACE", "AddressTooLong", "Block", "Indicia", "Mark", "OverlayPage", "code_rows", "draw", "draw_block",
    "fit", "font_name", "new_canvas",
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


def draw(pages: Iterable[OverlayPage], letterhead: Letterhead) -> bytes:
    """The overlay pages as one PDF, in order. Raises AddressTooLong, FontProblem."""
    font = font_name(letterhead, FACE)
    target = BytesIO()
    canvas = new_canvas(target, font)
    for page in pages:
        for block in page.blocks:
            draw_block(canvas, block, letterhead)
        if page.indicia:
            draw_indicia(canvas, page.indicia, letterhead)
        if page.mark:
            _draw_mark(canvas, page.mark, font)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


@lru_cache(maxsize=4096)
def code_rows(content: str) -> tuple[tuple[bool, ...], ...]:
    """The modules of a Micro QR M4 (17 x 17), row by row from the top; True is dark."""
    symbol = segno.make_micro(content, version="M4", error="M", boost_error=False)
    return tuple(tuple(bool(module) for module in row) for row in symbol.matrix)


def _draw_mark(canvas: Canvas, mark: Mark, font: str) -> None:
    left = SHEET_MARK.x + QUIET * MODULE
    top = HEIGHT - SHEET_MARK.y - (SHEET_MARK.h - 17 * MODULE) / 2
    path = canvas.beginPath()
    for row, modules in enumerate(code_rows(mark.code)):
        start = None
        for column, dark in enumerate((*modules, False)):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                path.rect(
                    (left + start * MODULE) * INCH,
                    (top - (row + 1) * MODULE) * INCH,
                    (column - start) * MODULE * INCH,
                    MODULE * INCH,
                )
                start = None
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.setFont(font, MARK_SIZE)
    canvas.drawString((left + (17 + 2 * QUIET) * MODULE) * INCH, (top - 11 * MODULE) * INCH, mark.text)
