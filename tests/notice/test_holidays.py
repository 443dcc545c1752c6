"""Court days in California and business days in New York, against the courts' own lists."""

from __future__ import annotations

from datetime import date

import pytest

from mailer.notice.calendars import calendar_named

pytestmark = pytest.mark.days


def weekday_closures(code: str, year: int) -> list[date]:
    found = calendar_named(code).closures(date(year - 1, 12, 31), date(year + 1, 1, 1))
    return [day for day, _ in found if day.isoweekday() < 6]


def test_california_court_holidays_of_2026() -> None:
    # Superior Court of Calaveras County, "Court Holidays 2026".
    assert weekday_closures("ca_court", 2026) == [
        date(2026, 1, 1),
        date(2026, 1, 19),
        date(2026, 2, 12),
        date(2026, 2, 16),
        date(2026, 3, 31),
        date(2026, 5, 25),
        date(2026, 6, 19),
        date(2026, 7, 3),
        date(2026, 9, 7),
        date(2026, 9, 25),
        date(2026, 11, 11),
        date(2026, 11, 26),
        date(2026, 11, 27),
        date(2026, 12, 25),
    ]


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2021, 10, 11), "Columbus Day"),  # AB 855 exchanged the two from 2022
        (date(2021, 9, 24), None),
        (date(2022, 10, 10), None),
        (date(2022, 9, 23), "Native American Day"),
        (date(2022, 6, 20), None),  # AB 1655: a state holiday from 2023
        (date(2023, 6, 19), "Juneteenth"),
        (date(2028, 2, 11), "Lincoln's Birthday (observed)"),
        (date(2027, 12, 31), "New Year's Day (observed)"),
        (date(2030, 4, 1), "Cesar Chavez Day (observed)"),  # 31 March 2030 is a Sunday
        (date(2027, 3, 31), "Cesar Chavez Day"),
    ],
)
def test_california_court_holidays_move_off_weekends(day: date, why: str | None) -> None:
    assert calendar_named("ca_court").why_closed(day) == why


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 2, 12), "Lincoln's Birthday"),
        (date(2028, 2, 11), None),  # section 24 moves a Sunday holiday only
        (date(2034, 2, 13), "Lincoln's Birthday (observed)"),  # the 12th is a Sunday
        (date(2026, 11, 3), "General Election Day"),
        (date(2027, 2, 15), "Washington's Birthday"),
        (date(2028, 2, 15), None),  # Susan B. Anthony Day is no public holiday
        (date(2026, 7, 3), None),
        (date(2020, 6, 19), None),
        (date(2026, 11, 27), None),
    ],
)
def test_new_york_public_holidays(day: date, why: str | None) -> None:
    assert calendar_named("ny").why_closed(day) == why
