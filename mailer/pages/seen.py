"""Whether a page's words can be read: what is in the file and not on the paper gives nobody notice.

Lengths are inches from a page's upper left corner. A word is what stands between white spaces and has a
letter or a digit.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from ctypes import c_uint
from dataclasses import dataclass
from itertools import islice
from math import ceil, floor
from typing import Final, NamedTuple

import pypdfium2  # type: ignore[import-untyped]
from PIL import Image
from pypdfium2 import raw

from mailer.pages.ink import contrast
from mailer.pages.readable import readable
from mailer.pages.windowzones import Zone

LOWEST: Final = 1.6 / 72  # the height of the small letters of type of 3.5 pt
FAINTEST: Final = 48  # of 255: what differs less from the paper is no word to a reader
MOST_SHARED: Final = 0.4  # of the smaller of two words, in width and in height
LARGE: Final = 24 / 72  # the height of a watermark
PALE: Final = 200  # of 255: and its shade, at least
_CONTINUED: Final = "\ufffe"  # pdfium's sign for a hyphen at a line's end
_NO_LETTER: Final = re.compile(r"[\W_]+")
_DIVIDED: Final = re.compile(r"[-/\u2010-\u2015]")
_IN_ORDER: Final = ("LATIN", "GREEK", "CYRILLIC", "DIGIT")


@dataclass(frozen=True, slots=True)
class PrintedWord:
    """Its signs, and the box around them."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    pale: bool = False  # a large word, as a watermark is

    def shows(self, image: Image.Image, letters: Image.Image, dpi: int) -> bool:
        """Whether the page's gray `image` has it, of a size to read and of a shade that differs from what is
        around its `letters`.
        """
        left, top = (max(floor(one * dpi) - 1, 0) for one in (self.left, self.top))
        right = min(ceil(self.right * dpi) + 1, image.width)
        bottom = min(ceil(self.bottom * dpi) + 1, image.height)
        if self.bottom - self.top < LOWEST or right <= left or bottom <= top:
            return False
        box = (left, top, right, bottom)
        return contrast(image.crop(box), letters.crop(box)) >= FAINTEST

    def covers(self, other: PrintedWord) -> bool:
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
    words: Iterable[PrintedWord], image: Image.Image, letters: Image.Image, dpi: int, but: Zone | None = None
) -> str:
    """The words, but those in a zone, that nobody can see on their page's gray `image`, or "": too light, too
    small, beyond the page. `letters` is the page's text alone.
    """
    return " ".join(one.text for one in words if not one.shows(image, letters, dpi) and not one.lies_in(but))


def crossed(words: Iterable[PrintedWord]) -> str:
    """The words of a page, in the order in which they are printed, that are printed over others, or "". The
    same word twice is bold, as some programs make it; over a large pale one, a watermark, others may stand.
    """
    found: dict[str, None] = {}
    below = sorted(enumerate(words), key=lambda one: one[1].top)
    for number, (turn, one) in enumerate(below, 1):
        for later, other in islice(below, number, None):
            if other.top >= one.bottom:
                break
            first = one if turn < later else other
            if one.text != other.text and not first.pale and one.covers(other):
                found |= {one.text: None, other.text: None}
    return " ".join(found)


def unsaid(words: Iterable[PrintedWord], html: str) -> str:
    """The words of `html` that are not, or not as often, among these, the words of its pages; or "".

    What both have is taken off; what then is left of `html` must stand in what is left of the pages: a word
    that was divided, or that touches another.
    """
    printed = [part for one in words for part in _parts(one.text)]
    written = [(word, _parts(word)) for word in _without_numbers(html).split()]
    wanted = Counter(part for _, parts in written for part in parts)
    left, spare, rest = wanted - Counter(printed), Counter(printed) - wanted, list[str]()
    for part in reversed(printed):
        if spare[part] > 0:
            spare[part] -= 1
            rest.insert(0, part)
    there, pieces = "".join(rest), Counter(rest)
    absent = {
        part for part, times in left.items() if _is_in_order(part) and times > _times(part, there, pieces)
    }
    return " ".join(dict.fromkeys(word for word, parts in written if not absent.isdisjoint(parts)))


def _without_numbers(html: str) -> str:
    """Its text; what stands before an item is for the style sheet to say."""
    return readable(html.replace("<ol", "<ul").replace("</ol", "</ul"))


def _parts(text: str) -> list[str]:
    """The letters and digits of a word, without accents and case; apart where a line may end in it."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return [letters for each in _DIVIDED.split(plain) if (letters := _NO_LETTER.sub("", each))]


def _is_in_order(part: str) -> bool:
    """Whether its script stands in a file as it is read; words in others are not looked for."""
    return part.isascii() or all(unicodedata.name(sign, "").startswith(_IN_ORDER) for sign in part)


def _times(word: str, there: str, pieces: Counter[str]) -> int:
    """How often it stands there, in one or, a number never, in two parts: over a page's end, or after a large
    initial.
    """
    whole = there.count(word)
    if not word.isalpha():
        return whole
    return whole + max((min(pieces[word[:at]], pieces[word[at:]]) for at in range(1, len(word))), default=0)


def words_on(document: pypdfium2.PdfDocument, page: int) -> tuple[PrintedWord, ...]:
    """Those of page `page` (1-based), in the file's order."""
    sheet = document[page - 1]
    text = sheet.get_textpage()
    try:
        return tuple(_words(text, sheet.get_height()))
    finally:
        text.close()
        sheet.close()


class _Sign(NamedTuple):
    at: int
    text: str
    box: tuple[float, float, float, float]


def _words(page: pypdfium2.PdfTextPage, height: float) -> Iterator[PrintedWord]:
    signs: list[_Sign] = []
    for index in range(page.count_chars()):
        sign, box = chr(raw.FPDFText_GetUnicode(page.raw, index)), page.get_charbox(index)
        below = signs and box[3] <= signs[-1].box[1]  # on the next line, after a hyphen
        if below or sign.isspace() or sign == _CONTINUED:
            yield from _word(page, signs, height)
            signs = []
        if not sign.isspace() and sign != _CONTINUED:
            signs.append(_Sign(index, sign, box))
    yield from _word(page, signs, height)


def _word(page: pypdfium2.PdfTextPage, signs: list[_Sign], height: float) -> Iterator[PrintedWord]:
    if any(sign.text.isalnum() for sign in signs):
        lefts, bottoms, rights, tops = zip(*(sign.box for sign in signs), strict=True)
        left, right, top, bottom = (each / 72 for each in (min(lefts), max(rights), max(tops), min(bottoms)))
        pale = top - bottom >= LARGE and all(_shade(page, sign.at) >= PALE for sign in signs)
        text = "".join(sign.text for sign in signs)
        yield PrintedWord(text, left, height / 72 - top, right, height / 72 - bottom, pale)


def _shade(page: pypdfium2.PdfTextPage, index: int) -> float:
    """Of 255: how light the ink of a sign is on white paper."""
    red, green, blue, alpha = (c_uint() for _ in range(4))
    raw.FPDFText_GetFillColor(page.raw, index, red, green, blue, alpha)
    return 255 - (255 - min(red.value, green.value, blue.value)) * alpha.value / 255
