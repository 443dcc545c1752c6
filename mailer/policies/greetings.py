"""What the firm says where nobody answers: voice mail, automatic reply, door sign, social post. Pure.

All of it is drawn from the profile of that day, so that it says what letter, newsletter and page say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from mailer.campaign.wording import date_words
from mailer.hours import CLOSED, DAYS, WeeklyHours, day_words
from mailer.notice.spans import days
from mailer.notice.strides import shifted
from mailer.profile import DatedHours, Priority, Profile
from mailer.settings import Settings

_LOOK_AHEAD: Final = 30  # days within which a firm opens again


@dataclass(frozen=True, slots=True)
class Greeting:
    """One text, and where it belongs."""

    place: str
    text: str


def greetings(settings: Settings, day: date, coming: Sequence[DatedHours]) -> tuple[Greeting, ...]:
    """The texts of `day`; `coming` are the hours that letters announced for later ones."""
    profile = settings.on(day)
    today = _today(settings, profile)
    hours = f"Our hours are {_open_hours(profile.hours)}."
    later = " ".join(f"From {date_words(one.since)}, our hours are {_open_hours(one)}." for one in coming)
    soon = _answered(profile)
    tickets = f"For a request that can wait: {profile.tickets}" if profile.tickets else ""
    first = "Otherwise" if profile.voice_mail or profile.emergency else "Please"
    message = f"{first} leave your name, your number and what has happened. {soon}"
    closings = [f"Closed {date_words(one.day)}: {one.name}." for one in profile.holidays[:4]]
    return (
        Greeting(
            "Voice mail",
            _paragraphs(
                f"You have reached {profile.name}. {today or hours}",
                *([profile.voice_mail] if profile.voice_mail else [profile.after_hours, profile.emergency]),
                message,
                later,
            ),
        ),
        Greeting(
            "Automatic reply",
            _paragraphs(
                f"Thank you for your message. {today or hours} {soon}",
                profile.after_hours,
                profile.emergency,
                tickets,
                profile.accounts,
                later,
                f"{profile.name} · {profile.phone}" + (f" · {profile.web}" if profile.web else ""),
            ),
        ),
        Greeting(
            "Door sign",
            "\n".join(
                [profile.name, *profile.hours.lines(), *([later] if later else []), *closings, profile.phone]
            ),
        ),
        Greeting("Social post", _post(profile, today, later)),
    )


def _today(settings: Settings, profile: Profile) -> str:
    """That the firm is closed today and when it opens again, or "" on a day on which it works."""
    day = profile.day
    if _opens(profile):
        return ""
    holiday = next((one.name for one in profile.holidays if one.day == day), "")
    closed = f"Today, {_weekday(day)}, we are closed{f' for {holiday}' if holiday else ''}."
    for later in days(shifted(day, 1), shifted(day, _LOOK_AHEAD)):
        opens = _opens(settings.on(later))
        if opens:
            return f"{closed} We open again on {_weekday(later)}, at {opens}."
    return closed


def _opens(profile: Profile) -> str:
    """At what time the firm opens on the profile's day, or ""."""
    hours = getattr(profile.hours, DAYS[profile.day.weekday()])
    if hours.strip().lower() == CLOSED or any(one.day == profile.day for one in profile.holidays):
        return ""
    return day_words(hours).partition(" to ")[0]


def _open_hours(hours: WeeklyHours) -> str:
    """As one says them: without the days on which the firm is closed."""
    return "; ".join(line for line in hours.lines() if not line.endswith(CLOSED))


def _weekday(day: date) -> str:
    return f"{DAYS[day.weekday()].capitalize()}, {date_words(day)}"


def _answered(profile: Profile) -> str:
    rows = {row.priority: row for row in profile.response_times}
    normal = rows.get(Priority.NORMAL)
    if normal is None:
        return "We call back."
    return f"We answer within {normal.within if _opens(profile) else normal.after_hours}."


def _post(profile: Profile, today: str, later: str) -> str:
    """Short, and it sends nobody with a request to where nothing is read."""
    first = today or later or f"Our hours are {_open_hours(profile.hours)}."
    return f"{first} Please call {profile.phone}: requests sent here are not read."


def _paragraphs(*texts: str) -> str:
    return "\n\n".join(" ".join(text.split()) for text in texts if text.strip())
