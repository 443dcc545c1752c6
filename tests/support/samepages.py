"""Are two PDFs the same to the eye and to who copies from them: pixels, and where each character stands."""

from __future__ import annotations

from typing import Final

import pypdfium2  # type: ignore[import-untyped]
from PIL import ImageChops

NEAR: Final = (
    0.03  # points; a PDF's widths are whole thousandths of the size, and those of a batch are shared
)
FAINT: Final = 80  # of 255: the edge of a letter that is drawn a fourth of a pixel from where it was
FEW: Final = 1_000  # of 1.3 million pixels


class Unequal(AssertionError):
    """Merged pages are not WeasyPrint's."""


def places(document: pypdfium2.PdfDocument, page: int) -> list[tuple[str, float, float]]:
    """The characters of a page, each with its left and bottom edge in points."""
    text = document[page].get_textpage()
    found = [
        (text.get_text_range(index, 1), *text.get_charbox(index)[:2]) for index in range(text.count_chars())
    ]
    return [one for one in found if not one[0].isspace()]


def require_equal(merged: bytes, plain: bytes) -> None:
    """The same pages, pixel by pixel at 120 dpi and character by character. Raises Unequal.

    A place is the same within NEAR, so the edges of a few letters may be a shade lighter or darker.
    """
    ours, theirs = pypdfium2.PdfDocument(merged), pypdfium2.PdfDocument(plain)
    if len(ours) != len(theirs):
        raise Unequal(f"{len(ours)} pages, not {len(theirs)}")
    for page in range(len(ours)):
        one, other = (document[page].render(scale=120 / 72).to_pil() for document in (ours, theirs))
        seen = ImageChops.difference(one, other).convert("L")
        shades = seen.histogram()
        if (box := seen.getbbox()) and (any(shades[FAINT:]) or sum(shades[1:]) > FEW):
            raise Unequal(f"page {page + 1} looks otherwise within {box}")
        left = places(theirs, page)
        for character, x, y in places(ours, page):
            same = [p for p in left if p[0] == character and abs(p[1] - x) < NEAR and abs(p[2] - y) < NEAR]
            if not same:
                raise Unequal(f"page {page + 1}: {character} at {x:.2f}, {y:.2f}")
            left.remove(same[0])
        if left:
            raise Unequal(f"page {page + 1} lacks {left[0][0]}")
    ours.close()
    theirs.close()
