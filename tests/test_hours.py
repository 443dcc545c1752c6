"""Business hours as a firm states them and as a client reads them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailer.hours import WeeklyHours, day_words


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("8:00-17:30", "8:00 am to 5:30 pm"),
        ("08:00 - 17:30", "8:00 am to 5:30 pm"),
        ("8:00–17:30", "8:00 am to 5:30 pm"),
        ("8:00 to 17:30", "8:00 am to 5:30 pm"),
        ("8:00-12:00, 13:00-17:00", "8:00 am to 12:00 pm and 1:00 pm to 5:00 pm"),
        ("0:00-24:00", "12:00 am to midnight"),
        ("12:00-12:05", "12:00 pm to 12:05 pm"),
        ("closed", "closed"),
        (" Closed ", "closed"),
    ],
)
def test_one_day(written: str, read: str) -> None:
    assert day_words(written) == read


@pytest.mark.parametrize(
    "written",
    ["", "8-17", "8:00", "8:00-", "8am-5pm", "open", "8:00-12:00,", "closed, 8:00-9:00", "٨:00-17:00"],
)
def test_what_is_not_a_range_of_hours(written: str) -> None:
    with pytest.raises(ValueError, match='is not a range of hours; write "8:00-17:30" or "closed"'):
        day_words(written)


@pytest.mark.parametrize(
    "written",
    [
        "17:00-8:00",
        "8:00-8:00",
        "8:00-24:01",
        "8:00-12:00, 11:00-17:00",
        "13:00-17:00, 8:00-12:00",
        "24:00-25:00",
    ],
)
def test_hours_run_forward_through_one_day(written: str) -> None:
    with pytest.raises(ValueError, match="does not run forward through one day"):
        day_words(written)


def test_a_minute_above_59_is_refused() -> None:
    with pytest.raises(ValueError, match="8:60 is not a time of day"):
        day_words("8:60-17:00")


def test_days_of_equal_hours_are_one_line() -> None:
    week = WeeklyHours(
        monday="8:00-18:00",
        tuesday="8:00-18:00",
        wednesday="8:00-18:00",
        thursday="8:00 to 18:00",  # written differently, read the same
        friday="8:00-17:00",
    )
    assert week.lines() == (
        "Monday to Thursday, 8:00 am to 6:00 pm",
        "Friday, 8:00 am to 5:00 pm",
        "Saturday and Sunday, closed",
    )


def test_only_neighbours_are_grouped() -> None:
    week = WeeklyHours(monday="9:00-12:00", wednesday="9:00-12:00", thursday="9:00-12:00")
    assert week.lines() == (
        "Monday, 9:00 am to 12:00 pm",
        "Tuesday, closed",
        "Wednesday and Thursday, 9:00 am to 12:00 pm",
        "Friday to Sunday, closed",
    )


def test_a_week_without_hours_is_one_line() -> None:
    assert WeeklyHours().lines() == ("Monday to Sunday, closed",)


@given(st.text() | st.from_regex(r"\A[0-9:,\- to]{0,30}\Z"))
def test_any_text_is_read_or_refused(written: str) -> None:
    try:
        words = day_words(written)
    except ValueError:
        return
    assert words == "closed" or " to " in words


TIMES = st.integers(0, 24 * 60)


@given(st.lists(TIMES, min_size=2, max_size=8, unique=True).map(sorted))
def test_every_forward_list_of_hours_is_read(minutes: list[int]) -> None:
    pairs = list(zip(minutes[::2], minutes[1::2], strict=False))
    written = ",".join(f"{a // 60}:{a % 60:02}-{b // 60}:{b % 60:02}" for a, b in pairs)
    assert day_words(written).count(" to ") == len(pairs)
