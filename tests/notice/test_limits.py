"""When a contract lets a rate rise."""

from __future__ import annotations

from datetime import date

import pytest

from mailer.notice.limits import RiseLimits, anniversary, next_renewal, rise_allowed_from
from mailer.notice.problems import RuleProblem

pytestmark = pytest.mark.days

NEW_YEAR = date(2027, 1, 1)


def test_without_limits_the_rise_is_allowed_as_asked() -> None:
    allowed = rise_allowed_from(NEW_YEAR, RiseLimits())
    assert allowed.as_asked
    assert [step.text for step in allowed.steps] == ["Fri 1 Jan 2027: the rise asked for"]


def test_a_locked_day_is_locked_to_its_end() -> None:
    allowed = rise_allowed_from(NEW_YEAR, RiseLimits(locked_until=date(2027, 6, 30)))
    assert allowed.day == date(2027, 7, 1)
    assert allowed.steps[-1].text == (
        "Thu 1 Jul 2027: the day after the price lock, which runs to Wed 30 Jun 2027"
    )
    assert rise_allowed_from(NEW_YEAR, RiseLimits(locked_until=date(2026, 12, 31))).as_asked
    assert rise_allowed_from(NEW_YEAR, RiseLimits(locked_until=NEW_YEAR)).day == date(2027, 1, 2)


@pytest.mark.parametrize(
    ("last_rise", "months", "day"),
    [
        (date(2026, 3, 1), 12, date(2027, 3, 1)),
        (date(2026, 1, 1), 12, NEW_YEAR),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),  # clamped to the month's end
        (None, 12, NEW_YEAR),
    ],
)
def test_months_between_rises(last_rise: date | None, months: int, day: date) -> None:
    assert rise_allowed_from(NEW_YEAR, RiseLimits(min_months_between=months), last_rise).day == day


def test_only_at_renewal() -> None:
    limits = RiseLimits(renewal=date(2024, 4, 1))
    assert rise_allowed_from(NEW_YEAR, limits).day == date(2027, 4, 1)
    assert rise_allowed_from(date(2027, 4, 1), limits).as_asked
    assert rise_allowed_from(date(2027, 4, 2), limits).day == date(2028, 4, 1)


@pytest.mark.parametrize(
    ("not_before", "day"),
    [
        (date(2026, 12, 1), date(2027, 4, 1)),
        (date(2027, 4, 1), date(2027, 4, 1)),
        (date(2027, 4, 2), date(2028, 4, 1)),
        (date(2026, 3, 1), date(2027, 4, 1)),  # whether it renewed a year before, nobody said
    ],
)
def test_the_renewal_on_record_is_one(not_before: date, day: date) -> None:
    """Of the column "Next Renewal" the year after it was taken."""
    assert next_renewal(date(2027, 4, 1), not_before) == day


@pytest.mark.parametrize(
    ("year", "day"),
    [(2025, date(2025, 3, 1)), (2027, date(2027, 3, 1)), (2028, date(2028, 2, 29))],
)
def test_a_contract_of_29_february_renews_on_1_march_in_common_years(year: int, day: date) -> None:
    assert anniversary(date(2024, 2, 29), year) == day


def test_all_limits_together_each_with_its_reason() -> None:
    limits = RiseLimits(date(2027, 1, 31), 12, date(2024, 2, 29))
    allowed = rise_allowed_from(NEW_YEAR, limits, last_rise=date(2026, 2, 15))
    assert allowed.day == date(2027, 3, 1)
    assert [step.day for step in allowed.steps] == [
        NEW_YEAR,
        date(2027, 2, 1),
        date(2027, 2, 15),
        date(2027, 3, 1),
    ]


def test_negative_months_are_refused() -> None:
    with pytest.raises(RuleProblem, match="cannot be negative"):
        RiseLimits(min_months_between=-1)


@pytest.mark.parametrize("until", [date(9999, 12, 31), date(9999, 1, 1)])
def test_a_lock_that_spreadsheets_write_for_forever_has_no_end(until: date) -> None:
    allowed = rise_allowed_from(date(2027, 1, 1), RiseLimits(until, renewal=date(2020, 3, 1)))
    assert not allowed.as_asked
    assert allowed.steps[-1].text.endswith("has no end")
