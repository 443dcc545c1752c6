"""Pages of other programs: taken over as a reader shows them, whatever their boxes, their turn and origin."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from mailer.pages.foreignpages import left_out, upright
from mailer.pages.imposition import open_pdf
from mailer.pages.ink import Ink, image_of, ink_within, opened
from mailer.pages.pdffile import saved
from mailer.pages.windowzones import Zone

LETTER = Zone("page", 0, 0, 8.5, 11, "")
BOX = b"72 684 144 36 re f"  # an inch from the left and the top, two wide, half an inch high


def page(drawn: bytes, **said: object) -> bytes:
    """A page with that drawn on it, and what its dictionary says besides."""
    with pikepdf.Pdf.new() as made:
        made.add_blank_page(page_size=(612, 792))
        made.pages[0].contents_add(drawn)
        for key, held in said.items():
            made.pages[0].obj[f"/{key}"] = held
        return saved(made)


@pytest.mark.parametrize(
    "given",
    [
        page(BOX),
        page(BOX, TrimBox=Array([0, 300, 612, 700]), ArtBox=Array([90, 90, 91, 91]), BleedBox=Array([0] * 4)),
        page(b"1 0 0 1 200 -300 cm " + BOX, MediaBox=Array([200, -300, 812, 492])),
        page(BOX, MediaBox=Array([-9, -9, 621, 801]), CropBox=Array([0, 0, 612, 792])),
        page(BOX, CropBox=Array([612, 792, -50, -50])),
        page(b"0 1 -1 0 792 0 cm " + BOX, MediaBox=Array([0, 0, 792, 612]), Rotate=90),
        page(b"0 -1 1 0 0 612 cm " + BOX, MediaBox=Array([0, 0, 792, 612]), Rotate=-90),
        page(b"0 -1 1 0 7 619 cm " + BOX, MediaBox=Array([7, 7, 799, 619]), Rotate=270),
        page(b"-1 0 0 -1 612 792 cm " + BOX, Rotate=180),
        page(b".5 0 0 .5 0 0 cm " + BOX, MediaBox=Array([0, 0, 306, 396]), UserUnit=2),
    ],
    ids=["plain", "trim", "origin", "crop", "crop-wide", "90", "-90", "270-origin", "180", "unit"],
)
def test_it_is_upright_and_begins_at_0_0(given: bytes) -> None:
    made = upright(given)
    with open_pdf(made) as pdf, opened(made) as document:
        assert [float(edge) for edge in pdf.pages[0].mediabox] == [0, 0, 612, 792]
        found = ink_within(image_of(document, 1), LETTER)
    assert found == Ink(25.4, 25.4, 50.8, 12.9)


def test_what_is_cropped_is_not_printed() -> None:
    made = upright(page(BOX + b" 0 0 20 20 re f", CropBox=Array([36, 36, 576, 756])))
    with open_pdf(made) as pdf, opened(made) as document:
        assert [float(edge) for edge in pdf.pages[0].mediabox] == [0, 0, 540, 720]
        assert ink_within(image_of(document, 1), Zone("page", 0, 0, 7.5, 10, "")) == Ink(
            12.7, 12.7, 50.8, 12.7
        )


LAYERS = "has layers that are switched off, and they would be printed; print it to a new PDF."


@pytest.mark.parametrize(
    ("default", "usage", "why"),
    [
        ({}, {}, ""),
        ({"/OFF": True}, {}, LAYERS),
        ({"/BaseState": Name.OFF}, {}, LAYERS),
        ({"/BaseState": Name.ON}, {"/Print": Name.ON, "/View": Name.ON}, ""),
        ({}, {"/Print": Name.OFF}, LAYERS),
        ({}, {"/View": Name.OFF}, LAYERS),
    ],
)
def test_a_layer_that_is_off(default: dict[str, object], usage: dict[str, Name], why: str) -> None:
    with open_pdf(page(BOX)) as pdf:
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="notes", Usage=Dictionary()))
        for key, state in usage.items():
            layer.Usage[key] = Dictionary({f"/{key[1:]}State": state})
        pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([])))
        for key, held in default.items():
            pdf.Root.OCProperties.D[key] = Array([layer]) if held is True else held
        assert left_out(pdf) == why


def test_what_shows_only_where_layers_are_off() -> None:
    with open_pdf(page(BOX)) as pdf:
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="notes"))
        pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary())
        pdf.Root.Member = pdf.make_indirect(Dictionary(Type=Name.OCMD, OCGs=layer, P=Name.AnyOn))
        assert left_out(pdf) == ""
        pdf.Root.Member.P = Name.AllOff
        assert left_out(pdf) == LAYERS


@pytest.mark.parametrize(
    ("kind", "flags", "what"),
    [
        ("Stamp", 4, "a stamp"),
        ("FreeText", 4, "a typed-in text"),
        ("Ink", 28, "a drawing by hand"),
        ("Square", 4, "a box"),
        ("Watermark", 4, "a watermark"),
        ("Polygon", 4, "an annotation (Polygon)"),
        ("Link", 4, ""),
        ("Popup", 28, ""),
        ("Stamp", 0, ""),  # on no paper
        ("Text", 6, ""),  # hidden
    ],
)
def test_what_lies_over_a_page(kind: str, flags: int, what: str) -> None:
    note = Dictionary(Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=Array([72, 72, 99, 99]), F=flags)
    said = f"page 1: {what} lies over the page and would not be printed; print it to a PDF: then it is part"
    with open_pdf(page(BOX, Annots=Array([note]))) as pdf:
        assert left_out(pdf) == (f"{said} of the page." if what else "")


@pytest.mark.parametrize(
    ("field", "looks", "shown"),
    [
        ({"/V": "Dana"}, None, True),
        ({}, None, False),
        ({"/V": ""}, b"/Tx BMC EMC", False),
        ({}, b"q 0 0 9 9 re S Q", True),  # an empty field's frame
    ],
)
def test_a_form_that_is_filled_in(field: dict[str, str], looks: bytes | None, *, shown: bool) -> None:
    with open_pdf(page(BOX)) as pdf:
        note = Dictionary(Type=Name.Annot, Subtype=Name.Widget, Rect=Array([72, 72, 99, 99]), F=4)
        for key, held in field.items():
            note[key] = held
        if looks is not None:
            note.AP = Dictionary(N=pdf.make_stream(looks))
        pdf.pages[0].obj.Annots = Array([note])
        assert ("a form field lies over" in left_out(pdf)) is shown


def test_a_box_that_is_ticked() -> None:
    with open_pdf(page(BOX)) as pdf:
        looks = Dictionary(Yes=pdf.make_stream(b"0 0 9 9 re f"), Off=pdf.make_stream(b""))
        note = Dictionary(Type=Name.Annot, Subtype=Name.Widget, F=4, AS=Name.Off, AP=Dictionary(N=looks))
        pdf.pages[0].obj.Annots = Array([note])
        assert left_out(pdf) == ""
        pdf.pages[0].obj.Annots[0].AS = Name.Yes
        assert "page 1: a form field" in left_out(pdf)


def test_odd_things_in_their_place_end_nothing() -> None:
    with open_pdf(page(BOX, Annots=Array([5, Dictionary()]))) as pdf:
        pdf.Root.OCProperties = Array([])
        assert left_out(pdf) == ""
        target = BytesIO()
        pdf.save(target)
        assert upright(target.getvalue())
