"""The arithmetic of days and months."""

from __future__ import annotations

from datetime import date

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from mailer.notice.closings import NO_CLOSINGS
from mailer.notice.strides import Stride, StrideKind, described, landing, months_from

pytestmark = pytest.mark.days


@pytest.mark.parametrize(
    ("day", "n", "corresponding"),
    [
        (date(1978, 9, 30), 4, date(1979, 1, 30)),  # Dodds v Walker
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2027, 1, 31), 2, date(2027, 3, 31)),  # not 28 March
        (date(2028, 3, 30), -1, date(2028, 2, 29)),
        (date(2027, 1, 15), -1, date(2026, 12, 15)),
        (date(2027, 5, 5), 0, date(2027, 5, 5)),
        (date(2027, 12, 31), 12, date(2028, 12, 31)),
    ],
)
def test_months_end_on_the_corresponding_date(day: date, n: int, corresponding: date) -> None:
    assert months_from(day, n) == corresponding


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.integers(-60, 60))
def test_months_agree_with_dateutil(day: date, n: int) -> None:
    assert months_from(day, n) == day + relativedelta(months=n)


def test_a_stride_says_how_it_got_there() -> None:
    start, end = date(2026, 11, 25), date(2026, 12, 1)
    stride = Stride(StrideKind.OPEN_DAYS, 3, "us_federal", noun="business day")
    assert landing(start, stride, NO_CLOSINGS) == end
    said = described(start, end, stride, NO_CLOSINGS)
    assert said == "3 business days later (Thu 26 Nov Thanksgiving Day is closed)"


def test_a_roll_names_the_closed_day() -> None:
    stride = Stride(StrideKind.ROLL_FORWARD, 0, "us_federal")
    day = landing(date(2026, 12, 25), stride, NO_CLOSINGS)
    assert day == date(2026, 12, 28)
    said = described(date(2026, 12, 25), day, stride, NO_CLOSINGS)
    assert said == "the nearest open day after Fri 25 Dec 2026, which is closed (Christmas Day)"
