from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest

from mailer.errors import UsageProblem
from mailer.pages.addresslabels import ALIKE, STOCKS, Label, label_block, label_sheets, label_stock
from mailer.pages.barcode import piece_code
from mailer.pages.drawnaddress import carries_code
from mailer.pages.letterhead import Letterhead
from mailer.pages.previews import page_images
from mailer.pages.typeface import check_fonts
from mailer.pages.windowzones import Zone
from tests.support.ink import ink_in

Read = Callable[[bytes | Path, int], str]
STREET = ("2270 Fair Oaks Boulevard, Suite 12", "Sacramento CA 95825-4471")
CODE = piece_code("123456", "700", job=3, place=12, zip_code="95825-4471")


def test_labels(letterhead: Letterhead, page_text: Read, tmp_path: Path) -> None:
    labels = [Label((f"Client {number}", *STREET)) for number in range(1, 33)]
    pdf = label_sheets(labels, letterhead, start_at=4)
    assert page_text(pdf, 1).startswith("Client 1 2270 Fair Oaks")
    assert page_text(pdf, 2).startswith("Client 28 2270")
    assert ink_in(pdf, 1, Zone("the first row", 0, 0, 8.5, 1.5, "")) is None
    assert ink_in(pdf, 1, Zone("label 4", 0.1875, 1.5, 2.625, 1, ""))
    for gap in (2.8125, 5.5625):
        assert ink_in(pdf, 1, Zone("between the columns", gap, 0, 0.125, 11, "")) is None
    assert check_fonts(pdf, letterhead.typefaces) == ()
    assert [path.name for path in page_images(pdf, tmp_path / "pages", stem="labels", dpi=40)] == [
        "labels-1.png",
        "labels-2.png",
    ]
    with pytest.raises(UsageProblem, match="'avery-1' is not a label stock"):
        label_sheets(labels, letterhead, stock="avery-1")
    with pytest.raises(UsageProblem, match="has labels 1 to 30; 31 is not one"):
        label_sheets(labels, letterhead, start_at=31)


def test_label_sheets_fit_their_paper() -> None:
    for stock in STOCKS.values():
        assert stock.left + (stock.columns - 1) * stock.pitch_x + stock.w <= 8.5
        assert stock.top + (stock.rows - 1) * stock.pitch_y + stock.h <= 11
        assert stock.w <= stock.pitch_x
        assert stock.h <= stock.pitch_y


@pytest.mark.parametrize(
    ("name", "count", "width", "height"),
    [
        ("avery-5159", 14, 4, 1.5),
        ("avery-5160", 30, 2.625, 1),
        ("avery-8160", 30, 2.625, 1),
        ("avery-5260", 30, 2.625, 1),
        ("avery-8161", 20, 4, 1),
        ("avery-8162", 14, 4, 1.3333),
        ("avery-8163", 10, 4, 2),
        ("avery-8164", 6, 4, 3.3333),
    ],
)
def test_the_size_on_the_box(name: str, count: int, width: float, height: float) -> None:
    stock = label_stock(name)
    assert (stock.count, stock.w) == (count, width)
    assert stock.h == pytest.approx(height, abs=1e-4)


def test_each_like_stock_is_like_one_that_is_there() -> None:
    assert set(ALIKE.values()) <= set(STOCKS)
    assert not set(ALIKE) & set(STOCKS)


def test_the_number_is_in_the_top_right_corner(letterhead: Letterhead, page_text: Read) -> None:
    """Above the address, so that it is no line of it."""
    pdf = label_sheets([Label(("Client 1", *STREET), "0012/0052")], letterhead)
    assert "0012/0052" in page_text(pdf, 1)
    assert ink_in(pdf, 1, Zone("top right", 2.2, 0.5, 0.61, 0.17, ""))
    assert ink_in(pdf, 1, Zone("beside the address", 2.56, 0.7, 0.25, 0.8, "")) is None
    assert ink_in(pdf, 1, Zone("label's edges", 0, 0, 8.5, 0.54, "")) is None


def test_the_number_costs_no_line(letterhead: Letterhead, page_text: Read) -> None:
    """Six lines of 8 pt fill a label of 1 in, with the number or without."""
    six = ("River City Association", "Attn: A", "Care of B", "Building C", *STREET)
    for label in (Label(six), Label(six, "0012/0052")):
        pdf = label_sheets([label], letterhead)
        assert " ".join(six) in page_text(pdf, 1)
        assert ink_in(pdf, 1, Zone("above the label", 0, 0, 8.5, 0.53, "")) is None
        assert ink_in(pdf, 1, Zone("the next label", 0, 1.48, 8.5, 1, "")) is None


def test_a_barcode_where_a_label_has_room(letterhead: Letterhead) -> None:
    """65 bars and 1/8 in at their sides need 3.2 in: a 4 in label, but not a 2 5/8 in one."""
    label = Label(("Birch", "Attn: A", *STREET), "0012/0052", CODE)
    assert carries_code(label_block(label, label_stock("avery-5162")), letterhead)
    assert not carries_code(label_block(label, label_stock("avery-5160")), letterhead)


def test_all_labels_of_a_sheet_have_one_type_size(letterhead: Letterhead) -> None:
    """The longest is broken into more lines, and decides the size of all."""
    long = "River City Association of Independent Landscape Contractors and Irrigation Designers"
    labels = [Label(("Ash Street Bakery", *STREET), "0001/0002"), Label((long, *STREET), "0002/0002")]
    page = pypdfium2.PdfDocument(label_sheets(labels, letterhead))[0]
    sizes = {round(one.get_font_size(), 2) for one in page.get_objects([pypdfium2.raw.FPDF_PAGEOBJ_TEXT])}
    address = {size for size in sizes if size >= 8}
    assert len(address) == 1
    alone = pypdfium2.PdfDocument(label_sheets(labels[:1], letterhead))[0]
    largest = max(one.get_font_size() for one in alone.get_objects([pypdfium2.raw.FPDF_PAGEOBJ_TEXT]))
    assert address.pop() < largest
