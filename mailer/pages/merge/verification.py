"""Whether what the engine wrote is what WeasyPrint writes: operators, places, everything else, and pixels."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import pikepdf
from PIL import ImageChops

from mailer.pages.batchfile import content_of
from mailer.pages.ink import image_of, opened
from mailer.pages.merge.outcome import Differs
from mailer.pages.merge.variant import Variant
from mailer.pages.merge.weasyboxes import Painted

CLOSE: Final = 0.002  # CSS pixels
DPI: Final = 100
_TEXT: Final = re.compile(
    r"/(\w+) (\S+) Tf|(?:\S+ ){4}(\S+) (\S+) Tm|\[((?:<[0-9a-f]*>|[-\d.]+|\s)*)\]\s*TJ", re.DOTALL
)
_GLYPHS: Final = re.compile(r"<([0-9a-f]*)>|([-\d.]+)")


@dataclass(frozen=True, slots=True)
class _Shown:
    """Glyphs shown from one place on: each with how far it is moved from where the widths put it."""

    font: str
    size: float
    x: float
    y: float
    glyphs: tuple[tuple[int, float], ...]

    def like(self, other: _Shown) -> bool:
        return (
            (self.font, self.size) == (other.font, other.size)
            and abs(self.x - other.x) < CLOSE
            and abs(self.y - other.y) < CLOSE
            and [glyph for glyph, _ in self.glyphs] == [glyph for glyph, _ in other.glyphs]
            and all(
                abs(mine - theirs) < CLOSE
                for (_, mine), (_, theirs) in zip(self.glyphs, other.glyphs, strict=True)
            )
        )


def require_same(variant: Variant, contents: Sequence[str], painted: Painted) -> None:
    """Raises Differs unless the pages with these `contents` are those that WeasyPrint `painted`."""
    if painted.sizes != variant.painted.sizes:
        raise Differs("has other pages")
    if painted is not variant.painted and statics(painted.pdf) != statics(variant.painted.pdf):
        raise Differs("has other words or lines outside its fields")
    spaces = {face.name: face.space for faces in variant.skeleton.flat_faces for face in faces}
    theirs: list[list[_Shown]] = [[] for _ in painted.sizes]
    for lines in painted.lines.values():
        for line in lines:
            theirs[line.page] += [shown for text in line.operators for shown in _shown(text, spaces)]
    for mine, their in zip((_shown(content, spaces) for content in contents), theirs, strict=True):
        if len(mine) != len(their):
            raise Differs("has other lines")
        for one, other in zip(sorted(mine, key=_place), sorted(their, key=_place), strict=True):
            if not one.like(other):
                raise Differs("has a text at another place, or other letters in it")


def statics(pdf: bytes) -> tuple[bytes, ...]:
    """The content of each page."""
    with pikepdf.open(BytesIO(pdf)) as document:
        return tuple(content_of(page) for page in document.pages)


def require_same_pixels(pdf: bytes) -> None:
    """Raises Differs unless the first half of the pages of `pdf` looks like the second."""
    with opened(pdf) as document:
        half = len(document) // 2
        for page in range(1, half + 1):
            one = image_of(document, page, dpi=DPI, gray=False)
            other = image_of(document, page + half, dpi=DPI, gray=False)
            if one.size != other.size or ImageChops.difference(one, other).getbbox():
                raise Differs("does not look the same")


def _place(shown: _Shown) -> tuple[float, float]:
    return round(shown.y, 2), round(shown.x, 2)


def _shown(content: str, spaces: Mapping[str, int]) -> list[_Shown]:
    """The texts of a content stream, without a space at the end: WeasyPrint leaves one at the end of some
    lines where the font changes, and nobody sees it. `spaces` are the glyphs of a space by font.
    """
    found = []
    font, size, x, y = "", 0.0, 0.0, 0.0
    for match in _TEXT.finditer(content):
        if match[1]:
            font, size = match[1], float(match[2])
        elif match[3]:
            x, y = float(match[3]), float(match[4])
        else:
            moved, glyphs = 0.0, []
            for letters, number in _GLYPHS.findall(match[5]):
                if number:
                    moved -= float(number) * size / 1000
                glyphs += [(int(letters[at : at + 4], 16), moved) for at in range(0, len(letters), 4)]
            if len(glyphs) > 1 and glyphs[-1][0] == spaces.get(font):
                glyphs.pop()
            found.append(_Shown(font, size, x, y, tuple(glyphs)))
    return found
