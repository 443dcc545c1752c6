"""A #10 envelope by the rules for its face: DMM 202 and Publication 25. Measured on the rendered page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest

from mailer.pages.barcode import piece_code
from mailer.pages.envelopes import Face, PrintedEnvelope, envelope_pages
from mailer.pages.ink import image_of, ink_within, opened
from mailer.pages.letterhead import Letterhead
from mailer.pages.typeface import check_fonts
from mailer.pages.windowzones import Zone

Read = Callable[[bytes | Path, int], str]
SENDER = ("Cedar & Finch IT", "1480 Millrace Way", "Suite 210", "Sacramento CA 95814")
ADDRESS = ("Birch Dental Group", "Attn: Ms. Ortega", "2270 Fair Oaks Boulevard", "Sacramento CA 95825-4471")
PERMIT = ("FIRST-CLASS MAIL", "U.S. POSTAGE PAID", "SACRAMENTO CA", "PERMIT NO. 1234")
CODE = piece_code("123456", "700", job=3, place=12, zip_code="95825-4471")

# 9.5 x 4.125 in. USPS reads 5/8 to 2 3/4 in from the bottom and 1/2 in from the sides.
READ_AREA = Zone("read area", 0.5, 1.375, 8.5, 2.125, "")
LOWER_RIGHT = Zone("barcode clear zone", 4.75, 3.5, 4.75, 0.625, "")
DPI = 300


@pytest.fixture(scope="module")
def pdf(letterhead: Letterhead) -> bytes:
    face = Face(SENDER, "Address Service Requested", PERMIT)
    long = (*ADDRESS[:2], "Care of B", "Building C, Door 4", "Second Floor", *ADDRESS[2:])
    envelopes = [
        PrintedEnvelope("0012/0052", ADDRESS, CODE),
        PrintedEnvelope("0013/0052", ADDRESS),
        PrintedEnvelope("0014/0052", long, CODE),
    ]
    return envelope_pages(envelopes, face, letterhead)


def ink(pdf: bytes, page: int, zone: Zone) -> tuple[float, float, float, float] | None:
    """The box of the ink in a zone, in inches from the top left: left, top, right, bottom."""
    with opened(pdf) as document:
        found = ink_within(image_of(document, page, dpi=DPI), zone, dpi=DPI)
    if found is None:
        return None
    return (found.x / 25.4, found.y / 25.4, (found.x + found.w) / 25.4, (found.y + found.h) / 25.4)


def test_the_page_is_an_envelope(pdf: bytes, letterhead: Letterhead) -> None:
    document = pypdfium2.PdfDocument(pdf)
    sizes = {page.get_size() for page in document}
    document.close()
    assert sizes == {(9.5 * 72, 4.125 * 72)}
    assert check_fonts(pdf, letterhead.typefaces) == ()


def test_what_stands_on_it(pdf: bytes, page_text: Read) -> None:
    text = page_text(pdf, 1)
    for words in (*SENDER, *ADDRESS, *PERMIT, "Address Service Requested", "0012/0052"):
        assert words in text


@pytest.mark.parametrize("page", [1, 2, 3])
def test_the_address_is_where_the_post_reads(pdf: bytes, page: int) -> None:
    found = ink(pdf, page, READ_AREA)
    assert found
    left, top, right, bottom = found
    assert left >= 4.0, "nothing but the address is in the read area"
    assert right < 9.0
    assert top > 1.375
    assert bottom < 3.5


@pytest.mark.parametrize("page", [1, 2, 3])
def test_the_barcode_clear_zone_is_empty(pdf: bytes, page: int) -> None:
    assert ink(pdf, page, LOWER_RIGHT) is None


def test_the_number_is_below_the_read_area(pdf: bytes) -> None:
    found = ink(pdf, 1, Zone("foot", 0, 3.5, 4.75, 0.625, ""))
    assert found
    assert found[0] >= 0.25, "no printer holds ink at the very edge"
    assert found[3] <= 4.0


def test_the_endorsement_is_a_quarter_inch_clear(pdf: bytes) -> None:
    """DMM 202.4.1: directly below the return address, 1/4 in clear, at least 8 pt."""
    column = Zone("upper left", 0, 0, 4.0, 3.0, "")
    rows = []
    with opened(pdf) as document:
        image = image_of(document, 1, dpi=DPI).crop((0, 0, int(column.w * DPI), int(column.h * DPI)))
    image = image.point(lambda level: 255 if level < 250 else 0)
    dark = [image.crop((0, y, image.width, y + 1)).getbbox() is not None for y in range(image.height)]
    start = None
    for y, is_dark in enumerate((*dark, False)):
        if is_dark and start is None:
            start = y
        elif not is_dark and start is not None:
            rows.append((start / DPI, y / DPI))
            start = None
    (_, above), (top, bottom) = rows[-2:]
    assert top - above >= 0.25
    assert bottom - top >= 0.08, "8 pt type has capitals and descenders of more than this"
    assert ink(pdf, 1, Zone("below it", 0, bottom + 0.01, 4.0, 0.25, "")) is None
    assert ink(pdf, 1, Zone("right of it", 2.6, top, 1.4, 0.3, "")) is None


def test_the_barcode_is_clear(pdf: bytes) -> None:
    """USPS-B-3200, 2.3: 1/8 in to the left and right, .028 in above and below."""
    found = ink(pdf, 1, READ_AREA)
    assert found
    left, top, _, _ = found
    bars = ink(pdf, 1, Zone("bars", left - 0.01, top - 0.01, 4.0, 0.155, ""))
    assert bars
    assert bars[3] - bars[1] == pytest.approx(0.145, abs=0.01)
    assert ink(pdf, 1, Zone("below", bars[0], bars[3] + 0.004, 3.0, 0.024, "")) is None
    assert ink(pdf, 1, Zone("left", bars[0] - 0.13, bars[1], 0.125, 0.145, "")) is None
    assert ink(pdf, 1, Zone("right", bars[2] + 0.005, bars[1], 0.125, 0.145, "")) is None


def test_a_stamp_has_its_place(letterhead: Letterhead) -> None:
    pdf = envelope_pages([PrintedEnvelope("0001/0001", ADDRESS)], Face(SENDER), letterhead)
    assert ink(pdf, 1, Zone("upper right", 5.0, 0, 4.5, 1.375, "")) is None
    assert pdf == envelope_pages([PrintedEnvelope("0001/0001", ADDRESS)], Face(SENDER), letterhead)
