"""The day a drop counts for."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from mailer.notice.closings import Closing, Closings
from mailer.notice.counting import is_compliant
from mailer.notice.mailingday import counts_as_mailed_on
from mailer.notice.problems import RuleProblem
from mailer.notice.rulebook import preset

pytestmark = pytest.mark.days

SACRAMENTO = ZoneInfo("America/Los_Angeles")
FIVE = time(17, 0)


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SACRAMENTO)


@pytest.mark.parametrize(
    ("when", "day", "why"),
    [
        (at(25, 14, 10), date(2026, 11, 25), "handed over at 14:10, not after the last pickup at 17:00"),
        (at(25, 17), date(2026, 11, 25), "handed over at 17:00, not after the last pickup at 17:00"),
        (
            at(25, 17, 1),
            date(2026, 11, 27),
            "mailed, because the drop of Wed 25 Nov 2026 at 17:01 was after the last pickup at 17:00",
        ),
        (
            at(28, 18),
            date(2026, 11, 30),
            "mailed, because the drop of Sat 28 Nov 2026 at 18:00 was after the last pickup at 17:00",
        ),
        (at(29, 10), date(2026, 11, 30), "mailed, because Sun 29 Nov 2026 is no mailing day (Sunday)"),
        (
            at(4, 10, month=7),
            date(2026, 7, 6),
            "mailed, because Sat 4 Jul 2026 is no mailing day (Independence Day)",
        ),
    ],
)
def test_a_drop_counts_for_a_mailing_day(when: datetime, day: date, why: str) -> None:
    mailed = counts_as_mailed_on(when, FIVE)
    assert mailed.day == day
    assert mailed.step.text.split(": ", 1)[1] == why


def test_after_saturdays_cut_off_it_counts_as_mondays_and_is_late() -> None:
    rule, new_year = preset("contract-30-plus-3bd"), date(2027, 1, 1)
    noon = time(12, 0)
    assert is_compliant(counts_as_mailed_on(at(28, 11), noon).day, new_year, rule)
    assert not is_compliant(counts_as_mailed_on(at(28, 13), noon).day, new_year, rule)


def test_an_extra_closed_day_of_the_post_counts() -> None:
    storm = Closings((Closing("usps", date(2026, 11, 27), "ice storm"),))
    assert counts_as_mailed_on(at(27, 9), FIVE, closings=storm).day == date(2026, 11, 28)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(RuleProblem, match="has no time zone"):
        counts_as_mailed_on(datetime(2026, 11, 25, 14, 10), FIVE)
