"""Where on a page ink must not stand: rectangles in inches from the page's top-left corner.

Pages are US Letter, 8.5 x 11 in; a #10 envelope is 9.5 x 4.125 in, seen with its flap at the top.
Sources: Lob's published letter template and OpenAPI 1.22.0; USPS DMM 202 and Publication 25 for address
block and barcode; the rest is our own layout.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

WIDTH: Final = 8.5
HEIGHT: Final = 11.0
EDGE: Final = 1 / 16  # no printer holds ink nearer to the paper's edge; Lob refuses it


@dataclass(frozen=True, slots=True)
class Zone:
    """A rectangle: left and top edge, width and height, and why it matters.

    What is printed in a `turned` zone stands upside down on the page.
    """

    name: str
    x: float
    y: float
    w: float
    h: float
    why: str
    turned: bool = False


SERVICE_WHITE = Zone(
    "the mail service's white box", 0.6, 0.84, 3.15, 2.0, "it prints the recipient over it in white"
)
RETURN_WINDOW = Zone(
    "return-address window", 0.625, 0.5, 3.25, 0.875, "shows through the double-window envelope"
)
RECIPIENT_WINDOW = Zone("address window", 0.625, 1.7, 4.0, 1.0, "shows through the window envelope")
ADDRESSES = Zone(
    "address area",
    0.5,
    0.45,
    4.25,
    2.45,
    "the envelope's windows and the mail service's address box lie here",
)
SHEET_MARK = Zone("sheet mark", 0.3, 10.45, 2.1, 0.4, "each sheet's number and code are printed here")

# The newsletter folded in three, its last page outside: the panel is that page's last third, and stands
# upside down on it, so that held upright it has the last fold at its bottom and the open edges at its top
# (DMM 201.3.14). Its zones are written as the mail piece is seen.
PANEL = Zone("mailing panel", 0.0, 7.335, 8.5, 3.665, "the outside of the folded newsletter")


def _on_panel(name: str, x: float, y: float, w: float, h: float, why: str) -> Zone:
    """A zone of the panel by its place on the mail piece, from the piece's top-left corner."""
    return Zone(name, PANEL.w - x - w, PANEL.y + PANEL.h - y - h, w, h, why, turned=True)


PANEL_ADDRESS = _on_panel(
    "panel address", 4.0, 1.615, 4.0, 1.15, "the recipient; USPS reads 5/8 to 2 3/4 in from the bottom edge"
)
PANEL_POSTAGE = _on_panel("postage", 6.95, 0.25, 1.3, 1.1, "stamp, meter or permit")
PANEL_BARCODE = _on_panel(
    "barcode clear zone", 3.75, 3.04, 4.75, 0.625, "the post prints its barcode here (DMM 202)"
)

LETTER_FIRST: Final = (ADDRESSES, SHEET_MARK)
LETTER_NEXT: Final = (SHEET_MARK,)
NEWSLETTER_PAGE: Final = (SHEET_MARK,)
NEWSLETTER_LAST: Final = (SHEET_MARK, PANEL_ADDRESS, PANEL_POSTAGE, PANEL_BARCODE)

ENVELOPE: Final = (9.5, 4.125)
ENVELOPE_SENDER = Zone("return address", 0.375, 0.3, 4.0, 1.15, "the firm, and its endorsement below")
ENVELOPE_POSTAGE = Zone("postage", 7.85, 0.25, 1.35, 1.05, "stamp, meter or permit")
ENVELOPE_ADDRESS = Zone("envelope address", 4.0, 1.75, 4.5, 1.5, "the recipient")
ENVELOPE_NUMBER = Zone(
    "envelope number", 0.375, 3.7, 3.0, 0.2, "the job's number, where the post neither reads nor prints"
)
