"""What Lob charges: its section of prices.toml. Lob publishes no price that holds for everyone.

Up to 6 sheets go in a #10 envelope, more in a flat one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from mailer.mailservice.lob.settings import NAME, LobSettings
from mailer.mailservice.service import Consignment
from mailer.pages.sheetcount import sheets
from mailer.planning.prices import POSTAGE, DatedEntry, Price, PriceList, Prices, load_prices

LETTER_SHEETS: Final = 6  # more sheets than these are mailed flat


class LobEntry(DatedEntry):
    """Lob's letters from a day on: printing, envelope and first-class postage."""

    example: bool = False
    letter_black: Price | None = None
    letter_color: Price | None = None
    extra_page_black: Price | None = None
    extra_page_color: Price | None = None
    address_page: Price | None = None
    flat: Price | None = None
    abroad: Price | None = None
    certified: Price | None = None
    return_receipt: Price | None = None


def load_lob_prices(root: Path, others: Iterable[str] = ()) -> Prices[LobEntry]:
    """Lob's prices of the mail folder `root`, else the shipped ones. `others`: other services' sections."""
    return load_prices(root, NAME, LobEntry, others=(POSTAGE, *others))


def letter_price(
    listed: PriceList[LobEntry],
    *,
    pages: int,
    sheets: int,
    color: bool,
    abroad: bool = False,
    certified: bool = False,
    return_receipt: bool = False,
    address_page: bool = False,
) -> Decimal:
    """What Lob charges for one letter: `pages` printed sides on `sheets` of paper.

    An inserted address page is in neither count; its sheet counts towards the envelope.
    `return_receipt` includes `certified`. Raises MailerError where the file has no price for it.
    """
    if pages < 1 or not 1 <= sheets <= pages:
        raise ValueError(f"{pages} pages cannot lie on {sheets} sheets")
    ink = "color" if color else "black"
    cost = listed.price(f"letter_{ink}")
    if pages > 1:
        cost += (pages - 1) * listed.price(f"extra_page_{ink}")
    if address_page:
        cost += listed.price("address_page")
    if sheets + address_page > LETTER_SHEETS:
        cost += listed.price("flat")
    if abroad:
        cost += listed.price("abroad")
    if certified or return_receipt:
        cost += listed.price("certified")
    if return_receipt:
        cost += listed.price("return_receipt")
    return cost


def remarks(listed: PriceList[LobEntry]) -> tuple[str, ...]:
    """What a forecast by these prices must say with its sum; nothing where they are the contract's."""
    if not listed.entry.example:
        return ()
    what = f"The prices are examples, not Lob's: put your contract's into {listed.file}"
    return (f"{what}, then set example = false there.",)


@dataclass(frozen=True, slots=True)
class LobTerms:
    """Lob's terms on one day. A list that is missing is an error once a price is asked for."""

    settings: LobSettings
    prices: Prices[LobEntry]
    day: date

    @property
    def color(self) -> bool:
        return self.settings.color

    @property
    def double_sided(self) -> bool:
        return self.settings.double_sided

    @property
    def monthly_cap(self) -> Decimal | None:
        return self.settings.monthly_cap

    def cost(self, piece: Consignment) -> Decimal:
        return letter_price(
            self.prices.on(self.day),
            pages=piece.pages,
            sheets=sheets(piece.pages) if piece.double_sided else piece.pages,
            color=piece.color,
            # Certified mail abroad is refused by Lob's limits, so no price is asked for it.
            abroad=piece.to.country.upper() != "US" and not piece.certified,
            certified=piece.certified,
            address_page=piece.insert_address_page,
        )

    def remarks(self) -> tuple[str, ...]:
        return remarks(self.prices.on(self.day)) if self.prices.known_on(self.day) else ()
