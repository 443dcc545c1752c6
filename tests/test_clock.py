"""The one clock: the real time, the firm's day, and a day fixed for a rehearsal."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from mailer.clock import Clock, fixed_day
from mailer.errors import UsageProblem

pytestmark = pytest.mark.days


def test_now_is_the_real_time_in_utc() -> None:
    now = Clock(ZoneInfo("America/Los_Angeles")).now()
    assert now.tzinfo is UTC
    assert abs(now.timestamp() - time.time()) < 5


def test_today_is_the_day_in_the_firms_zone() -> None:
    far_apart = [Clock(ZoneInfo(zone)) for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago")]  # 25 hours
    assert far_apart[0].today() > far_apart[1].today()
    assert not far_apart[0].rehearsal


def test_a_fixed_day_is_a_rehearsal_and_does_not_move_now() -> None:
    clock = Clock(ZoneInfo("America/Los_Angeles"), date(1999, 11, 24))
    assert clock.today() == date(1999, 11, 24)
    assert clock.rehearsal
    assert clock.now() > datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("environ", "day"),
    [({}, None), ({"MAILER_TODAY": " "}, None), ({"MAILER_TODAY": " 2026-11-24 "}, date(2026, 11, 24))],
)
def test_the_day_is_fixed_by_the_environment(environ: dict[str, str], day: date | None) -> None:
    assert fixed_day(environ) == day


@pytest.mark.parametrize("text", ["tomorrow", "11/24/2026", "2026-02-30", "2026-11-24T10:00"])
def test_what_is_not_a_day_is_refused(text: str) -> None:
    with pytest.raises(UsageProblem) as refused:
        fixed_day({"MAILER_TODAY": text})
    assert str(refused.value) == (
        f"MAILER_TODAY is {text!r}, which is not a date.\n"
        "  Write it as YYYY-MM-DD, for example MAILER_TODAY=2026-11-24, or unset it."
    )
    assert refused.value.exit_code == 2
