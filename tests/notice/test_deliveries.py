"""When a mailed notice counts as given, code by code."""

from __future__ import annotations

from datetime import date

import pytest

from mailer.notice.counting import deemed_given
from mailer.notice.deliveries import DELIVERIES, delivery_named
from mailer.notice.problems import RuleProblem
from mailer.notice.rules import Rule

pytestmark = pytest.mark.days

WED_25_NOV = date(2026, 11, 25)


def rule(delivery: str, calendar: str = "us_federal") -> Rule:
    return Rule(id=delivery, title=delivery, n=30, delivery=delivery, calendar=calendar)


@pytest.mark.parametrize(
    ("code", "calendar", "posted", "given"),
    [
        ("deposit", "us_federal", WED_25_NOV, WED_25_NOV),
        ("none", "us_federal", WED_25_NOV, WED_25_NOV),
        ("received", "us_federal", WED_25_NOV, WED_25_NOV),
        ("+1bd", "us_federal", WED_25_NOV, date(2026, 11, 27)),
        ("+3bd", "us_federal", WED_25_NOV, date(2026, 12, 1)),
        ("+3bd", "us_federal", date(2026, 11, 27), date(2026, 12, 2)),
        ("+3bd", "us_federal", date(2026, 11, 28), date(2026, 12, 2)),
        ("+3bd", "us_federal", date(2026, 11, 30), date(2026, 12, 3)),
        ("+2bd", "uk_ew", date(2026, 11, 6), date(2026, 11, 10)),
        ("+4bd", "uk_ew", date(2026, 11, 6), date(2026, 11, 12)),
        ("+7bd", "au", date(2023, 7, 3), date(2023, 7, 12)),
        ("+5cal_ca", "none", date(2026, 12, 1), date(2026, 12, 6)),
        ("+10cal_us", "none", date(2026, 12, 1), date(2026, 12, 11)),
        ("+20cal_intl", "none", date(2026, 12, 1), date(2026, 12, 21)),
        ("+5cal_ny", "none", date(2026, 11, 2), date(2026, 11, 7)),
        ("+6cal_ny", "none", date(2026, 11, 2), date(2026, 11, 8)),
        ("+3cal_6d", "none", date(2026, 11, 2), date(2026, 11, 5)),
        ("2nd_day_bd", "uk_ew", date(2026, 11, 2), date(2026, 11, 4)),
        ("2nd_day_bd", "uk_ew", date(2026, 11, 6), date(2026, 11, 9)),
        ("2nd_day_bd", "uk_ew", date(2026, 12, 23), date(2026, 12, 29)),
    ],
)
def test_the_day_a_notice_counts_as_given(code: str, calendar: str, posted: date, given: date) -> None:
    assert deemed_given(posted, rule(code, calendar)) == given


def test_every_row_is_found_by_its_code() -> None:
    assert all(delivery_named(code).code == code for code in DELIVERIES)


def test_a_contract_may_say_another_number_of_business_days() -> None:
    assert deemed_given(WED_25_NOV, rule("+5bd")) == date(2026, 12, 3)


@pytest.mark.parametrize("code", ["+0bd", "+31bd", "+3cd", "deposti", ""])
def test_an_unknown_code_is_refused(code: str) -> None:
    with pytest.raises(RuleProblem, match="There is no delivery rule"):
        delivery_named(code)


def test_a_misspelt_code_gets_a_suggestion() -> None:
    with pytest.raises(RuleProblem) as caught:
        delivery_named("deposti")
    assert "Perhaps you meant 'deposit'" in str(caught.value)
