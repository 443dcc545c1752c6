"""Drawing with reportlab: the letterhead's fonts, and empty pages without dates.

Lengths are inches, type is points; reportlab counts points from the bottom-left.
"""

from __future__ import annotations

import zlib
from io import BytesIO
from typing import Any, BinaryIO, Final

from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from mailer.errors import in_words
from mailer.pages.letterhead import Letterhead
from mailer.pages.typeface import FontProblem
from mailer.pages.windowzones import HEIGHT, WIDTH

INCH: Final = 72.0
FACE: Final = "sans-Regular"
STRONG: Final = "sans-Semibold"
HEADING: Final = "serif-Semibold"


class QuickCanvas(Canvas):
    """Reportlab's, for text from left to right in embedded fonts, which it writes in a tenth of the time.

    The operators of a page can be `taken`, so that no page is made of them.
    """

    _code: list[str]  # the page so far
    _doc: Any
    _escape: Any
    _fontname: str
    _fontsize: float

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._ascii: dict[str, str] = {}  # of each font that shows ASCII as it is, its name in the PDF

    def drawString(self, x: float, y: float, text: str, *_: Any, **__: Any) -> None:  # noqa: N802
        if self._fontname in self._ascii and text.isascii() and text.isprintable():
            parts: list[tuple[str, bytes | str]] = [(self._ascii[self._fontname], text)]
        else:
            parts = self._split(text)
        shown = "".join(
            [f"{name} {self._fontsize:g} Tf ({self._escape(part)}) Tj " for name, part in parts if part]
        )
        self._code.append(f"BT 1 0 0 1 {x:.4f} {y:.4f} Tm {shown}ET")

    def draw_lines(self, x: float, y: float, text: str, leading: float) -> None:
        """The lines of the text below each other, the first one at `y`."""
        name, lines = self._ascii.get(self._fontname), text.split("\n")
        if name is None or not text.isascii() or not "".join(lines).isprintable():
            for number, line in enumerate(lines):
                self.drawString(x, y - number * leading, line)
            return
        shown = ") Tj T* (".join([self._escape(line) for line in lines])
        place = f"{name} {self._fontsize:g} Tf {leading:g} TL 1 0 0 1 {x:.4f} {y:.4f} Tm"
        self._code.append(f"BT {place} ({shown}) Tj ET")

    def _split(self, text: str) -> list[tuple[str, bytes | str]]:
        """The text as its font's subsets show it, which reportlab finds out character by character."""
        font: Any = pdfmetrics.getFont(self._fontname)
        parts = font.splitString(text, self._doc)
        named = [(font.getSubsetInternalName(subset, self._doc), part) for subset, part in parts]
        known = font.state[self._doc].assignments
        if named and all(known.get(code) == code for code in range(32, 127)):
            self._ascii[self._fontname] = font.getSubsetInternalName(0, self._doc)
        return named

    def showPage(self) -> None:  # noqa: N802
        """The page is packed at once: reportlab keeps all of them as text until it saves them."""
        super().showPage()
        page = self._doc.Pages.pages[-1]
        packed = {"Filter": pdfdoc.PDFArray([pdfdoc.PDFName("FlateDecode")])}
        page.Contents = pdfdoc.PDFStream(pdfdoc.PDFDictionary(packed), zlib.compress(page.stream.encode()))
        page.stream = None

    def taken(self) -> str:
        """What was drawn since the page began or this was asked, as a content stream in Latin 1."""
        drawn = "\n".join(self._code)
        self._code.clear()
        self.init_graphics_state()
        return drawn


def new_canvas(target: BinaryIO, font: str, *, size: tuple[float, float] = (WIDTH, HEIGHT)) -> QuickCanvas:
    """An empty document of pages of that width and height in inches, without dates.

    It names no other font than `font`.
    """
    options: dict[str, Any] = {"initialFontName": font, "invariant": 1, "pageCompression": 1}
    return QuickCanvas(target, pagesize=(size[0] * INCH, size[1] * INCH), **options)


def font_name(letterhead: Letterhead, role: str) -> str:
    """The name under which reportlab knows the letterhead's typeface for `role`: one for all folders with the
    same letterhead, since it keeps a font as long as the process runs.
    """
    registered = f"{role} {letterhead.digest[:16]}"
    if registered not in pdfmetrics.getRegisteredFontNames():
        path = letterhead.typeface(role).path
        try:
            pdfmetrics.registerFont(TTFont(registered, BytesIO(letterhead.files[path])))
        except Exception as error:  # noqa: BLE001 (TTFError, and what a broken table makes of a lookup)
            raise FontProblem(f"is not a font that can be printed: {in_words(error)}", where=path) from None
    return registered
