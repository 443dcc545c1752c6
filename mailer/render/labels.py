"""Address labels on the usual sheets. Lengths in inches on a US Letter sheet, type in points.

The measures are Avery's published ones for laser sheets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from mailer.errors import UsageProblem
from mailer.render.letterhead import Letterhead
from mailer.render.overlay import FACE, Block, draw_block, font_name, new_canvas
from mailer.render.zones import Zone

INSET: Final = 0.09  # in, from a label's edge: sheets wander in the printer
LARGEST: Final = 11.0


@dataclass(frozen=True, slots=True)
class LabelStock:
    """A sheet of labels: each `w` x `h`, the first at `left`, `top`, the next `pitch_x`, `pitch_y` on."""

    columns: int
    rows: int
    w: float
    h: float
    left: float
    top: float
    pitch_x: float
    pitch_y: float

    @property
    def count(self) -> int:
        return self.columns * self.rows


STOCKS: Final = {
    "avery-5160": LabelStock(3, 10, 2.625, 1.0, 0.1875, 0.5, 2.75, 1.0),
    "avery-5161": LabelStock(2, 10, 4.0, 1.0, 0.15625, 0.5, 4.1875, 1.0),
    "avery-5162": LabelStock(2, 7, 4.0, 1 + 1 / 3, 0.15625, 5 / 6, 4.1875, 1 + 1 / 3),
    "avery-5163": LabelStock(2, 5, 4.0, 2.0, 0.15625, 0.5, 4.1875, 2.0),
    "avery-5164": LabelStock(2, 3, 4.0, 3 + 1 / 3, 0.15625, 0.5, 4.1875, 3 + 1 / 3),
}


def label_stock(name: str) -> LabelStock:
    """The stock called `name`. Raises UsageProblem naming those there are."""
    try:
        return STOCKS[name]
    except KeyError:
        raise UsageProblem(
            f"{name!r} is not a label stock.", where="labels", todo=f"There are {', '.join(STOCKS)}."
        ) from None


def label_sheets(
    addresses: Sequence[Sequence[str]],
    letterhead: Letterhead,
    *,
    stock: str = "avery-5160",
    start_at: int = 1,
) -> bytes:
    """The addresses on label sheets, along the rows; the first on label `start_at` of the first sheet.

    Raises UsageProblem, AddressTooLong, FontProblem.
    """
    kind = label_stock(stock)
    if not 1 <= start_at <= kind.count:
        raise UsageProblem(
            f"a sheet of {stock} has labels 1 to {kind.count}; {start_at} is not one.", where="labels"
        )
    target = BytesIO()
    canvas = new_canvas(target, font_name(letterhead, FACE))
    for number, lines in enumerate(addresses, start_at - 1):
        place = number % kind.count
        if place == 0 and number > start_at - 1:
            canvas.showPage()
        row, column = divmod(place, kind.columns)
        zone = Zone(
            f"label {place + 1}",
            kind.left + column * kind.pitch_x + INSET,
            kind.top + row * kind.pitch_y + INSET / 2,
            kind.w - 2 * INSET,
            kind.h - INSET,
            stock,
        )
        draw_block(canvas, Block(tuple(lines), zone, largest=LARGEST), letterhead)
    canvas.showPage()
    canvas.save()
    return target.getvalue()
