"""The day a drop counts for: a mailing after the last pickup counts as the next mailing day's.

A drop exactly at the posted pickup time is in time. On a day without mail there is no pickup,
so a Sunday's drop, and one after Saturday's pickup, count as Monday's.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from mailer.notice.calendars import Calendar, calendar_named
from mailer.notice.closings import NO_CLOSINGS, Closings
from mailer.notice.problems import RuleProblem
from mailer.notice.steps import Step, StepKind, dated
from mailer.notice.words import spoken


@dataclass(frozen=True, slots=True)
class MailedOn:
    """The mailing day of a drop, and why."""

    day: dt.date
    step: Step


def counts_as_mailed_on(
    at: dt.datetime, last_pickup: dt.time, calendar: str = "usps", closings: Closings = NO_CLOSINGS
) -> MailedOn:
    """Return the mailing day that a drop counts for.

    `at` is aware and in the zone of the place of mailing; `last_pickup` is that place's
    posted time. A moment without a zone is refused: its day would be a guess.
    """
    if at.tzinfo is None:
        raise RuleProblem(
            f"The time of the drop, {at.isoformat(' ', 'minutes')}, has no time zone.",
            todo="Give it in the firm's zone.",
        )
    post = calendar_named(calendar, closings)
    day, clock = at.date(), f"{at:%H:%M}"
    closed = post.why_closed(day)
    if closed is None and at.time() <= last_pickup:
        return _mailed(post, day, f"handed over at {clock}, not after the last pickup at {last_pickup:%H:%M}")
    counted = post.nth_after(day, 1)
    if closed:
        return _mailed(post, counted, f"mailed, because {spoken(day)} is no mailing day ({closed})")
    late = f"after the last pickup at {last_pickup:%H:%M}"
    return _mailed(post, counted, f"mailed, because the drop of {spoken(day)} at {clock} was {late}")


def mailing_day(day: dt.date, calendar: str = "usps", closings: Closings = NO_CLOSINGS) -> MailedOn:
    """Return the mailing day that a drop of that day counts for, where its hour is not known: before the last
    pickup, if there is one.
    """
    post = calendar_named(calendar, closings)
    closed = post.why_closed(day)
    because = f", because {spoken(day)} is no mailing day ({closed})" if closed else ""
    return _mailed(post, post.on_or_after(day), f"mailed{because}")


def _mailed(post: Calendar, day: dt.date, why: str) -> MailedOn:
    return MailedOn(day, dated(day, why, post.title, StepKind.FIXED))
