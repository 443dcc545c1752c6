"""The letterhead to look at: a letter, its continuation, an envelope and an issue, on millimetre paper.

Over each page lie the zones that must stay empty, each named with the route that needs it. The words say
nothing, so that they can't be mistaken for a mailing. Inches from the top-left corner, type in points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from typing import Final

import pikepdf
from reportlab.pdfgen.canvas import Canvas

from mailer.pages import windowzones as zones
from mailer.pages.canvas import FACE, INCH, STRONG, font_name, new_canvas
from mailer.pages.endorsement import ENDORSEMENT
from mailer.pages.envelopes import Face, PrintedEnvelope, envelope_pages
from mailer.pages.ink import MM
from mailer.pages.issuepages import NewsletterPages, Notice, SectionBlock
from mailer.pages.letter import Letter, render_letters
from mailer.pages.letterhead import Letterhead
from mailer.pages.newsletter import render_newsletter
from mailer.pages.pdffile import saved
from mailer.pages.windowzones import HEIGHT, WIDTH, Zone
from mailer.settings import Envelope, Settings

PRINT_ROOM: Final = ("print room", "#1f6fb2")
SERVICE: Final = ("mail service", "#b3372f")
BOTH: Final = ("every route", "#6a4fa3")
NAME_SIZE: Final = 6.5
TO: Final = ("MS. PAT SAMPLE", "A CLIENT OF YOURS", "100 EXAMPLE STREET", "SACRAMENTO CA 95814")

_WORDS: Final = (
    "This page shows your letterhead, not a letter. The words are here to fill it, so that you see how a "
    "long text sits below the address, where its paragraphs end, and how much of the page your name, your "
    "colors and your typefaces take. Nothing on it is printed or mailed."
)
_ROWS: Final = "".join(
    f'<tr><td>{name}</td><td class="n">{old}</td><td class="n">{new}</td></tr>'
    for name, old, new in (("Hourly support", "$130.00", "$140.00"), ("After hours", "$195.00", "$210.00"))
)
_TABLE: Final = (
    '<table class="data"><thead><tr><th>Service</th><th class="n">Present rate</th><th class="n">New rate'
    f"</th></tr></thead><tbody>{_ROWS}</tbody></table>"
)
_TEXT: Final = f"<p>{_WORDS}</p>"
_LIST: Final = "<ul><li>One point</li><li>Another</li></ul>"
_LETTER: Final = f"{_TEXT * 2}{_TABLE}<h2>A heading</h2>{_TEXT * 5}{_LIST}"
_QUOTE: Final = "<blockquote><p>A line to stop at.</p></blockquote>"
_STORY: Final = f"<h2>A headline over two columns</h2>{_TEXT * 2}{_QUOTE}"


@dataclass(frozen=True, slots=True)
class _Shown:
    """One page of the specimen: what it is, its size, and the zones over it with whom they are for."""

    title: str
    size: tuple[float, float]
    areas: Sequence[tuple[Zone, tuple[str, str]]]


_LETTER_FIRST: Final = (
    (zones.ADDRESSES, BOTH), (zones.RETURN_WINDOW, PRINT_ROOM), (zones.RECIPIENT_WINDOW, PRINT_ROOM),
    (zones.SERVICE_WHITE, SERVICE), (zones.SHEET_MARK, PRINT_ROOM),
)  # fmt: skip
_NEXT: Final = ((zones.SHEET_MARK, PRINT_ROOM),)
_LAST: Final = (
    (zones.SHEET_MARK, PRINT_ROOM), (zones.PANEL_ADDRESS, PRINT_ROOM), (zones.PANEL_POSTAGE, PRINT_ROOM),
    (zones.PANEL_BARCODE, PRINT_ROOM),
)  # fmt: skip
_ENVELOPE: Final = (
    (zones.ENVELOPE_SENDER, PRINT_ROOM), (zones.ENVELOPE_POSTAGE, PRINT_ROOM),
    (zones.ENVELOPE_ADDRESS, PRINT_ROOM), (zones.ENVELOPE_NUMBER, PRINT_ROOM),
)  # fmt: skip


def specimen(letterhead: Letterhead, settings: Settings, today: date) -> bytes:
    """The pages as one PDF: letter, continuation, envelope, newsletter. Raises MailerError, FontProblem."""
    sender = (settings.firm.name, *settings.firm.address.lines())
    letter = Letter("your-campaign", today, "Your subject", "Dear Ms. Sample", _LETTER, ("An enclosure",))
    letter = replace(letter, in_window=settings.stationery.envelope is Envelope.DOUBLE_WINDOW)
    parts = (
        (render_letters([letter], letterhead, settings).pdf, "Letter"),
        (
            envelope_pages([PrintedEnvelope("0001/0001", TO)], Face(sender, ENDORSEMENT),
                           letterhead),
            "Envelope",
        ),
        (render_newsletter(_issue(settings, today), letterhead, settings).pdf, "Newsletter"),
    )  # fmt: skip
    with pikepdf.Pdf.new() as target:
        shown = []
        for pdf, title in parts:
            with pikepdf.open(BytesIO(pdf)) as source:
                count = len(source.pages)
                target.pages.extend(source.pages)
            shown += [_shown(title, page, count) for page in range(1, count + 1)]
        with pikepdf.open(BytesIO(_drawn(shown, letterhead))) as over:
            for page, drawn in zip(target.pages, over.pages, strict=True):
                page.add_overlay(drawn, pikepdf.Rectangle(*drawn.mediabox))
        return saved(target)


def _issue(settings: Settings, today: date) -> NewsletterPages:
    heads = ("A section", "Another", "A third")
    sections = (SectionBlock(f"s{n}", head, _STORY) for n, head in enumerate(heads))
    notice = Notice("A notice of a campaign", f"<p>{_WORDS}</p>", "Effective on its date")
    profile = settings.newsletter
    return NewsletterPages(profile.name, profile.tagline, today, "Number 1", tuple(sections), (notice,))


def _shown(title: str, page: int, count: int) -> _Shown:
    match title:
        case "Letter":
            first = page == 1
            return _Shown("Letter" if first else "Letter, continued", (WIDTH, HEIGHT),
                          _LETTER_FIRST if first else _NEXT)  # fmt: skip
        case "Envelope":
            return _Shown(title, zones.ENVELOPE, _ENVELOPE)
        case _:
            return _Shown(f"{title}, page {page}", (WIDTH, HEIGHT), _LAST if page == count else _NEXT)


def _drawn(pages: Sequence[_Shown], letterhead: Letterhead) -> bytes:
    target = BytesIO()
    font, strong = font_name(letterhead, FACE), font_name(letterhead, STRONG)
    canvas = new_canvas(target, font)
    for page in pages:
        canvas.setPageSize((page.size[0] * INCH, page.size[1] * INCH))
        _grid(canvas, *page.size)
        for zone, route in page.areas:
            _zone(canvas, zone, route, page.size[1], strong)
        _key(canvas, page, (font, strong))
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _grid(canvas: Canvas, width: float, height: float) -> None:
    """A line every millimetre, a stronger one every ten."""
    canvas.saveState()
    for step in range(1, int(max(width, height) * MM) + 1):
        at = step / MM * INCH
        canvas.setLineWidth(0.3 if step % 10 == 0 else 0.1)
        canvas.setStrokeColor("#9aa7b5", alpha=0.5 if step % 10 == 0 else 0.2)
        if step < width * MM:
            canvas.line(at, 0, at, height * INCH)
        if step < height * MM:
            canvas.line(0, height * INCH - at, width * INCH, height * INCH - at)
    canvas.restoreState()


def _zone(canvas: Canvas, zone: Zone, route: tuple[str, str], height: float, font: str) -> None:
    canvas.saveState()
    canvas.setFillColor(route[1], alpha=0.07)
    canvas.setStrokeColor(route[1])
    canvas.setLineWidth(0.6)
    canvas.setDash(2.5, 1.5)
    bottom = height - zone.y - zone.h
    canvas.rect(zone.x * INCH, bottom * INCH, zone.w * INCH, zone.h * INCH, fill=1)
    canvas.setFillColor(route[1], alpha=1)
    canvas.setFont(font, NAME_SIZE)
    # At the foot of a zone, so that the names of those that begin together stay apart.
    canvas.drawRightString((zone.x + zone.w - 0.04) * INCH, (bottom + 0.04) * INCH, zone.name)
    canvas.restoreState()


def _key(canvas: Canvas, page: _Shown, fonts: tuple[str, str]) -> None:
    """What the page is and whose the zones are, along its bottom edge."""
    canvas.saveState()
    plain, strong = fonts
    x, y = 2.75 * INCH if page.size == (WIDTH, HEIGHT) else 3.6 * INCH, 0.16 * INCH
    canvas.setFont(strong, NAME_SIZE + 0.5)
    canvas.drawString(x, y, page.title)
    x += canvas.stringWidth(page.title, strong, NAME_SIZE + 0.5) + 12
    for route in dict.fromkeys(route for _, route in page.areas):
        canvas.setFillColor(route[1])
        canvas.rect(x, y - 1, 7, 7, stroke=0, fill=1)
        canvas.setFont(plain, NAME_SIZE + 0.5)
        canvas.drawString(x + 10, y, route[0])
        x += canvas.stringWidth(route[0], plain, NAME_SIZE + 0.5) + 22
    canvas.setFillColor("#555555")
    canvas.drawString(x, y, "grid 1 mm and 10 mm; print nothing of this")
    canvas.restoreState()
