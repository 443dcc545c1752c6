"""Which days are open. Every date is from a published calendar or the statute named beside it."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from mailer.notice.calendars import CALENDARS, calendar_named
from mailer.notice.closings import Closing, Closings, closings
from mailer.notice.problems import CalendarProblem

pytestmark = pytest.mark.days

FRI_3_JUL = date(2026, 7, 3)
SAT_4_JUL = date(2026, 7, 4)


def test_three_calendars_disagree_in_july_2026() -> None:
    federal, usps, regz = (calendar_named(code) for code in ("us_federal", "usps", "us_regz"))
    assert federal.why_closed(FRI_3_JUL) == "Independence Day (observed)"
    assert not federal.is_open(SAT_4_JUL)
    assert usps.is_open(FRI_3_JUL)
    assert usps.why_closed(SAT_4_JUL) == "Independence Day"
    assert regz.is_open(FRI_3_JUL)
    assert not regz.is_open(SAT_4_JUL)


@pytest.mark.parametrize(
    ("code", "day", "why"),
    [
        # Federal: New Year's Day 2028 is a Saturday, observed in the year before (OPM).
        ("us_federal", date(2027, 12, 31), "New Year's Day (observed)"),
        ("us_federal", date(2026, 11, 26), "Thanksgiving Day"),
        ("us_federal", date(2029, 11, 12), "Veterans Day (observed)"),
        ("us_federal", date(2026, 11, 28), "Saturday"),
        # Inauguration Day is Washington's own, and Saturday 20 January 2029 has no day in lieu.
        ("us_federal", date(2029, 1, 19), None),
        ("us_federal", date(2025, 1, 20), "Martin Luther King Jr. Day"),
        # The post: Saturdays open; a Saturday holiday closes Saturday alone, a Sunday one Monday too.
        ("usps", date(2026, 11, 28), None),
        ("usps", date(2028, 11, 10), None),
        ("usps", date(2028, 11, 11), "Veterans Day"),
        ("usps", date(2027, 7, 4), "Independence Day"),
        ("usps", date(2027, 7, 5), "Independence Day (observed)"),
        ("usps", date(2027, 12, 24), None),
        ("usps", date(2027, 12, 31), None),
        ("usps", date(2025, 1, 9), "National Day of Mourning, Jimmy Carter"),
        ("usps", date(2018, 12, 5), "National Day of Mourning, George H. W. Bush"),
        ("usps", date(2021, 6, 18), None),  # the Postal Service ran on the first Juneteenth
        ("usps", date(2021, 6, 19), None),
        ("usps", date(2022, 6, 20), "Juneteenth National Independence Day (observed)"),
        ("usps", date(2025, 12, 24), None),  # federal offices were closed by executive order
        ("usps", date(2025, 12, 26), None),
        # Regulation Z: the statutory dates alone.
        ("us_regz", date(2027, 7, 5), None),
        ("us_regz", date(2026, 11, 28), None),
        ("us_regz", date(2026, 11, 29), "Sunday"),
        # England and Wales (gov.uk bank holidays).
        ("uk_ew", date(2026, 4, 3), "Good Friday"),
        ("uk_ew", date(2026, 4, 6), "Easter Monday"),
        ("uk_ew", date(2026, 12, 28), "Boxing Day (observed)"),
        ("uk_ew", date(2022, 9, 19), "State Funeral of Queen Elizabeth II"),
        # Australia: public holidays in every state and territory, substitutes included.
        ("au", date(2025, 1, 27), "Australia Day"),
        ("au", date(2025, 4, 25), "ANZAC Day"),
        ("au", date(2027, 12, 28), "Boxing Day (observed)"),
        ("au", date(2026, 6, 8), None),  # the King's Birthday is not kept everywhere
    ],
)
def test_a_day_is_open_or_closed_with_its_reason(code: str, day: date, why: str | None) -> None:
    assert calendar_named(code).why_closed(day) == why
    assert calendar_named(code).is_open(day) == (why is None)


def test_open_days_are_counted_without_the_day_they_start_from() -> None:
    federal = calendar_named("us_federal")
    assert federal.nth_after(date(2026, 11, 25), 3) == date(2026, 12, 1)
    assert federal.nth_before(date(2026, 12, 1), 3) == date(2026, 11, 25)
    assert federal.nth_after(date(2026, 11, 28), 0) == date(2026, 11, 28)
    assert federal.on_or_after(date(2026, 11, 26)) == date(2026, 11, 27)
    assert federal.on_or_before(date(2026, 11, 29)) == date(2026, 11, 27)
    assert federal.on_or_before(date(2026, 11, 27)) == date(2026, 11, 27)


def test_closures_name_holidays_and_leave_weekends_out() -> None:
    found = calendar_named("us_federal").closures(date(2026, 11, 25), date(2026, 12, 1))
    assert found == ((date(2026, 11, 26), "Thanksgiving Day"),)


def test_a_union_is_closed_if_either_part_is() -> None:
    both = calendar_named("us_federal+usps")
    assert not both.is_open(FRI_3_JUL)  # federal only
    assert not both.is_open(date(2025, 1, 9))  # post only
    assert both.is_open(date(2026, 7, 6))
    assert calendar_named("usps+usps").is_open(FRI_3_JUL)


def test_every_day_is_open_without_a_calendar() -> None:
    assert calendar_named("none").is_open(date(1978, 12, 25))


def test_an_extra_closed_day_and_an_extra_open_day_carry_their_reason() -> None:
    extra = closings(
        [
            Closing("usps", date(2026, 11, 27), "ice storm, the Main Post Office is closed"),
            Closing("usps", date(2026, 11, 29), "Sunday collection before the holidays", is_open=True),
        ]
    )
    usps = calendar_named("usps", extra)
    assert usps.why_closed(date(2026, 11, 27)) == "ice storm, the Main Post Office is closed"
    assert usps.is_open(date(2026, 11, 29))
    assert calendar_named("us_federal", extra).is_open(date(2026, 11, 27))
    assert not calendar_named("us_federal+usps", extra).is_open(date(2026, 11, 27))
    assert calendar_named("usps").is_open(date(2026, 11, 27))


def test_a_callers_entry_wins_over_a_shared_one() -> None:
    extra = Closings((Closing("usps", date(2025, 1, 9), "our carrier ran", is_open=True),))
    assert calendar_named("usps", extra).is_open(date(2025, 1, 9))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ((Closing("us_federal+usps", FRI_3_JUL, "x"),), "cannot be given for the union"),
        ((Closing("usps", FRI_3_JUL, ""),), "has no reason"),
        (
            (Closing("usps", FRI_3_JUL, "x"), Closing("usps", FRI_3_JUL, "y", is_open=True)),
            "both as open and as closed",
        ),
    ],
)
def test_closings_that_cannot_be_right_are_refused(rows: tuple[Closing, ...], message: str) -> None:
    with pytest.raises(CalendarProblem, match=message):
        Closings(rows)


def test_an_unknown_calendar_is_refused_with_a_suggestion() -> None:
    with pytest.raises(CalendarProblem, match="There is no calendar 'us_federel'") as caught:
        calendar_named("us_federel")
    assert "Perhaps you meant 'us_federal'" in str(caught.value)
    with pytest.raises(CalendarProblem, match="There is no calendar 'ups'"):
        calendar_named("usps", Closings((Closing("ups", FRI_3_JUL, "x"),)))


@pytest.mark.parametrize("code", [code for code in CALENDARS if code not in ("none", "firm")])
def test_a_year_without_data_is_an_error_that_states_the_years(code: str) -> None:
    data = CALENDARS[code]
    assert calendar_named(code).is_open(date(data.last_year, 6, 1)) is not None
    with pytest.raises(CalendarProblem, match=f"it covers {data.first_year} to {data.last_year}"):
        calendar_named(code).is_open(date(data.last_year + 1, 1, 1))
    with pytest.raises(CalendarProblem, match=f"no data for {data.first_year - 1}"):
        calendar_named(code).is_open(date(data.first_year - 1, 12, 31))


def test_importing_the_package_does_not_import_the_holiday_library() -> None:
    script = "import sys, mailer.judgement.verdict, mailer.notice.timeline; print('holidays' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
