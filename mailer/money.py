"""Money: `Decimal` amounts of one currency, never floats.

Stored as whole ten-thousandths (BIGINT); a string in JSON; rounded half up unless stated.
Amounts are in units of the currency (dollars), percentages as fractions (8% is Decimal("0.08")).
"""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Final

TEN_THOUSAND: Final = Decimal(10_000)
CENT: Final = Decimal("0.01")
LARGEST: Final = Decimal("99999999.9999")


class Direction(StrEnum):
    """Which way a raised rate is rounded to a step."""

    DOWN = "down"
    UP = "up"
    NEAREST = "nearest"


_MODES: Final = {
    Direction.DOWN: ROUND_FLOOR,
    Direction.UP: ROUND_CEILING,
    Direction.NEAREST: ROUND_HALF_UP,
}
_AMOUNT: Final = re.compile(r"[+-]?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)?(\.[0-9]+)?")
_PERCENT: Final = re.compile(r"([+-]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30}))\s*%")


def parse_amount(text: str) -> Decimal:
    """An amount as people and spreadsheets write it: "140", "$1,240.50", "USD 95".

    Raises ValueError for anything else, for a negative amount, for more than four decimals,
    and for an amount over 99,999,999.9999.
    """
    bare = text.strip().removeprefix("USD").removesuffix("USD").strip().removeprefix("$").strip()
    if not bare or not _AMOUNT.fullmatch(bare) or bare.strip("+-.,") == "":
        raise ValueError(f"{text!r} is not an amount of money; write it like 140.00")
    amount = Decimal(bare.replace(",", ""))
    if amount < 0:
        raise ValueError(f"{text!r} is negative")
    if amount > LARGEST:
        raise ValueError(f"{text!r} is larger than {LARGEST:,}")
    if amount != amount.quantize(Decimal("0.0001")):
        raise ValueError(f"{text!r} has more than four decimals")
    return amount


def parse_percent(text: str) -> Decimal:
    """A percentage as a fraction: "8%" is Decimal("0.08"), "-2.5 %" is Decimal("-0.025").

    Raises ValueError where the percent sign is missing: 8 alone could be dollars.
    """
    match = _PERCENT.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{text!r} is not a percentage; write it like 8%")
    value = Decimal(match[1])
    if abs(value) > 1000:
        raise ValueError(f"{text!r} is not a percentage between -1000% and 1000%")
    return value / 100


def round_to(amount: Decimal, step: Decimal, direction: Direction) -> Decimal:
    """`amount` moved to a multiple of `step` (> 0): 146.16 down to 5.00 is 145.00."""
    steps = (amount / step).to_integral_value(rounding=_MODES[direction])
    return steps * step


def cents(amount: Decimal) -> Decimal:
    """`amount` rounded half up to two decimals."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def to_stored(amount: Decimal) -> int:
    """Whole ten-thousandths, for the database. Raises ValueError where that would lose digits."""
    whole = int(amount * TEN_THOUSAND) if amount.is_finite() else 0
    if Decimal(whole) / TEN_THOUSAND != amount:  # compared unscaled: a product is rounded to 28 digits
        raise ValueError(f"{amount} has more than four decimals")
    return whole


def from_stored(stored: int) -> Decimal:
    """The amount of so many ten-thousandths, with two decimals unless it needs more."""
    amount = Decimal(stored) / TEN_THOUSAND
    short = amount.quantize(CENT)
    return short if short == amount else amount


@lru_cache(maxsize=4_096)  # a list says few amounts, and says them often
def plain(amount: Decimal) -> str:
    """For JSON and CSV: "140.00", with two decimals unless it needs more; no separators."""
    return str(from_stored(to_stored(amount)))


@lru_cache(maxsize=4_096)
def people(amount: Decimal, currency: str = "USD") -> str:
    """For people, in US English: "$1,240.50"."""
    symbol = "$" if currency == "USD" else f"{currency} "
    return f"{symbol}{from_stored(to_stored(amount)):,}"


def people_percent(fraction: Decimal, decimals: int = 0, *, beside: tuple[Decimal, ...] = ()) -> str:
    """For people: Decimal("0.08") is "8%", Decimal("0.0769") is "7.69%". `decimals` is how many it has at
    least, up to two, for figures that stand below each other; more than two where it would else look like
    one that it stands `beside` and is not: 8.004% is outside 0% to 8%.
    """
    places = 2
    while places < 8 and any(0 < abs(fraction - other) * 100 * 10**places < 1 for other in beside):
        places += 1
    value = (fraction * 100).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    whole, _, digits = format(value, "f").partition(".")
    digits = digits.rstrip("0").ljust(decimals, "0")
    whole = "0" if whole == "-0" and not digits.strip("0") else whole
    return f"{whole}.{digits}%" if digits else f"{whole}%"
