"""The Intelligent Mail barcode: its digits, its 65 bars, and how they are drawn (USPS-B-3200, Rev. H).

Lengths in inches. The digits are barcode id 2, service type 3, Mailer ID 6 or 9 and serial 9 or 6 (the
tracking code, 20 digits), then the ZIP code's 0, 5, 9 or 11 digits (the routing code). 22 bars to the inch
and full bars of .145 in are the middle of what the specification allows (20 to 24; .125 to .165).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from mailer.errors import Refused

BARS: Final = 65
PITCH: Final = 1 / 22
BAR: Final = 0.02  # .015 to .025
FULL: Final = 0.145
TRACKER: Final = 0.048  # .039 to .057
CLEAR_SIDE: Final = 0.125
CLEAR_ABOVE: Final = 0.028
WIDTH: Final = (BARS - 1) * PITCH + BAR  # of the bars alone
HEIGHT: Final = FULL + 2 * CLEAR_ABOVE  # with the clear zones above and below

BARCODE_ID: Final = "00"  # no optional endorsement line is printed
JOBS: Final = {9: 10_000, 6: 100}  # serials by their digits: how many jobs before they begin again,
PLACES: Final = {9: 99_999, 6: 9_999}  # and how many pieces of a job have one

_INCH: Final = 72.0
_ROUTING: Final = re.compile(r"([0-9]{5}([0-9]{4}([0-9]{2})?)?)?")
_TRACKING: Final = re.compile(r"[0-9][0-4][0-9]{18}")
_ZIP: Final = re.compile(r"([0-9]{5})(?:-([0-9]{4}))?")


@dataclass(frozen=True, slots=True)
class Code:
    """The digits of one barcode. Raises ValueError for digits that the specification does not know."""

    tracking: str
    routing: str = ""

    def __post_init__(self) -> None:
        if not _TRACKING.fullmatch(self.tracking):
            raise ValueError(f"{self.tracking!r} is not 20 digits, of which the second is 0 to 4")
        if not _ROUTING.fullmatch(self.routing):
            raise ValueError(f"{self.routing!r} is not 0, 5, 9 or 11 digits")

    @property
    def bars(self) -> str:
        """The 65 bars from left to right: F(ull), A(scender), D(escender), T(racker)."""
        return _bars(self.tracking, self.routing)


def piece_code(mailer_id: str, service_type: str, *, job: int, place: int, zip_code: str) -> Code:
    """The barcode of piece `place` of the firm's `job`th job; `zip_code` is "95814" or "95814-1234".

    The serial is the job's number and the place: with a Mailer ID of 6 digits it is 4 and 5 digits, and
    is used again after 10,000 jobs; with one of 9 digits it is 2 and 4, and is used again after 100 jobs.
    The post asks for 45 days without a repetition. Raises Refused for a place beyond that.
    """
    digits = 15 - len(mailer_id)
    if place > PLACES[digits]:
        raise Refused(
            f"a Mailer ID of {len(mailer_id)} digits leaves serial numbers for {PLACES[digits]:,} pieces "
            "of a job.",
            where="mailer.toml, mailroom.mailer_id",
            todo="Ask the post for a Mailer ID of 6 digits, or leave mailer_id empty for this job.",
        )
    serial = f"{job % JOBS[digits]}".zfill(len(str(JOBS[digits] - 1)))
    serial += f"{place}".zfill(len(str(PLACES[digits])))
    found = _ZIP.fullmatch(zip_code)
    routing = found[1] + (found[2] or "") if found else ""
    return Code(f"{BARCODE_ID}{service_type}{mailer_id}{serial}", routing)


def draw_bars(canvas: Canvas, code: Code, x: float, middle: float) -> None:
    """Draw the bars on reportlab's page: the first bar's left edge at `x`, their middle line at `middle`."""
    path = canvas.beginPath()
    for number, bar in enumerate(code.bars):
        top = FULL / 2 if bar in "FA" else TRACKER / 2
        bottom = FULL / 2 if bar in "FD" else TRACKER / 2
        left = (x + number * PITCH) * _INCH
        path.rect(left, (middle - bottom) * _INCH, BAR * _INCH, (top + bottom) * _INCH)
    canvas.drawPath(path, stroke=0, fill=1)


@lru_cache(maxsize=4096)
def _bars(tracking: str, routing: str) -> str:
    from reportlab.graphics.barcode.usps4s import USPS_4State  # noqa: PLC0415 (imports every barcode)

    return str(USPS_4State(tracking + routing).barcodes)
