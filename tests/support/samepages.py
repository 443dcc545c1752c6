"""Are two PDFs the same to the eye and to who copies from them: pixels, and where each character stands."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

import pypdfium2  # type: ignore[import-untyped]
from PIL import ImageChops

NEAR: Final = 0.03  # points; a PDF's widths are whole thousandths of the size, and a batch shares them
HYPHENS: Final = str.maketrans(
    "\ufffe\u00ad\u2010", "---"
)  # PDFium and a font's shared map tell them apart by chance


class Unequal(AssertionError):
    """Merged pages are not WeasyPrint's."""


def places(document: pypdfium2.PdfDocument, page: int) -> list[tuple[str, float, float]]:
    """The characters of a page, each with its left and bottom edge in points."""
    text = document[page].get_textpage()
    found = [
        (text.get_text_range(index, 1).translate(HYPHENS), *text.get_charbox(index)[:2])
        for index in range(text.count_chars())
    ]
    return [one for one in found if not one[0].isspace()]


def require_equal(merged: bytes, plain: bytes) -> None:
    """The same pages, pixel by pixel at 120 dpi and character by character. Raises Unequal."""
    ours, theirs = pypdfium2.PdfDocument(merged), pypdfium2.PdfDocument(plain)
    if len(ours) != len(theirs):
        raise Unequal(f"{len(ours)} pages, not {len(theirs)}")
    for page in range(len(ours)):
        one, other = (document[page].render(scale=120 / 72).to_pil() for document in (ours, theirs))
        if box := ImageChops.difference(one, other).getbbox():
            raise Unequal(f"page {page + 1} looks otherwise within {box}")
        left: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
        for character, x, y in places(theirs, page):
            left[character].append((x, y))
        for character, x, y in places(ours, page):
            same = [p for p in left[character] if abs(p[0] - x) < NEAR and abs(p[1] - y) < NEAR]
            if not same:
                raise Unequal(f"page {page + 1}: {character} at {x:.2f}, {y:.2f}")
            left[character].remove(same[0])
        if lacking := [character for character, places_left in left.items() if places_left]:
            raise Unequal(f"page {page + 1} lacks {lacking[0]}")
    ours.close()
    theirs.close()
