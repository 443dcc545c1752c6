"""Whether a page's words can be read: what is in the file and not on the paper gives nobody notice.

Lengths are inches from a page's upper left corner. A word is what stands between white spaces and has a
letter or a digit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from math import ceil, floor
from typing import Final

import pypdfium2  # type: ignore[import-untyped]
from PIL import Image
from pypdfium2 import raw

from mailer.pages.readable import readable
from mailer.pages.windowzones import Zone

LOWEST: Final = 1.6 / 72  # the height of the small letters of type of 3.5 pt
FAINTEST: Final = 64  # of 255: what differs less from the paper is no word to a reader
MOST_SHARED: Final = 0.4  # of the smaller of two words, in width and in height
_CONTINUED: Final = "\ufffe"  # pdfium's sign for a hyphen at a line's end
_NO_LETTER: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class _Word:
    """Its signs, and the box around them."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    def shows(self, image: Image.Image, dpi: int) -> bool:
        """Whether the page's gray `image` has it, of a size to read and of a shade that differs."""
        left, top = (max(floor(one * dpi) - 1, 0) for one in (self.left, self.top))
        right = min(ceil(self.right * dpi) + 1, image.width)
        bottom = min(ceil(self.bottom * dpi) + 1, image.height)
        if self.bottom - self.top < LOWEST or right <= left or bottom <= top:
            return False
        shades = image.crop((left, top, right, bottom)).histogram()
        found = [shade for shade, pixels in enumerate(shades) if pixels]
        return found[-1] - found[0] >= FAINTEST

    def covers(self, other: _Word) -> bool:
        """Whether the two lie over each other, by more than the lines of a tight heading do."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return wide > MOST_SHARED * min(self.right - self.left, other.right - other.left) and (
            high > MOST_SHARED * min(self.bottom - self.top, other.bottom - other.top)
        )

    def lies_in(self, zone: Zone | None) -> bool:
        return zone is not None and (
            zone.x <= self.left
            and self.right <= zone.x + zone.w
            and zone.y <= self.top
            and self.bottom <= zone.y + zone.h
        )


def unseen(
    document: pypdfium2.PdfDocument, page: int, image: Image.Image, dpi: int, but: Zone | None = None
) -> str:
    """The words of page `page` (1-based, `image` is gray) that nobody can see, but those in a zone; or "":
    as light as what is behind them, too small, beyond the page.
    """
    sheet = document[page - 1]
    try:
        hidden = [one for one in _words(sheet) if not one.shows(image, dpi) and not one.lies_in(but)]
    finally:
        sheet.close()
    return " ".join(one.text for one in hidden)


def crossed(document: pypdfium2.PdfDocument, page: int) -> str:
    """The words of page `page` (1-based) that are printed over others, or "". The same word twice is bold, as
    some programs make it.
    """
    sheet = document[page - 1]
    try:
        words = sorted(_words(sheet), key=lambda one: one.top)
    finally:
        sheet.close()
    found: dict[str, None] = {}
    for number, one in enumerate(words):
        for other in islice(words, number + 1, None):
            if other.top >= one.bottom:
                break
            if one.text != other.text and one.covers(other):
                found |= {one.text: None, other.text: None}
    return " ".join(found)


def unsaid(document: pypdfium2.PdfDocument, first: int, last: int, html: str) -> str:
    """The words of `html` that stand nowhere on those pages (1-based, both in), or ""."""
    pages = []
    for page in range(first, last + 1):
        sheet = document[page - 1]
        words = sheet.get_textpage()
        pages.append(words.get_text_range())
        words.close()
        sheet.close()
    there = _letters("".join(pages).replace(_CONTINUED, ""))
    return " ".join(word for word in readable(html).split() if not _stands(_letters(word), there))


def _letters(text: str) -> str:
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", text)).casefold()


def _stands(word: str, there: str) -> bool:
    """Whether it does, in one or, a number never, in two parts: over a page's end, or after a large initial.

    The order of other scripts in a file is not that in which they are read: those are not looked for.
    """
    if word in there or not word.isascii():
        return True
    return word.isalpha() and any(word[:at] in there and word[at:] in there for at in range(1, len(word)))


def _words(sheet: pypdfium2.PdfPage) -> Iterator[_Word]:
    page = sheet.get_textpage()
    try:
        signs: list[tuple[str, tuple[float, float, float, float]]] = []
        for index in range(page.count_chars()):
            sign = chr(raw.FPDFText_GetUnicode(page.raw, index))
            box = page.get_charbox(index)
            below = signs and box[3] <= signs[-1][1][1]  # on the next line, after a hyphen
            if below or sign.isspace() or sign == _CONTINUED:
                yield from _word(signs, sheet.get_height())
                signs = []
            if not sign.isspace() and sign != _CONTINUED:
                signs.append((sign, box))
        yield from _word(signs, sheet.get_height())
    finally:
        page.close()


def _word(signs: list[tuple[str, tuple[float, float, float, float]]], height: float) -> Iterator[_Word]:
    if any(sign.isalnum() for sign, _ in signs):
        lefts, bottoms, rights, tops = zip(*(box for _, box in signs), strict=True)
        text = "".join(sign for sign, _ in signs)
        yield _Word(
            text, min(lefts) / 72, (height - max(tops)) / 72, max(rights) / 72, (height - min(bottoms)) / 72
        )
