"""#10 envelopes without a window, one page each, 9.5 x 4.125 in with the flap at the top.

The return address and its endorsement stand top left, postage top right, the recipient in the area that
the post reads; the job's number is at the foot on the left, where the post neither reads nor prints.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Final

from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from mailer.pages.barcode import Code
from mailer.pages.canvas import FACE, INCH, STRONG, font_name, new_canvas
from mailer.pages.drawnaddress import APART, Block, Indicia, draw_block, draw_indicia, fit
from mailer.pages.letterhead import Letterhead
from mailer.pages.logopicture import fitted, logo_png
from mailer.pages.typeface import check_characters
from mailer.pages.windowzones import (
    ENVELOPE,
    ENVELOPE_ADDRESS,
    ENVELOPE_NUMBER,
    ENVELOPE_POSTAGE,
    ENVELOPE_SENDER,
)

ADDRESS_SIZE: Final = 12.0
NAME_SIZE: Final = 10.0
SENDER_SIZE: Final = 8.5
NUMBER_SIZE: Final = 7.0
LOGO: Final = (1.1, 0.5)  # in: the most that it is wide and high, beside the return address
BESIDE: Final = 0.1
_HEIGHT: Final = ENVELOPE[1]


@dataclass(frozen=True, slots=True)
class Face:
    """What all envelopes of a job carry: the firm's lines, the endorsement and the permit imprint, if any."""

    sender: tuple[str, ...]
    endorsement: str = ""
    indicia: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintedEnvelope:
    """One envelope: its number ("0012/0052"), the recipient, and the barcode above it."""

    number: str
    address: tuple[str, ...]
    code: Code | None = None


def envelope_pages(envelopes: Iterable[PrintedEnvelope], face: Face, letterhead: Letterhead) -> bytes:
    """The envelopes in order, as a PDF, the same bytes each time. Raises AddressTooLong, FontProblem."""
    target = BytesIO()
    canvas = new_canvas(target, font_name(letterhead, FACE), size=ENVELOPE)
    for envelope in envelopes:
        _draw_sender(canvas, face, letterhead)
        if face.indicia:
            draw_indicia(canvas, Indicia(face.indicia, ENVELOPE_POSTAGE), letterhead, height=_HEIGHT)
        draw_block(canvas, envelope_block(envelope), letterhead, height=_HEIGHT)
        canvas.setFont(font_name(letterhead, FACE), NUMBER_SIZE)
        foot = _HEIGHT - ENVELOPE_NUMBER.y - ENVELOPE_NUMBER.h + 0.05
        canvas.drawString(ENVELOPE_NUMBER.x * INCH, foot * INCH, envelope.number)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def envelope_block(envelope: PrintedEnvelope) -> Block:
    """The recipient as it is drawn."""
    return Block(envelope.address, ENVELOPE_ADDRESS, largest=ADDRESS_SIZE, code=envelope.code)


def _draw_sender(canvas: Canvas, face: Face, letterhead: Letterhead) -> None:
    """The logo, beside it the firm's name in stronger type, its address, 1/4 in below it the endorsement."""
    name, *lines = face.sender
    check_characters("".join(face.sender), letterhead.typeface(STRONG).characters, where="return address")
    zone = ENVELOPE_SENDER
    top = (_HEIGHT - zone.y) * INCH
    if picture := logo_png(letterhead):
        w, h = fitted(picture, *LOGO)
        image = ImageReader(BytesIO(picture))
        canvas.drawImage(image, zone.x * INCH, top - h * INCH, w * INCH, h * INCH, mask="auto")
        zone = replace(zone, x=zone.x + w + BESIDE, w=zone.w - w - BESIDE)
    strong = font_name(letterhead, STRONG)
    size, names = fit(Block((name,), zone, largest=NAME_SIZE), strong)
    canvas.setFont(strong, size)
    canvas.setFillColor(letterhead.palette.colours()["accent-ink"])
    for line in names:
        top -= size * 1.15
        canvas.drawString(zone.x * INCH, top, line)
    canvas.setFillColor("#000000")
    font = font_name(letterhead, FACE)
    size, broken = fit(Block(tuple(lines), zone, largest=SENDER_SIZE), font)
    canvas.setFont(font, size)
    for line in broken:
        top -= size * 1.2
        canvas.drawString(zone.x * INCH, top, line)
    if face.endorsement:
        canvas.setFont(strong, SENDER_SIZE)
        # Cap height above the baseline is clear of the line above by 1/4 in (DMM 202.4.1).
        canvas.drawString(zone.x * INCH, top - APART * INCH - SENDER_SIZE * 0.95, face.endorsement)
