"""One client's verdict, for every state a campaign passes through."""

from __future__ import annotations

from datetime import date

import pytest

from mailer.judgement.verdict import NoticeState, excepted, judge, set_aside
from mailer.notice.closings import Closing, Closings
from mailer.notice.problems import RuleProblem
from mailer.notice.rulebook import preset
from mailer.notice.rules import rules_for
from mailer.notice.terms import contract_rule

pytestmark = pytest.mark.days

NEW_YEAR = date(2027, 1, 1)
HOUSE = preset("house-30-day")
PLUS_3BD = preset("contract-30-plus-3bd")
WARN = preset("warn-60-day")
RULES = (PLUS_3BD,)


def test_due() -> None:
    verdict = judge(RULES, NEW_YEAR, date(2026, 11, 20), mailed=None)
    assert verdict.state is NoticeState.DUE
    assert not verdict.holds
    assert verdict.by == date(2026, 11, 28)
    assert verdict.legal_latest == date(2026, 11, 29)
    assert verdict.reason == "to be mailed by Sat 28 Nov 2026; by law Sun 29 Nov 2026"
    # Mailed on Fri 20 November it is received on Wed 25, and binds on Christmas Day.
    assert verdict.earliest == date(2026, 12, 25)


def test_running_then_compliant() -> None:
    mailed = date(2026, 11, 25)
    running = judge(RULES, NEW_YEAR, date(2026, 11, 26), mailed=mailed)
    assert running.state is NoticeState.RUNNING
    assert running.holds
    assert running.until == NEW_YEAR
    assert running.earliest == date(2026, 12, 31)
    # The period is over a day before the effective date.
    assert judge(RULES, NEW_YEAR, date(2026, 12, 30), mailed=mailed).state is NoticeState.RUNNING
    assert judge(RULES, NEW_YEAR, date(2026, 12, 31), mailed=mailed).state is NoticeState.COMPLIANT
    assert judge(RULES, NEW_YEAR, NEW_YEAR, mailed=mailed).holds


def test_mailed_too_late() -> None:
    verdict = judge(RULES, NEW_YEAR, date(2026, 12, 1), mailed=date(2026, 11, 30))
    assert verdict.state is NoticeState.LATE
    assert not verdict.holds
    assert verdict.earliest == date(2027, 1, 2)
    assert verdict.reason == "too late for Fri 1 Jan 2027; earliest effective date Sat 2 Jan 2027"
    assert verdict.steps[-2].text.startswith("29 days to Fri 1 Jan 2027; 30 are needed")
    assert verdict.steps[-1].text == "the last day to hand over a notice in time was Sat 28 Nov 2026"


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2026, 11, 28), NoticeState.DUE),
        (date(2026, 11, 29), NoticeState.LATE),  # a Sunday's drop counts as Monday's
        (date(2026, 11, 30), NoticeState.LATE),
    ],
)
def test_not_mailed_on_the_last_days(today: date, state: NoticeState) -> None:
    assert judge(RULES, NEW_YEAR, today, mailed=None).state is state


def test_all_rules_must_be_met_and_the_strictest_binds() -> None:
    statute = preset("california-rent-90-in-state")
    rules = rules_for(HOUSE, PLUS_3BD, [statute])
    due = judge(rules, date(2027, 4, 1), date(2026, 12, 1), mailed=None)
    # 95 days before 1 April 2027 is Sat 26 December 2026, on which the post runs.
    assert due.by == date(2026, 12, 26)
    assert due.binding is statute
    mailed = judge(rules, date(2027, 4, 1), date(2027, 1, 5), mailed=date(2027, 1, 4))
    assert mailed.state is NoticeState.LATE
    assert [result.in_time for result in mailed.results] == [True, False]
    assert mailed.binding is statute
    assert mailed.earliest == date(2027, 4, 9)


def test_a_returned_piece_stands_under_a_deposit_clause() -> None:
    verdict = judge(
        RULES, NEW_YEAR, date(2026, 12, 10), mailed=date(2026, 11, 25), returned_on=date(2026, 12, 9)
    )
    assert verdict.state is NoticeState.RUNNING
    assert verdict.steps[-1].text.startswith("Wed 9 Dec 2026: came back; the notice stands")


def test_a_returned_piece_is_rebutted_under_a_receipt_rule() -> None:
    rule = contract_rule("30 days from receipt")
    verdict = judge(
        (rule,), NEW_YEAR, date(2026, 12, 10), mailed=date(2026, 11, 20), returned_on=date(2026, 12, 9)
    )
    assert verdict.state is NoticeState.RETURNED
    assert not verdict.holds
    assert verdict.steps[0].text == "Wed 9 Dec 2026: came back, which undoes the notice under this rule"
    # Re-mailed on Thu 10 December, received six mailing days later, Thu 17, and 30 days more.
    assert verdict.earliest == date(2027, 1, 16)


def test_a_receipt_rule_waits_for_its_proof() -> None:
    posted = date(2026, 12, 14)
    separation = date(2027, 3, 1)
    waiting = judge((WARN,), separation, date(2026, 12, 20), mailed=posted)
    assert waiting.state is NoticeState.UNPROVED
    assert not waiting.holds
    assert waiting.by is None, "nothing is to be mailed again"
    assert waiting.receipt_by == date(2026, 12, 31)
    assert waiting.reason == "mailed; receipt to be proved by Thu 31 Dec 2026"
    assert waiting.steps[0].text == (
        "Mon 14 Dec 2026: deposited; its receipt, which this rule counts, must be proved by Thu 31 Dec 2026"
    )
    proved = judge((WARN,), separation, date(2026, 12, 20), mailed=posted, received_on=date(2026, 12, 18))
    assert proved.state is NoticeState.RUNNING
    late = judge((WARN,), separation, date(2027, 1, 5), mailed=posted, received_on=date(2027, 1, 4))
    assert late.state is NoticeState.LATE
    assert late.earliest == date(2027, 3, 5)


def test_a_wrong_address_that_was_reached_all_the_same_counts_from_the_receipt() -> None:
    """Handed over five weeks ahead; the first day that is sure is the one on which somebody had it."""
    verdict = judge(
        (HOUSE,),
        NEW_YEAR,
        date(2027, 1, 20),
        mailed=date(2026, 11, 25),
        received_on=date(2026, 12, 10),
        misaddressed_on=date(2026, 12, 9),
    )
    assert (verdict.state, verdict.earliest) == (NoticeState.LATE, date(2027, 1, 9))
    said = [step.text for step in verdict.steps]
    assert said[0] == "Thu 10 Dec 2026: received, as is proved; it counts from then"
    assert said[-1] == "the last day to hand over a notice in time was Wed 2 Dec 2026"


def test_what_was_handed_over_in_time_and_undone_is_not_said_to_be_handed_over_late() -> None:
    verdict = judge(
        (HOUSE,),
        NEW_YEAR,
        date(2026, 12, 20),
        mailed=date(2026, 11, 25),
        misaddressed_on=date(2026, 12, 9),
    )
    assert verdict.state is NoticeState.MISADDRESSED
    said = [step.text for step in verdict.steps]
    assert said[0] == (
        "Wed 9 Dec 2026: its address was found to be wrong, so that nothing shows it was delivered"
    )
    assert said[-1] == "the last day to hand over a notice in time was Wed 2 Dec 2026"


def test_the_firms_own_closings_count() -> None:
    storm = Closings((Closing("usps", date(2026, 11, 28), "ice storm"),))
    verdict = judge(RULES, NEW_YEAR, date(2026, 11, 20), mailed=None, closings=storm)
    assert verdict.by == date(2026, 11, 27)


def test_what_the_workflow_sets() -> None:
    aside = set_aside(NoticeState.BLOCKED, NEW_YEAR, "rates are locked until 2027-06-30")
    assert not aside.holds
    assert aside.reason == "rates are locked until 2027-06-30"
    assert set_aside(NoticeState.NOT_OWED, NEW_YEAR, "joined Mon 4 Jan 2027").holds
    with pytest.raises(RuleProblem, match="counted, not set"):
        set_aside(NoticeState.COMPLIANT, NEW_YEAR, "trust me")


def test_an_exception_waives_the_house_rule_and_nothing_else() -> None:
    late = judge((HOUSE,), NEW_YEAR, date(2026, 12, 5), mailed=date(2026, 12, 4))
    waived = excepted(late, "agreed by telephone")
    assert waived.state is NoticeState.EXCEPTED
    assert not waived.holds, "it is shown, and is no notice"
    contract = judge(RULES, NEW_YEAR, date(2026, 12, 5), mailed=date(2026, 12, 4))
    with pytest.raises(RuleProblem, match="An exception cannot waive 30 days, received"):
        excepted(contract, "agreed by telephone")


def test_no_rule_is_no_verdict() -> None:
    with pytest.raises(RuleProblem, match="No rule of notice was given"):
        judge((), NEW_YEAR, NEW_YEAR, mailed=None)


def test_an_equal_question_is_answered_once() -> None:
    first = judge([*RULES], NEW_YEAR, date(2026, 11, 26), mailed=date(2026, 11, 25))
    assert judge(RULES, NEW_YEAR, date(2026, 11, 26), mailed=date(2026, 11, 25)) is first


def test_what_the_post_cannot_bring_in_time_is_late_under_a_receipt_rule() -> None:
    """Receipt is needed by Thu 31 December; six mailing days from the 24th, Christmas closed, end on it."""
    separation = date(2027, 3, 1)
    assert judge((WARN,), separation, date(2026, 12, 23), mailed=None).state is NoticeState.DUE
    late = judge((WARN,), separation, date(2026, 12, 24), mailed=None)
    assert late.state is NoticeState.LATE
    # 26, 28, 29, 30, 31 December and Saturday 2 January; 60 days more.
    assert late.earliest == date(2027, 3, 3)


def test_a_second_rule_that_counts_receipt_waits_for_it_alone() -> None:
    """Deposited on 23 December, the contract's 30 days are met; 60 days before 1 March are 31 December."""
    rules = rules_for(HOUSE, contract_rule("30 days from deposit"), [WARN])
    waiting = judge(rules, date(2027, 3, 1), date(2026, 12, 28), mailed=date(2026, 12, 23))
    assert (waiting.state, waiting.binding) == (NoticeState.UNPROVED, WARN)
    assert waiting.receipt_by == date(2026, 12, 31)
    past = judge(rules, date(2027, 3, 1), date(2027, 1, 2), mailed=date(2026, 12, 23))
    assert (past.state, past.receipt_by) == (NoticeState.LATE, None)


MONTH = contract_rule("1 month from deposit")
LAST_OF_FEBRUARY = date(2027, 2, 28)


def test_a_month_is_judged_by_the_corresponding_date_and_the_other_reading_is_said() -> None:
    """One month after 30 January is 28 February; one month before that is 28 January."""
    running = judge((MONTH,), LAST_OF_FEBRUARY, date(2027, 2, 1), mailed=date(2027, 1, 30))
    assert (running.state, running.stricter) == (NoticeState.RUNNING, date(2027, 3, 1))
    assert running.reason == (
        "given in time; the notice runs to Sun 28 Feb 2027; "
        "by the stricter reading of a month it is late, earliest Mon 1 Mar 2027"
    )
    assert "by which this is late for Sun 28 Feb 2027" in running.steps[-2].text
    met = judge((MONTH,), LAST_OF_FEBRUARY, LAST_OF_FEBRUARY, mailed=date(2027, 1, 30))
    assert (met.state, met.stricter) == (NoticeState.COMPLIANT, date(2027, 3, 1))
    assert met.reason.endswith("by the stricter reading of a month it is late, earliest Mon 1 Mar 2027")


@pytest.mark.parametrize("effective", [LAST_OF_FEBRUARY, date(2027, 3, 1), date(2027, 4, 1)])
def test_a_month_that_both_readings_meet_is_not_in_doubt(effective: date) -> None:
    verdict = judge((MONTH,), effective, date(2027, 2, 1), mailed=date(2027, 1, 28))
    assert (verdict.holds, verdict.stricter) == (True, None)
    assert "reading" not in verdict.reason


def test_a_notice_to_come_is_planned_by_the_stricter_reading() -> None:
    """What is mailed on 29 or 30 January is in time for 28 February by one reading alone."""
    on_the_last = judge((MONTH,), LAST_OF_FEBRUARY, date(2027, 1, 28), mailed=None)
    assert (on_the_last.state, on_the_last.by) == (NoticeState.DUE, date(2027, 1, 28))
    after = judge((MONTH,), LAST_OF_FEBRUARY, date(2027, 1, 29), mailed=None)
    assert (after.state, after.earliest) == (NoticeState.LATE, date(2027, 3, 1))
