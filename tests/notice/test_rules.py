"""A rule is checked when it is made, and a contract never replaces a statute."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from mailer.notice.problems import CalendarProblem, RuleProblem
from mailer.notice.rulebook import preset
from mailer.notice.rules import (
    Anchor,
    CountingStyle,
    Roll,
    Rule,
    Unit,
    require_in_force,
    rules_for,
    style_named,
    unit_named,
)

pytestmark = pytest.mark.days

PARTS: dict[str, Any] = {"id": "x", "title": "x", "n": 30}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"n": -1}, "cannot be negative"),
        ({"id": ""}, "needs an id"),
        ({"counting": CountingStyle.MONTH_CORR}, "MONTH_CORR cannot count the unit day; it counts month"),
        ({"counting": CountingStyle.CA_12_12A, "anchor": Anchor.END}, "cannot be counted from the end"),
        ({"roll": Roll.FORWARD}, "never rolled forward"),
        ({"valid_from": date(2027, 1, 1), "valid_until": date(2026, 1, 1)}, "ends before it begins"),
        ({"delivery": "+3db"}, "There is no delivery rule"),
    ],
)
def test_an_impossible_rule_is_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(RuleProblem, match=message):
        Rule(**(PARTS | wrong))


@pytest.mark.parametrize("part", ["calendar", "mailing_calendar"])
def test_a_rule_names_known_calendars(part: str) -> None:
    with pytest.raises(CalendarProblem, match="There is no calendar 'upss'"):
        Rule(**(PARTS | {part: "upss"}))


def test_words_for_units_and_styles() -> None:
    assert unit_named("business_day") is Unit.BUSINESS_DAY
    assert style_named("CA_12C") is CountingStyle.CA_12C
    with pytest.raises(RuleProblem, match="There is no unit 'buisness_day'") as unit:
        unit_named("buisness_day")
    assert "Perhaps you meant 'business_day'" in str(unit.value)
    with pytest.raises(RuleProblem, match="There is no counting style") as style:
        style_named("AT_LEST")
    assert "Perhaps you meant 'AT_LEAST'" in str(style.value)


def test_the_contract_replaces_the_house_rule_and_no_statute() -> None:
    house, contract = preset("house-30-day"), preset("contract-30-plus-3bd")
    statute = preset("california-rent-90-in-state")
    assert rules_for(house) == (house,)
    assert rules_for(house, contract) == (contract,)
    assert rules_for(house, contract, [statute, statute]) == (contract, statute)
    assert rules_for(house, None, [statute]) == (house, statute)


def test_a_rule_is_used_for_what_it_is() -> None:
    house, contract = preset("house-30-day"), preset("contract-30-deposit")
    with pytest.raises(RuleProblem, match="This is a contract rule, used as a statute rule"):
        rules_for(house, None, [contract])
    with pytest.raises(RuleProblem, match="This is a house rule, used as a contract rule"):
        rules_for(house, house)


def test_a_rule_applies_within_its_years_both_ends_included() -> None:
    rule = replace(preset("house-30-day"), valid_from=date(2020, 1, 1), valid_until=date(2026, 12, 31))
    require_in_force(rule, date(2020, 1, 1))
    require_in_force(rule, date(2026, 12, 31))
    with pytest.raises(RuleProblem, match="applies from Wed 1 Jan 2020"):
        require_in_force(rule, date(2019, 12, 31))
    with pytest.raises(RuleProblem, match="ended on Thu 31 Dec 2026"):
        require_in_force(rule, date(2027, 1, 1))
