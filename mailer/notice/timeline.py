"""The dated steps from draft to effective date, planned backward from the effective date.

Lead times are mailing days of the post's calendar. Each step's day is its deadline, included:
done on that day is in time. `slack_days` are calendar days from `today`, negative once
overdue. A step that is done has a `done_on` and is never overdue.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final

from mailer.notice.calendars import Calendar, calendar_named
from mailer.notice.closings import NO_CLOSINGS, Closings
from mailer.notice.counting import (
    LatestMailing,
    deemed_given,
    earliest_effective,
    is_compliant,
    latest_mailing,
)
from mailer.notice.problems import RuleProblem
from mailer.notice.reasons import explain_earliest, explain_latest, given_step
from mailer.notice.rules import Rule
from mailer.notice.steps import Step, counted, spoken


class Milestone(Enum):
    """The steps of a campaign, in the order in which they normally fall."""

    PROOF = "proof"
    APPROVE = "approve"
    PRINT = "print"
    DROP = "drop"
    NEWSLETTER = "newsletter"
    LEGAL_LATEST = "legal-latest"
    GIVEN = "given"
    EFFECTIVE = "effective"
    BILLABLE = "billable"


_TITLES: Final[Mapping[Milestone, str]] = {
    Milestone.PROOF: "definition ready and proofed",
    Milestone.APPROVE: "approved",
    Milestone.PRINT: "printed and in envelopes",
    Milestone.DROP: "letters handed to the post",
    Milestone.NEWSLETTER: "newsletter handed to the post",
    Milestone.LEGAL_LATEST: "last legal day of deposit",
    Milestone.GIVEN: "notice counts as given",
    Milestone.EFFECTIVE: "the change takes effect",
    Milestone.BILLABLE: "first day billable",
}


@dataclass(frozen=True, slots=True)
class LeadTimes:
    """Mailing days: from proof to approval, from approval to printed, from printed to the drop."""

    approval: int = 2
    printing: int = 1
    collection: int = 1

    def __post_init__(self) -> None:
        if min(self.approval, self.printing, self.collection) < 0:
            raise RuleProblem("A lead time cannot be negative.", todo="Correct [lead_times] in mailer.toml.")


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """One deadline. `working` holds the counting behind it, where there is any."""

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
    """`possible`: a drop on `earliest_drop` still meets every rule.

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
        """Return one step; there is no newsletter step where none is planned."""
        return next((step for step in self.steps if step.key is key), None)


def plan_timeline(
    effective: dt.date,
    rules: Iterable[Rule],
    today: dt.date,
    *,
    newsletter: Rule | None = None,
    lead_times: LeadTimes = LeadTimes(),
    earliest_drop: dt.date | None = None,
    done: Mapping[Milestone, dt.date] = MappingProxyType({}),
    closings: Closings = NO_CLOSINGS,
) -> Timeline:
    """Return the timeline for a campaign whose clients have these rules, all of which must hold.

    `newsletter` is the house rule that the newsletter has a deadline of its own under.
    `earliest_drop` is the first day a drop can count for: today's, or the next mailing day
    after the last pickup (`mailer.notice.pickups`); without it, today's or the next open day's.
    """
    distinct = tuple(dict.fromkeys(rules))
    if not distinct:
        raise RuleProblem("No rule of notice was given.", todo="Give the house rule at least.")
    latests = {rule: latest_mailing(effective, rule, closings) for rule in distinct}
    binding = min(distinct, key=lambda rule: (latests[rule].operational, latests[rule].legal))
    post = calendar_named(binding.mailing_calendar, closings)
    soonest = earliest_drop or post.on_or_after(today)
    unhurried = post.nth_after(soonest, lead_times.approval + lead_times.printing + lead_times.collection)
    counting = max(distinct, key=lambda rule: _soonest_effective(soonest, rule, closings))
    deadlines = [
        *_preparation(latests[binding].operational, lead_times, post),
        *_notice(effective, binding, latests, closings),
    ]
    if newsletter is not None:
        deadlines.append(_newsletter(effective, newsletter, closings))
    order = list(Milestone)
    marked = sorted(
        (_marked(deadline, today, done) for deadline in deadlines),
        key=lambda step: (step.day, order.index(step.key)),
    )
    return Timeline(
        tuple(marked),
        effective,
        all(is_compliant(_arrival(soonest, rule, closings), effective, rule, closings) for rule in distinct),
        soonest,
        _soonest_effective(soonest, counting, closings),
        explain_earliest(_arrival(soonest, counting, closings), counting, closings),
        max(_soonest_effective(unhurried, rule, closings) for rule in distinct),
        binding,
    )


@dataclass(frozen=True, slots=True)
class _Deadline:
    key: Milestone
    day: dt.date
    reason: str
    citation: str = ""
    working: tuple[Step, ...] = ()


def _arrival(drop: dt.date, rule: Rule, closings: Closings) -> dt.date:
    """Return the day to count from: the drop, or the expected receipt where receipt counts."""
    return calendar_named(rule.mailing_calendar, closings).nth_after(drop, rule.transit)


def _soonest_effective(drop: dt.date, rule: Rule, closings: Closings) -> dt.date:
    return earliest_effective(_arrival(drop, rule, closings), rule, closings)


def _preparation(drop: dt.date, lead: LeadTimes, post: Calendar) -> Iterable[_Deadline]:
    printed = post.nth_before(drop, lead.collection)
    approved = post.nth_before(printed, lead.printing)
    proofed = post.nth_before(approved, lead.approval)
    days = "mailing day"
    yield _Deadline(
        Milestone.PROOF, proofed, f"{counted(lead.approval, days)} for approval by {spoken(approved)}"
    )
    yield _Deadline(
        Milestone.APPROVE, approved, f"{counted(lead.printing, days)} for printing by {spoken(printed)}"
    )
    yield _Deadline(
        Milestone.PRINT, printed, f"{counted(lead.collection, days)} before the drop of {spoken(drop)}"
    )


def _notice(
    effective: dt.date, binding: Rule, latests: Mapping[Rule, LatestMailing], closings: Closings
) -> Iterable[_Deadline]:
    latest = latests[binding]
    working = explain_latest(latest, effective, binding, closings)
    reason = f"the last mailing day that meets {binding.title}"
    yield _Deadline(Milestone.DROP, latest.operational, reason, binding.citation, working)
    legal = min(latests, key=lambda rule: latests[rule].legal)
    yield _Deadline(
        Milestone.LEGAL_LATEST,
        latests[legal].legal,
        f"{legal.title}; leaves no room for a missed pickup",
        legal.citation,
        explain_latest(latests[legal], effective, legal, closings),
    )
    slowest = max(latests, key=lambda rule: _given(latest.operational, rule, closings))
    step = given_step(_arrival(latest.operational, slowest, closings), slowest, closings)
    reason = step.text.split(": ", 1)[-1]
    reason = f"{reason}, if dropped on {spoken(latest.operational)}"
    yield _Deadline(Milestone.GIVEN, step.day, reason, step.citation, (step,))
    yield _Deadline(Milestone.EFFECTIVE, effective, "the campaign's effective date")
    yield _Deadline(Milestone.BILLABLE, effective, "the new rate is for work done from the effective date")


def _given(drop: dt.date, rule: Rule, closings: Closings) -> dt.date:
    return deemed_given(_arrival(drop, rule, closings), rule, closings)


def _newsletter(effective: dt.date, rule: Rule, closings: Closings) -> _Deadline:
    latest = latest_mailing(effective, rule, closings)
    working = explain_latest(latest, effective, rule, closings)
    reason = f"the last mailing day that meets {rule.title}"
    return _Deadline(Milestone.NEWSLETTER, latest.operational, reason, rule.citation, working)


def _marked(deadline: _Deadline, today: dt.date, done: Mapping[Milestone, dt.date]) -> TimelineStep:
    slack = (deadline.day - today).days
    # Whatever was dropped in time for the operational day needs no warning of the legal one.
    key = Milestone.DROP if deadline.key is Milestone.LEGAL_LATEST else deadline.key
    done_on = done.get(key)
    acts = deadline.key not in {Milestone.GIVEN, Milestone.EFFECTIVE, Milestone.BILLABLE}
    return TimelineStep(
        deadline.key,
        _TITLES[deadline.key],
        deadline.day,
        slack,
        acts and done_on is None and slack < 0,
        deadline.reason,
        deadline.citation,
        done_on,
        deadline.working,
    )
