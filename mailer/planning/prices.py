"""`prices.toml`: what mail costs, as dated data that the user can replace. US dollars.

Each section is one list of dated entries; the room that reads it gives their shape. An entry holds from its
day (inclusive) until the next of its section begins. The mail folder's own file is read, else the shipped
one. A price that is missing is an error once it is needed, never a guess.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final, Generic, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field

from mailer import shipped
from mailer.errors import MailerError
from mailer.tomlfile import Day, Table, read_section

FILE: Final = "prices.toml"
POSTAGE: Final = "postage"  # the post's own section; the others are mail services', by their names


def _number(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("true and false are no prices")  # noqa: TRY004 (pydantic lets a TypeError through)
    return value


Price = Annotated[Decimal, Field(ge=0, le=1000, decimal_places=4), BeforeValidator(_number)]


class DatedEntry(Table):
    """What is charged from a day on."""

    since: Day = Field(alias="from")


Entry = TypeVar("Entry", bound=DatedEntry)


@dataclass(frozen=True, slots=True)
class PriceList(Generic[Entry]):
    """The entry of a section that holds on a day. `file` is how messages name the file."""

    file: str
    section: str
    entry: Entry

    def price(self, key: str) -> Decimal:
        """Raises MailerError where the entry has no such price."""
        price: Decimal | None = getattr(self.entry, key)
        if price is None:
            raise MailerError(
                f"[[{self.section}]] from {self.entry.since} has no price {key!r}.",
                where=self.file,
                todo=f"Put in  {key} = …  with the price in dollars.",
            )
        return price


@dataclass(frozen=True, slots=True)
class Prices(Generic[Entry]):
    """A whole section. `file` is how messages name the file."""

    file: str
    section: str
    entries: tuple[Entry, ...]

    def known_on(self, day: date) -> bool:
        """Does an entry hold on `day`."""
        return any(entry.since <= day for entry in self.entries)

    def on(self, day: date) -> PriceList[Entry]:
        """The prices that hold on `day`. Raises MailerError where none are known for it."""
        current = next((entry for entry in reversed(self.entries) if entry.since <= day), None)
        if current is None:
            raise MailerError(
                f"no [[{self.section}]] holds on {day}.",
                where=self.file,
                todo=f"Add an entry with  from = {day}  or an earlier day.",
            )
        return PriceList(self.file, self.section, current)


def load_prices(root: Path, section: str, entry: type[Entry], *, others: Iterable[str] = ()) -> Prices[Entry]:
    """A section of the mail folder `root`'s file, else of the shipped one. `others` are the sections that
    other rooms read; one that nobody reads is refused.

    Raises FileProblems with every problem of the section at once, MailerError where the file cannot be read.
    """
    own = (root / FILE).exists()
    path = root / FILE if own else shipped.campaigns() / FILE
    shape: Any = Annotated[tuple[entry, ...], AfterValidator(_in_order)]  # type: ignore[valid-type]
    entries = read_section(path, section, shape, (), others=others, shown=FILE)
    return Prices(FILE if own else f"the shipped {FILE}", section, entries)


def _in_order(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    days = [entry.since for entry in entries]
    if days != sorted(set(days)):
        raise ValueError("entries must be in the order of their 'from' days, each day once")
    return entries
