"""Where ink really is: pages made into pixels by pdfium and looked at. Zones in inches, answers in mm."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, cast

import pypdfium2  # type: ignore[import-untyped]
from PIL import Image, ImageChops
from pypdfium2 import raw

from mailer.pages.windowzones import EDGE, HEIGHT, WIDTH, Zone

DPI: Final = 150
MM: Final = 25.4
_POSTER: Final = 40 * 72  # points
_SHOWN: Final = 40  # characters of a text that a message repeats
_NO_INK: Final = 8  # of 255: the ink of letters that none has
_DARK: Final = 128  # of 255: an ink of which nobody doubts that it is seen
_WHOLE: Final = [0] * 255 + [255]  # where a letter fills the pixel
_WHITE: Final = 250  # of 255: what is darker would be seen on paper

EDGES: Final = (
    Zone("left edge", 0, 0, EDGE, HEIGHT, "no printer holds ink there"),
    Zone("right edge", WIDTH - EDGE, 0, EDGE, HEIGHT, "no printer holds ink there"),
    Zone("top edge", 0, 0, WIDTH, EDGE, "no printer holds ink there"),
    Zone("bottom edge", 0, HEIGHT - EDGE, WIDTH, EDGE, "no printer holds ink there"),
)


@dataclass(frozen=True, slots=True)
class Ink:
    """The box around the ink found: left and top from the page's corner, width and height, in mm."""

    x: float
    y: float
    w: float
    h: float


@contextmanager
def opened(pdf: Path | bytes) -> Iterator[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        yield document
    finally:
        document.close()


def is_poster(document: pypdfium2.PdfDocument, page: int) -> bool:
    """Is page `page` (1-based) so large that no pixels should be made of it: 200 inches take gigabytes."""
    return bool(max(document.get_page_size(page - 1)) > _POSTER)


def image_of(document: pypdfium2.PdfDocument, page: int, *, dpi: int = DPI, gray: bool = True) -> Image.Image:
    """Page `page` (1-based) as pixels."""
    sheet = document[page - 1]
    try:
        image: Image.Image = sheet.render(scale=dpi / 72, grayscale=gray).to_pil()
    finally:
        sheet.close()
    return image


def letters_of(document: pypdfium2.PdfDocument, page: int, *, dpi: int = DPI) -> Image.Image:
    """The letters of page `page` (1-based) alone, whatever their color and what lies over or under them: 255
    where there is one.
    """
    return ImageChops.invert(_with(document, page, dpi, _in_black, _left_out))


def drawings_of(document: pypdfium2.PdfDocument, page: int, *, dpi: int = DPI) -> Image.Image:
    """Page `page` (1-based) without its letters: pictures, lines and shapes."""
    return _with(document, page, dpi, _left_out, lambda _: None)


def _with(
    document: pypdfium2.PdfDocument,
    page: int,
    dpi: int,
    text: Callable[[Any], object],
    other: Callable[[Any], object],
) -> Image.Image:
    """The page as gray pixels, after that was done to each of its texts and other objects in memory."""
    sheet = document[page - 1]
    try:
        _each(partial(raw.FPDFPage_GetObject, sheet.raw), raw.FPDFPage_CountObjects(sheet.raw), text, other)
        image: Image.Image = sheet.render(scale=dpi / 72, grayscale=True).to_pil()
    finally:
        sheet.close()
    return image


def _each(
    get: Callable[[int], Any], count: int, text: Callable[[Any], object], other: Callable[[Any], object]
) -> None:
    for one in map(get, range(count)):
        match raw.FPDFPageObj_GetType(one):
            case raw.FPDF_PAGEOBJ_TEXT:
                text(one)
            case raw.FPDF_PAGEOBJ_FORM:
                own = partial(raw.FPDFFormObj_GetObject, one)
                _each(own, raw.FPDFFormObj_CountObjects(one), text, other)
            case _:
                other(one)


def _in_black(one: Any) -> None:
    raw.FPDFPageObj_SetFillColor(one, 0, 0, 0, 255)


def _left_out(one: Any) -> None:
    raw.FPDFPageObj_SetIsActive(one, 0)


def beside_print(image: Image.Image, letters: Image.Image) -> Image.Image:
    """By how much each pixel of a page's `image` differs from its `letters` in the page's commonest ink alone
    on white paper; 255 everywhere where that ink is pale.
    """
    shades = image.histogram(letters.point(_WHOLE))
    ink = max(range(256), key=shades.__getitem__)
    if ink > _DARK:
        return Image.new("L", image.size, 255)
    printed = letters.point([round(255 - shade * (255 - ink) / 255) for shade in range(256)])
    return ImageChops.difference(image, printed)


def most_ink(letters: Image.Image) -> int:
    """Of 255: the most ink that a pixel of these letters has."""
    return cast("tuple[int, int]", letters.getextrema())[1]


def contrast(image: Image.Image, letters: Image.Image) -> float:
    """Of 255: how much the pixels of `image` that are `letters` are darker or lighter than the others. Of
    letters without ink, as over the picture of a text, it is that of the picture.
    """
    most = most_ink(letters)
    if most < _NO_INK:
        dark, light = cast("tuple[int, int]", image.getextrema())
        return light - dark
    whole = letters.point([min(255, shade * 255 // most) for shade in range(256)])  # they may be translucent
    share = _mean(whole) / 255

    def differ(shades: Image.Image) -> float:
        on = _mean(ImageChops.multiply(shades, whole))
        return on / share - (_mean(shades) - on) / (1 - share) if share < 1 else 0

    black = differ(whole)  # as it would be on white: small type fills no pixel
    return abs(differ(image) / black) * 255 if black else 0


def _mean(shades: Image.Image) -> float:
    return cast("float", shades.convert("F").resize((1, 1), Image.Resampling.BOX).getpixel((0, 0)))


def ink_within(image: Image.Image, zone: Zone, *, dpi: int = DPI) -> Ink | None:
    """The ink of a gray page image inside `zone`, or None."""
    left, top = round(zone.x * dpi), round(zone.y * dpi)
    right, bottom = round((zone.x + zone.w) * dpi), round((zone.y + zone.h) * dpi)
    found = image.crop((left, top, right, bottom)).point(lambda level: 255 if level < _WHITE else 0).getbbox()
    if found is None:
        return None
    to_mm = MM / dpi
    x, y, far_x, far_y = found
    return Ink(
        round((left + x) * to_mm, 1),
        round((top + y) * to_mm, 1),
        round((far_x - x) * to_mm, 1),
        round((far_y - y) * to_mm, 1),
    )


def element_at(document: pypdfium2.PdfDocument, page: int, ink: Ink) -> str:
    """What the ink on page `page` is, as a printer would name it: its words, a picture, or a line."""
    sheet = document[page - 1]
    try:
        left, right = ink.x / MM * 72, (ink.x + ink.w) / MM * 72
        top, bottom = sheet.get_height() - ink.y / MM * 72, sheet.get_height() - (ink.y + ink.h) / MM * 72
        words = sheet.get_textpage()
        try:
            text = " ".join(words.get_text_bounded(left, bottom, right, top).split())
        finally:
            words.close()
        if text:
            return shown(text)
        for picture in sheet.get_objects(filter=(pypdfium2.raw.FPDF_PAGEOBJ_IMAGE,)):
            x, y, far_x, far_y = picture.get_bounds()
            if x < right and far_x > left and y < top and far_y > bottom:
                return "a picture"
    finally:
        sheet.close()
    return "a line or a shape"


def shown(text: str) -> str:
    """How a message names a text of a page."""
    return f"the text “{text if len(text) <= _SHOWN else text[:_SHOWN] + '…'}”"


def resolutions(document: pypdfium2.PdfDocument, page: int) -> list[tuple[float, float]]:
    """Dots per inch at which each picture of page `page` is printed, where it is coarser, and its
    width in inches. One that is drawn without width or height shows nothing.
    """
    sheet = document[page - 1]
    try:
        pictures = sheet.get_objects(filter=(pypdfium2.raw.FPDF_PAGEOBJ_IMAGE,))
        found = [picture.get_metadata() for picture in pictures]
    finally:
        sheet.close()
    return [
        (min(one.horizontal_dpi, one.vertical_dpi), one.width / one.horizontal_dpi)
        for one in found
        if min(one.horizontal_dpi, one.vertical_dpi) > 0
    ]
