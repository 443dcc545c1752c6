"""The predicate and both searches, on the worked example and the cases where naive sums fail."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from mailer.notice.closings import Closing, Closings
from mailer.notice.counting import LatestMailing, earliest_effective, is_compliant, latest_mailing
from mailer.notice.problems import RuleProblem
from mailer.notice.rulebook import preset
from mailer.notice.rules import Anchor, CountingStyle, Rule, Unit

pytestmark = pytest.mark.days

NEW_YEAR = date(2027, 1, 1)
HOUSE = preset("house-30-day")
THREE_DAYS = preset("contract-30-plus-3bd")


def test_thirty_days_from_deposit_end_on_the_second_of_december() -> None:
    assert latest_mailing(NEW_YEAR, HOUSE) == LatestMailing(date(2026, 12, 2), date(2026, 12, 2))
    assert is_compliant(date(2026, 12, 2), NEW_YEAR, HOUSE)
    assert not is_compliant(date(2026, 12, 3), NEW_YEAR, HOUSE)


@pytest.mark.parametrize(
    ("mailed", "in_time", "earliest"),
    [
        (date(2026, 11, 25), True, date(2026, 12, 31)),
        (date(2026, 11, 27), True, NEW_YEAR),
        (date(2026, 11, 28), True, NEW_YEAR),
        (date(2026, 11, 30), False, date(2027, 1, 2)),
    ],
)
def test_the_worked_example_with_three_business_days(mailed: date, in_time: bool, earliest: date) -> None:
    assert is_compliant(mailed, NEW_YEAR, THREE_DAYS) is in_time
    assert earliest_effective(mailed, THREE_DAYS) == earliest


def test_the_operational_day_is_the_open_mailing_day_before_the_legal_one() -> None:
    # Posted on Sunday 29 November it would be deemed received on Wednesday 2 December as well.
    latest = latest_mailing(NEW_YEAR, THREE_DAYS)
    assert latest == LatestMailing(legal=date(2026, 11, 29), operational=date(2026, 11, 28))
    # 30 days before 3 August 2026 is Independence Day; the post runs on Friday 3 July.
    assert latest_mailing(date(2026, 8, 3), HOUSE) == LatestMailing(date(2026, 7, 4), date(2026, 7, 3))
    # 45 days before 19 August 2027 is the observed Monday, after a Sunday.
    card = preset("credit-card-45-day")
    assert latest_mailing(date(2027, 8, 19), card) == LatestMailing(date(2027, 7, 5), date(2027, 7, 3))


def test_subtraction_is_not_the_inverse_of_addition_for_months() -> None:
    month = Rule(id="month", title="1 month", n=1, unit=Unit.MONTH)
    latest = latest_mailing(date(2027, 2, 28), month)
    assert latest.legal == date(2027, 1, 31)
    assert latest.stricter == date(2027, 1, 28)
    assert latest.operational == date(2027, 1, 28)
    assert earliest_effective(date(2027, 1, 31), month) == date(2027, 2, 28)
    # Where the readings agree there is nothing stricter.
    assert latest_mailing(date(2027, 2, 15), month).stricter is None


def test_business_days_counted_from_both_ends_where_one_is_closed() -> None:
    # Delivered Mon 2 November 2026: five business days lie before Saturday the 7th, but the
    # fifth one after delivery is Monday the 9th.
    rule = Rule(
        id="au", title="au", n=5, unit=Unit.BUSINESS_DAY, counting=CountingStyle.AT_LEAST_BD, calendar="au"
    )
    monday = date(2026, 11, 2)
    assert earliest_effective(monday, replace(rule, anchor=Anchor.END)) == date(2026, 11, 7)
    assert earliest_effective(monday, replace(rule, anchor=Anchor.START)) == date(2026, 11, 9)
    assert earliest_effective(monday, replace(rule, anchor=Anchor.BOTH)) == date(2026, 11, 9)


def test_a_receipt_rule_is_planned_with_the_post_under_way() -> None:
    warn = preset("warn-60-day")
    latest = latest_mailing(date(2027, 3, 1), warn)
    assert latest.legal == date(2026, 12, 31)  # the last day of receipt
    # Six mailing days before: 30, 29, 28, 26, 24, 23 December; 27 is Sunday, 25 Christmas.
    assert latest.operational == date(2026, 12, 23)


def test_a_deposit_on_a_closed_day_counts_as_the_next_open_one_where_the_rule_says_so() -> None:
    rule = Rule(id="open", title="open", n=30, counting=CountingStyle.AT_LEAST_OPEN)
    assert latest_mailing(date(2026, 12, 1), rule).legal == date(2026, 10, 31)
    assert earliest_effective(date(2026, 11, 1), rule) == date(2026, 12, 2)


def test_an_extra_holiday_moves_the_deadline_earlier() -> None:
    storm = Closings((Closing("usps", date(2026, 12, 2), "ice storm"),))
    assert latest_mailing(NEW_YEAR, HOUSE, storm).operational == date(2026, 12, 1)
    mourning = Closings((Closing("us_federal", date(2026, 12, 1), "declared holiday"),))
    assert latest_mailing(NEW_YEAR, THREE_DAYS, mourning).operational == date(2026, 11, 25)
    assert earliest_effective(date(2026, 11, 25), THREE_DAYS, mourning) == NEW_YEAR


def test_a_rule_outside_its_years_is_refused() -> None:
    with pytest.raises(RuleProblem, match="applies from Wed 1 Jan 2020"):
        latest_mailing(date(2019, 6, 1), preset("california-rent-90-in-state"))


def test_a_backward_count_under_the_federal_rules_rolls_backward() -> None:
    rule = Rule(
        id="hearing", title="14 days before", n=14, counting=CountingStyle.FRCP_6A,
        calendar="us_federal", anchor=Anchor.END,
    )  # fmt: skip
    # 14 days before Mon 7 December 2026 is Mon 23 November; before Thu 10 December is
    # Thanksgiving, which continues back to Wednesday.
    assert latest_mailing(date(2026, 12, 7), rule).legal == date(2026, 11, 23)
    assert latest_mailing(date(2026, 12, 10), rule).legal == date(2026, 11, 25)


def test_court_days_then_mail_days_under_california_12c() -> None:
    rule = Rule(
        id="motion", title="motion", n=16, unit=Unit.COURT_DAY, counting=CountingStyle.CA_12C,
        delivery="+10cal_us", calendar="ca_court",
    )  # fmt: skip
    # 16 court days before Mon 1 March 2027 is 3 February (V100); ten calendar days further back.
    assert latest_mailing(date(2027, 3, 1), rule).legal == date(2027, 1, 24)


def test_a_notice_is_never_in_time_after_the_change() -> None:
    """A day back from Sunday 5 July 2026 is a holiday's Saturday, which 49 CFR 1104.7(a) rolls to Monday."""
    rule = Rule(
        id="x", title="x", n=1, counting=CountingStyle.STB_1104_7, calendar="us_federal", anchor=Anchor.END
    )
    assert not is_compliant(date(2026, 7, 6), date(2026, 7, 5), rule)
    assert latest_mailing(date(2026, 7, 5), rule).legal == date(2026, 7, 5)
