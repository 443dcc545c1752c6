"""The plan of the worked example: rates from 1 January 2027."""

from __future__ import annotations

from datetime import date, time

import pytest

from mailer.notice.closings import Closing, closings
from mailer.notice.counting import latest_mailing
from mailer.notice.problems import RuleProblem
from mailer.notice.rulebook import preset
from mailer.notice.terms import contract_rule
from mailer.notice.timeline import LeadTimes, Milestone, Timeline, plan_timeline

pytestmark = pytest.mark.days

NEW_YEAR = date(2027, 1, 1)
HOUSE = preset("house-30-day")
RULES = (HOUSE, preset("contract-30-plus-3bd"))


def plan(today: date, **changes: object) -> Timeline:
    return plan_timeline(NEW_YEAR, RULES, today, newsletter=HOUSE, **changes)  # type: ignore[arg-type]


def test_the_days_planned_backward() -> None:
    timeline = plan(date(2026, 11, 2))
    assert [(step.key, step.day) for step in timeline.steps] == [
        (Milestone.PROOF, date(2026, 11, 23)),  # two mailing days before Wednesday
        (Milestone.APPROVE, date(2026, 11, 25)),  # Thursday is Thanksgiving
        (Milestone.PRINT, date(2026, 11, 27)),
        (Milestone.DROP, date(2026, 11, 28)),
        (Milestone.LEGAL_LATEST, date(2026, 11, 29)),
        (Milestone.NEWSLETTER, date(2026, 12, 2)),
        (Milestone.GIVEN, date(2026, 12, 2)),
        (Milestone.EFFECTIVE, NEW_YEAR),
        (Milestone.BILLABLE, NEW_YEAR),
    ]
    assert timeline.possible
    assert timeline.binding is RULES[1]


def test_each_step_has_its_reason() -> None:
    timeline = plan(date(2026, 11, 2))
    approve, drop, given = (
        timeline.step(key) for key in (Milestone.APPROVE, Milestone.DROP, Milestone.GIVEN)
    )
    assert approve is not None
    assert approve.reason == "1 mailing day for printing by Fri 27 Nov 2026"
    assert approve.slack_days == 23
    assert drop is not None
    assert drop.reason == "the last mailing day that meets 30 days, received 3 business days after deposit"
    assert drop.citation == "the client's contract"
    assert drop.working[-1].text.endswith("Sun 29 Nov 2026 is no mailing day (Sunday)")
    assert given is not None
    assert given.reason == "deemed received, 3 business days later, if dropped on Sat 28 Nov 2026"


def test_a_step_is_overdue_until_it_is_done() -> None:
    today = date(2026, 11, 26)
    late = plan(today)
    assert [step.key for step in late.steps if step.overdue] == [Milestone.PROOF, Milestone.APPROVE]
    done = {Milestone.PROOF: date(2026, 11, 20), Milestone.APPROVE: date(2026, 11, 24)}
    on_time = plan(today, done=done)
    assert not any(step.overdue for step in on_time.steps)
    assert on_time.steps[0].done_on == date(2026, 11, 20)
    assert on_time.steps[0].slack_days == -3


def test_a_drop_leaves_nothing_to_warn_of() -> None:
    done = {
        Milestone.PROOF: date(2026, 11, 20),
        Milestone.APPROVE: date(2026, 11, 24),
        Milestone.PRINT: date(2026, 11, 25),
        Milestone.DROP: date(2026, 11, 25),
        Milestone.NEWSLETTER: date(2026, 12, 1),
    }
    assert not any(step.overdue for step in plan(NEW_YEAR, done=done).steps)


def test_an_impossible_date_is_answered_with_the_earliest_legal_one() -> None:
    timeline = plan(date(2026, 11, 30))
    assert not timeline.possible
    assert timeline.earliest_effective == date(2027, 1, 2)
    assert timeline.earliest_working[-1].text.startswith("Sat 2 Jan 2027: the earliest effective date")
    # With two days for approval, one for printing and one for collection: Fri 4 December,
    # received on Wed 9.
    assert timeline.unhurried_effective == date(2027, 1, 8)


def test_the_last_pickup_of_today_may_have_gone() -> None:
    saturday = date(2026, 11, 28)
    assert plan(saturday).possible
    missed = plan(saturday, earliest_drop=date(2026, 11, 30))
    assert not missed.possible
    assert missed.earliest_effective == date(2027, 1, 2)


def test_on_a_sunday_the_next_drop_is_mondays() -> None:
    assert plan(date(2026, 11, 29)).earliest_drop == date(2026, 11, 30)


def test_lead_times_are_the_firms() -> None:
    timeline = plan(date(2026, 11, 2), lead_times=LeadTimes(approval=5, printing=0, collection=0))
    proof = timeline.step(Milestone.PROOF)
    assert proof is not None
    # 27, 25, 24, 23, 21 November: Thanksgiving and Sunday are no mailing days.
    assert proof.day == date(2026, 11, 21)
    with pytest.raises(RuleProblem, match="cannot be negative"):
        LeadTimes(printing=-1)


def test_a_receipt_rule_allows_for_the_post() -> None:
    timeline = plan_timeline(date(2027, 3, 1), (preset("warn-60-day"),), date(2026, 12, 1))
    drop, given = timeline.step(Milestone.DROP), timeline.step(Milestone.GIVEN)
    assert drop is not None
    assert given is not None
    assert drop.day == date(2026, 12, 23)
    assert given.day == date(2026, 12, 31)
    assert timeline.step(Milestone.NEWSLETTER) is None


def test_a_receipt_rule_says_that_the_receipt_must_be_proved() -> None:
    """60 days before 1 March 2027 is 31 December; six mailing days before that, the 23rd."""
    timeline = plan_timeline(date(2027, 3, 1), (preset("warn-60-day"),), date(2026, 12, 1))
    drop, receipt, given = (
        timeline.step(key) for key in (Milestone.DROP, Milestone.RECEIPT, Milestone.GIVEN)
    )
    assert timeline.step(Milestone.LEGAL_LATEST) is None, "a deposit gives no notice under this rule"
    assert drop is not None
    assert drop.reason == (
        "the last mailing day that meets 60 days from receipt before a plant closing or mass layoff: "
        "first-class mail is allowed 6 mailing days to arrive by Thu 31 Dec 2026"
    )
    assert receipt is not None
    assert (receipt.title, receipt.day) == ("last legal day of receipt", date(2026, 12, 31))
    assert receipt.reason.endswith("; the receipt must be proved, a deposit is none")
    assert given is not None
    assert (
        given.reason == "received, if dropped on Wed 23 Dec 2026 and 6 mailing days in the post; to be proved"
    )


def test_a_drop_is_no_receipt() -> None:
    done = dict.fromkeys((Milestone.PROOF, Milestone.APPROVE, Milestone.PRINT, Milestone.DROP), NEW_YEAR)
    rules = (preset("warn-60-day"),)
    waiting = plan_timeline(date(2027, 3, 1), rules, date(2027, 1, 4), done=done)
    assert [step.key for step in waiting.steps if step.overdue] == [Milestone.RECEIPT]
    proved = plan_timeline(
        date(2027, 3, 1), rules, date(2027, 1, 4), done=done | {Milestone.RECEIPT: date(2026, 12, 30)}
    )
    assert not any(step.overdue for step in proved.steps)


def test_a_mail_service_has_its_turnaround() -> None:
    """Two mailing days before Saturday 28 November: Friday, and Wednesday, since Thursday is Thanksgiving."""
    timeline = plan(date(2026, 11, 2), lead_times=LeadTimes(2, 1, 0, service=2))
    send, approve = timeline.step(Milestone.SEND), timeline.step(Milestone.APPROVE)
    assert send is not None
    assert (send.title, send.day) == ("or sent to the mail service", date(2026, 11, 25))
    assert send.reason == "2 mailing days at the service, for the post by Sat 28 Nov 2026"
    assert approve is not None
    assert (approve.day, approve.reason) == (date(2026, 11, 25), "in time for the mail service")
    assert plan(date(2026, 11, 2)).step(Milestone.SEND) is None


def test_the_collection_is_named_with_the_drop() -> None:
    timeline = plan(date(2026, 11, 2), lead_times=LeadTimes(cut_off=time(16, 30)))
    for key in (Milestone.DROP, Milestone.NEWSLETTER):
        step = timeline.step(key)
        assert step is not None
        assert step.reason.endswith("; at or before the last collection, 16:30")


def test_the_firms_own_holidays_move_what_it_plans_and_no_count() -> None:
    """Calendar: Thursday 26 November is Thanksgiving; the firm is closed on Friday and Saturday as well."""
    closed = closings(
        Closing("firm", day, "long weekend") for day in (date(2026, 11, 27), date(2026, 11, 28))
    )
    open_, shut = plan(date(2026, 11, 2)), plan(date(2026, 11, 2), closings=closed)
    days = {step.key: step.day for step in shut.steps}
    assert days[Milestone.DROP] == date(2026, 11, 25), "Wednesday: the last day on which firm and post work"
    assert days[Milestone.PRINT] == date(2026, 11, 24)
    assert days[Milestone.APPROVE] == date(2026, 11, 23)
    assert days[Milestone.PROOF] == date(2026, 11, 20), "two mailing days before: Saturday and Friday"
    drop = shut.step(Milestone.DROP)
    assert drop is not None
    assert drop.reason.endswith("; the firm is closed on Sat 28 Nov 2026 (long weekend)")
    legal = [timeline.step(Milestone.LEGAL_LATEST) for timeline in (open_, shut)]
    assert [step and step.day for step in legal] == [date(2026, 11, 29)] * 2
    assert [timeline.earliest_effective for timeline in (open_, shut)] == [shut.earliest_effective] * 2
    for rule in RULES:
        assert latest_mailing(NEW_YEAR, rule, closed) == latest_mailing(NEW_YEAR, rule)


def test_only_new_rates_have_a_first_day_to_bill() -> None:
    assert plan(date(2026, 11, 2)).step(Milestone.BILLABLE) is not None
    assert plan(date(2026, 11, 2), billable=False).step(Milestone.BILLABLE) is None


def test_what_was_dropped_counts_as_given_from_that_drop() -> None:
    """Dropped on Tue 24 November it is received three business days later, Thanksgiving left out: Mon 30."""
    timeline = plan(date(2026, 11, 25), done={Milestone.DROP: date(2026, 11, 24)})
    given, legal = timeline.step(Milestone.GIVEN), timeline.step(Milestone.LEGAL_LATEST)
    assert given is not None
    assert given.day == date(2026, 11, 30)
    assert given.reason == (
        "deemed received, 3 business days later (Thu 26 Nov Thanksgiving Day is closed), "
        "dropped on Tue 24 Nov 2026"
    )
    assert given.citation == "deemed-receipt clause of the client's contract"
    assert legal is not None
    assert (legal.day, legal.done_on, legal.overdue) == (date(2026, 11, 29), date(2026, 11, 24), False)


def test_a_proved_receipt_is_when_it_counts_as_given() -> None:
    done = {Milestone.DROP: date(2026, 12, 14)}
    rules = (HOUSE, preset("warn-60-day"))
    days = date(2027, 3, 1), rules, date(2026, 12, 20)
    waiting = plan_timeline(*days, done=done).step(Milestone.GIVEN)
    proved = plan_timeline(*days, done=done | {Milestone.RECEIPT: date(2026, 12, 18)}).step(Milestone.GIVEN)
    assert waiting is not None
    assert waiting.day == date(2026, 12, 21)
    assert waiting.reason.endswith("dropped on Mon 14 Dec 2026 and 6 mailing days in the post; to be proved")
    assert proved is not None
    assert (proved.day, proved.reason) == (date(2026, 12, 18), "received, by its proof")


def test_a_month_is_planned_by_the_stricter_reading() -> None:
    """28 February less a month is 28 January; a drop of 29 January is for 1 March."""
    rules = (contract_rule("1 month from deposit"),)
    february = date(2027, 2, 28)
    assert plan_timeline(february, rules, date(2027, 1, 28)).possible
    late = plan_timeline(february, rules, date(2027, 1, 29))
    assert (late.possible, late.earliest_effective) == (False, date(2027, 3, 1))
    assert late.earliest_working[-1].day == date(2027, 3, 1)
