"""The logo in pixels, for what takes no SVG: envelopes that reportlab draws, Word."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import Final

from PIL import Image

from mailer.pages.ink import image_of, opened
from mailer.pages.letterhead import Letterhead
from mailer.pages.logo import DPI, as_png, cropped

WIDTH: Final = 2.0  # in, as it is drawn


@lru_cache(maxsize=4)
def logo_png(letterhead: Letterhead) -> bytes:
    """The logo as a PNG; b"" where the brand has none. Raises MailerError."""
    logo = letterhead.logo
    if logo is None:
        return b""
    if not logo.name.lower().endswith(".svg"):
        return logo.content
    from mailer.pages.supply import Supply  # noqa: PLC0415 (imports WeasyPrint)
    from mailer.pages.weasy import HTML  # noqa: PLC0415

    height = WIDTH / logo.ratio
    html = (
        f"<style>@page {{ size: {WIDTH}in {height}in; margin: 0 }}"
        " img { display: block; width: 100% }</style>"
        f'<img src="{logo.name}">'
    )
    base = letterhead.folder.as_uri() + "/"
    pdf = HTML(string=html, base_url=base, url_fetcher=Supply(letterhead)).write_pdf()
    with opened(pdf) as document:
        return as_png(cropped(image_of(document, 1, dpi=round(DPI), gray=False)))


def fitted(png: bytes, width: float, height: float) -> tuple[float, float]:
    """Width and height of the picture in a box of those inches, its shape kept."""
    with Image.open(BytesIO(png)) as picture:
        scale = min(width / picture.width, height / picture.height)
        return picture.width * scale, picture.height * scale
