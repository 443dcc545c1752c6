"""The letterhead's pictures in pixels, for what takes no SVG: envelopes that reportlab draws, Word."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image

from mailer.errors import NONSENSE, MailerError
from mailer.givenfile import read_given
from mailer.pages.drawnlogo import DPI, as_png, cropped
from mailer.pages.ink import image_of, opened
from mailer.pages.letterhead import Letterhead
from mailer.pages.logo import read_logo

WIDTH: Final = 2.0  # in, as it is drawn
LARGEST: Final = 50_000_000  # bytes


@lru_cache(maxsize=4)
def logo_png(letterhead: Letterhead) -> bytes:
    """The logo as a PNG; b"" where the brand has none. Raises MailerError."""
    return png_of(letterhead, letterhead.logo.name) if letterhead.logo else b""


@lru_cache(maxsize=8)
def png_of(letterhead: Letterhead, name: str) -> bytes:
    """A picture of the letterhead as a PNG. Raises MailerError."""
    content = letterhead.files[name]
    return _drawn(letterhead, name, content) if name.lower().endswith(".svg") else content


def pixels_of(letterhead: Letterhead, path: Path) -> bytes:
    """A campaign's picture as Word takes it. Raises MailerError."""
    content = read_given(path, LARGEST)
    return (
        _drawn(letterhead, path.as_uri(), content, path.parent) if path.suffix.lower() == ".svg" else content
    )


def _drawn(letterhead: Letterhead, address: str, svg: bytes, *folders: Path) -> bytes:
    from mailer.pages.supply import Supply  # noqa: PLC0415 (imports WeasyPrint)
    from mailer.pages.weasy import HTML  # noqa: PLC0415

    height = WIDTH / read_logo(Path(address).name, svg).ratio
    html = (
        f"<style>@page {{ size: {WIDTH}in {height}in; margin: 0 }}"
        f' body {{ margin: 0 }} img {{ display: block; width: 100% }}</style><img src="{address}">'
    )
    base = letterhead.folder.as_uri() + "/"
    pdf = HTML(string=html, base_url=base, url_fetcher=Supply(letterhead, folders)).write_pdf()
    with opened(pdf) as document:
        return as_png(cropped(image_of(document, 1, dpi=round(DPI), gray=False)))


def fitted(png: bytes, width: float, height: float) -> tuple[float, float]:
    """Width and height of the picture in a box of those inches, its shape kept. Raises MailerError."""
    try:
        with Image.open(BytesIO(png)) as picture:
            scale = min(width / picture.width, height / picture.height)
            return picture.width * scale, picture.height * scale
    except (OSError, Image.DecompressionBombError, *NONSENSE):
        raise MailerError(
            "a logo, signature or picture can't be read, or has more pixels than any printer.",
            where="letterhead or campaign",
            todo="Save it smaller, as PNG or JPEG, in the program that made it.",
        ) from None
