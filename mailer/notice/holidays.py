"""Holidays that are kept here as rows of law, because no library has the right list.

`in_year(rows, year)` returns the holidays whose own date lies in the calendar year, at their
own date; moving one that falls on a weekend is a separate rule (`to_weekday`, `after_sunday`).
`since` and `until` are years, both included.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

_MON, _TUE, _THU, _FRI = 0, 1, 3, 4
_LAST = -1


@dataclass(frozen=True, slots=True)
class FixedHoliday:
    """The same date each year."""

    name: str
    month: int
    day: int
    since: int = 1
    until: int = 9999

    def date_in(self, year: int) -> dt.date:
        return dt.date(year, self.month, self.day)


@dataclass(frozen=True, slots=True)
class WeekdayHoliday:
    """The `nth` weekday of a month (-1: the last), `offset` days later if given."""

    name: str
    month: int
    weekday: int
    nth: int
    offset: int = 0
    since: int = 1
    until: int = 9999

    def date_in(self, year: int) -> dt.date:
        if self.nth == _LAST:
            month_end = dt.date(year, self.month + 1, 1) - dt.timedelta(days=1)
            return month_end - dt.timedelta(days=(month_end.weekday() - self.weekday) % 7)
        first = dt.date(year, self.month, 1)
        to_first = (self.weekday - first.weekday()) % 7
        return first + dt.timedelta(days=to_first + 7 * (self.nth - 1) + self.offset)


Holiday = FixedHoliday | WeekdayHoliday

# 5 U.S.C. 6103(a). A Saturday holiday is observed the Friday before (6103(b)), a Sunday one the Monday after
# (Executive Order 11582).
UNITED_STATES: Final[tuple[Holiday, ...]] = (
    FixedHoliday("New Year's Day", 1, 1),
    WeekdayHoliday("Martin Luther King Jr. Day", 1, _MON, 3, since=1986),  # Pub. L. 98-144
    WeekdayHoliday("Washington's Birthday", 2, _MON, 3),
    WeekdayHoliday("Memorial Day", 5, _MON, _LAST),
    FixedHoliday("Juneteenth National Independence Day", 6, 19, since=2021),  # Pub. L. 117-17
    FixedHoliday("Independence Day", 7, 4),
    WeekdayHoliday("Labor Day", 9, _MON, 1),
    WeekdayHoliday("Columbus Day", 10, _MON, 2),
    # Pub. L. 90-363 put it on a Monday from 1971, Pub. L. 94-97 back from 1978.
    WeekdayHoliday("Veterans Day", 10, _MON, 4, until=1977),
    FixedHoliday("Veterans Day", 11, 11, since=1978),
    WeekdayHoliday("Thanksgiving Day", 11, _THU, 4),
    FixedHoliday("Christmas Day", 12, 25),
)

# Cal. Code Civ. Proc. 135 with Gov. Code 6700: every full state holiday but Admission Day, plus
# the day after Thanksgiving; every Saturday and Sunday is one as well.
CALIFORNIA_COURTS: Final[tuple[Holiday, ...]] = (
    FixedHoliday("New Year's Day", 1, 1),
    WeekdayHoliday("Dr. Martin Luther King, Jr. Day", 1, _MON, 3),
    FixedHoliday("Lincoln's Birthday", 2, 12),
    WeekdayHoliday("Presidents' Day", 2, _MON, 3),
    FixedHoliday("Cesar Chavez Day", 3, 31),
    WeekdayHoliday("Memorial Day", 5, _MON, _LAST),
    FixedHoliday("Juneteenth", 6, 19, since=2023),  # Stats. 2022, AB 1655
    FixedHoliday("Independence Day", 7, 4),
    WeekdayHoliday("Labor Day", 9, _MON, 1),
    # Stats. 2021, ch. 283 (AB 855) exchanged the two from 2022.
    WeekdayHoliday("Native American Day", 9, _FRI, 4, since=2022),
    WeekdayHoliday("Columbus Day", 10, _MON, 2, until=2021),
    FixedHoliday("Veterans Day", 11, 11),
    WeekdayHoliday("Thanksgiving Day", 11, _THU, 4),
    WeekdayHoliday("the day after Thanksgiving", 11, _THU, 4, offset=1),
    FixedHoliday("Christmas Day", 12, 25),
)

# N.Y. Gen. Constr. Law 24. Flag Day is left out: it is a Sunday. Susan B. Anthony Day is no
# public holiday under 24, and a Saturday holiday is not moved to Friday.
NEW_YORK: Final[tuple[Holiday, ...]] = (
    FixedHoliday("New Year's Day", 1, 1),
    WeekdayHoliday("Dr. Martin Luther King, Jr. Day", 1, _MON, 3),
    FixedHoliday("Lincoln's Birthday", 2, 12),
    WeekdayHoliday("Washington's Birthday", 2, _MON, 3),
    WeekdayHoliday("Memorial Day", 5, _MON, _LAST),
    FixedHoliday("Juneteenth", 6, 19, since=2021),  # L. 2020, ch. 249
    FixedHoliday("Independence Day", 7, 4),
    WeekdayHoliday("Labor Day", 9, _MON, 1),
    WeekdayHoliday("Columbus Day", 10, _MON, 2),
    # Election Law 1-104: the Tuesday after the first Monday in November, every year.
    WeekdayHoliday("General Election Day", 11, _MON, 1, offset=1),
    FixedHoliday("Veterans' Day", 11, 11),
    WeekdayHoliday("Thanksgiving Day", 11, _THU, 4),
    FixedHoliday("Christmas Day", 12, 25),
)


def in_year(rows: Iterable[Holiday], year: int) -> dict[dt.date, str]:
    """Return the holidays of one calendar year at their own dates."""
    return {row.date_in(year): row.name for row in rows if row.since <= year <= row.until}


def after_sunday(holidays: Mapping[dt.date, str]) -> dict[dt.date, str]:
    """Return the Mondays that are closed because the holiday itself was a Sunday."""
    return {
        day + dt.timedelta(days=1): f"{name} (observed)"
        for day, name in holidays.items()
        if day.isoweekday() == 7
    }


def to_weekday(holidays: Mapping[dt.date, str]) -> dict[dt.date, str]:
    """Return the Fridays before a Saturday holiday and the Mondays after a Sunday one.

    A Friday may lie in the year before (31 December for a Saturday New Year's Day).
    """
    fridays = {
        day - dt.timedelta(days=1): f"{name} (observed)"
        for day, name in holidays.items()
        if day.isoweekday() == 6
    }
    return fridays | after_sunday(holidays)


def observed_in(rows: Iterable[Holiday], year: int) -> dict[dt.date, str]:
    """Return the days of the year that are closed by holidays at their own date or moved to a weekday.

    The next year is looked at too: its New Year's Day may be observed on 31 December.
    """
    rows = tuple(rows)
    dates = in_year(rows, year) | in_year(rows, year + 1)
    return {day: name for day, name in (to_weekday(dates) | dates).items() if day.year == year}
