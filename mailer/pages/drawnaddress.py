"""Addresses as they are drawn into their zones, with what belongs to them: barcode, endorsement, indicia.

Zones are in inches from the top-left of a page `height` inches high, type in points.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from math import inf
from typing import Final

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from mailer.errors import MailerError
from mailer.pages import barcode
from mailer.pages.barcode import Code, draw_bars
from mailer.pages.canvas import FACE, INCH, STRONG, font_name
from mailer.pages.letterhead import Letterhead
from mailer.pages.typeface import check_characters
from mailer.pages.windowzones import HEIGHT, Zone

LARGEST: Final = 10.5
SMALLEST: Final = 8.0  # USPS: an address is at least 8 pt
LEADING: Final = 1.16
PADDING: Final = 0.06  # in, between a zone's edge and the text in it
MOST_LINES: Final = 7
APART: Final = 0.25  # in, around an endorsement (DMM 202.4.1)
ENDORSED_SIZE: Final = 8.5


class AddressTooLong(MailerError):
    """An address that does not fit its place at 8 pt."""


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of an address in their zone. `centered` puts them in the middle of its height.

    `code` is printed above them where it fits (`carries_code`), an `endorsement` below them, 1/4 in
    apart, where that fits (`carries_endorsement`); else they are left out. A `size` is kept, lines that are
    too long for it broken.
    """

    lines: tuple[str, ...]
    zone: Zone
    largest: float = LARGEST
    centered: bool = True
    code: Code | None = None
    endorsement: str = ""
    size: float = 0


@dataclass(frozen=True, slots=True)
class Indicia:
    """The lines of a permit imprint, boxed in the top right corner of `zone`."""

    lines: tuple[str, ...]
    zone: Zone


def draw_block(canvas: Canvas, block: Block, letterhead: Letterhead, *, height: float = HEIGHT) -> None:
    """Draw an address on a page `height` inches high. Raises AddressTooLong, FontProblem."""
    if not block.lines:
        return
    face = letterhead.typeface(FACE)
    check_characters("".join(block.lines), face.characters, where=block.lines[0])
    font = font_name(letterhead, FACE)
    with _turned(canvas, block.zone, height) if block.zone.turned else nullcontext():
        if block.endorsement and (size := _endorsed_size(block, font)):
            _draw_endorsed(canvas, block, size, letterhead, height)
        elif block.code and carries_code(block, letterhead):
            _draw_coded(canvas, block, font, height)
        else:
            size, lines = fit(block, font)
            free = block.zone.h * INCH - size * LEADING * len(lines)
            top = free / 2 if block.centered else PADDING * INCH
            _draw_lines(canvas, lines, (font, size), block.zone, (height - block.zone.y) * INCH - top)


def require_fit(lines: tuple[str, ...], places: Sequence[Block], letterhead: Letterhead) -> None:
    """Raise AddressTooLong or FontProblem where drawing `lines` in one of `places` would; draw nothing.

    What fits at 8 pt as it stands, nearly every address, is measured once for all places: 20 microseconds.
    """
    if not lines:
        return
    check_characters("".join(lines), letterhead.typeface(FACE).characters, where=lines[0])
    font = font_name(letterhead, FACE)
    widest = max(pdfmetrics.stringWidth(line, font, SMALLEST) for line in lines)
    for place in places:
        width, height = ((side - 2 * PADDING) * INCH for side in (place.zone.w, place.zone.h))
        if widest > width or len(lines) * SMALLEST * LEADING > height:
            fit(replace(place, lines=lines), font)


def carries_code(block: Block, letterhead: Letterhead) -> bool:
    """Whether the barcode fits above the address, which is then at least 8 pt."""
    if block.zone.w < barcode.WIDTH + 2 * barcode.CLEAR_SIDE:
        return False
    try:
        fit(_under_code(block), font_name(letterhead, FACE))
    except AddressTooLong:
        return False
    return True


def carries_endorsement(block: Block, letterhead: Letterhead) -> bool:
    """Whether the endorsement fits below the address with 1/4 in between them."""
    return bool(_endorsed_size(block, font_name(letterhead, FACE)))


def draw_indicia(canvas: Canvas, indicia: Indicia, letterhead: Letterhead, *, height: float = HEIGHT) -> None:
    """Draw a permit imprint on a page `height` inches high."""
    font, zone, size = font_name(letterhead, STRONG), indicia.zone, 7.5
    check_characters("".join(indicia.lines), letterhead.typeface(STRONG).characters, where="permit imprint")
    most = zone.w * INCH - 10
    while size > 4.5 and max(pdfmetrics.stringWidth(line, font, size) for line in indicia.lines) > most:
        size -= 0.25
    wide = max(pdfmetrics.stringWidth(line, font, size) for line in indicia.lines) + 10
    tall = len(indicia.lines) * size * 1.25 + 7
    right, top = (zone.x + zone.w) * INCH, (height - zone.y) * INCH
    with _turned(canvas, zone, height):
        canvas.setLineWidth(0.75)
        canvas.rect(right - wide, top - tall, wide, tall)
        canvas.setFont(font, size)
        for number, line in enumerate(indicia.lines):
            canvas.drawCentredString(right - wide / 2, top - 3.5 - (number + 0.86) * size * 1.25, line)


@contextmanager
def _turned(canvas: Canvas, zone: Zone, height: float) -> Iterator[None]:
    """Draw upside down about the middle of a turned zone."""
    canvas.saveState()
    if zone.turned:
        canvas.translate((2 * zone.x + zone.w) * INCH, (2 * (height - zone.y) - zone.h) * INCH)
        canvas.rotate(180)
    yield
    canvas.restoreState()


def _draw_lines(
    canvas: Canvas, lines: Sequence[str], type_: tuple[str, float], zone: Zone, top: float
) -> float:
    """The lines from `top` (points) down, left in `zone`; the place below the last one."""
    font, size = type_
    canvas.setFont(font, size)
    for line in lines:
        canvas.drawString((zone.x + PADDING) * INCH, top - size * 0.9, line)
        top -= size * LEADING
    return top


def _draw_coded(canvas: Canvas, block: Block, font: str, height: float) -> None:
    under = _under_code(block)
    size, lines = fit(under, font)
    free = under.zone.h * INCH - size * LEADING * len(lines)
    top = (height - block.zone.y) * INCH - (free / 2 if block.centered else 0)
    if block.code:
        left = block.zone.x + barcode.CLEAR_SIDE
        draw_bars(canvas, block.code, left, top / INCH - barcode.HEIGHT / 2)
    _draw_lines(canvas, lines, (font, size), under.zone, top - barcode.HEIGHT * INCH)


def _under_code(block: Block) -> Block:
    """The address alone in what the barcode leaves of its zone, its left edge below the first bar."""
    zone, aside = block.zone, barcode.CLEAR_SIDE - PADDING
    rest = replace(zone, x=zone.x + aside, y=zone.y + barcode.HEIGHT, w=zone.w - 2 * aside,
                   h=zone.h - barcode.HEIGHT)  # fmt: skip
    return replace(block, zone=rest, code=None)


def _endorsed_size(block: Block, font: str) -> float:
    """The type size with which block and endorsement fit; 0 where they do not."""
    zone, size = block.zone, block.largest
    while size >= SMALLEST:
        widest = max(pdfmetrics.stringWidth(line, font, size) for line in block.lines)
        tall = len(block.lines) * size * LEADING + APART * INCH + ENDORSED_SIZE
        if widest <= (zone.w - 2 * PADDING) * INCH and tall <= (zone.h - 2 * PADDING) * INCH:
            return size
        size -= 0.25
    return 0


def _draw_endorsed(canvas: Canvas, block: Block, size: float, letterhead: Letterhead, height: float) -> None:
    zone = block.zone
    top = (height - zone.y - PADDING) * INCH
    top = _draw_lines(canvas, block.lines, (font_name(letterhead, FACE), size), zone, top)
    strong = (font_name(letterhead, STRONG), ENDORSED_SIZE)
    _draw_lines(canvas, (block.endorsement,), strong, zone, top - APART * INCH)


def fit(block: Block, font: str) -> tuple[float, tuple[str, ...]]:
    """The type size and lines with which `block` fits: smaller to 8 pt, then broken into more lines."""
    width = (block.zone.w - 2 * PADDING) * INCH
    height = (block.zone.h - 2 * PADDING) * INCH
    size = block.largest
    if block.size and (lines := _at(block, font, block.size)) is not None:
        return block.size, lines
    while size >= SMALLEST:
        widest = max(pdfmetrics.stringWidth(line, font, size) for line in block.lines)
        if widest <= width and len(block.lines) * size * LEADING <= height:
            return size, block.lines
        size -= 0.25
    broken = _at(block, font, SMALLEST)
    if broken is None:
        raise AddressTooLong(
            f"the address does not fit {block.zone.w:g} x {block.zone.h:g} in at {SMALLEST:g} pt: "
            f"{' / '.join(block.lines)}.",
            where=block.zone.name,
            todo="Shorten the name or the address in the client list.",
        )
    return SMALLEST, broken


def common_size(blocks: Iterable[Block], letterhead: Letterhead) -> float:
    """The largest type size that all addresses can be printed in, those too long for it broken into more
    lines. Raises AddressTooLong, FontProblem where one fits in none.
    """
    font = font_name(letterhead, FACE)
    common = inf
    for one in blocks:
        room = _under_code(one) if one.code and carries_code(one, letterhead) else one
        common = min(common, room.largest)
        while common > SMALLEST and _at(room, font, common) is None:
            common -= 0.25
    return LARGEST if common is inf else common


def _at(block: Block, font: str, size: float) -> tuple[str, ...] | None:
    """The lines in that size, long ones broken; None where they do not fit."""
    width = (block.zone.w - 2 * PADDING) * INCH
    height = (block.zone.h - 2 * PADDING) * INCH
    lines = tuple(part for line in block.lines for part in _broken(line, font, size, width))
    words = (line for line in lines if " " not in line)  # of several words is only what is narrow enough
    wide = any(pdfmetrics.stringWidth(word, font, size) > width for word in words)
    return None if wide or len(lines) > MOST_LINES or len(lines) * size * LEADING > height else lines


def _broken(line: str, font: str, size: float, width: float) -> Sequence[str]:
    """`line` broken at spaces so that each part is at most `width` points wide."""
    parts: list[str] = []
    words = line.split()
    if words and pdfmetrics.stringWidth(" ".join(words), font, size) <= width:
        return (" ".join(words),)
    for word in words:
        joined = f"{parts[-1]} {word}" if parts else word
        if parts and pdfmetrics.stringWidth(joined, font, size) <= width:
            parts[-1] = joined
        else:
            parts.append(word)
    return parts
