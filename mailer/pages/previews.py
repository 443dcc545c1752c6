"""Page images for looking at a proof: one PNG a page."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from mailer.pages.ink import image_of, opened

PACKED: Final = 3  # of 9: a page is no larger than by zlib's own 6, and made in two thirds of the time


def page_images(pdf: Path | bytes, folder: Path, *, stem: str, dpi: int = 100) -> tuple[Path, ...]:
    """Write `stem`-1.png, … into `folder` and return the paths in page order."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    with opened(pdf) as document:
        width = len(str(len(document)))
        for page in range(1, len(document) + 1):
            path = folder / f"{stem}-{page:0{width}}.png"
            image_of(document, page, dpi=dpi, gray=False).save(path, compress_level=PACKED)
            paths.append(path)
    return tuple(paths)
