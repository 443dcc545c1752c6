"""What the print shop charges: its section of prices.toml, by your agreement with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from mailer.mailservice.hotfolder.settings import NAME, HotFolderSettings
from mailer.mailservice.service import Consignment
from mailer.pages.sheetcount import sheets
from mailer.planning.mailfolder import MailFolder
from mailer.planning.prices import POSTAGE, DatedEntry, Price, Prices, load_prices
from mailer.settings import PrintStock


class ShopEntry(DatedEntry):
    """From a day on: printing, folding, envelope and first-class postage of a piece of one sheet, and what
    comes on top of it: for a `flat` the post asks more than for a letter.
    """

    example: bool = False
    piece: Price | None = None
    piece_color: Price | None = None
    extra_sheet: Price | None = None
    flat: Price | None = None
    abroad: Price | None = None
    certified: Price | None = None


@dataclass(frozen=True, slots=True)
class ShopTerms:
    """The shop's terms on one day. A price that is missing is an error once it is asked for."""

    settings: HotFolderSettings
    prices: Prices[ShopEntry]
    day: date
    bound: PrintStock = PrintStock.LOOSE

    @property
    def color(self) -> bool:
        return self.settings.color

    @property
    def double_sided(self) -> bool:
        return True

    @property
    def monthly_cap(self) -> Decimal | None:
        return self.settings.monthly_cap

    def cost(self, piece: Consignment) -> Decimal:
        listed, more = self.prices.on(self.day), sheets(piece.pages) - 1
        cost = listed.price("piece_color" if piece.color else "piece")
        if more:
            cost += more * listed.price("extra_sheet")
        if self.bound is PrintStock.BOOKLET and not piece.notice:
            cost += listed.price("flat")
        if piece.to.country.upper() != "US":
            cost += listed.price("abroad")
        if piece.certified:
            cost += listed.price("certified")
        return cost

    def remarks(self) -> tuple[str, ...]:
        if not self.prices.known_on(self.day) or not self.prices.on(self.day).entry.example:
            return ()
        what = f"The prices are examples, not the print shop's: put yours into {self.prices.file}"
        return (f"{what}, then set example = false there.",)


def terms(mail: MailFolder, day: date) -> ShopTerms:
    """How the shop prints for this folder, and what it costs."""
    prices = load_prices(mail.root, NAME, ShopEntry, others=(POSTAGE, *mail.settings.services))
    settings = mail.settings.table(NAME, HotFolderSettings)
    return ShopTerms(settings, prices, day, mail.settings.newsletter.sheets)
