"""Where on a page ink must not stand: rectangles in inches from the page's top-left corner.

Pages are US Letter, 8.5 x 11 in. Sources: Lob's published letter template and OpenAPI 1.22.0;
USPS DMM 202 and Publication 25 for address block and barcode; the rest is our own layout.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

WIDTH: Final = 8.5
HEIGHT: Final = 11.0
EDGE: Final = 1 / 16  # no printer holds ink nearer to the paper's edge; Lob refuses it


@dataclass(frozen=True, slots=True)
class Zone:
    """A rectangle: left and top edge, width and height, and why it matters."""

    name: str
    x: float
    y: float
    w: float
    h: float
    why: str

    def contains(self, other: Zone) -> bool:
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.x + other.w <= self.x + self.w
            and other.y + other.h <= self.y + self.h
        )


LOB_WHITE = Zone("Lob's white box", 0.6, 0.84, 3.15, 2.0, "Lob prints the recipient over it in white")
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

PANEL = Zone("mailing panel", 0.0, 7.335, 8.5, 3.665, "the outside of the folded newsletter")
PANEL_ADDRESS = Zone(
    "panel address", 4.0, 8.95, 4.0, 1.15, "the recipient; USPS reads 5/8 to 2 3/4 in from the bottom edge"
)
PANEL_POSTAGE = Zone("postage", 6.95, 7.5, 1.3, 1.1, "stamp, meter or permit")
PANEL_BARCODE = Zone(
    "barcode clear zone", 3.75, 10.375, 4.75, 0.625, "the post prints its barcode here (DMM 202)"
)

LETTER_FIRST: Final = (ADDRESSES, SHEET_MARK)
LETTER_NEXT: Final = (SHEET_MARK,)
NEWSLETTER_PAGE: Final = (SHEET_MARK,)
NEWSLETTER_LAST: Final = (SHEET_MARK, PANEL_ADDRESS, PANEL_POSTAGE, PANEL_BARCODE)
