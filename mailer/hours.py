"""Weekly business hours as people read them: one text for letter, newsletter and web page.

A day is "closed" or one or more ranges "8:00-17:30" on the 24-hour clock, both ends stated.
"""

from __future__ import annotations

import re
from typing import Final

from pydantic import field_validator

from mailer.tomlfile import Table

DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CLOSED: Final = "closed"
_RANGE: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})\s*(?:-|–|to)\s*([0-9]{1,2}):([0-9]{2})")


class WeeklyHours(Table):
    """The hours of one week; a day not stated is closed."""

    monday: str = CLOSED
    tuesday: str = CLOSED
    wednesday: str = CLOSED
    thursday: str = CLOSED
    friday: str = CLOSED
    saturday: str = CLOSED
    sunday: str = CLOSED

    @field_validator(*DAYS)
    @classmethod
    def _readable(cls, value: str) -> str:
        day_words(value)
        return value

    def lines(self) -> tuple[str, ...]:
        """Equal days together: "Monday to Friday, 8:00 am to 5:30 pm", "Saturday and Sunday, closed"."""
        groups: list[list[int]] = []
        words = [day_words(getattr(self, day)) for day in DAYS]
        for number in range(7):
            if groups and words[groups[-1][0]] == words[number]:
                groups[-1].append(number)
            else:
                groups.append([number])
        return tuple(f"{_days(group)}, {words[group[0]]}" for group in groups)


def day_words(value: str) -> str:
    """For people: "8:00-17:30" is "8:00 am to 5:30 pm". Raises ValueError for anything else."""
    if value.strip().lower() == CLOSED:
        return CLOSED
    words, last = [], -1
    for part in value.split(","):
        match = _RANGE.fullmatch(part.strip())
        if not match:
            raise ValueError(f'{value!r} is not a range of hours; write "8:00-17:30" or "closed"')
        opens, closes = _minutes(match[1], match[2]), _minutes(match[3], match[4])
        if not last < opens < closes <= 24 * 60:
            raise ValueError(
                f"{value!r} does not run forward through one day; past midnight write "
                '"22:00-24:00", and "0:00-6:00" on the next day'
            )
        last = closes
        words.append(f"{_time(opens)} to {_time(closes)}")
    return " and ".join(words)


def _minutes(hours: str, minutes: str) -> int:
    if int(minutes) > 59:
        raise ValueError(f"{hours}:{minutes} is not a time of day")
    return int(hours) * 60 + int(minutes)


def _time(minutes: int) -> str:
    if minutes == 24 * 60:
        return "midnight"
    hour, minute = divmod(minutes, 60)
    return f"{(hour - 1) % 12 + 1}:{minute:02} {'am' if hour < 12 else 'pm'}"


def _days(group: list[int]) -> str:
    first, last = DAYS[group[0]].capitalize(), DAYS[group[-1]].capitalize()
    match len(group):
        case 1:
            return first
        case 2:
            return f"{first} and {last}"
        case _:
            return f"{first} to {last}"
