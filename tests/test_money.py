"""Amounts and percentages as people write them, and back."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailer.money import (
    Direction,
    cents,
    from_stored,
    parse_amount,
    parse_percent,
    people,
    people_percent,
    plain,
    round_to,
    to_stored,
)

AMOUNTS = st.decimals(min_value=0, max_value=Decimal("99999999.9999"), places=4)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("140", "140"),
        ("140.00", "140.00"),
        (" $140.00 ", "140.00"),
        ("$ 1,240.50", "1240.50"),
        ("1240.5", "1240.5"),
        ("USD 95", "95"),
        ("95 USD", "95"),
        ("USD $95", "95"),
        ("12,345,678", "12345678"),
        (".50", "0.50"),
        ("0", "0"),
        ("+7", "7"),
        ("0.1234", "0.1234"),
        ("0.12340000", "0.1234"),
        ("99,999,999.9999", "99999999.9999"),
    ],
)
def test_an_amount_as_people_write_it(text: str, amount: str) -> None:
    assert parse_amount(text) == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is not an amount of money; write it like 140.00"),
        ("$", "is not an amount of money"),
        (".", "is not an amount of money"),
        ("n/a", "is not an amount of money"),
        ("140,00", "is not an amount of money"),  # a decimal comma, not fourteen thousand
        ("1.240,50", "is not an amount of money"),
        ("1,24", "is not an amount of money"),
        ("1e3", "is not an amount of money"),
        ("NaN", "is not an amount of money"),
        ("€140", "is not an amount of money"),
        ("140/hour", "is not an amount of money"),
        ("١٤٠", "is not an amount of money"),
        ("-5", "is negative"),
        ("0.12345", "has more than four decimals"),
        ("100000000", "is larger than 99,999,999.9999"),
        ("9" * 6000, "is larger than"),
    ],
)
def test_what_is_not_an_amount_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=re.escape(reason)):
        parse_amount(text)


@given(st.text())
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    try:
        amount = parse_amount(text)
    except ValueError:
        return
    assert 0 <= amount <= Decimal("99999999.9999")


@pytest.mark.parametrize(
    ("text", "fraction"),
    [
        ("8%", "0.08"),
        ("-2.5 %", "-0.025"),
        (" 0% ", "0"),
        ("+7.69%", "0.0769"),
        (".5%", "0.005"),
        ("1000%", "10"),
    ],
)
def test_a_percentage_is_a_fraction(text: str, fraction: str) -> None:
    assert parse_percent(text) == Decimal(fraction)


@pytest.mark.parametrize(
    "text", ["8", "", "%", "eight%", "NaN%", "Infinity%", "1_0%", "1e1%", "1e9999999%", "٨%", "8%%"]
)
def test_what_is_not_a_percentage_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a percentage; write it like 8%"):
        parse_percent(text)


def test_a_percentage_out_of_all_bounds_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'1000\.01%' is not a percentage between -1000% and 1000%"):
        parse_percent("1000.01%")


@given(st.text() | st.decimals().map(lambda value: f"{value}%"))
def test_any_text_is_a_percentage_or_refused(text: str) -> None:
    try:
        fraction = parse_percent(text)
    except ValueError:
        return
    assert abs(fraction) <= 10


@pytest.mark.parametrize(
    ("amount", "step", "direction", "rounded"),
    [
        ("146.16", "5.00", Direction.DOWN, "145.00"),
        ("146.16", "5.00", Direction.UP, "150.00"),
        ("146.16", "5.00", Direction.NEAREST, "145.00"),
        ("147.50", "5.00", Direction.NEAREST, "150.00"),  # half up
        ("142.50", "5.00", Direction.NEAREST, "145.00"),  # and not half to even
        ("145.00", "5.00", Direction.UP, "145.00"),
        ("145.00", "5.00", Direction.DOWN, "145.00"),
        ("140.41", "0.25", Direction.NEAREST, "140.50"),
        ("140.3748", "0.25", Direction.NEAREST, "140.25"),
        ("2.00", "5.00", Direction.DOWN, "0.00"),
        ("100", "0.03", Direction.UP, "100.02"),
    ],
)
def test_rounding_to_a_step(amount: str, step: str, direction: Direction, rounded: str) -> None:
    assert round_to(Decimal(amount), Decimal(step), direction) == Decimal(rounded)


@given(AMOUNTS, st.decimals(min_value=Decimal("0.0001"), max_value=1000, places=4))
def test_rounding_goes_the_way_it_says_and_less_than_a_step(amount: Decimal, step: Decimal) -> None:
    down, up = (round_to(amount, step, way) for way in (Direction.DOWN, Direction.UP))
    assert amount - step < down <= amount <= up < amount + step
    assert round_to(amount, step, Direction.NEAREST) in (down, up)
    assert down % step == up % step == 0


@pytest.mark.parametrize(
    ("amount", "rounded"), [("0.005", "0.01"), ("0.0149", "0.01"), ("151.875", "151.88")]
)
def test_cents_are_rounded_half_up(amount: str, rounded: str) -> None:
    assert str(cents(Decimal(amount))) == rounded


@pytest.mark.parametrize(
    ("amount", "stored", "shown"), [("140", 1_400_000, "140.00"), ("0.0725", 725, "0.0725"), ("0", 0, "0.00")]
)
def test_an_amount_is_stored_in_ten_thousandths(amount: str, stored: int, shown: str) -> None:
    assert to_stored(Decimal(amount)) == stored
    assert str(from_stored(stored)) == plain(Decimal(amount)) == shown


@given(AMOUNTS)
def test_an_amount_survives_storing(amount: Decimal) -> None:
    assert from_stored(to_stored(amount)) == amount
    assert parse_amount(plain(amount)) == amount
    assert parse_amount(people(amount)) == amount


@pytest.mark.parametrize("amount", ["0.00001", "1.0000000000000000000000000000000001", "NaN", "Infinity"])
def test_storing_never_loses_digits_silently(amount: str) -> None:
    with pytest.raises(ValueError, match="has more than four decimals"):
        to_stored(Decimal(amount))


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("1240.5", "$1,240.50"),
        ("140", "$140.00"),
        ("0.0725", "$0.0725"),
        ("1234567", "$1,234,567.00"),
        ("0", "$0.00"),
    ],
)
def test_an_amount_for_people(amount: str, shown: str) -> None:
    assert people(Decimal(amount)) == shown


def test_an_amount_in_another_currency_for_people() -> None:
    assert people(Decimal(95), "CAD") == "CAD 95.00"


@pytest.mark.parametrize(
    ("fraction", "shown"),
    [
        ("0.08", "8%"),
        ("0.0769", "7.69%"),
        ("0.1", "10%"),
        ("1", "100%"),
        ("0", "0%"),
        ("-0.025", "-2.5%"),
        ("0.07692307", "7.69%"),
        ("0.00125", "0.13%"),
        ("-0.00001", "0%"),
        ("10", "1000%"),
    ],
)
def test_a_fraction_for_people(fraction: str, shown: str) -> None:
    assert people_percent(Decimal(fraction)) == shown


@pytest.mark.parametrize(
    ("fraction", "decimals", "shown"),
    [
        ("0.064", 2, "6.40%"),
        ("0.0541", 2, "5.41%"),
        ("0.06", 1, "6.0%"),
        ("0.0769", 1, "7.69%"),
        ("0", 2, "0.00%"),
    ],
)
def test_percentages_below_each_other_have_equal_decimals(fraction: str, decimals: int, shown: str) -> None:
    assert people_percent(Decimal(fraction), decimals) == shown


def test_a_percentage_is_as_precise_as_what_it_is_compared_with() -> None:
    assert people_percent(Decimal("0.08004"), beside=(Decimal(0), Decimal("0.08"))) == "8.004%"
    assert people_percent(Decimal("0.0769231"), beside=(Decimal(0), Decimal("0.05"))) == "7.69%"
