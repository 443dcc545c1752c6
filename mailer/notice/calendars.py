"""Which days are open: legal business days, court days and mailing days, by calendar code.

A calendar is found by its code with `calendar_named`; `a+b` is closed if either part is.
Every closed day, weekends included, is known with its reason. `nth_after` and `nth_before`
exclude the day they start from; `on_or_after` and `on_or_before` include it. A year outside a
calendar's data is an error, never a guess.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from mailer.notice import holidays as statutory
from mailer.notice.closings import NO_CLOSINGS, Closings
from mailer.notice.problems import CalendarProblem

_DAY: Final = dt.timedelta(days=1)
_SATURDAY, _SUNDAY = 5, 6
_WEEKEND: Final = {_SATURDAY: "Saturday", _SUNDAY: "Sunday"}
_SUNDAYS: Final = {_SUNDAY: "Sunday"}
_AUSTRALIAN_STATES: Final = ("ACT", "NSW", "NT", "QLD", "SA", "TAS", "VIC", "WA")


def _next(day: dt.date) -> dt.date:
    if day == dt.date.max:
        raise CalendarProblem("No day follows 31 December 9999.", todo="Check the year of the date.")
    return day + _DAY


def _before(day: dt.date) -> dt.date:
    if day == dt.date.min:
        raise CalendarProblem("No day precedes 1 January of the year 1.", todo="Check the year of the date.")
    return day - _DAY


@dataclass(frozen=True, slots=True)
class CalendarData:
    """The rules of one calendar. `closed_in(year)` needs no weekends; years are inclusive."""

    title: str
    first_year: int
    last_year: int
    weekly: Mapping[int, str]
    closed_in: Callable[[int], Mapping[dt.date, str]]


class _ClosedDays(dict[int, Mapping[dt.date, str]]):
    """Closed days by year, computed when a year is first asked for."""

    def __init__(self, load: Callable[[int], Mapping[dt.date, str]]) -> None:
        super().__init__()
        self._load = load

    def __missing__(self, year: int) -> Mapping[dt.date, str]:
        loaded = self[year] = self._load(year)
        return loaded


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """Open and closed days. One object per code and closings, so identity is equality."""

    name: str
    title: str
    _closed: _ClosedDays = field(repr=False)

    def is_open(self, day: dt.date) -> bool:
        return day not in self._closed[day.year]

    def why_closed(self, day: dt.date) -> str | None:
        """Return the reason such as "Thanksgiving Day" or "Sunday", None on an open day."""
        return self._closed[day.year].get(day)

    def on_or_after(self, day: dt.date) -> dt.date:
        while not self.is_open(day):
            day = _next(day)
        return day

    def on_or_before(self, day: dt.date) -> dt.date:
        while not self.is_open(day):
            day = _before(day)
        return day

    def nth_after(self, day: dt.date, n: int) -> dt.date:
        """Return the n-th open day strictly after `day`; `day` itself for 0."""
        for _ in range(n):
            day = self.on_or_after(_next(day))
        return day

    def nth_before(self, day: dt.date, n: int) -> dt.date:
        """Return the n-th open day strictly before `day`; `day` itself for 0."""
        for _ in range(n):
            day = self.on_or_before(_before(day))
        return day

    def closures(self, start: dt.date, end: dt.date) -> tuple[tuple[dt.date, str], ...]:
        """Return the closed days, other than plain weekends, strictly between the two days."""
        days = (start + dt.timedelta(days=offset) for offset in range(1, (end - start).days))
        found = ((day, self.why_closed(day)) for day in days)
        return tuple((day, why) for day, why in found if why is not None and why not in _WEEKEND.values())


def _us_federal(year: int) -> dict[dt.date, str]:
    return statutory.observed_in(statutory.UNITED_STATES, year)


def _us_regz(year: int) -> dict[dt.date, str]:
    # 12 CFR 1026.2(a)(6), comment 2: the dates of 5 U.S.C. 6103(a), not the days of observance.
    return statutory.in_year(statutory.UNITED_STATES, year)


def _usps(year: int) -> dict[dt.date, str]:
    # A Saturday holiday closes the Saturday alone, a Sunday one the Monday as well
    # (USPS Employee and Labor Relations Manual 518).
    dates = statutory.in_year(statutory.UNITED_STATES, year)
    return statutory.after_sunday(dates) | dates


def _california_courts(year: int) -> dict[dt.date, str]:
    # CCP 135: the Judicial Council designates another day for a weekend holiday; its lists take
    # the Friday before a Saturday and the Monday after a Sunday.
    return statutory.observed_in(statutory.CALIFORNIA_COURTS, year)


def _new_york(year: int) -> dict[dt.date, str]:
    dates = statutory.in_year(statutory.NEW_YORK, year)
    return statutory.after_sunday(dates) | dates


def _england_and_wales(year: int) -> dict[dt.date, str]:
    import holidays  # noqa: PLC0415 - costs 120 ms, and few rules need these calendars

    return dict(holidays.country_holidays("GB", subdiv="ENG", years=year).items())


def _australia(year: int) -> dict[dt.date, str]:
    """Return the days that are a public holiday in every state and territory.

    The national list of `holidays` lacks the substitute days for weekend holidays. A state's
    own days (King's Birthday) belong in the caller's closings.
    """
    import holidays  # noqa: PLC0415 - as above

    states = [holidays.country_holidays("AU", subdiv=state, years=year) for state in _AUSTRALIAN_STATES]
    shared = set.intersection(*(set(state) for state in states))
    return {day: states[0][day] for day in shared if day.year == year}


FIRM: Final = "firm"
"""The code under which the firm's own holidays come as closings."""

# The first year is that from which the rows or the library's list are those of today's law
# (1971: the Uniform Monday Holiday Act; 2001: Cesar Chavez Day), the last what the library knows.
CALENDARS: Final[Mapping[str, CalendarData]] = {
    "none": CalendarData("every day", dt.MINYEAR, dt.MAXYEAR, {}, lambda _: {}),
    "us_federal": CalendarData("US federal business days", 1971, 2099, _WEEKEND, _us_federal),
    "us_regz": CalendarData("Regulation Z specific business days", 1971, 2099, _SUNDAYS, _us_regz),
    "usps": CalendarData("USPS mailing days", 1971, 2099, _SUNDAYS, _usps),
    "ca_court": CalendarData("California court days", 2001, 2099, _WEEKEND, _california_courts),
    "uk_ew": CalendarData("business days in England and Wales", 1978, 2099, _WEEKEND, _england_and_wales),
    "au": CalendarData("working days throughout Australia", 2000, 2099, _WEEKEND, _australia),
    "ny": CalendarData("New York business days", 1985, 2099, _WEEKEND, _new_york),
    # Closed on the firm's own holidays alone, which come as closings: for planning, never for a count.
    FIRM: CalendarData("days on which the firm works", dt.MINYEAR, dt.MAXYEAR, {}, lambda _: {}),
}


def _weekly_closed(year: int, weekly: Mapping[int, str]) -> dict[dt.date, str]:
    first = dt.date(year, 1, 1)
    days = (first + dt.timedelta(days=offset) for offset in range(366)) if weekly else ()
    return {day: weekly[day.weekday()] for day in days if day.year == year and day.weekday() in weekly}


def _single(code: str, closings: Closings) -> Calendar:
    data = CALENDARS[code]
    extra = closings.of(code)

    def closed_in(year: int) -> Mapping[dt.date, str]:
        if not data.first_year <= year <= data.last_year:
            raise CalendarProblem(
                f"The calendar {code} has no data for {year}; "
                f"it covers {data.first_year} to {data.last_year}.",
                todo="Check the year of the date.",
            )
        closed = _weekly_closed(year, data.weekly) | dict(data.closed_in(year))
        for day, entry in extra.items():
            if day.year == year and entry.is_open:
                closed.pop(day, None)
            elif day.year == year:
                closed[day] = entry.reason
        return closed

    return Calendar(code, data.title, _ClosedDays(closed_in))


def _union(code: str, parts: tuple[Calendar, ...]) -> Calendar:
    def closed_in(year: int) -> Mapping[dt.date, str]:
        merged: dict[dt.date, str] = {}
        for part in parts:
            for day, why in part._closed[year].items():  # noqa: SLF001 - a part is a Calendar too
                merged.setdefault(day, why)
        return merged

    return Calendar(code, " and ".join(part.title for part in parts), _ClosedDays(closed_in))


def check_calendar(code: str) -> None:
    """Raise `CalendarProblem` unless each part of `code` is a known calendar."""
    for part in code.split("+"):
        if part not in CALENDARS:
            near = difflib.get_close_matches(part, CALENDARS, 1, 0.5)
            raise CalendarProblem(
                f"There is no calendar {part!r}.",
                todo=(f"Perhaps you meant {near[0]!r}. " if near else "")
                + f"Known: {', '.join(CALENDARS)}, and a+b for days open in both.",
            )


@lru_cache(maxsize=256)
def calendar_named(code: str, closings: Closings = NO_CLOSINGS) -> Calendar:
    """Return the calendar of a code such as "usps" or "us_federal+usps"."""
    check_calendar(code)
    for row in closings.rows:
        check_calendar(row.calendar)
    parts = tuple(dict.fromkeys(code.split("+")))
    if len(parts) == 1:
        return _single(parts[0], closings)
    return _union(code, tuple(calendar_named(part, closings) for part in parts))
