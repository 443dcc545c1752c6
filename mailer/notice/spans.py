"""Spans of days: both ends included, but for a month, which ends before the first of the next one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator


def days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Every day from `first` to `last`."""
    for offset in range((last - first).days + 1):
        yield first + dt.timedelta(days=offset)


def month_around(day: dt.date) -> tuple[dt.date, dt.date]:
    """The first of the day's calendar month, and the first of the next one."""
    first = day.replace(day=1)
    return first, (first + dt.timedelta(days=31)).replace(day=1)


def hours_after(moment: dt.datetime, hours: int) -> dt.datetime:
    """The moment so many hours later, by the clock that does not change with the season."""
    return moment.astimezone(dt.UTC) + dt.timedelta(hours=hours)


def days_since(day: dt.date, today: dt.date) -> int:
    """How many days ago it was; negative for one to come."""
    return (today - day).days
