"""A PDF's first page as the pixels of a logo, drawn in a process of its own, bounded in memory and time.

    python -m mailer.pages.drawnlogo < FILE > PNG

A form that draws itself twice, and so on, ends no library that is drawing but with its process.
"""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from typing import Final

from PIL import Image, ImageChops

from mailer.errors import Misfit
from mailer.pages.drawn import bound

MEMORY: Final = 1 << 30  # bytes of address space
SECONDS: Final = 10  # of the processor
WAIT: Final = 40  # seconds, of a machine that is busy
DPI: Final = 600.0
LARGEST: Final = 3.0  # in, the longer side of a logo that was a PDF
_EMPTY: Final = 3  # the exit code of a page without ink


def drawn_logo(pdf: bytes) -> bytes:
    """The PNG, without the white around it. Raises Misfit."""
    command = [sys.executable, "-P", "-m", "mailer.pages.drawnlogo"]
    try:
        ran = subprocess.run(command, input=pdf, capture_output=True, check=False, timeout=WAIT)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise Misfit("it takes more time to draw than any logo") from None
    if ran.returncode == _EMPTY:
        raise Misfit("it is empty")
    if ran.returncode == 1:
        raise Misfit("it is no PDF that can be drawn")
    if ran.returncode:
        raise Misfit("it takes more time or memory to draw than any logo")
    return ran.stdout


def as_png(pixels: Image.Image) -> bytes:
    target = BytesIO()
    pixels.save(target, "PNG")
    return target.getvalue()


def cropped(pixels: Image.Image) -> Image.Image:
    """Without the white around it. Raises Misfit where nothing else is there."""
    ground = Image.new(pixels.mode, pixels.size, "white")
    found = ImageChops.difference(pixels, ground).getbbox()
    if found is None:
        raise Misfit("it is empty")
    return pixels.crop(found)


def main() -> int:
    import pypdfium2  # type: ignore[import-untyped] # noqa: PLC0415 (before the bounds)

    from mailer.errors import NONSENSE  # noqa: PLC0415
    from mailer.pages.ink import image_of, opened  # noqa: PLC0415

    pdf = sys.stdin.buffer.read()
    bound(MEMORY, SECONDS)
    try:
        with opened(pdf) as document:
            width, height = document.get_page_size(0)
            scale = min(1.0, LARGEST * 72 / max(width, height))
            pixels = image_of(document, 1, dpi=round(DPI * scale), gray=False)
    except (pypdfium2.PdfiumError, *NONSENSE):
        return 1
    try:
        png = as_png(cropped(pixels))
    except Misfit:
        return _EMPTY
    sys.stdout.buffer.write(png)
    return 0


if __name__ == "__main__":
    sys.exit(main())
