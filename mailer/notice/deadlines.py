"""The deadlines behind a timeline, each with its reason.

Lead times are mailing days of the post's calendar on which the firm works too: nobody there
approves, prints or hands over on its own holidays (calendar code "firm"). Those holidays move
what the firm plans to do and never a legal count. A mail service works on every mailing day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from mailer.notice.calendars import FIRM, Calendar, calendar_named
from mailer.notice.closings import Closings
from mailer.notice.counting import LatestMailing, deemed_given, latest_mailing, planned_effective
from mailer.notice.problems import RuleProblem
from mailer.notice.reasons import explain_latest, given_step
from mailer.notice.rules import Rule
from mailer.notice.steps import Step
from mailer.notice.words import plural, spoken


class Milestone(Enum):
    """The steps of a campaign, in the order in which they normally fall."""

    PROOF = "proof"
    APPROVE = "approve"
    PRINT = "print"
    SEND = "send"  # in place of printing and drop, where the firm uses a mail service
    DROP = "drop"
    NEWSLETTER = "newsletter"
    LEGAL_LATEST = "legal-latest"
    RECEIPT = "receipt"
    GIVEN = "given"
    EFFECTIVE = "effective"
    BILLABLE = "billable"


TITLES: Final[Mapping[Milestone, str]] = {
    Milestone.PROOF: "definition ready and proofed",
    Milestone.APPROVE: "approved",
    Milestone.PRINT: "printed and in envelopes",
    Milestone.SEND: "or sent to the mail service",
    Milestone.DROP: "letters handed to the post",
    Milestone.NEWSLETTER: "newsletter handed to the post",
    Milestone.LEGAL_LATEST: "last legal day of deposit",
    Milestone.RECEIPT: "last legal day of receipt",
    Milestone.GIVEN: "notice counts as given",
    Milestone.EFFECTIVE: "the change takes effect",
    Milestone.BILLABLE: "first day billable",
}


@dataclass(frozen=True, slots=True)
class LeadTimes:
    """Mailing days: from proof to approval, from approval to printed, from printed to the drop.

    `service` is from the upload to a mail service until the post has the piece; None where the
    firm uses none. `cut_off` is the last collection, in the firm's local time.
    """

    approval: int = 2
    printing: int = 1
    collection: int = 1
    service: int | None = None
    cut_off: dt.time | None = None

    def __post_init__(self) -> None:
        if min(self.approval, self.printing, self.collection, self.service or 0) < 0:
            raise RuleProblem("A lead time cannot be negative.", todo="Correct [lead_times] in mailer.toml.")

    @property
    def collected(self) -> str:
        """The cut-off as the end of a hand-over's reason."""
        return f"; at or before the last collection, {self.cut_off:%H:%M}" if self.cut_off else ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """One deadline. `working` holds the counting behind it, where there is any."""

    key: Milestone
    day: dt.date
    reason: str
    citation: str = ""
    working: tuple[Step, ...] = ()


def working_days(rule: Rule, closings: Closings) -> Calendar:
    """Return the days on which the firm works and the post takes mail."""
    return calendar_named(f"{rule.mailing_calendar}+{FIRM}", closings)


def hand_over(latest: LatestMailing, rule: Rule, closings: Closings) -> dt.date:
    """Return the last day on which the firm itself can hand mail over in time."""
    return working_days(rule, closings).on_or_before(latest.operational)


def arrival(drop: dt.date, rule: Rule, closings: Closings) -> dt.date:
    """Return the day to count from: the drop, or the expected receipt where receipt counts."""
    return calendar_named(rule.mailing_calendar, closings).nth_after(drop, rule.transit)


def soonest_effective(drop: dt.date, rule: Rule, closings: Closings) -> dt.date:
    """Return the first effective date that a drop of that day meets, by the stricter reading."""
    return planned_effective(arrival(drop, rule, closings), rule, closings)


def preparation(latest: LatestMailing, rule: Rule, lead: LeadTimes, closings: Closings) -> Iterable[Deadline]:
    """Return what comes before the drop; approval is early enough for a mail service too."""
    work = working_days(rule, closings)
    drop = hand_over(latest, rule, closings)
    printed = work.nth_before(drop, lead.collection)
    approved = work.nth_before(printed, lead.printing)
    days = "mailing day"
    why = f"{plural(lead.printing, days)} for printing by {spoken(printed)}"
    if lead.service is not None:
        post = calendar_named(rule.mailing_calendar, closings)
        sent = work.on_or_before(post.nth_before(latest.operational, lead.service))
        turnaround = f"{plural(lead.service, days)} at the service, for the post by"
        yield Deadline(Milestone.SEND, sent, f"{turnaround} {spoken(latest.operational)}")
        if sent < approved:
            approved, why = sent, "in time for the mail service"
    proofed = work.nth_before(approved, lead.approval)
    yield Deadline(
        Milestone.PROOF, proofed, f"{plural(lead.approval, days)} for approval by {spoken(approved)}"
    )
    yield Deadline(Milestone.APPROVE, approved, why)
    yield Deadline(
        Milestone.PRINT, printed, f"{plural(lead.collection, days)} before the drop of {spoken(drop)}"
    )


def notice_deadlines(
    effective: dt.date,
    binding: Rule,
    latests: Mapping[Rule, LatestMailing],
    lead: LeadTimes,
    closings: Closings,
    *,
    billable: bool,
    done: Mapping[Milestone, dt.date],
) -> Iterable[Deadline]:
    """Return the drop, the last legal days, and what follows; `billable` where new rates come with it.

    When it counts as given follows from the drop on record, and from the plan only before that.
    """
    latest = latests[binding]
    working = explain_latest(latest, effective, binding, closings)
    drop = hand_over(latest, binding, closings)
    reason = f"{_meets(latest, binding)}{_moved(latest, binding, closings)}{lead.collected}"
    yield Deadline(Milestone.DROP, drop, reason, binding.citation, working)
    yield from _legal(effective, latests, closings)
    yield _given(drop, latests, done, closings)
    yield Deadline(Milestone.EFFECTIVE, effective, "the campaign's effective date")
    if billable:
        yield Deadline(Milestone.BILLABLE, effective, "the new rate is for work done from the effective date")


def _given(
    planned: dt.date, rules: Iterable[Rule], done: Mapping[Milestone, dt.date], closings: Closings
) -> Deadline:
    """Return when it counts as given under the slowest of the rules."""
    dropped, received = done.get(Milestone.DROP), done.get(Milestone.RECEIPT)
    drop = dropped or planned
    starts = {
        rule: received if received and rule.needs_receipt else arrival(drop, rule, closings) for rule in rules
    }
    slowest = max(starts, key=lambda rule: deemed_given(starts[rule], rule, closings))
    step = given_step(starts[slowest], slowest, closings)
    reason = step.why
    if slowest.needs_receipt and received:
        reason = f"{reason}, by its proof"
    else:
        reason += f", {'dropped' if dropped else 'if dropped'} on {spoken(drop)}"
        if slowest.needs_receipt:
            reason += f" and {plural(slowest.transit, 'mailing day')} in the post; to be proved"
    return Deadline(Milestone.GIVEN, step.day, reason, step.citation, (step,))


def newsletter_deadline(effective: dt.date, rule: Rule, lead: LeadTimes, closings: Closings) -> Deadline:
    """Return the newsletter's own deadline, by the house rule."""
    latest = latest_mailing(effective, rule, closings)
    working = explain_latest(latest, effective, rule, closings)
    reason = f"{_meets(latest, rule)}{_moved(latest, rule, closings)}{lead.collected}"
    return Deadline(Milestone.NEWSLETTER, hand_over(latest, rule, closings), reason, rule.citation, working)


def _meets(latest: LatestMailing, rule: Rule) -> str:
    reason = f"the last mailing day that meets {rule.title}"
    if not rule.needs_receipt:
        return reason
    allowed = f"first-class mail is allowed {plural(rule.transit, 'mailing day')}"
    return f"{reason}: {allowed} to arrive by {spoken(latest.stricter or latest.legal)}"


def _moved(latest: LatestMailing, rule: Rule, closings: Closings) -> str:
    """Say so where the firm's own holiday is why an earlier day is planned."""
    why = working_days(rule, closings).why_closed(latest.operational)
    return f"; the firm is closed on {spoken(latest.operational)} ({why})" if why else ""


def _legal(
    effective: dt.date, latests: Mapping[Rule, LatestMailing], closings: Closings
) -> Iterable[Deadline]:
    """Return the last legal day of deposit, and of receipt where a rule counts that instead."""
    deposits = [rule for rule in latests if not rule.needs_receipt]
    receipts = [rule for rule in latests if rule.needs_receipt]
    for key, rules, remark in (
        (Milestone.LEGAL_LATEST, deposits, "leaves no room for a missed pickup"),
        (Milestone.RECEIPT, receipts, "the receipt must be proved, a deposit is none"),
    ):
        if rules:
            legal = min(rules, key=lambda rule: latests[rule].legal)
            working = explain_latest(latests[legal], effective, legal, closings)
            yield Deadline(key, latests[legal].legal, f"{legal.title}; {remark}", legal.citation, working)
