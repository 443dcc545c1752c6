"""What the post charges: the [[postage]] section of prices.toml. US dollars and ounces.

Weights: USPS DMM 101 and 133 (a letter weighs at most 3.5 oz, a flat 13 oz; a fraction of an ounce is
charged as a whole one). First-Class Mail International is priced by country above one ounce and in large
envelopes (Notice 123): that is not in the file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from pathlib import Path
from typing import Final, Literal

from mailer.errors import MailerError
from mailer.planning.prices import POSTAGE, DatedEntry, Price, PriceList, Prices, load_prices

ZERO: Final = Decimal(0)

PricedShape = Literal["letter", "flat", "card"]
HEAVIEST: Final[dict[PricedShape, Decimal]] = {"letter": Decimal("3.5"), "flat": Decimal(13)}
_HEAVIER: Final[dict[PricedShape, str]] = {
    "letter": "It goes as a flat.",
    "flat": "It goes as a parcel, which this program does not price.",
}


class PostageEntry(DatedEntry):
    """Single-piece First-Class Mail from a day on."""

    letter_stamped: Price | None = None
    letter_metered: Price | None = None
    letter_extra_ounce: Price | None = None
    nonmachinable: Price | None = None
    letter_abroad: Price | None = None
    card: Price | None = None
    flat: Price | None = None
    flat_extra_ounce: Price | None = None
    certified: Price | None = None
    return_receipt: Price | None = None
    return_receipt_electronic: Price | None = None


def load_postage(root: Path, others: Iterable[str] = ()) -> Prices[PostageEntry]:
    """The post's prices of the mail folder `root`, else the shipped ones; `others` as in `load_prices`."""
    return load_prices(root, POSTAGE, PostageEntry, others=others)


@dataclass(frozen=True, slots=True)
class Tariff:
    """What holds on one day."""

    listed: PriceList[PostageEntry]

    def postage(self, shape: PricedShape, ounces: Decimal, *, metered: bool, abroad: bool = False) -> Decimal:
        """First-Class postage of one piece. A card and a flat cost the same by stamp and by meter, and so
        does a letter `abroad`, which is First-Class Mail International.

        Raises MailerError for a weight beyond the shape's limit (HEAVIEST), abroad for anything but a letter
        of an ounce, and where the file has no price for it.
        """
        if not ounces.is_finite() or ounces <= 0:
            raise ValueError(f"{ounces} is not a weight in ounces")
        if shape in HEAVIEST and ounces > HEAVIEST[shape]:
            raise MailerError(
                f"a {shape} weighs at most {HEAVIEST[shape]} oz; this one weighs {ounces} oz.",
                todo=_HEAVIER[shape],
            )
        more = ounces.to_integral_value(rounding=ROUND_CEILING) - 1
        if abroad:
            if shape != "letter" or more:
                raise MailerError(
                    f"a {shape} of {ounces} oz abroad is priced by its country: that is in no price file.",
                    todo="Ask at the post office, or look at Notice 123 on pe.usps.com.",
                )
            return self.listed.price("letter_abroad")
        match shape:
            case "card":
                return self.listed.price("card")
            case "letter":
                first, extra = f"letter_{'metered' if metered else 'stamped'}", "letter_extra_ounce"
            case "flat":
                first, extra = "flat", "flat_extra_ounce"
        return self.listed.price(first) + (more * self.listed.price(extra) if more else ZERO)

    def nonmachinable(self) -> Decimal:
        """What a letter costs on top that the post's machines do not take. Raises as `certified`."""
        return self.listed.price("nonmachinable")

    def certified(self, receipt: Literal["", "card", "electronic"] = "") -> Decimal:
        """What Certified Mail costs on top of the postage, with a return receipt or without.

        Raises MailerError where the file has no price for it.
        """
        fee = self.listed.price("certified")
        match receipt:
            case "":
                return fee
            case "card":
                return fee + self.listed.price("return_receipt")
            case "electronic":
                return fee + self.listed.price("return_receipt_electronic")
