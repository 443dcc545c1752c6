"""Drawing with reportlab: the letterhead's fonts, and empty pages without dates.

Lengths are inches, type is points; reportlab counts points from the bottom-left.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any, Final

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from mailer.pages.letterhead import Letterhead
from mailer.pages.windowzones import HEIGHT, WIDTH

INCH: Final = 72.0
FACE: Final = "sans-Regular"
STRONG: Final = "sans-Semibold"
HEADING: Final = "serif-Semibold"


def new_canvas(target: BytesIO, font: str, *, size: tuple[float, float] = (WIDTH, HEIGHT)) -> Canvas:
    """An empty document of pages of that width and height in inches, without dates.

    It names no other font than `font`.
    """
    options: dict[str, Any] = {"initialFontName": font, "invariant": 1, "pageCompression": 1}
    return Canvas(target, pagesize=(size[0] * INCH, size[1] * INCH), **options)


def font_name(letterhead: Letterhead, role: str) -> str:
    """The name under which reportlab knows the letterhead's typeface for `role`: one for all folders with the
    same letterhead, since it keeps a font as long as the process runs.
    """
    registered = f"{role} {letterhead.digest[:16]}"
    if registered not in pdfmetrics.getRegisteredFontNames():
        content = letterhead.files[letterhead.typeface(role).path]
        pdfmetrics.registerFont(TTFont(registered, BytesIO(content)))
    return registered
