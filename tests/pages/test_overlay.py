from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import settings as example_settings
from hypothesis import strategies as st

from mailer.pages.barcode import piece_code
from mailer.pages.drawnaddress import carries_code, carries_endorsement, require_fit
from mailer.pages.endorsement import in_window
from mailer.pages.ink import image_of, ink_within, opened
from mailer.pages.letterhead import Letterhead
from mailer.pages.overlay import (
    FACE,
    MODULE,
    QUIET,
    AddressTooLong,
    Block,
    Indicia,
    Mark,
    OverlayPage,
    draw,
    fit,
    font_name,
)
from mailer.pages.typeface import FontProblem, check_fonts
from mailer.pages.windowzones import (
    EDGE,
    HEIGHT,
    PANEL_ADDRESS,
    PANEL_BARCODE,
    PANEL_POSTAGE,
    RECIPIENT_WINDOW,
    RETURN_WINDOW,
    SHEET_MARK,
    WIDTH,
    Zone,
)
from tests.support.ink import contains, ink_in

Read = Callable[[bytes | Path, int], str]
MICRO_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.MicroQRCode])
CODE = piece_code("123456", "700", job=3, place=12, zip_code="95825-4471")
STREET = ("2270 Fair Oaks Boulevard, Suite 12", "Sacramento CA 95825-4471")


def drawn(pages: Iterable[OverlayPage], letterhead: Letterhead) -> bytes:
    """What is laid over each page, over empty pages."""
    overlays = draw(pages, letterhead)
    target = BytesIO()
    with pikepdf.open(BytesIO(overlays.fonts)) as pdf:
        (sheet,) = pdf.pages
        for content in overlays.pages:
            pdf.pages.append(sheet)
            pdf.pages[-1].obj.Contents = pdf.make_stream(content)
        del pdf.pages[0]
        pdf.save(target, deterministic_id=True)
    return target.getvalue()


def test_the_size_of_an_address(letterhead: Letterhead) -> None:
    font = font_name(letterhead, FACE)

    def size(*lines: str) -> tuple[float, int]:
        points, kept = fit(Block(lines, RECIPIENT_WINDOW), font)
        return points, len(kept)

    assert size("Birch", *STREET) == (10.5, 3)
    assert size("Birch", "Attn: A", "Care of B", "Building C", *STREET) == (9.0, 6)
    assert (
        size("The Honorable Company of Dentists of the Greater Sacramento Valley and Foothills", *STREET)[0]
        >= 8
    )
    long = "The Ancient and Honorable Company of Dentists and Oral Surgeons of the Sacramento Valley, Inc."
    assert size(long, *STREET) == (8.0, 4)
    with pytest.raises(AddressTooLong, match="does not fit 4 x 1 in at 8 pt"):
        size(*["Line"] * 8)
    with pytest.raises(AddressTooLong):
        size("X" * 120, *STREET)


@given(
    st.lists(st.text("MWil -.", min_size=1, max_size=90), min_size=1, max_size=8).map(tuple),
    st.sampled_from([RECIPIENT_WINDOW, PANEL_ADDRESS, RETURN_WINDOW]),
)
def test_an_address_is_known_to_fit_without_drawing_it(
    letterhead: Letterhead, lines: tuple[str, ...], zone: Zone
) -> None:
    def raised(what: Callable[[], object]) -> str:
        try:
            what()
        except AddressTooLong as error:
            return str(error)
        return ""

    why = raised(lambda: drawn([OverlayPage((Block(lines, zone),))], letterhead))
    assert raised(lambda: require_fit(lines, (Block((), zone),), letterhead)) == why


def test_an_address_has_to_fit_each_of_its_places(letterhead: Letterhead) -> None:
    window, small = (Block((), zone) for zone in (RECIPIENT_WINDOW, RETURN_WINDOW))
    six = ("Birch", "Attn: A", "Care of B", "Building C", *STREET)
    require_fit(six, (window,), letterhead)
    with pytest.raises(AddressTooLong, match=r"does not fit 3\.25 x 0\.875 in at 8 pt"):
        require_fit(six, (window, small), letterhead)
    with pytest.raises(FontProblem, match="has characters that the letterhead's fonts do not have"):
        require_fit(("東京", *STREET), (window,), letterhead)
    require_fit((), (window,), letterhead)


def test_an_overlay_page(letterhead: Letterhead, page_text: Read) -> None:
    pages = [
        OverlayPage((Block(("Žofie Ñuñez", *STREET), RECIPIENT_WINDOW),), Mark(12, 52, 1, 2)),
        OverlayPage(),
    ]
    pdf = drawn(pages, letterhead)
    assert pdf == drawn(pages, letterhead)
    assert page_text(pdf, 1) == (
        "Žofie Ñuñez 2270 Fair Oaks Boulevard, Suite 12 Sacramento CA 95825-4471 0012/0052 1of2"
    )
    assert page_text(pdf, 2) == ""
    assert check_fonts(pdf, letterhead.typefaces) == ()
    with pytest.raises(FontProblem, match="U\\+6F22"):
        drawn([OverlayPage((Block(("漢",), RECIPIENT_WINDOW),))], letterhead)


@given(st.integers(1, 99_999), st.data())
@example_settings(max_examples=40, deadline=None)
def test_the_mark_is_read_off_the_sheet(letterhead: Letterhead, number: int, data: st.DataObject) -> None:
    """A decoder that is not ours reads it at 300 dpi, as a scanner sees the sheet."""
    sheets = data.draw(st.integers(1, 60))
    mark = Mark(number, data.draw(st.integers(number, 99_999)), data.draw(st.integers(1, sheets)), sheets)
    with opened(drawn([OverlayPage(mark=mark)], letterhead)) as document:
        image = image_of(document, 1, dpi=300)
    (found,) = zxingcpp.read_barcodes(image, formats=MICRO_QR)
    assert found.text == mark.code
    assert found.text.split() == [str(number), f"{mark.sheet}/{sheets}"]


@given(st.integers(1, 99_999), st.integers(1, 60))
@example_settings(max_examples=40, deadline=None)
def test_the_mark_keeps_its_zone_and_its_quiet_zone(letterhead: Letterhead, number: int, sheets: int) -> None:
    """Two modules of white on every side of the code (ISO/IEC 18004, 6.3.8), and nothing outside."""
    with opened(drawn([OverlayPage(mark=Mark(number, 99_999, sheets, sheets))], letterhead)) as document:
        image = image_of(document, 1, dpi=600)
    whole = ink_within(image, Zone("page", 0, 0, WIDTH, HEIGHT, ""), dpi=600)
    assert whole
    inside = Zone("ink", whole.x / 25.4, whole.y / 25.4, whole.w / 25.4, whole.h / 25.4, "")
    assert contains(SHEET_MARK, inside)
    left, side, quiet = SHEET_MARK.x + QUIET * MODULE, 17 * MODULE, QUIET * MODULE
    top = SHEET_MARK.y + (SHEET_MARK.h - side) / 2
    for zone in (
        Zone("right", left + side + 0.002, SHEET_MARK.y, quiet - 0.002, SHEET_MARK.h, ""),
        Zone("left", left - quiet, SHEET_MARK.y, quiet - 0.002, SHEET_MARK.h, ""),
        Zone("above", left - quiet, top - quiet, side + 2 * quiet, quiet - 0.002, ""),
        Zone("below", left - quiet, top + side + 0.002, side + 2 * quiet, quiet - 0.002, ""),
    ):
        assert ink_within(image, zone, dpi=600) is None, zone.name


def test_the_barcode_in_a_window_of_four_inches(letterhead: Letterhead) -> None:
    """Four lines and the bars fit into 1 in at 8 pt or more; six lines leave no room for them."""
    assert carries_code(Block(("Birch", "Attn: A", *STREET), RECIPIENT_WINDOW), letterhead)
    six = ("Birch", "Attn: A", "Care of B", "Building C", *STREET)
    assert not carries_code(Block(six, RECIPIENT_WINDOW), letterhead)
    narrow = Zone("label", 1, 1, 2.625, 2, "")
    assert not carries_code(Block(("Birch", *STREET), narrow), letterhead)


def test_the_barcode_stands_clear_in_its_window(letterhead: Letterhead, page_text: Read) -> None:
    """DMM 202.5: 1/8 in from the window's sides, .028 in from its top and from the line below."""
    block = Block(("Birch", "Attn: A", *STREET), RECIPIENT_WINDOW, code=CODE)
    pdf = drawn([OverlayPage((block,))], letterhead)
    window = RECIPIENT_WINDOW
    assert ink_in(pdf, 1, window)
    for zone in (
        Zone("above", window.x, window.y, window.w, 0.028, ""),
        Zone("left", window.x, window.y, 0.12, window.h, ""),
        Zone("right", window.x + window.w - 0.125, window.y, 0.125, window.h, ""),
        Zone("page above", 0, 0, WIDTH, window.y, ""),
    ):
        assert ink_in(pdf, 1, zone) is None, zone.name
    assert "Birch Attn: A" in page_text(pdf, 1)


def test_without_room_the_address_stands_alone(letterhead: Letterhead) -> None:
    six = ("Birch", "Attn: A", "Care of B", "Building C", *STREET)
    block = Block(six, RECIPIENT_WINDOW, code=CODE)
    plain = Block(six, RECIPIENT_WINDOW)
    assert drawn([OverlayPage((block,))], letterhead) == drawn([OverlayPage((plain,))], letterhead)


@pytest.mark.parametrize(
    ("street", "stands"),
    [
        ("1480 Millrace Way", ("Cedar & Finch IT", "1480 Millrace Way, Suite 210", "Sacramento CA 95814")),
        ("A Lane of a Name " * 6, None),  # too long for one line: as it was
    ],
)
def test_a_suite_in_the_upper_window_makes_room_for_the_endorsement(
    letterhead: Letterhead, street: str, stands: tuple[str, ...] | None
) -> None:
    sender = ("Cedar & Finch IT", street, "Suite 210", "Sacramento CA 95814")
    assert in_window(sender, letterhead) == (stands or sender)


@pytest.mark.parametrize(("lines", "fits"), [(2, True), (3, True), (4, False)])
def test_the_endorsement_in_the_upper_window(
    letterhead: Letterhead, page_text: Read, lines: int, fits: bool
) -> None:
    """7/8 in hold three lines, 1/4 in of white and the endorsement, but no fourth line."""
    sender = ("Cedar & Finch IT", "Suite 210", "1480 Millrace Way", "Sacramento CA 95814")[:lines]
    block = Block(sender, RETURN_WINDOW, largest=8.5, endorsement="Address Service Requested")
    assert carries_endorsement(block, letterhead) is fits
    pdf = drawn([OverlayPage((block,))], letterhead)
    assert ("Address Service Requested" in page_text(pdf, 1)) is fits
    for zone in (
        Zone("above", 0, 0, WIDTH, RETURN_WINDOW.y, ""),
        Zone("below", 0, RETURN_WINDOW.y + RETURN_WINDOW.h, WIDTH, 1, ""),
    ):
        assert ink_in(pdf, 1, zone) is None, zone.name


def test_the_panel_is_upside_down(letterhead: Letterhead) -> None:
    """Turned by half, the address stands where the post reads: 5/8 to 2 3/4 in above the last fold."""
    block = Block(("Birch", *STREET), PANEL_ADDRESS, code=CODE)
    permit = Indicia(("FIRST-CLASS MAIL", "U.S. POSTAGE PAID", "DAVIS CA", "PERMIT NO. 1"), PANEL_POSTAGE)
    pdf = drawn([OverlayPage((block,), indicia=permit)], letterhead)
    with opened(pdf) as document:
        turned = image_of(document, 1, dpi=300).rotate(180)  # the piece lies in its top third, fold below
    fold = HEIGHT - 7.333
    address = ink_within(turned, Zone("read area", 0.5, fold - 2.75, 7.5, 2.125, ""), dpi=300)
    assert address
    assert address.x / 25.4 > 4.0
    assert (address.y + address.h) / 25.4 <= fold - 0.625
    assert address.y / 25.4 >= fold - 2.75
    stamp = ink_within(turned, Zone("upper right", 6.5, 0, 2.0, 1.3, ""), dpi=300)
    assert stamp
    assert stamp.x / 25.4 > 6.9
    assert (
        ink_within(turned, Zone("barcode clear zone", 3.75, fold - 0.625, 4.75, 0.625, ""), dpi=300) is None
    )


def test_the_panels_zones_lie_on_the_last_third() -> None:
    for zone in (PANEL_ADDRESS, PANEL_POSTAGE, PANEL_BARCODE):
        assert zone.turned
        assert zone.y >= 7.333
        assert zone.y + zone.h <= HEIGHT - (0 if zone is PANEL_BARCODE else EDGE)
