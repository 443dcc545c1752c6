"""What a campaign's rates come to for one client, worked out by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mailer.campaign.definition import Definition
from mailer.campaign.rates import NO_CHANGE, ClientChange, RateLine, change_for, planner
from mailer.tomlfile import parse

HEAD = 'kind = "rate-notice"\ntitle = "Rates"\neffective = 2027-01-01\n'


def changed(rates: str, current: dict[str, str], *, limits: str = "", cap: str | None = None) -> ClientChange:
    text = HEAD + rates + (f'\n[limits]\nraise = "{limits}"\n' if limits else "")
    definition = parse(text, Definition, shown="campaign.toml")
    amounts = {service: Decimal(amount) for service, amount in current.items()}
    return change_for(definition.rates, definition.limits, amounts, None if cap is None else Decimal(cap))


def support(line: str) -> str:
    return f'[[rates]]\nservice = "support"\n{line}\n'


@pytest.mark.parametrize(
    ("line", "old", "new"),
    [
        ("to = 140", "130", "140"),
        ("to = 0", "130", "0"),
        ('raise = "8%"', "135.33", "146.16"),  # 146.1564
        ('raise = "12.5%"', "135.00", "151.88"),  # 151.875: half up
        ('raise = "-10%"', "140", "126"),
        ('raise = "8%"\nround = "down to 5.00"', "135.33", "145"),
        ('raise = "8%"\nround = "up to 5.00"', "135.33", "150"),
        ('raise = "8%"\nround = "nearest to 5.00"', "135.33", "145"),
        ('raise = "8%"\nround = "nearest to 0.50"', "135.33", "146"),
    ],
)
def test_one_new_rate(line: str, old: str, new: str) -> None:
    (made,) = changed(support(line), {"support": old}).lines
    assert (made.service, made.name, made.old, made.new) == ("support", "Support", Decimal(old), Decimal(new))


@pytest.mark.parametrize("line", ["to = 140", 'raise = "0%"', 'raise = "3%"\nround = "down to 5.00"'])
def test_a_rate_that_stays_is_not_a_change(line: str) -> None:
    assert changed(support(line), {"support": "140"}) == NO_CHANGE


def test_a_raise_that_rounding_turns_into_less_is_refused() -> None:
    """6% of $4.00, rounded down to whole tens, is $0.00: a letter said -100%."""
    change = changed(support('raise = "6%"\nround = "down to 10.00"'), {"support": "4.00"})
    assert change.outside == ("Support from $4.00 to $0.00 is no raise: it is rounded below that",)
    assert changed(support('raise = "-10%"'), {"support": "140"}).outside == ()


def test_a_service_that_the_client_does_not_have_is_not_a_change() -> None:
    assert changed(support("to = 140"), {"backup": "20"}) == NO_CHANGE


def test_several_services_keep_the_order_of_the_definition() -> None:
    rates = support("to = 140") + '[[rates]]\nservice = "after-hours"\nname = "Nights"\nraise = "10%"\n'
    change = changed(rates, {"after-hours": "200", "backup": "20", "support": "130"})
    assert change.lines == (
        RateLine("support", "Support", Decimal(130), Decimal(140)),
        RateLine("after-hours", "Nights", Decimal(200), Decimal(220)),
    )
    assert [line.rise for line in change.lines] == [Decimal(1) / 13, Decimal("0.1")]


@pytest.mark.parametrize(("old", "new"), [("100", "110"), ("110", "110"), ("100", "100.01")])
def test_a_rise_at_the_limit_is_inside(old: str, new: str) -> None:
    assert changed(support(f"to = {new}"), {"support": old}, limits="0% to 10%").outside == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("100", "110.01", "Support from $100.00 to $110.01 is 10.01%, outside 0% to 10%"),
        ("100", "99", "Support from $100.00 to $99.00 is -1%, outside 0% to 10%"),
        ("0", "140", "Support was $0.00, so its rise has no percentage"),
    ],
)
def test_a_rise_outside_the_limits_is_named(old: str, new: str, said: str) -> None:
    assert changed(support(f"to = {new}"), {"support": old}, limits="0% to 10%").outside == (said,)


def test_a_zero_rate_without_limits_may_change() -> None:
    (line,) = changed(support("to = 140"), {"support": "0"}).lines
    assert line.rise is None


def test_a_percentage_of_nothing_is_nothing() -> None:
    assert changed(support('raise = "8%"'), {"support": "0"}, limits="0% to 10%") == NO_CHANGE


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("100", "105", ()),
        ("100", "90", ()),
        ("100", "105.01", ("Support from $100.00 to $105.01 is over the contract's cap of 5%",)),
        ("0", "1", ("Support from $0.00 to $1.00 is over the contract's cap of 5%",)),
    ],
)
def test_the_contracts_cap(old: str, new: str, said: tuple[str, ...]) -> None:
    change = changed(support(f"to = {new}"), {"support": old}, cap="0.05")
    assert change.over_cap == said
    assert change.outside == ()
    assert len(change.lines) == 1  # the line is kept: the cap blocks it for this client, and is shown


def test_limits_and_cap_are_told_apart_service_by_service() -> None:
    rates = support("to = 140") + '[[rates]]\nservice = "backup"\nto = 21\n'
    change = changed(rates, {"support": "100", "backup": "20"}, limits="0% to 10%", cap="0.04")
    assert change.outside == ("Support from $100.00 to $140.00 is 40%, outside 0% to 10%",)
    assert change.over_cap == (
        "Support from $100.00 to $140.00 is over the contract's cap of 4%",
        "Backup from $20.00 to $21.00 is over the contract's cap of 4%",
    )


def test_clients_of_equal_rates_share_one_answer() -> None:
    definition = parse(HEAD + support("to = 140"), Definition, shown="campaign.toml")
    plan = planner(definition.rates, definition.limits)
    first = plan((("support", Decimal(130)),), None)
    assert plan((("support", Decimal("130.00")),), None) is first
    assert plan((("support", Decimal(130)),), Decimal("0.05")).over_cap != ()
