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

from mailer.pages.ink import beside_print, contrast, most_ink
from mailer.pages.readable import readable
from mailer.pages.windowzones import Zone

LOWEST: Final = 1.6 / 72  # the height of the small letters of type of 3.5 pt
FAINTEST: Final = 48  # of 255: what differs less from the paper is no word to a reader
_ROUNDED: Final = 2  # of 255: what rounding makes of a shade
_INKED: Final = 128  # of 255: letters that have ink
MOST_SHARED: Final = 0.4  # of the smaller of two words, in width and in height
LARGE: Final = 24 / 72  # the height of a watermark
PALE: Final = 200  # of 255: and its shade, at least
_CONTINUED: Final = "\ufffe"  # pdfium's sign for a hyphen at a line's end
_NO_LETTER: Final = re.compile(r"[\W_]+")
_TELLING: Final = 12  # letters
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

    def shows(self, image: Image.Image, letters: Image.Image, beside: Image.Image, dpi: int) -> bool:
        """Whether the page's gray `image` has it, of a size to read and of a shade that differs from what is
        around its `letters`. Where nothing is `beside` the page's common print, that needs no reckoning.
        """
        left, top = (max(floor(one * dpi) - 1, 0) for one in (self.left, self.top))
        right = min(ceil(self.right * dpi) + 1, image.width)
        bottom = min(ceil(self.bottom * dpi) + 1, image.height)
        if self.bottom - self.top < LOWEST or right <= left or bottom <= top:
            return False
        box = (left, top, right, bottom)
        own = letters.crop(box)
        if most_ink(beside.crop(box)) <= _ROUNDED and most_ink(own) >= _INKED:
            return True
        return contrast(image.crop(box), own) >= FAINTEST

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
    beside = beside_print(image, letters)
    hidden = (one for one in words if not one.shows(image, letters, beside, dpi))
    return " ".join(one.text for one in hidden if not one.lies_in(but))


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
    """The words of `html` that are not among these, the words of its pages; or "".

    Letters are compared, for type may be set so wide that a word falls apart. The text is followed through
    the pages; what is not where it should be must stand in what then is left of them.
    """
    printed = [_letters(one.text) for one in words]
    there = "".join(printed)
    written = [(word, letters) for word in _without_numbers(html).split() if (letters := _letters(word))]
    found, at, missing = bytearray(len(there)), 0, list[tuple[str, str]]()
    for number, (word, letters) in enumerate(written):
        if not _is_in_order(letters):
            continue
        following = _context(written[number : number + _TELLING])
        start, end = at, at + len(letters)
        if not there.startswith(letters, at) or any(found[start:end]):
            start = _place(there, found, at, following)
            end = start + len(letters)
        if start < 0 and letters.isalpha() and (start := _place(there, found, at, following[1:])) >= 0:
            end = start + len(letters) - 1  # its large initial is elsewhere
        if start < 0:
            missing.append((word, letters))
        else:
            found[start:end] = b"\1" * (end - start)
            at = end
    rest = _left(printed, found)
    often = Counter(letters for _, letters in missing)
    absent = (word for word, letters in missing if not _stands(letters, rest, often[letters]))
    return " ".join(dict.fromkeys(absent))


def _without_numbers(html: str) -> str:
    """Its text; what stands before an item is for the style sheet to say."""
    return readable(html.replace("<ol", "<ul").replace("</ol", "</ul"))


def _letters(text: str) -> str:
    """Letters and digits alone, without accents and case."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFKD", text)).casefold()


def _is_in_order(letters: str) -> bool:
    """Whether its script stands in a file as it is read; words in others are not looked for."""
    return letters.isascii() or all(unicodedata.name(sign, "").startswith(_IN_ORDER) for sign in letters)


def _context(following: Iterable[tuple[str, str]]) -> str:
    """The letters of a word, and of so many after it that they stand hardly anywhere else."""
    found = ""
    for _, letters in following:
        if len(found) >= _TELLING or not _is_in_order(letters):
            break
        found += letters
    return found


def _place(there: str, found: bytearray, at: int, wanted: str) -> int:
    """Where these letters are and no word was `found` yet, after `at` or else before it; -1: nowhere."""
    for origin in (at, 0):
        start = there.find(wanted, origin)
        while start >= 0:
            if not any(found[start : start + len(wanted)]):
                return start
            start = there.find(wanted, start + 1)
    return -1


def _left(printed: Iterable[str], found: bytearray) -> str:
    """The letters that were not found, a blank at each word's beginning and end and where one was found."""
    rest, at = [" "], 0
    for word in printed:
        taken = found[at : at + len(word)]
        rest += [" " if gone else sign for sign, gone in zip(word, taken, strict=True)]
        rest.append(" ")
        at += len(word)
    return f" {' '.join(''.join(rest).split())} "


def _stands(word: str, rest: str, times: int) -> bool:
    """Whether it does so often, whole ("not" is not in "Notary") or, a number never, in two parts, over a
    page's end.
    """
    if _whole(word, rest) >= times:
        return True
    halves = ((word[:at], word[at:]) for at in range(2, len(word) - 1))
    return word.isalpha() and any(_whole(first, rest) and _whole(second, rest) for first, second in halves)


def _whole(letters: str, rest: str) -> int:
    """How often, as one word or as several, as which widely set type is printed."""
    return len(re.findall(rf"(?<= ){' ?'.join(letters)}(?= )", rest))


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
