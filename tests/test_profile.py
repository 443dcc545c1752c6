"""The profile: each value as of the day on which it is read."""

from __future__ import annotations

from datetime import date

import pytest

from mailer.errors import FileProblems
from mailer.settings import Settings
from mailer.tomlfile import parse

pytestmark = pytest.mark.days

FIRM = """\
[firm]
name = "Riverbend IT"
phone = [{ value = "916-555-0100" }, { value = "916-555-0199", from = 2027-03-01 }]
email = "office@riverbend.example"
time_zone = "America/Los_Angeles"
address = { line1 = "100 Capitol Mall", city = "Sacramento", state = "CA", zip = "95814" }
[signature]
name = "Ada Byrd"
title = "Owner"
[[hours]]
from = 2020-01-01
monday = "8:00-17:00"
[[hours]]
from = 2027-06-01
until = 2027-08-31
monday = "7:00-16:00"
"""
TABLE = """\
[[response_times]]
priority = "emergency"
what = "Nobody can work"
within = "30 minutes"
after_hours = "1 hour"
[[response_times]]
priority = "urgent"
what = "One person cannot work"
within = "2 hours"
after_hours = "the next morning"
[[response_times]]
priority = "normal"
what = "Anything else"
within = "1 business day"
after_hours = "1 business day"
[[response_times]]
from = 2027-03-01
priority = "emergency"
what = "Nobody can work"
within = "15 minutes"
after_hours = "30 minutes"
"""


def settings(text: str) -> Settings:
    return parse(text, Settings, shown="mailer.toml")


def problem(text: str) -> str:
    with pytest.raises(FileProblems) as found:
        settings(text)
    (one,) = found.value.problems
    return str(one)


@pytest.mark.parametrize(
    ("day", "phone", "monday"),
    [
        (date(2019, 1, 1), "916-555-0100", "8:00-17:00"),
        (date(2027, 2, 28), "916-555-0100", "8:00-17:00"),
        (date(2027, 3, 1), "916-555-0199", "8:00-17:00"),
        (date(2027, 6, 1), "916-555-0199", "7:00-16:00"),
        (date(2027, 8, 31), "916-555-0199", "7:00-16:00"),
        (date(2027, 9, 1), "916-555-0199", "8:00-17:00"),  # the summer's hours have ended
    ],
)
def test_a_value_is_that_of_the_day(day: date, phone: str, monday: str) -> None:
    profile = settings(FIRM).on(day)
    assert (profile.phone, profile.hours.monday) == (phone, monday)


def test_a_later_row_takes_the_place_of_its_name() -> None:
    rows = settings(FIRM + TABLE).on(date(2027, 3, 1)).response_times
    assert [row.within for row in rows] == ["15 minutes", "2 hours", "1 business day"]


def test_a_lists_row_ends_with_its_last_day() -> None:
    fax = '[[ways]]\nname = "Fax"\naccepted = true\nuntil = 2026-12-31\n'
    assert [way.name for way in settings(FIRM + fax).on(date(2026, 12, 31)).accepted] == ["Fax"]
    assert settings(FIRM + fax).on(date(2027, 1, 1)).ways == ()


NO_END = "the first value has an 'until'; leave it out"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            '"8:00-17:00"',
            '"22:00-6:00"',
            "12: hours.0.monday: '22:00-6:00' does not run forward through one day",
        ),
        ("America/Los_Angeles", "Pacific", "5: firm.time_zone: 'Pacific' is not an IANA time zone"),
        (
            "until = 2027-08-31",
            "until = 2027-05-31",
            "13: hours.1: until 2027-05-31 is before from 2027-06-01",
        ),
        ("2020-01-01\n", "2020-01-01\nuntil = 2026-12-31\n", f"10: hours: {NO_END}"),
        ('"office@riverbend.example"', '""', "4: firm.email: is empty"),
        ('priority = "urgent"\n', "", "17: response_times: 'One person cannot work' has no priority; every"),
        (
            'after_hours = "the next morning"\n',
            "",
            "17: response_times: 'One person cannot work' has no after",
        ),
        ('"urgent"', '"normal"', '17: response_times: nothing is said of priority = "urgent"; add a row'),
    ],
)
def test_what_cannot_be_meant_is_named_with_its_line(old: str, new: str, told: str) -> None:
    assert problem((FIRM + TABLE).replace(old, new, 1)).startswith(f"mailer.toml:{told}")
