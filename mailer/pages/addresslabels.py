"""Address labels on the usual sheets. Lengths in inches on a US Letter sheet, type in points.

The measures are Avery's published ones for laser and ink-jet sheets; which stocks are alike is from the
label tables of the gLabels project (templates/avery-us-templates.xml). Stocks on A4 paper (L7160 and the
like) are not among them: every page here is US Letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Final

from mailer.errors import UsageProblem
from mailer.pages.barcode import Code
from mailer.pages.canvas import FACE, INCH, font_name, new_canvas
from mailer.pages.drawnaddress import Block, common_size, draw_block
from mailer.pages.letterhead import Letterhead
from mailer.pages.windowzones import HEIGHT, Zone
from mailer.spool import Spool

INSET: Final = 0.09  # in, from a label's edge: sheets wander in the printer
LARGEST: Final = 11.0
NUMBER: Final = 0.1  # in, of a label's height above the address: the piece's number
NUMBER_SIZE: Final = 6.5


@dataclass(frozen=True, slots=True)
class Label:
    """One label: the address, the piece's number in its top right corner, the barcode if there is room."""

    lines: tuple[str, ...]
    number: str = ""
    code: Code | None = None


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
    "avery-5159": LabelStock(2, 7, 4.0, 1.5, 0.15625, 0.25, 4.1875, 1.5),
    "avery-5160": LabelStock(3, 10, 2.625, 1.0, 0.1875, 0.5, 2.75, 1.0),
    "avery-5161": LabelStock(2, 10, 4.0, 1.0, 0.15625, 0.5, 4.1875, 1.0),
    "avery-5162": LabelStock(2, 7, 4.0, 1 + 1 / 3, 0.15625, 5 / 6, 4.1875, 1 + 1 / 3),
    "avery-5163": LabelStock(2, 5, 4.0, 2.0, 0.15625, 0.5, 4.1875, 2.0),
    "avery-5164": LabelStock(2, 3, 4.0, 3 + 1 / 3, 0.15625, 0.5, 4.1875, 3 + 1 / 3),
}

ALIKE: Final = {
    "avery-5260": "avery-5160", "avery-5960": "avery-5160", "avery-8160": "avery-5160",
    "avery-8460": "avery-5160", "avery-5261": "avery-5161", "avery-5961": "avery-5161",
    "avery-8161": "avery-5161", "avery-8461": "avery-5161", "avery-5262": "avery-5162",
    "avery-5962": "avery-5162", "avery-8162": "avery-5162", "avery-8462": "avery-5162",
    "avery-5263": "avery-5163", "avery-5963": "avery-5163", "avery-8163": "avery-5163",
    "avery-8463": "avery-5163", "avery-5264": "avery-5164", "avery-8164": "avery-5164",
    "avery-8464": "avery-5164",
}  # fmt: skip


def label_stock(name: str) -> LabelStock:
    """The stock called `name`. Raises UsageProblem naming those there are."""
    try:
        return STOCKS[ALIKE.get(name, name)]
    except KeyError:
        known = ", ".join(sorted((*STOCKS, *ALIKE)))
        raise UsageProblem(
            f"{name!r} is not a label stock.", where="labels", todo=f"There are {known}."
        ) from None


def label_sheets(
    labels: Sequence[Label] | Spool[Label],
    letterhead: Letterhead,
    *,
    stock: str = "avery-5160",
    start_at: int = 1,
) -> bytes:
    """The labels on sheets, along the rows, all in one type size; the first on label `start_at` of the first
    sheet.

    Raises UsageProblem, AddressTooLong, FontProblem.
    """
    kind = label_stock(stock)
    if not 1 <= start_at <= kind.count:
        raise UsageProblem(
            f"a sheet of {stock} has labels 1 to {kind.count}; {start_at} is not one.", where="labels"
        )
    target = BytesIO()
    font = font_name(letterhead, FACE)
    canvas = new_canvas(target, font)
    size = common_size((label_block(label, kind) for label in labels if label.lines), letterhead)
    for number, label in enumerate(labels, start_at - 1):
        place = number % kind.count
        if place == 0 and number > start_at - 1:
            canvas.showPage()
        row, column = divmod(place, kind.columns)
        left, top = kind.left + column * kind.pitch_x, kind.top + row * kind.pitch_y
        if label.number:
            canvas.setFont(font, NUMBER_SIZE)
            edge, foot = left + kind.w - INSET - 0.04, HEIGHT - top - INSET / 2
            canvas.drawRightString(edge * INCH, foot * INCH - NUMBER_SIZE * 0.7, label.number)
        draw_block(canvas, replace(label_block(label, kind, left, top), size=size), letterhead)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def label_block(label: Label, kind: LabelStock, left: float = 0, top: float = 0) -> Block:
    """The address on a label whose corner lies there on its sheet."""
    above = NUMBER if label.number else INSET / 2
    below = 0.0 if label.number else INSET / 2  # the block keeps its padding from the edge all the same
    zone = Zone(
        "label", left + INSET, top + above, kind.w - 2 * INSET, kind.h - above - below, "what a label holds"
    )
    return Block(label.lines, zone, largest=LARGEST, code=label.code)
