"""PDFs that hold what no program should write: each is taken, or refused in words; nothing else happens."""

from __future__ import annotations

from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from mailer.pages.ink import opened, resolutions
from mailer.pages.pdffile import saved
from mailer.pages.strangepdf import trouble
from mailer.pages.typeface import check_fonts

Broken = Callable[[pikepdf.Pdf, pikepdf.Object, pikepdf.Object], object]
"""Changes a file, its picture and its font's descriptor."""


def pdf(changed: Broken, drawn: bytes = b"10 0 0 10 300 300 cm") -> bytes:
    """A page with a picture drawn so, and words in a font that is embedded."""
    with pikepdf.Pdf.new() as made:
        made.add_blank_page(page_size=(612, 792))
        picture = made.make_stream(b"\0" * 4, Type=Name.XObject, Subtype=Name.Image)
        picture.Width = picture.Height = 2
        picture.ColorSpace, picture.BitsPerComponent = Name.DeviceGray, 8
        descriptor = made.make_indirect(Dictionary(Type=Name.FontDescriptor, FontName=Name.Own, Flags=32))
        descriptor.FontFile2 = made.make_stream(b"no font")
        font = Dictionary(Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name.Own)
        font.FontDescriptor = descriptor
        held = Dictionary(XObject=Dictionary(P=picture), Font=Dictionary(F=made.make_indirect(font)))
        made.pages[0].obj.Resources = held
        made.pages[0].contents_add(b"q " + drawn + b" /P Do Q BT /F 12 Tf 72 500 Td (words) Tj ET")
        changed(made, picture, descriptor)
        return saved(made)


def keep(made: pikepdf.Pdf, picture: pikepdf.Object, descriptor: pikepdf.Object) -> None:
    pass


def put(on: str, key: str, value: object) -> Broken:
    """`value` in the place of what the picture or the descriptor says there; None: nothing."""

    def change(_: pikepdf.Pdf, picture: pikepdf.Object, descriptor: pikepdf.Object) -> None:
        one = picture if on == "picture" else descriptor
        if value is None:
            del one[key]
        else:
            one[key] = value

    return change


@pytest.mark.parametrize(
    "drawn",
    [b"0 0 0 10 300 300 cm", b"10 0 0 0 300 300 cm", b"1e-30 0 0 1e-30 3 3 cm", b"1e30 0 0 1e30 3 3 cm"],
)
def test_a_picture_drawn_without_width_or_height(drawn: bytes) -> None:
    content = pdf(keep, drawn)
    assert trouble(content, 1) == ""
    with opened(content) as document:
        resolutions(document, 1)


@pytest.mark.parametrize("key", ["/Width", "/Height"])
@pytest.mark.parametrize("value", [0, None, -1])
def test_a_picture_without_dots(key: str, value: int | None) -> None:
    content = pdf(put("picture", key, value))
    assert trouble(content, 1) in ("", "is no PDF that can be read.")
    with opened(content) as document:
        assert resolutions(document, 1) == []


@pytest.mark.parametrize("value", [pikepdf.String("x"), 3, Name.Own, Dictionary(), Array([])])
def test_a_font_whose_program_is_none(value: object) -> None:
    content = pdf(put("font", "/FontFile2", value))
    assert trouble(content, 1) == ""
    assert check_fonts(content, None) == ("the font Own is not embedded",)


def test_a_font_whose_descriptor_is_none() -> None:
    def change(made: pikepdf.Pdf, _: pikepdf.Object, __: pikepdf.Object) -> None:
        made.pages[0].obj.Resources.Font.F.FontDescriptor = 3

    content = pdf(change)
    assert trouble(content, 1) == ""
    assert check_fonts(content, None) == ("the font Own is not embedded",)
