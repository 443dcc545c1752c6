"""Photographs before they are printed: turned as the camera meant it, without its own words. Pure.

Pillow would run Ghostscript on what is PostScript by its first bytes, and so would WeasyPrint, which opens
pictures with it: a program from outside, that need not end. It may not, in this process.
"""

from __future__ import annotations

from io import BytesIO
from typing import Final

from PIL import EpsImagePlugin, Image, ImageOps, UnidentifiedImageError

from mailer.errors import NONSENSE

EpsImagePlugin.gs_binary = False

MOST_PIXELS: Final = 50_000_000
KEPT: Final = {"PNG": "png", "JPEG": "jpg"}
_OPENED: Final = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")
_UNREADABLE: Final = (
    *(UnidentifiedImageError, OSError, Image.DecompressionBombError),
    *(one for one in NONSENSE if one is not ValueError),  # which says itself what is wrong
)
_NONE: Final = "is none that can be printed (PNG and JPEG are)"


def pixels_of(data: bytes) -> int:
    """How many it has. Raises ValueError where it is no picture."""
    try:
        with Image.open(BytesIO(data), formats=_OPENED) as picture:
            return picture.width * picture.height
    except _UNREADABLE:
        raise ValueError(_NONE) from None


def upright(data: bytes) -> tuple[str, bytes]:
    """Its kind, "png" or "jpg", and the picture. Raises ValueError saying what it is instead."""
    try:
        with Image.open(BytesIO(data), formats=_OPENED) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise ValueError(f"has {picture.width * picture.height / 1e6:.0f} megapixels")
            kind = KEPT.get(picture.format or "", "png")
            turned = ImageOps.exif_transpose(picture)
            target = BytesIO()
            if kind == "jpg":
                colours = picture.info.get("icc_profile")
                turned.convert("RGB").save(target, "JPEG", quality=92, icc_profile=colours)
            else:
                turned.save(target, "PNG")
    except _UNREADABLE:
        raise ValueError(_NONE) from None
    return kind, target.getvalue()


def undressed(data: bytes) -> bytes:
    """A JPEG without its camera's words, turned upright; the same bytes where it has none, or is no JPEG.

    Raises ValueError where it is none, has too many pixels or is cut short.
    """
    try:
        with Image.open(BytesIO(data), formats=_OPENED) as picture:
            if (pixels := picture.width * picture.height) > MOST_PIXELS:
                most = f"{MOST_PIXELS / 1e6:.0f} are the most"
                raise ValueError(f"has {pixels / 1e6:.0f} megapixels; {most}. Save it smaller")
            dressed = picture.format == "JPEG" and len(picture.getexif()) > 0
            try:
                picture.load()
            except (OSError, SyntaxError, EOFError):
                raise ValueError("is cut short: copy the file again") from None
    except _UNREADABLE:
        raise ValueError(_NONE) from None
    return upright(data)[1] if dressed else data
