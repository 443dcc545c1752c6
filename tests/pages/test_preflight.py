"""What a printer would send back, drawn on purpose and found: which element, where, and whether it stops."""

from __future__ import annotations

import random
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from mailer.pages.letterhead import Letterhead
from mailer.pages.preflight import Flaw, PdfKind, preflight

LETTER = (612, 792)  # points: 8.5 x 11 in


COARSE = (
    "Page 1: A picture is printed at 150 dpi and will look coarse; it is sharp up to 0.8 in wide. "
    "Take a larger one, or show it smaller."
)


def noise(width: int, height: int) -> ImageReader:
    """A picture that no compression makes small."""
    grain = random.Random(1)  # noqa: S311
    return ImageReader(Image.frombytes("RGB", (width, height), grain.randbytes(width * height * 3)))


def drawn(path: Path, *pages: object) -> Path:
    canvas = Canvas(str(path), pagesize=LETTER)
    for draw in pages:
        if callable(draw):
            draw(canvas)
        canvas.showPage()
    canvas.save()
    return path


def zones(findings: tuple[Flaw, ...]) -> list[str]:
    """The findings without those about fonts: reportlab's Helvetica is not embedded."""
    return [str(one) for one in findings if "font" not in one.message]


def test_a_line_in_the_window_is_named_with_its_place(tmp_path: Path, letterhead: Letterhead) -> None:
    # 1 in from the left, 2 in from the top, 2 in long, 1/30 in thick: 25.4, 50.8, 50.8, 0.8 mm
    path = drawn(tmp_path / "line.pdf", lambda canvas: canvas.rect(72, 645.6, 144, 2.4, stroke=0, fill=1))
    (found,) = zones(preflight(path, PdfKind.LETTERS, letterhead))
    assert found.startswith(
        "Page 1: Ink in the address area: 50.8 x 1 mm at 25.4 mm from the left"
    )  # a pixel more
    assert "50.8 mm from the top, a line or a shape. It must stay empty" in found


def test_a_picture_in_the_window_is_called_one(tmp_path: Path, letterhead: Letterhead) -> None:
    path = drawn(tmp_path / "logo.pdf", lambda canvas: canvas.drawImage(noise(320, 320), 72, 612, 72, 72))
    (found,) = zones(preflight(path, PdfKind.LETTERS, letterhead))
    assert "from the top, a picture. It must stay empty" in found


@pytest.mark.parametrize(("pixels", "found"), [(200, []), (150, [COARSE])])  # 1 in wide
def test_a_picture_needs_200_dots_an_inch(
    tmp_path: Path, letterhead: Letterhead, pixels: int, found: list[str]
) -> None:
    path = drawn(
        tmp_path / "photo.pdf", lambda canvas: canvas.drawImage(noise(pixels, pixels), 300, 300, 72, 72)
    )
    assert zones(preflight(path, PdfKind.LETTERS, letterhead)) == found


def test_a_piece_of_more_than_5_mb_stops(tmp_path: Path, letterhead: Letterhead) -> None:
    heavy = noise(1500, 1400)  # 6.3 million bytes that do not shrink
    path = drawn(tmp_path / "heavy.pdf", None, lambda canvas: canvas.drawImage(heavy, 100, 100, 340, 317.3))
    assert path.stat().st_size > 5_000_000
    found = preflight(path, PdfKind.LETTERS, letterhead, starts=(1, 2))
    assert zones(found) == [
        "Page 2: The piece that begins here has 6.3 MB; a mail service takes 5 MB. Take smaller pictures."
    ]
    assert all(one.stops for one in found)


def test_seven_sheets_are_a_flat_which_is_only_a_remark(tmp_path: Path, letterhead: Letterhead) -> None:
    path = drawn(tmp_path / "long.pdf", *[None] * 13, None)
    found = preflight(path, PdfKind.LETTERS, letterhead, starts=(1, 14))[-1]
    assert str(found) == "Page 1: The letter has 7 sheets; over 6 it goes as a flat."
    assert not found.stops


def test_a_page_from_memory(letterhead: Letterhead) -> None:
    target = BytesIO()
    canvas = Canvas(target, pagesize=LETTER)
    canvas.rect(0, 360, 2.88, 28.8, stroke=0, fill=1)  # 1 x 10.2 mm, a pixel more where it is cut
    canvas.showPage()
    canvas.save()
    (found,) = zones(preflight(target.getvalue(), PdfKind.PRINT, letterhead))
    assert found.startswith("Page 1: Ink in the left edge: 1 x 10.3 mm at 0 mm from the left")
