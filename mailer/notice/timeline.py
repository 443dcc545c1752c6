"""The dated steps from draft to effective date, planned backward from the effective date.

Each step's day is its deadline, included: done on that day is in time. `slack_days` are calendar
days from `today`, negative once overdue. A step that is done has a `done_on` and is never overdue.
How the days come about: `mailer.notice.deadlines`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from mailer.notice.calendars import calendar_named
from mailer.notice.closings import NO_CLOSINGS, Closings
from mailer.notice.counting import latest_mailing, meets_every_reading
from mailer.notice.deadlines import (
    TITLES,
    Deadline,
    LeadTimes,
    Milestone,
    arrival,
    newsletter_deadline,
    notice_deadlines,
    preparation,
    soonest_effective,
    working_days,
)
from mailer.notice.problems import RuleProblem
from mailer.notice.reasons import explain_earliest
from mailer.notice.rules import Rule
from mailer.notice.steps import Step

__all__ = ["LeadTimes", "Milestone", "Timeline", "TimelineStep", "plan_timeline"]

_USUAL: Final = LeadTimes()


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """One deadline. `working` holds the counting behind it, where there is any.

    A last legal day keeps its own `day`; its `done_on` is the deposit, or the receipt, that met it or,
    if later, did not.
    """

    key: Milestone
    title: str
    day: dt.date
    slack_days: int
    overdue: bool
    reason: str
    citation: str = ""
    done_on: dt.date | None = None
    working: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Timeline:
    """`possible`: a drop on `earliest_drop` still meets every rule, by the stricter reading of each.

    `earliest_effective` is the first effective date that such a drop meets, and
    `earliest_working` why; `unhurried_effective` the first one that leaves all lead times.
    """

    steps: tuple[TimelineStep, ...]
    effective: dt.date
    possible: bool
    earliest_drop: dt.date
    earliest_effective: dt.date
    earliest_working: tuple[Step, ...]
    unhurried_effective: dt.date
    binding: Rule

    def step(self, key: Milestone) -> TimelineStep | None:
        """Return one step; a step that is not planned is None."""
        return next((step for step in self.steps if step.key is key), None)


def plan_timeline(
    effective: dt.date,
    rules: Iterable[Rule],
    today: dt.date,
    *,
    newsletter: Rule | None = None,
    lead_times: LeadTimes = _USUAL,
    earliest_drop: dt.date | None = None,
    done: Mapping[Milestone, dt.date] = MappingProxyType({}),
    closings: Closings = NO_CLOSINGS,
    billable: bool = True,
) -> Timeline:
    """Return the timeline for a campaign whose clients have these rules, all of which must hold.

    `newsletter` is the house rule that the newsletter has a deadline of its own under.
    `earliest_drop` is the first day a drop can count for: today's, or the next mailing day
    after the last pickup (`mailer.notice.mailingday`); without it, today's or the next open day's.
    `billable`: the campaign changes rates, so there is a first day to bill them for.
    """
    distinct = tuple(dict.fromkeys(rules))
    if not distinct:
        raise RuleProblem("No rule of notice was given.", todo="Give the house rule at least.")
    latests = {rule: latest_mailing(effective, rule, closings) for rule in distinct}
    binding = min(distinct, key=lambda rule: (latests[rule].operational, latests[rule].legal))
    post = calendar_named(binding.mailing_calendar, closings)
    soonest = earliest_drop or post.on_or_after(today)
    needed = lead_times.approval + lead_times.printing + lead_times.collection
    unhurried = working_days(binding, closings).nth_after(soonest, needed)
    counting = max(distinct, key=lambda rule: soonest_effective(soonest, rule, closings))
    deadlines = [
        *preparation(latests[binding], binding, lead_times, closings),
        *notice_deadlines(effective, binding, latests, lead_times, closings, billable=billable, done=done),
    ]
    if newsletter is not None:
        deadlines.append(newsletter_deadline(effective, newsletter, lead_times, closings))
    order = list(Milestone)
    marked = sorted(
        (_marked(deadline, today, done) for deadline in deadlines),
        key=lambda step: (step.day, order.index(step.key)),
    )
    return Timeline(
        tuple(marked),
        effective,
        all(
            meets_every_reading(arrival(soonest, rule, closings), effective, rule, closings)
            for rule in distinct
        ),
        soonest,
        soonest_effective(soonest, counting, closings),
        explain_earliest(arrival(soonest, counting, closings), counting, closings),
        max(soonest_effective(unhurried, rule, closings) for rule in distinct),
        binding,
    )


def _marked(deadline: Deadline, today: dt.date, done: Mapping[Milestone, dt.date]) -> TimelineStep:
    slack = (deadline.day - today).days
    # Whatever was dropped in time for the operational day needs no warning of the legal one; its
    # receipt is another matter.
    key = Milestone.DROP if deadline.key is Milestone.LEGAL_LATEST else deadline.key
    done_on = done.get(key)
    acts = deadline.key not in {Milestone.GIVEN, Milestone.EFFECTIVE, Milestone.BILLABLE}
    return TimelineStep(
        deadline.key,
        TITLES[deadline.key],
        deadline.day,
        slack,
        acts and done_on is None and slack < 0,
        deadline.reason,
        deadline.citation,
        done_on,
        deadline.working,
    )
