"""Pictures that are none, too large, cut short, or that refer outside: refused by name, never printed."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from mailer.errors import MailerError
from mailer.pages.letter import Letter, render_letters
from mailer.pages.letterhead import Letterhead, load_letterhead
from mailer.pages.logopicture import fitted
from mailer.pages.typeface import FontProblem
from mailer.settings import Brand, Settings

Make = Callable[..., Letter]


def image(kind: str, size: tuple[int, int] = (400, 300)) -> bytes:
    target = BytesIO()
    Image.effect_noise(size, 40).convert("RGB").save(target, kind)
    return target.getvalue()


def large() -> bytes:
    """A PNG of 60 megapixels of one colour, which is a small file."""
    target = BytesIO()
    Image.new("L", (10_000, 6_000), 128).save(target, "PNG")
    return target.getvalue()


def test_a_picture_of_more_pixels_than_any_has_a_place_in_word() -> None:
    target = BytesIO()
    Image.new("1", (14_000, 14_000)).save(target, "PNG")
    with pytest.raises(MailerError, match="has more pixels than any printer"):
        fitted(target.getvalue(), 2.2, 0.42)


PROGRAM = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n{ } loop\n%%EOF\n"
"""PostScript, which Ghostscript would run for ever."""

OUTSIDE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
    '<image width="9" height="9" href="{}"/></svg>'
)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("none.png", b"no picture", "none.png"),
        ("none.jpg", b"no picture", "none.jpg"),
        ("program.png", PROGRAM, "'program.png' is none that can be printed"),
        ("program.jpg", PROGRAM, "'program.jpg' is none that can be printed"),
        ("program.webp", PROGRAM, "program.webp"),
        ("short.png", image("PNG")[:9_000], "short.png' is cut short"),
        ("short.jpg", image("JPEG")[:5_000], "short.jpg' is cut short"),
        ("large.png", large(), "large.png' has 60 megapixels"),
        ("out.svg", OUTSIDE.format("http://x.example/a.png").encode(), "http://x.example/a.png"),
        ("out.svg", OUTSIDE.format("file:///etc/passwd").encode(), "/etc/passwd"),
    ],
)
def test_a_picture_that_is_not_printed(
    name: str,
    content: bytes,
    why: str,
    letter: Make,
    letterhead: Letterhead,
    settings: Settings,
    tmp_path: Path,
) -> None:
    (tmp_path / name).write_bytes(content)
    shown = letter("A", f'<p><img src="{(tmp_path / name).as_uri()}"></p>')
    with pytest.raises(MailerError) as caught:
        render_letters([shown], letterhead, settings, folders=[tmp_path])
    assert why in str(caught.value)


def test_a_theme_without_a_variable(letter: Make, settings: Settings, tmp_path: Path) -> None:
    from tests.pages.conftest import SHIPPED  # noqa: PLC0415

    folder = tmp_path / "letterhead"
    folder.mkdir()
    for path in SHIPPED.iterdir():
        if path.is_file():
            (folder / path.name).write_bytes(path.read_bytes())
    with (folder / "letter.css").open("a") as sheet:
        sheet.write("\n.subject { color: var(--accnt) }\n.ps { color: var(--mine, black) }")
    brand = Brand(logo="logo.svg")
    with pytest.raises(MailerError, match=r"letter\.css: uses --accnt, which is defined nowhere"):
        render_letters([letter("A")], load_letterhead(folder, brand), settings)


@pytest.mark.parametrize("name", ["漢字商店", "مكتب", "하늘"])
def test_a_name_in_letters_that_no_font_has(
    name: str, letter: Make, letterhead: Letterhead, settings: Settings
) -> None:
    with pytest.raises(FontProblem, match="has characters that the letterhead's fonts do not have"):
        render_letters([letter(name)], letterhead, settings)
