"""The Intelligent Mail barcode against the vectors and measures of USPS-B-3200, Rev. H."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from mailer.errors import Refused
from mailer.pages.barcode import BARCODE_ID, Code, draw_bars, piece_code
from mailer.pages.canvas import FACE, INCH, font_name, new_canvas
from mailer.pages.ink import image_of, opened
from mailer.pages.letterhead import Letterhead

TRACKING = "01234567094987654321"
DPI = 1200


@pytest.mark.parametrize(
    ("routing", "bars"),
    [
        ("", "ATTFATTDTTADTAATTDTDTATTDAFDDFADFDFTFFFFFTATFAAAATDFFTDAADFTFDTDT"),
        ("01234", "DTTAFADDTTFTDTFTFDTDDADADAFADFATDDFTAAAFDTTADFAAATDFDTDFADDDTDFFT"),
        ("012345678", "ADFTTAFDTTTTFATTADTAAATFTFTATDAAAFDDADATATDTDTTDFDTDATADADTDFFTFA"),
        ("01234567891", "AADTFFDFTDADTAADAATFDTDDAAADDTDTTDAFADADDDTFFFDDTTTADFAAADFTDAADA"),
    ],
)
def test_the_published_vectors(routing: str, bars: str) -> None:
    assert Code(TRACKING, routing).bars == bars


@pytest.mark.parametrize(
    ("tracking", "routing"),
    [
        *((f"0{digit}{TRACKING[2:]}", "") for digit in "56789"),  # reportlab itself takes these
        (TRACKING[:-1], ""),
        (f"{TRACKING}0", ""),
        ("0123456709498765432x", ""),
        ("٠" * 20, ""),
        (TRACKING, "0123"),
        (TRACKING, "0123456789"),
        (TRACKING, "01234-5678"),
    ],
)
def test_what_the_specification_does_not_know(tracking: str, routing: str) -> None:
    with pytest.raises(ValueError, match="digits"):
        Code(tracking, routing)


def test_the_digits_of_a_piece() -> None:
    """Barcode id, service type, Mailer ID, serial: job 3's piece 12."""
    six = piece_code("123456", "700", job=3, place=12, zip_code="95814-1234")
    assert six == Code("00700123456000300012", "958141234")
    nine = piece_code("912345678", "040", job=3, place=12, zip_code="95814")
    assert nine == Code("00040912345678030012", "95814")
    assert piece_code("123456", "700", job=1, place=1, zip_code="").routing == ""


@given(
    st.sampled_from([("123456", 10_000, 99_999), ("912345678", 100, 9_999)]),
    st.data(),
)
def test_no_two_pieces_share_a_serial(case: tuple[str, int, int], data: st.DataObject) -> None:
    """DMM 708.4.3: unique for 45 days, so within as many jobs as the serial's digits can count."""
    mailer_id, jobs, places = case
    some = st.tuples(st.integers(1, jobs), st.integers(1, places))
    pieces = data.draw(st.lists(some, min_size=2, max_size=20, unique=True))
    codes = {piece_code(mailer_id, "700", job=job, place=place, zip_code="") for job, place in pieces}
    assert len(codes) == len(pieces)
    assert all(len(code.tracking) == 20 and code.tracking.startswith(BARCODE_ID) for code in codes)


def test_the_serials_begin_again() -> None:
    def serial(mailer_id: str, job: int) -> str:
        return piece_code(mailer_id, "700", job=job, place=1, zip_code="").tracking

    assert serial("123456", 1) == serial("123456", 10_001)
    assert serial("912345678", 1) == serial("912345678", 101)


@pytest.mark.parametrize(("mailer_id", "most"), [("123456", 99_999), ("912345678", 9_999)])
def test_a_job_with_more_pieces_than_serials(mailer_id: str, most: int) -> None:
    piece_code(mailer_id, "700", job=1, place=most, zip_code="")
    with pytest.raises(Refused, match=f"leaves serial numbers for {most:,} pieces"):
        piece_code(mailer_id, "700", job=1, place=most + 1, zip_code="")


@pytest.fixture(scope="module")
def drawn(letterhead: Letterhead) -> Image.Image:
    """The fourth vector, its first bar at 0.5 in from the left, its middle 0.5 in from the bottom."""
    target = BytesIO()
    canvas = new_canvas(target, font_name(letterhead, FACE), size=(4.0, 1.0))
    draw_bars(canvas, Code(TRACKING, "01234567891"), 0.5, 0.5)
    canvas.showPage()
    canvas.save()
    with opened(target.getvalue()) as document:
        return image_of(document, 1, dpi=DPI).point(lambda level: 255 if level < 128 else 0)


def bars(image: Image.Image) -> list[tuple[int, int, int, int]]:
    """The box of each bar in pixels: left, top, right, bottom."""
    strips = (image.crop((x, 0, x + 1, image.height)) for x in range(image.width))
    columns = [strip.getbbox() is not None for strip in strips]
    found, start = [], None
    for x, dark in enumerate((*columns, False)):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            box = image.crop((start, 0, x, image.height)).getbbox()
            assert box
            found.append((start, box[1], x, box[3]))
            start = None
    return found


def test_the_measures_of_the_drawn_bars(drawn: Image.Image) -> None:
    """2.3: 20 to 24 bars an inch, bars .015 to .025 wide, full .125 to .165, tracker .039 to .057 high."""
    found = bars(drawn)
    assert len(found) == 65
    across = (found[-1][0] - found[0][0]) / DPI
    assert 20 <= 64 / across <= 24
    assert all(0.015 <= (right - left) / DPI <= 0.025 for left, _, right, _ in found)
    heights = [(bottom - top) / DPI for _, top, _, bottom in found]
    published = "AADTFFDFTDADTAADAATFDTDDAAADDTDTTDAFADADDDTFFFDDTTTADFAAADFTDAADA"
    for bar, height in zip(published, heights, strict=True):
        low, high = {"F": (0.125, 0.165), "T": (0.039, 0.057)}.get(bar, (0.082, 0.111))
        assert low <= height <= high, bar
    assert 2.667 <= (found[-1][2] - found[0][0]) / DPI <= 3.225


def test_the_drawn_bars_are_those_of_the_vector(drawn: Image.Image) -> None:
    middle = drawn.height / 2
    quarter = 0.04 * DPI
    seen = ""
    for _, top, _, bottom in bars(drawn):
        up, down = middle - top > quarter, bottom - middle > quarter
        seen += {(True, True): "F", (True, False): "A", (False, True): "D", (False, False): "T"}[up, down]
    assert seen == "AADTFFDFTDADTAADAATFDTDDAAADDTDTTDAFADADDDTFFFDDTTTADFAAADFTDAADA"


def test_the_bars_stand_where_they_were_told(drawn: Image.Image) -> None:
    box = drawn.getbbox()
    assert box
    assert box[0] / INCH == pytest.approx(0.5 * DPI / INCH, abs=0.05)
