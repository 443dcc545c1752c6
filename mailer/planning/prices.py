"""`prices.toml`: what the post and Lob charge, as dated data that the user can replace.

Amounts are US dollars, weights are ounces. An entry holds from its day (inclusive) until the next of its
kind begins. The mail folder's own file is read, else the shipped one. A price that is missing is an error
once it is needed, never a guess.

Weights: USPS DMM 101 and 133 (a letter weighs at most 3.5 oz, a flat 13 oz; a fraction of an ounce is
charged as a whole one). First-Class Mail International is priced by country above one ounce and in large
envelopes (Notice 123): that is not in the file. Lob: up to 6 sheets go in a #10 envelope, more in a flat one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from pathlib import Path
from typing import Annotated, Final, Literal, TypeVar

from pydantic import BeforeValidator, Field, field_validator

from mailer import shipped
from mailer.errors import MailerError
from mailer.tomlfile import Day, Table, read

FILE: Final = "prices.toml"
LETTER_SHEETS: Final = 6  # Lob: more sheets than these are mailed flat
ZERO: Final = Decimal(0)

Shape = Literal["letter", "flat", "card"]
HEAVIEST: Final[dict[Shape, Decimal]] = {"letter": Decimal("3.5"), "flat": Decimal(13)}
_HEAVIER: Final[dict[Shape, str]] = {
    "letter": "It goes as a flat.",
    "flat": "It goes as a parcel, which this program does not price.",
}


def _number(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("true and false are no prices")  # noqa: TRY004 (pydantic lets a TypeError through)
    return value


Price = Annotated[Decimal, Field(ge=0, le=1000, decimal_places=4), BeforeValidator(_number)]


class PostageEntry(Table):
    """Single-piece First-Class Mail from a day on."""

    since: Day = Field(alias="from")
    letter_stamped: Price | None = None
    letter_metered: Price | None = None
    letter_extra_ounce: Price | None = None
    letter_abroad: Price | None = None
    card: Price | None = None
    flat: Price | None = None
    flat_extra_ounce: Price | None = None
    certified: Price | None = None
    return_receipt: Price | None = None
    return_receipt_electronic: Price | None = None


class LobEntry(Table):
    """Lob's letters from a day on: printing, envelope and first-class postage."""

    since: Day = Field(alias="from")
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


Entry = TypeVar("Entry", PostageEntry, LobEntry)


class PriceFile(Table):
    """All of prices.toml."""

    postage: tuple[PostageEntry, ...] = ()
    lob: tuple[LobEntry, ...] = ()

    @field_validator("postage", "lob")
    @classmethod
    def _in_order(cls, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        days = [entry.since for entry in entries]
        if days != sorted(set(days)):
            raise ValueError("entries must be in the order of their 'from' days, each day once")
        return entries


@dataclass(frozen=True, slots=True)
class PriceList:
    """What holds on one day. `file` is how messages name the file."""

    day: date
    file: str
    posted: PostageEntry
    by_lob: LobEntry | None

    def postage(self, shape: Shape, ounces: Decimal, *, metered: bool, abroad: bool = False) -> Decimal:
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
            return self._posted("letter_abroad")
        match shape:
            case "card":
                return self._posted("card")
            case "letter":
                first, extra = f"letter_{'metered' if metered else 'stamped'}", "letter_extra_ounce"
            case "flat":
                first, extra = "flat", "flat_extra_ounce"
        return self._posted(first) + (more * self._posted(extra) if more else ZERO)

    def certified(self, receipt: Literal["", "card", "electronic"] = "") -> Decimal:
        """What Certified Mail costs on top of the postage, with a return receipt or without.

        Raises MailerError where the file has no price for it.
        """
        match receipt:
            case "":
                return self._posted("certified")
            case "card":
                return self._posted("certified") + self._posted("return_receipt")
            case "electronic":
                return self._posted("certified") + self._posted("return_receipt_electronic")

    def lob(
        self,
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
        cost = self._by_lob(f"letter_{ink}")
        if pages > 1:
            cost += (pages - 1) * self._by_lob(f"extra_page_{ink}")
        if address_page:
            cost += self._by_lob("address_page")
        if sheets + address_page > LETTER_SHEETS:
            cost += self._by_lob("flat")
        if abroad:
            cost += self._by_lob("abroad")
        if certified or return_receipt:
            cost += self._by_lob("certified")
        if return_receipt:
            cost += self._by_lob("return_receipt")
        return cost

    def remarks(self) -> tuple[str, ...]:
        """What a forecast by Lob's prices must say with its sum; nothing where they are the contract's."""
        if self.by_lob is None or not self.by_lob.example:
            return ()
        what = f"The prices are examples, not Lob's: put your contract's into {self.file}"
        return (f"{what}, then set example = false there.",)

    def _posted(self, key: str) -> Decimal:
        return self._price("postage", self.posted, key)

    def _by_lob(self, key: str) -> Decimal:
        if self.by_lob is None:
            raise _none_yet(self.file, "lob", self.day)
        return self._price("lob", self.by_lob, key)

    def _price(self, table: str, entry: PostageEntry | LobEntry, key: str) -> Decimal:
        price: Decimal | None = getattr(entry, key)
        if price is None:
            raise MailerError(
                f"[[{table}]] from {entry.since} has no price {key!r}.",
                where=self.file,
                todo=f"Put in  {key} = …  with the price in dollars.",
            )
        return price


@dataclass(frozen=True, slots=True)
class Prices:
    """A whole price file. `file` is how messages name it."""

    file: str
    entries: PriceFile

    def on(self, day: date) -> PriceList:
        """The prices that hold on `day`. Raises MailerError where no postage is known for it.

        A missing list of Lob's is an error only once Lob's price is asked for.
        """
        posted = _current(self.entries.postage, day)
        if posted is None:
            raise _none_yet(self.file, "postage", day)
        return PriceList(day, self.file, posted, _current(self.entries.lob, day))


def load_prices(root: Path) -> Prices:
    """The prices of the mail folder `root`, else the shipped ones.

    Raises FileProblems with every problem at once, MailerError where the file cannot be read.
    """
    path = root / FILE
    if path.exists():
        return Prices(FILE, read(path, PriceFile, shown=FILE))
    return Prices(f"the shipped {FILE}", read(shipped.campaigns() / FILE, PriceFile, shown=FILE))


def _current(entries: Sequence[Entry], day: date) -> Entry | None:
    return next((entry for entry in reversed(entries) if entry.since <= day), None)


def _none_yet(file: str, table: str, day: date) -> MailerError:
    return MailerError(
        f"no [[{table}]] holds on {day}.",
        where=file,
        todo=f"Add an entry with  from = {day}  or an earlier day.",
    )
