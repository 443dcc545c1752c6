"""A timeline as a calendar file (RFC 5545): one all-day event a step, with reminders of what is to be done.

An event's UID is made of firm, campaign and step, so that a calendar which takes the file again moves its
events. SEQUENCE and DTSTAMP rise with `stamp`, which tells it that they are newer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from icalendar import Alarm, Calendar, Event

from mailer.campaign.loading import Campaign
from mailer.notice.timeline import Milestone, Timeline, TimelineStep
from mailer.notice.words import spoken
from mailer.planning.issuedates import IssueDeadline
from mailer.settings import Firm

# From the midnight at which the day begins: at 9 o'clock a week and a day before, at 8 on the day itself.
_WEEK, _EVE, _MORNING = (7, "-P6DT15H"), (1, "-PT15H"), (0, "PT8H")  # days before, and TRIGGER
_REMINDERS: Final = {
    Milestone.PROOF: (_WEEK, _EVE),
    Milestone.APPROVE: (_WEEK, _EVE),
    Milestone.PRINT: (_WEEK, _EVE),
    Milestone.SEND: (_WEEK, _EVE, _MORNING),
    Milestone.DROP: (_WEEK, _EVE, _MORNING),
    Milestone.NEWSLETTER: (_WEEK, _EVE, _MORNING),
    Milestone.LEGAL_LATEST: (_EVE,),
    Milestone.RECEIPT: (_WEEK, _EVE),
}
_NEXT: Final = {
    Milestone.PROOF: "mailer proof",
    Milestone.APPROVE: "mailer approve",
    Milestone.PRINT: "mailer print",
    Milestone.SEND: "mailer send",
    Milestone.DROP: "mailer drop",
    Milestone.LEGAL_LATEST: "mailer check",
    Milestone.RECEIPT: "mailer check",
}
_EPOCH: Final = datetime(2026, 1, 1, tzinfo=UTC)
COUNSEL: Final = "Confirm with counsel; this is a calculation, not legal advice."


@dataclass(frozen=True, slots=True)
class MadeAt:
    """For whom and when a calendar is made. `stamp` is aware; the same one makes the same file."""

    firm: Firm
    stamp: datetime
    today: date
    rehearsal: bool

    @property
    def domain(self) -> str:
        """The firm's own part of every UID."""
        return self.firm.email[0].value.rpartition("@")[2].casefold() or "mailer.invalid"


def timeline_calendar(campaign: Campaign, timeline: Timeline, made: MadeAt) -> bytes:
    """The calendar of a notice's timeline."""
    calendar = _calendar(campaign, made)
    for step in timeline.steps:
        event = _event(campaign, made, step.key.value, step.day, _summary(campaign, step))
        _describe(event, _said(campaign, step))
        if step.done_on is None:
            _remind(event, step.day, made.today, _REMINDERS.get(step.key, ()))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def issue_calendar(
    issue: Campaign, deadlines: Sequence[IssueDeadline], made: MadeAt, *, mailed: bool
) -> bytes:
    """The calendar of an issue: by when each campaign that it carries needs it in the post."""
    calendar = _calendar(issue, made)
    for one in deadlines:
        late = "" if mailed or one.possible else "TOO LATE: "
        event = _event(
            issue,
            made,
            f"newsletter-{one.campaign}",
            one.hand_over,
            f"{late}{issue.name}: newsletter handed to the post for {one.campaign}",
        )
        lines = [f"{one.campaign} takes effect on {spoken(one.effective)}."]
        if one.legal != one.hand_over:
            lines.append(f"The habit's own last day is {spoken(one.legal)}.")
        _describe(event, [*lines, f"mailer drop {issue.name}", COUNSEL])
        if not mailed:
            _remind(event, one.hand_over, made.today, (_WEEK, _EVE, _MORNING))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _calendar(campaign: Campaign, made: MadeAt) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//mailer//timeline//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    name = f"{made.firm.name}: mail{' (REHEARSAL)' if made.rehearsal else ''}"
    calendar.add("name", name)  # RFC 7986; the X- one is what calendars read
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-caldesc", f"{campaign.name}: {campaign.definition.title}")
    return calendar


def _event(campaign: Campaign, made: MadeAt, key: str, day: date, summary: str) -> Event:
    """An all-day event: a DTSTART that is a date and no end lasts that day (RFC 5545, 3.6.1)."""
    event = Event()
    event.add("uid", f"{campaign.name}.{key}@{made.domain}")
    event.add("dtstamp", made.stamp.astimezone(UTC))
    event.add("last-modified", made.stamp.astimezone(UTC))
    event.add("sequence", max(0, int((made.stamp - _EPOCH).total_seconds()) // 60))
    event.add("dtstart", day)
    event.add("summary", summary)
    event.add("transp", "TRANSPARENT")  # the day stays free
    event.add("categories", [campaign.name])
    return event


def _summary(campaign: Campaign, step: TimelineStep) -> str:
    stands = "done: " if step.done_on else "OVERDUE: " if step.overdue else ""
    return f"{stands}{campaign.name}: {step.title}"


def _said(campaign: Campaign, step: TimelineStep) -> list[str]:
    lines = [f"{campaign.definition.title}: {step.title} by {spoken(step.day)}.", step.reason]
    if step.key not in _REMINDERS:
        lines[0] = f"{campaign.definition.title}: {step.title}, {spoken(step.day)}."
    if step.citation:
        lines.append(step.citation)
    if step.done_on:
        lines.append(f"Done on {spoken(step.done_on)}.")
    elif step.key in _NEXT:
        lines.append(f"{_NEXT[step.key]} {campaign.name}")
    return [*lines, COUNSEL]


def _describe(event: Event, lines: Sequence[str]) -> None:
    event.add("description", "\n".join(lines))


def _remind(event: Event, day: date, today: date, reminders: Sequence[tuple[int, str]]) -> None:
    """Reminders whose own day is still to come: a calendar would ring at once for one that is past."""
    left = (day - today).days
    for before, trigger in reminders:
        if left < before:
            continue
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", str(event["summary"]))
        alarm["trigger"] = trigger
        event.add_component(alarm)
