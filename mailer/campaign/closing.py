"""One closing of the firm: the closed days that belong together, such as those around the New Year. Pure."""

from __future__ import annotations

from datetime import date
from typing import Final

from mailer.notice.spans import days_since
from mailer.profile import Profile

TOGETHER: Final = 14  # days from the first closed one to the last


def closing_on(profile: Profile) -> tuple[tuple[date, str], ...]:
    """The days of the closing that begins on the day of the profile, each with its name."""
    return tuple(
        (one.day, one.name) for one in profile.holidays if days_since(profile.day, one.day) <= TOGETHER
    )
