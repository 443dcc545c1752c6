"""The working behind an answer, as steps.

`explain` states one deposit against one effective date. `explain_latest` and
`explain_earliest` state how a searched day was found. All three say so where two readings
differ, and what the stricter one comes to. A roll that moves nothing is not mentioned.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from mailer.notice.calendars import calendar_named
from mailer.notice.closings import NO_CLOSINGS, Closings
from mailer.notice.counting import (
    LatestMailing,
    deemed_given,
    earliest_effective,
    is_compliant,
    stricter_earliest,
)
from mailer.notice.rules import Anchor, CountingStyle, Rule, Unit
from mailer.notice.steps import Step, StepKind, dated
from mailer.notice.strides import Stride, described, landing
from mailer.notice.walks import walk_of
from mailer.notice.words import plural, spoken


def explain(
    mailed: dt.date, effective: dt.date, rule: Rule, closings: Closings = NO_CLOSINGS
) -> tuple[Step, ...]:
    """Return the steps from the deposit to the conclusion, in time or late."""
    *working, conclusion = _explained(mailed, effective, rule, closings)
    return (*working, *_doubt(mailed, effective, rule, closings), conclusion)


def _explained(mailed: dt.date, effective: dt.date, rule: Rule, closings: Closings) -> tuple[Step, ...]:
    """Return the steps of the reading by which a notice is judged."""
    walk = walk_of(rule)
    steps = list(explain_given(mailed, rule, closings))
    given = steps[-1].day
    if walk.forward is not None:
        steps += _chain(given, walk.forward, StepKind.FORWARD, "the first day allowed", closings)
    if walk.backward is not None and not _plain_days(rule):
        steps += _chain(effective, walk.backward, StepKind.BACKWARD, "the last day to give it", closings)
    elif walk.backward:
        stride = walk.backward[0]
        last = landing(effective, stride, closings)
        text = f"{spoken(last)}: the last day to give it, {plural(rule.n, 'day')} before {spoken(effective)}"
        steps.append(Step(last, text, rule.citation, StepKind.BACKWARD, stride, effective))
    if rule.note:
        steps.append(Step(given, rule.note, rule.citation))
    steps.append(_conclusion(mailed, given, effective, rule, closings))
    return tuple(steps)


def explain_given(mailed: dt.date, rule: Rule, closings: Closings = NO_CLOSINGS) -> tuple[Step, ...]:
    """Return the steps from the deposit to the day the notice counts as given."""
    delivery = rule.given_by
    what = "received" if rule.needs_receipt else "sent" if rule.by_email else "deposited"
    fixed = Step(mailed, f"{spoken(mailed)}: {what}", kind=StepKind.FIXED)
    return (fixed, *_chain(mailed, walk_of(rule).given, StepKind.GIVEN, delivery.says, closings))


def explain_latest(
    latest: LatestMailing, effective: dt.date, rule: Rule, closings: Closings = NO_CLOSINGS
) -> tuple[Step, ...]:
    """Return why `latest` are the last days to mail for the effective date."""
    what = "receive" if rule.needs_receipt else "deposit"
    steps = [
        Step(
            latest.legal,
            f"{spoken(latest.legal)}: the last legal day to {what} it for {spoken(effective)} ({rule.title})",
            rule.citation,
            StepKind.FOUND,
        ),
        *_explained(latest.legal, effective, rule, closings)[1:],
    ]
    if latest.stricter is not None:
        steps.append(
            Step(
                latest.stricter,
                f"{spoken(latest.stricter)}: {rule.period} subtracted from {spoken(effective)}; the "
                "readings differ, so plan with this one, the stricter",
                rule.citation,
            )
        )
    if latest.operational != (latest.stricter or latest.legal):
        steps.append(_operational(latest, rule, closings))
    return tuple(steps)


def explain_missed(
    latest: LatestMailing, effective: dt.date, rule: Rule, closings: Closings = NO_CLOSINGS
) -> tuple[Step, ...]:
    """Return the same where those days went by."""
    found = explain_latest(latest, effective, rule, closings)
    working = (step for step in found if step.kind is not StepKind.IN_TIME)
    return (*working, missed(latest, rule, closings))


def missed(latest: LatestMailing, rule: Rule, closings: Closings = NO_CLOSINGS) -> Step:
    """Return the last day in time, for a notice that was not given by then, or that was undone since."""
    post = calendar_named(rule.mailing_calendar, closings)
    day = latest.legal if rule.needs_receipt else post.on_or_before(latest.legal)
    how = "receive" if rule.needs_receipt else "hand over"
    text = f"the last day to {how} a notice in time was {spoken(day)}"
    return Step(day, text, rule.citation, StepKind.LATE)


def explain_earliest(mailed: dt.date, rule: Rule, closings: Closings = NO_CLOSINGS) -> tuple[Step, ...]:
    """Return why a notice mailed that day can take effect on the earliest date and no sooner."""
    earliest = earliest_effective(mailed, rule, closings)
    text = f"{spoken(earliest)}: the earliest effective date ({rule.title})"
    found = Step(earliest, text, rule.citation, StepKind.FOUND)
    steps = (*_explained(mailed, earliest, rule, closings)[:-1], found)
    later = stricter_earliest(mailed, rule, closings)
    if later is None:
        return steps
    text = f"{_by_the_stricter(later, rule)}; the readings differ, so plan with this one"
    return (*steps, Step(later, text, rule.citation))


def _plain_days(rule: Rule) -> bool:
    """Say whether the rule is the simple "N days before", explained in one line."""
    simple = rule.counting in {CountingStyle.AT_LEAST, CountingStyle.AT_LEAST_OPEN} and rule.unit is Unit.DAY
    return simple and rule.counted_from is Anchor.END and len(walk_of(rule).backward or ()) <= 1


def _chain(
    start: dt.date, strides: Sequence[Stride], kind: StepKind, says: str, closings: Closings
) -> list[Step]:
    """Return a step per stride that changes the day; only the last one reached "says" what it is."""
    days = [start]
    for stride in strides:
        days.append(landing(days[-1], stride, closings))
    steps = []
    for stride, before, day in zip(strides, days[:-1], days[1:], strict=True):
        if day != before:
            how = described(before, day, stride, closings)
            named = f"{says}, " if says and day == days[-1] else ""
            steps.append(dated(day, f"{named}{how}", stride.citation, kind, stride, before))
    return steps


def _conclusion(mailed: dt.date, given: dt.date, effective: dt.date, rule: Rule, closings: Closings) -> Step:
    if _plain_days(rule):
        found = (effective - given).days
        sentence = (
            f"{plural(found, 'day')} to {spoken(effective)}; {rule.n} {'is' if rule.n == 1 else 'are'} needed"
            if found >= 0
            else f"{spoken(effective)} had passed by then; {plural(rule.n, 'day')} are needed"
        )
    else:
        sentence = f"{spoken(effective)}: effective, {rule.period} needed"
    if is_compliant(mailed, effective, rule, closings):
        return Step(effective, f"{sentence}: in time", rule.citation, StepKind.IN_TIME)
    earliest = spoken(earliest_effective(mailed, rule, closings))
    text = f"{sentence}: too late, the earliest effective date is {earliest}"
    return Step(effective, text, rule.citation, StepKind.LATE)


def _doubt(mailed: dt.date, effective: dt.date, rule: Rule, closings: Closings) -> tuple[Step, ...]:
    """Return what the stricter reading comes to, where by it the notice is late."""
    later = stricter_earliest(mailed, rule, closings)
    if later is None or later <= effective:
        return ()
    text = _by_the_stricter(later, rule)
    if is_compliant(mailed, effective, rule, closings):
        text += (
            f", by which this is late for {spoken(effective)}; "
            "the readings differ, the corresponding date counts"
        )
    return (Step(later, text, rule.citation),)


def _by_the_stricter(later: dt.date, rule: Rule) -> str:
    return f"{spoken(later)}: the earliest by the stricter reading ({rule.period} subtracted from it)"


def _operational(latest: LatestMailing, rule: Rule, closings: Closings) -> Step:
    day = latest.operational
    target = latest.stricter or latest.legal
    post = calendar_named(rule.mailing_calendar, closings)
    why = post.why_closed(target)
    reasons = [f"{spoken(target)} is no mailing day ({why})"] if why else []
    if rule.transit:
        reasons.append(f"{plural(rule.transit, 'mailing day')} allowed for the post")
    text = f"{spoken(day)}: the last day to hand it over; {'; '.join(reasons)}"
    return Step(day, text, f"{post.title}", StepKind.FOUND)


def given_step(mailed: dt.date, rule: Rule, closings: Closings = NO_CLOSINGS) -> Step:
    """Return the last step of `explain_given`: when a notice mailed that day counts as given."""
    step = explain_given(mailed, rule, closings)[-1]
    if step.kind is StepKind.GIVEN:
        return step
    day = deemed_given(mailed, rule, closings)
    return dated(day, rule.given_by.says, rule.given_citation, StepKind.GIVEN)
