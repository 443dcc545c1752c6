from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mailer.errors import UsageProblem
from mailer.render.ink import ink_in
from mailer.render.labels import STOCKS, label_sheets
from mailer.render.letterhead import Letterhead
from mailer.render.overlay import FACE, AddressTooLong, Block, Mark, OverlayPage, draw, fit, font_name
from mailer.render.previews import page_images
from mailer.render.typeface import FontProblem, check_fonts
from mailer.render.zones import RECIPIENT_WINDOW, Zone

Read = Callable[[bytes | Path, int], str]
STREET = ("2270 Fair Oaks Boulevard, Suite 12", "Sacramento CA 95825-4471")


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


def test_an_overlay_page(letterhead: Letterhead, page_text: Read) -> None:
    pages = [
        OverlayPage((Block(("Žofie Ñuñez", *STREET), RECIPIENT_WINDOW),), Mark(12, 52, 1, 2)),
        OverlayPage(),
    ]
    pdf = draw(pages, letterhead)
    assert pdf == draw(pages, letterhead)
    assert page_text(pdf, 1) == (
        "Žofie Ñuñez 2270 Fair Oaks Boulevard, Suite 12 Sacramento CA 95825-4471 0012/0052 1of2"
    )
    assert page_text(pdf, 2) == ""
    assert check_fonts(pdf, letterhead.typefaces) == ()
    with pytest.raises(FontProblem, match="U\\+6F22"):
        draw([OverlayPage((Block(("漢",), RECIPIENT_WINDOW),))], letterhead)


def test_labels(letterhead: Letterhead, page_text: Read, tmp_path: Path) -> None:
    addresses = [(f"Client {number}", *STREET) for number in range(1, 33)]
    pdf = label_sheets(addresses, letterhead, start_at=4)
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
        label_sheets(addresses, letterhead, stock="avery-1")
    with pytest.raises(UsageProblem, match="has labels 1 to 30; 31 is not one"):
        label_sheets(addresses, letterhead, start_at=31)


def test_label_sheets_fit_their_paper() -> None:
    for stock in STOCKS.values():
        assert stock.left + (stock.columns - 1) * stock.pitch_x + stock.w <= 8.5
        assert stock.top + (stock.rows - 1) * stock.pitch_y + stock.h <= 11
        assert stock.w <= stock.pitch_x
        assert stock.h <= stock.pitch_y
