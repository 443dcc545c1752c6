"""What the print room adds to an approved page: addresses and the mark of each sheet.

Zones are in inches from the top-left, type in points; reportlab counts points from the bottom-left.
One call draws any number of overlay pages into one PDF, whose fonts they share.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any, Final

import segno
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from mailer.errors import MailerError
from mailer.render.letterhead import Letterhead
from mailer.render.typeface import check_characters
from mailer.render.zones import HEIGHT, SHEET_MARK, WIDTH, Zone

INCH: Final = 72.0
FACE: Final = "Source Sans 3"
LARGEST: Final = 10.5
SMALLEST: Final = 8.0  # USPS: an address is at least 8 pt
LEADING: Final = 1.16
PADDING: Final = 0.06  # in, between a zone's edge and the text in it
MOST_LINES: Final = 7

MODULE: Final = 1 / 60  # in: 5 dots at 300 dpi, 10 at 600
QUIET: Final = 2  # modules of white around a Micro QR (ISO/IEC 18004)
MARK_SIZE: Final = 8.0


class AddressTooLong(MailerError):
    """An address that does not fit its place at 8 pt."""


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of an address in their zone. `centered` puts them in the middle of its height."""

    lines: tuple[str, ...]
    zone: Zone
    largest: float = LARGEST
    centered: bool = True


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


def draw(pages: Iterable[OverlayPage], letterhead: Letterhead) -> bytes:
    """The overlay pages as one PDF, in order. Raises AddressTooLong, FontProblem."""
    font = font_name(letterhead, FACE)
    target = BytesIO()
    canvas = new_canvas(target, font)
    for page in pages:
        for block in page.blocks:
            draw_block(canvas, block, letterhead)
        if page.mark:
            _draw_mark(canvas, page.mark, font)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def new_canvas(target: BytesIO, font: str) -> Canvas:
    """An empty US Letter document that names no other font than `font`, without dates."""
    options: dict[str, Any] = {"initialFontName": font, "invariant": 1, "pageCompression": 1}
    return Canvas(target, pagesize=(WIDTH * INCH, HEIGHT * INCH), **options)


def draw_block(canvas: Canvas, block: Block, letterhead: Letterhead, *, height: float = HEIGHT) -> None:
    """Draw an address on a page `height` inches high. Raises AddressTooLong, FontProblem."""
    if not block.lines:
        return
    face = letterhead.typeface(FACE)
    check_characters("".join(block.lines), face.characters, where=block.lines[0])
    font = font_name(letterhead, FACE)
    size, lines = fit(block, font)
    leading = size * LEADING
    free = block.zone.h * INCH - leading * len(lines)
    top = free / 2 if block.centered else PADDING * INCH
    baseline = (height - block.zone.y) * INCH - top - size * 0.9
    canvas.setFont(font, size)
    for line in lines:
        canvas.drawString((block.zone.x + PADDING) * INCH, baseline, line)
        baseline -= leading


def fit(block: Block, font: str) -> tuple[float, tuple[str, ...]]:
    """The type size and lines with which `block` fits: smaller to 8 pt, then broken into more lines."""
    width = (block.zone.w - 2 * PADDING) * INCH
    height = (block.zone.h - 2 * PADDING) * INCH
    size = block.largest
    while size >= SMALLEST:
        widest = max(pdfmetrics.stringWidth(line, font, size) for line in block.lines)
        if widest <= width and len(block.lines) * size * LEADING <= height:
            return size, block.lines
        size -= 0.25
    lines = tuple(part for line in block.lines for part in _broken(line, font, width))
    fits = all(pdfmetrics.stringWidth(line, font, SMALLEST) <= width for line in lines)
    if not fits or len(lines) > MOST_LINES or len(lines) * SMALLEST * LEADING > height:
        raise AddressTooLong(
            f"the address does not fit {block.zone.w:g} x {block.zone.h:g} in at {SMALLEST:g} pt: "
            f"{' / '.join(block.lines)}.",
            where=block.zone.name,
            todo="Shorten the name or the address in the client list.",
        )
    return SMALLEST, lines


@lru_cache(maxsize=64)
def _registered(digest: str, name: str, letterhead: Letterhead) -> str:
    registered = f"{name} {digest[:16]}"
    pdfmetrics.registerFont(TTFont(registered, BytesIO(letterhead.files[letterhead.typeface(name).path])))
    return registered


def font_name(letterhead: Letterhead, name: str) -> str:
    """The name under which reportlab knows the letterhead's font `name`."""
    return _registered(letterhead.digest, name, letterhead)


def _broken(line: str, font: str, width: float) -> Sequence[str]:
    """`line` broken at spaces so that each part is at most `width` points wide at 8 pt."""
    parts: list[str] = []
    for word in line.split():
        joined = f"{parts[-1]} {word}" if parts else word
        if parts and pdfmetrics.stringWidth(joined, font, SMALLEST) <= width:
            parts[-1] = joined
        else:
            parts.append(word)
    return parts


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
