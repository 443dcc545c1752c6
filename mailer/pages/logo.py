"""The firm's logo as pages take it: an SVG or PNG as it is, a PDF's first page as pixels.

Whatever its shape it is never squashed: style sheets give it the most width and height that it may have.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from PIL import Image, UnidentifiedImageError

from mailer.errors import NONSENSE, MailerError, Misfit, in_words
from mailer.pages.drawnlogo import drawn_logo

FROM_PDF: Final = "logo-from-pdf.png"
WIDE: Final = 1.8  # wider in proportion than this, it stands above a name and not beside it
_LENGTH: Final = re.compile(r"\s*([0-9.]+)\s*(?:px|pt|mm|cm|in)?\s*")


@dataclass(frozen=True, slots=True)
class Logo:
    """`name` is how templates name the file; `ratio` its width in heights."""

    name: str
    ratio: float
    content: bytes = field(repr=False)

    @property
    def wide(self) -> bool:
        return self.ratio > WIDE


def read_logo(name: str, content: bytes) -> Logo:
    """The logo of the file `name`. Raises MailerError where it is no picture."""
    try:
        match Path(name).suffix.lower():
            case ".svg":
                return Logo(name, _svg_ratio(content), content)
            case ".png":
                with Image.open(BytesIO(content), formats=("PNG",)) as picture:
                    return Logo(name, picture.width / picture.height, content)
            case ".pdf":
                png = drawn_logo(content)
                return Logo(FROM_PDF, read_logo(FROM_PDF, png).ratio, png)
    except (
        OSError,
        Image.DecompressionBombError,
        *NONSENSE,
    ) as error:
        why = "" if isinstance(error, UnidentifiedImageError) else f": {in_words(error)}"
        raise MailerError(
            f"can't be read as a picture{why}.",
            where=f"letterhead/{name}",
            todo="Save it anew in the program that made it.",
        ) from None
    raise MailerError(
        "is no logo.", where=f"letterhead/{name}", todo="A logo is an SVG, a PNG or a PDF of one page."
    )


def _svg_ratio(content: bytes) -> float:
    root = ET.fromstring(content)  # noqa: S314 (expat bounds what entities come to)
    box = root.get("viewBox", "").replace(",", " ").split()
    if len(box) == 4:
        width, height = float(box[2]), float(box[3])
    else:
        sides = [_LENGTH.fullmatch(root.get(side, "")) for side in ("width", "height")]
        width, height = (float(side[1]) if side else 0.0 for side in sides)
    if width <= 0 or height <= 0:
        raise Misfit("its <svg> has neither a viewBox nor a width and height")
    return width / height
