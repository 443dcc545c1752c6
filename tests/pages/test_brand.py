"""Colours and logos. Contrasts are those of WCAG 2.2's definition, as its own tools give them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from mailer.errors import MailerError
from mailer.pages.brand import Palette, contrast, inked
from mailer.pages.letterhead import Letterhead, load_letterhead
from mailer.pages.logo import Logo, read_logo
from mailer.pages.logopicture import fitted, logo_png
from mailer.pages.specimen import specimen
from mailer.settings import Brand, Settings, Typefaces
from tests.hostile.inputs import pdf_of_forms
from tests.support.office import page_texts

LATIN = {*range(0xA1, 0x180)} - {0xAD}
RETIRED = set("\u012c\u012d\u0132\u0133\u0138\u0149\u0166\u0167\u017f")  # in one pair or another


@pytest.mark.parametrize(
    ("colour", "ratio"),
    [("#000000", 21.0), ("#767676", 4.54), ("#777777", 4.48), ("#ff0000", 4.0), ("#ffffff", 1.0)],
)
def test_contrast_on_white(colour: str, ratio: float) -> None:
    assert contrast(colour, "#ffffff") == pytest.approx(ratio, abs=0.005)


def test_a_light_colour_is_said_and_darkened_for_words() -> None:
    assert Palette("#21473b", "#a85a27").remarks() == ()
    (said,) = Palette("#21473b", "#e9a100").remarks()
    assert said.startswith("second #e9a100 has a contrast of 2.2:1 on white, and words need 4.5:1.")
    assert contrast(inked("#e9a100", "#fdf6e6"), "#fdf6e6") >= 4.5
    assert inked("#21473b", "#ffffff") == "#21473b"


def drawn(width: int, height: int) -> bytes:
    target = BytesIO()
    canvas = Canvas(target, pagesize=(400, 400))
    canvas.rect(100, 100, width, height, fill=1)
    canvas.save()
    return target.getvalue()


def test_a_logo_of_any_shape_keeps_it() -> None:
    wide = read_logo("a.pdf", drawn(300, 100))
    assert wide.ratio == pytest.approx(3.0, rel=0.02), "without the white of its page"
    assert wide.wide
    assert fitted(wide.content, 1.2, 1.0) == pytest.approx((1.2, 0.4), rel=0.02)
    assert read_logo("a.svg", b'<svg viewBox="0 0 30 60" xmlns="x"/>').ratio == 0.5
    assert read_logo("a.svg", b'<svg width="4cm" height="2cm"/>').ratio == 2.0


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.svg", b"<svg/>", "neither a viewBox nor a width"),
        ("a.svg", b"GIF89a", "can't be read as a picture"),
        ("a.svg", b'<?xml version="1.0" encoding="foo"?><svg viewBox="0 0 1 1"/>', "unknown encoding: foo"),
        ("a.png", b"no picture", "can't be read as a picture."),
        ("a.pdf", b"no picture", "can't be read as a picture: it is no PDF that can be drawn"),
        ("a.pdf", drawn(0, 0), "it is empty"),
        ("a.gif", b"GIF89a", "A logo is an SVG, a PNG or a PDF"),
    ],
)
def test_what_is_no_logo(name: str, content: bytes, why: str) -> None:
    with pytest.raises(MailerError, match=why):
        read_logo(name, content)


def test_a_logo_of_a_billion_forms_ends_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """pdfium took what memory there was, and ended the command by a signal."""
    monkeypatch.setattr("mailer.pages.drawnlogo.WAIT", 1)
    with pytest.raises(MailerError, match=r"it takes more time (or memory )?to draw than any logo"):
        read_logo("a.pdf", pdf_of_forms(12))


def test_a_logo_that_is_not_there(letterhead: Letterhead) -> None:
    with pytest.raises(MailerError, match=r"'mine.svg' is not in the letterhead"):
        load_letterhead(letterhead.folder, Brand(logo="mine.svg"))


@pytest.mark.parametrize("pair", Typefaces)
def test_every_pair_has_the_letters_of_europe(pair: Typefaces, letterhead: Letterhead) -> None:
    branded = load_letterhead(letterhead.folder, Brand(typefaces=pair))
    assert {chr(code) for code in LATIN - branded.characters} <= RETIRED
    assert len(branded.typefaces) == 8
    assert branded.digest != letterhead.digest, (
        "another pair is another letterhead: what was approved is stale"
    )


def test_a_wide_logo_in_pixels_is_whole(letterhead: Letterhead) -> None:
    drawn = b'<path d="M0 0h400v100H0z"/>'
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 100">' + drawn + b"</svg>"
    own = replace(letterhead, logo=Logo("logo.svg", 4.0, svg), files={**letterhead.files, "logo.svg": svg})
    with Image.open(BytesIO(logo_png(own))) as picture:
        assert picture.width / picture.height == pytest.approx(4, abs=0.02)


def test_the_logo_in_pixels(letterhead: Letterhead) -> None:
    with Image.open(BytesIO(logo_png(letterhead))) as picture:
        assert picture.width > 900
    assert logo_png(load_letterhead(letterhead.folder, Brand())) == b""


def test_the_specimen_names_every_zone(letterhead: Letterhead, settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "preview.pdf"
    path.write_bytes(specimen(letterhead, settings, date(2026, 11, 24)))
    texts = page_texts(path)
    assert len(texts) == 5
    for words in ("address area", "return-address window", "the mail service's white box", "sheet mark"):
        assert words in texts[0]
    assert "Letter, continued" in texts[1]
    assert "postage" in texts[2]
    assert "panel address" in texts[4]
