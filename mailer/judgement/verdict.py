"""The verdict of law and contract: may a change bind this client on its effective date?

All rules that apply must be met. `mailed` is the mailing day a deposit counts for
(`mailer.notice.mailingday`), None before it; a rule that counts receipt is judged by
`received_on` alone. Every day named is included: mailed on `operational_latest` is in time,
and the change may bind on `earliest` itself. The firm's own habit of sending two documents
is `mailer.judgement.house`, a different verdict that never changes this one.

Where two readings of a month differ, a notice that was given is judged by the corresponding
date and the verdict says what the stricter reading comes to (`stricter`); one that is still
to be given is planned by the stricter reading.

Equal questions are answered once: the answer depends on the arguments alone, so a million
clients who share rules and days cost a look-up each.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from typing import Final, NamedTuple

from mailer.notice.calendars import calendar_named
from mailer.notice.closings import NO_CLOSINGS, Closings
from mailer.notice.counting import (
    LatestMailing,
    deemed_given,
    earliest_effective,
    is_compliant,
    latest_mailing,
    meets_every_reading,
    planned_effective,
    stricter_earliest,
)
from mailer.notice.problems import RuleProblem
from mailer.notice.reasons import explain, explain_latest, explain_missed, missed
from mailer.notice.rules import OnReturn, Origin, Rule
from mailer.notice.steps import Step
from mailer.notice.words import spoken


class NoticeState(Enum):
    """`judge` reaches the first seven; the rooms above set the rest with `set_aside` or `excepted`."""

    COMPLIANT = "compliant"  # the notice held, and its period or the effective date is reached
    RUNNING = "running"  # given in time; the effective date is to come
    DUE = "due"  # not given, still possible in time
    UNPROVED = "receipt to be proved"  # mailed, under a rule that counts receipt; still possible in time
    LATE = "late"  # given too late, or no longer possible in time
    RETURNED = "returned"  # came back under a rule where that undoes it: correct and re-mail
    IN_DOUBT = "in doubt"  # its service told that it was mailed, and since otherwise
    MISADDRESSED = "address wrong"  # its address was wrong when it went: nothing shows it was delivered
    BLOCKED = "blocked by contract"  # a price lock, or the months between rises
    EXCEPTED = "excepted"  # a recorded deviation from the firm's own policy
    CONTRADICTS = "contradicts another letter"  # of another campaign: it must not leave
    SUPERSEDED = "superseded by another letter"  # whose own notice holds: that one's rate counts
    UNWRITTEN = "not written to"  # marked so, and neither law nor contract demands the letter
    NOT_OWED = "not owed"  # joined after the mailing: the engagement has the rate


HOLDS: Final[Mapping[NoticeState, bool]] = {
    NoticeState.COMPLIANT: True,
    NoticeState.RUNNING: True,
    NoticeState.DUE: False,
    NoticeState.UNPROVED: False,
    NoticeState.LATE: False,
    NoticeState.RETURNED: False,
    NoticeState.IN_DOUBT: False,
    NoticeState.MISADDRESSED: False,
    NoticeState.BLOCKED: False,
    NoticeState.EXCEPTED: False,
    NoticeState.CONTRADICTS: False,
    NoticeState.SUPERSEDED: False,
    NoticeState.UNWRITTEN: False,
    NoticeState.NOT_OWED: True,
}

_SET_ASIDE: Final = (
    NoticeState.BLOCKED,
    NoticeState.CONTRADICTS,
    NoticeState.SUPERSEDED,
    NoticeState.UNWRITTEN,
    NoticeState.NOT_OWED,
)


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One rule's own answer. `given` and `in_time` are None while the notice is not given.

    `earliest` counts from the notice, or from the next possible one if there is none (or if it
    came back and that undoes it). `possible` says whether a notice given next can be in time.
    `stricter` is the earliest date by the stricter reading, where that is later.
    """

    rule: Rule
    given: dt.date | None
    in_time: bool | None
    rebutted: bool
    possible: bool
    earliest: dt.date
    latest: LatestMailing
    steps: tuple[Step, ...]
    stricter: dt.date | None = None


@dataclass(frozen=True, slots=True)
class NoticeVerdict:
    """`holds`: the change binds on `effective`. The days are those of the strictest rule.

    `stricter` is set where the notice holds and would not by the stricter reading of a month: the
    earliest effective date by that reading.
    """

    state: NoticeState
    effective: dt.date
    reason: str
    mailed: dt.date | None = None
    binding: Rule | None = None
    results: tuple[RuleResult, ...] = ()
    earliest: dt.date | None = None
    legal_latest: dt.date | None = None
    operational_latest: dt.date | None = None
    stricter: dt.date | None = None

    @property
    def holds(self) -> bool:
        return HOLDS[self.state]

    @property
    def until(self) -> dt.date | None:
        """The day a running notice runs to."""
        return self.effective if self.state is NoticeState.RUNNING else None

    @property
    def by(self) -> dt.date | None:
        """The day by which a notice that is due must be mailed."""
        return self.operational_latest if self.state is NoticeState.DUE else None

    @property
    def receipt_by(self) -> dt.date | None:
        """The day by which the receipt of a mailed notice must be proved to have been."""
        waiting = (result.latest.legal for result in self.results if result.in_time is None)
        return min(waiting) if self.state is NoticeState.UNPROVED else None

    @property
    def steps(self) -> tuple[Step, ...]:
        """The binding rule's working."""
        return next((result.steps for result in self.results if result.rule is self.binding), ())


class _Case(NamedTuple):  # a tuple, since it is hashed for every client
    """What is judged, whatever the rule."""

    effective: dt.date
    today: dt.date
    mailed: dt.date | None
    received_on: dt.date | None
    returned_on: dt.date | None
    misaddressed_on: dt.date | None
    of_record: bool
    closings: Closings

    def went_wrong(self, rule: Rule) -> bool:
        """Was it addressed wrongly under this rule: then nothing but a proved receipt gives notice."""
        return self.misaddressed_on is not None and not (rule.to_last_address and self.of_record)

    def undone_on(self, rule: Rule) -> dt.date | None:
        """The day on which it showed that the post never brought the notice, where that undoes it.

        A receipt that is proved outweighs what came after. A wrong address undoes the presumption of
        delivery under every rule but one that asks for the last address given, where it was that one.
        """
        if self.mailed is None or self.received_on is not None:
            return None
        if self.went_wrong(rule):
            return self.misaddressed_on
        return self.returned_on if rule.on_return is OnReturn.REBUTTED else None


def judge(
    rules: Iterable[Rule],
    effective: dt.date,
    today: dt.date,
    *,
    mailed: dt.date | None,
    received_on: dt.date | None = None,
    returned_on: dt.date | None = None,
    misaddressed_on: dt.date | None = None,
    of_record: bool = False,
    closings: Closings = NO_CLOSINGS,
) -> NoticeVerdict:
    """Return the verdict over all the rules of one client (`rules.rules_for`).

    `misaddressed_on` is the day on which the address was found to have been wrong when the notice went,
    `of_record` that it was all the same the last one that the client had given.
    """
    case = _Case(effective, today, mailed, received_on, returned_on, misaddressed_on, of_record, closings)
    return _judged(tuple(rules), case)


def doubted(verdict: NoticeVerdict) -> NoticeVerdict:
    """Return the verdict on a letter of which nobody knows whether it was mailed: no notice rests on it."""
    if not (verdict.holds or verdict.state is NoticeState.UNPROVED):
        return verdict
    reason = "told as mailed, and since otherwise: ask the service which of both is true"
    return replace(verdict, state=NoticeState.IN_DOUBT, reason=reason, stricter=None)


def set_aside(state: NoticeState, effective: dt.date, reason: str) -> NoticeVerdict:
    """Return a verdict that no counting reaches: blocked by contract, not owed."""
    if state not in _SET_ASIDE:
        raise RuleProblem(f"The state {state.value!r} is counted, not set.", todo="Call judge.")
    return NoticeVerdict(state, effective, reason)


def excepted(verdict: NoticeVerdict, reason: str) -> NoticeVerdict:
    """Return the verdict after a recorded exception, which waives the firm's own rule alone."""
    for result in verdict.results:
        failing = result.rebutted or not result.in_time
        if failing and result.rule.origin is not Origin.HOUSE:
            raise RuleProblem(
                f"An exception cannot waive {result.rule.title} ({result.rule.citation}).",
                todo="Mail the notice in time, or choose a later effective date.",
            )
    return NoticeVerdict(
        NoticeState.EXCEPTED, verdict.effective, reason, verdict.mailed, results=verdict.results
    )


@lru_cache(maxsize=200_000)
def _judged(rules: tuple[Rule, ...], case: _Case) -> NoticeVerdict:
    if not rules:
        raise RuleProblem("No rule of notice was given.", todo="Give the house rule at least.")
    results = tuple(_result(rule, case) for rule in rules)
    state = _state(results, case)
    earliest = max(result.earliest for result in results)
    operational = min(result.latest.operational for result in results)
    legal = min(result.latest.legal for result in results)
    if state is NoticeState.DUE:
        binding = next(result for result in results if result.latest.operational == operational)
    elif state is NoticeState.UNPROVED:
        waiting = (result for result in results if result.in_time is None)
        binding = min(waiting, key=lambda result: result.latest.legal)
    else:
        binding = next(result for result in results if result.earliest == earliest)
    stricter = _stricter(results, case.effective) if HOLDS[state] else None
    verdict = NoticeVerdict(
        state, case.effective, "", case.mailed, binding.rule, results, earliest, legal, operational, stricter
    )
    wrong = case.misaddressed_on is not None
    return replace(verdict, reason=_reason(verdict, earliest, operational, legal, wrong=wrong))


def _result(rule: Rule, case: _Case) -> RuleResult:
    effective, today, mailed, received_on, closings = *case[:4], case.closings
    latest = latest_mailing(effective, rule, closings)
    # A receipt takes the place of the deposit where the address was wrong: it is the first day that is sure.
    collected, closed = _collected(rule, case)
    start = received_on if rule.needs_receipt or (received_on and case.went_wrong(rule)) else collected
    undone_on = case.undone_on(rule)
    rebutted = undone_on is not None
    post = calendar_named(rule.mailing_calendar, closings)
    soonest = post.on_or_after(today)
    # Posted today it is received when the post has brought it; posted before, it may be so today.
    reaches = soonest if mailed is not None and not rebutted else post.nth_after(soonest, rule.transit)
    judged = is_compliant if mailed is not None and not rebutted else meets_every_reading
    possible = judged(reaches, effective, rule, closings)
    if start is None or rebutted:
        reason = explain_latest if possible else explain_missed
        steps = reason(latest, effective, rule, closings)
        note = _not_given(rule, case, undone_on, latest)
        earliest = planned_effective(post.nth_after(soonest, rule.transit), rule, closings)
        return RuleResult(rule, None, None, rebutted, possible, earliest, latest, (*note, *steps))
    began, *working = explain(start, effective, rule, closings)
    if start != collected and not rule.needs_receipt:
        began = replace(began, text=f"{spoken(start)}: received, as is proved; it counts from then")
    steps = (*closed, began, *working, *_stands(rule, case))
    in_time = is_compliant(start, effective, rule, closings)
    if not in_time:
        steps = (*steps, missed(latest, rule, closings))
    return RuleResult(
        rule,
        deemed_given(start, rule, closings),
        in_time,
        rebutted,
        possible,
        earliest_effective(start, rule, closings),
        latest,
        steps,
        stricter_earliest(start, rule, closings),
    )


def _collected(rule: Rule, case: _Case) -> tuple[dt.date | None, tuple[Step, ...]]:
    """The day on which the post took it: a later one than that of its hand-over where the firm came to know
    only since that the post was closed on that day.
    """
    entered = case.closings.of(rule.mailing_calendar).get(case.mailed) if case.mailed else None
    if case.mailed is None or entered is None or entered.is_open:
        return case.mailed, ()
    post = calendar_named(rule.mailing_calendar, case.closings)
    day = post.on_or_after(case.mailed)
    why = f"{spoken(case.mailed)}: no mailing day ({entered.reason}), so that it counts on {spoken(day)}"
    return day, (Step(case.mailed, why, post.title),)


def _stands(rule: Rule, case: _Case) -> Iterator[Step]:
    """Why a notice stands that came back, or whose address was wrong. What stands by a rule of deposit is not
    called correctly addressed: nobody knows that of a letter that came back.
    """
    why = "the notice stands, given on deposit"
    if case.misaddressed_on is not None:
        why = "the notice stands, sent to the last address given"
    if case.received_on is not None:
        why = f"it was received on {spoken(case.received_on)}, as is proved"
    for on, what in (
        (case.returned_on, "came back"),
        (case.misaddressed_on, "its address was found to be wrong"),
    ):
        if on is not None:
            yield Step(on, f"{spoken(on)}: {what}; {why}", rule.citation)


def _not_given(rule: Rule, case: _Case, undone_on: dt.date | None, latest: LatestMailing) -> tuple[Step, ...]:
    mailed = case.mailed
    if undone_on is not None and undone_on == case.misaddressed_on:
        text = (
            f"{spoken(undone_on)}: its address was found to be wrong, so that nothing shows it was delivered"
        )
        return (Step(undone_on, text, rule.citation),)
    if undone_on is not None:
        text = f"{spoken(undone_on)}: came back, which undoes the notice under this rule"
        return (Step(undone_on, text, rule.citation),)
    if mailed is not None:
        text = f"{spoken(mailed)}: deposited; its receipt, which this rule counts, must be proved"
        return (Step(mailed, f"{text} by {spoken(latest.legal)}", rule.citation),)
    return ()


def _state(results: tuple[RuleResult, ...], case: _Case) -> NoticeState:
    if any(result.rebutted for result in results):
        return NoticeState.MISADDRESSED if case.returned_on is None else NoticeState.RETURNED
    if any(result.in_time is False or (result.in_time is None and not result.possible) for result in results):
        return NoticeState.LATE
    if any(result.in_time is None for result in results):
        return NoticeState.DUE if case.mailed is None else NoticeState.UNPROVED
    elapsed = max(result.earliest for result in results)
    return NoticeState.COMPLIANT if case.today >= min(elapsed, case.effective) else NoticeState.RUNNING


def _stricter(results: tuple[RuleResult, ...], effective: dt.date) -> dt.date | None:
    later = [result.stricter for result in results if result.stricter and result.stricter > effective]
    return max(later, default=None)


def _reason(
    verdict: NoticeVerdict, earliest: dt.date, operational: dt.date, legal: dt.date, *, wrong: bool
) -> str:
    state, effective = verdict.state, verdict.effective
    doubt = ""
    if verdict.stricter is not None:
        doubt = f"; by the stricter reading of a month it is late, earliest {spoken(verdict.stricter)}"
    if state is NoticeState.COMPLIANT:
        return f"notice was given in time for {spoken(effective)}{doubt}"
    if state is NoticeState.RUNNING:
        return f"given in time; the notice runs to {spoken(effective)}{doubt}"
    if verdict.receipt_by is not None:
        return f"mailed; receipt to be proved by {spoken(verdict.receipt_by)}"
    if state is NoticeState.DUE:
        by_law = "" if legal == operational else f"; by law {spoken(legal)}"
        return f"to be mailed by {spoken(operational)}{by_law}"
    if state in (NoticeState.RETURNED, NoticeState.MISADDRESSED):
        return f"{_undone(state, wrong=wrong)} and mail again; earliest effective date {spoken(earliest)}"
    return f"too late for {spoken(effective)}; earliest effective date {spoken(earliest)}"


def _undone(state: NoticeState, *, wrong: bool) -> str:
    if state is NoticeState.MISADDRESSED:
        return "its address was wrong: correct it"
    return f"came back{', its address was wrong' if wrong else ''}: correct the address"
