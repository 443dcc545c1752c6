"""The explanation of the worked example, word for word, and its replay."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from mailer.notice.counting import latest_mailing
from mailer.notice.reasons import explain, explain_earliest, explain_latest, given_step
from mailer.notice.rulebook import preset
from mailer.notice.rules import Rule, Unit
from mailer.notice.steps import StepKind
from mailer.notice.terms import contract_rule
from tests.support.replay import replay

pytestmark = pytest.mark.days

NEW_YEAR = date(2027, 1, 1)
# The note of the shipped rule is left out where the working itself is the point.
RULE = replace(preset("contract-30-plus-3bd"), note="")


def texts(steps: object) -> list[str]:
    assert isinstance(steps, tuple)
    return [step.text for step in steps]


def test_in_time() -> None:
    assert texts(explain(date(2026, 11, 25), NEW_YEAR, RULE)) == [
        "Wed 25 Nov 2026: deposited",
        "Tue 1 Dec 2026: deemed received, 3 business days later (Thu 26 Nov Thanksgiving Day is closed)",
        "Wed 2 Dec 2026: the last day to give it, 30 days before Fri 1 Jan 2027",
        "31 days to Fri 1 Jan 2027; 30 are needed: in time",
    ]


def test_late() -> None:
    steps = explain(date(2026, 11, 30), NEW_YEAR, RULE)
    assert texts(steps)[1] == "Thu 3 Dec 2026: deemed received, 3 business days later"
    assert steps[-1].text == (
        "29 days to Fri 1 Jan 2027; 30 are needed: too late, the earliest effective date is Sat 2 Jan 2027"
    )
    assert steps[-1].kind is StepKind.LATE
    assert steps[-1].citation == "the client's contract"


def test_the_rules_own_note_is_among_the_steps() -> None:
    said = texts(explain(date(2026, 11, 25), NEW_YEAR, preset("contract-30-plus-3bd")))
    assert "Business days are federal ones: Saturdays, on which the post runs, do not count." in said


def test_the_latest_day_by_law_and_in_operation() -> None:
    latest = latest_mailing(NEW_YEAR, RULE)
    assert texts(explain_latest(latest, NEW_YEAR, RULE)) == [
        (
            "Sun 29 Nov 2026: the last legal day to deposit it for Fri 1 Jan 2027 "
            "(30 days, received 3 business days after deposit)"
        ),
        "Wed 2 Dec 2026: deemed received, 3 business days later",
        "Wed 2 Dec 2026: the last day to give it, 30 days before Fri 1 Jan 2027",
        "30 days to Fri 1 Jan 2027; 30 are needed: in time",
        "Sat 28 Nov 2026: the last day to hand it over; Sun 29 Nov 2026 is no mailing day (Sunday)",
    ]


def test_differing_readings_of_a_month_are_said() -> None:
    rule = Rule(id="month", title="1 month", n=1, unit=Unit.MONTH)
    said = texts(explain_latest(latest_mailing(date(2027, 2, 28), rule), date(2027, 2, 28), rule))
    assert said[-1] == (
        "Thu 28 Jan 2027: 1 month subtracted from Sun 28 Feb 2027; the readings differ, "
        "so plan with this one, the stricter"
    )
    assert (
        "Sun 28 Feb 2027: the first day allowed, 1 month after Sun 31 Jan 2027, where the month ends" in said
    )


def test_the_transit_of_a_receipt_rule_is_said() -> None:
    rule = preset("warn-60-day")
    latest = latest_mailing(date(2027, 3, 1), rule)
    said = texts(explain_latest(latest, date(2027, 3, 1), rule))
    assert said[0].startswith("Thu 31 Dec 2026: the last legal day to receive it")
    assert said[-1] == "Wed 23 Dec 2026: the last day to hand it over; 6 mailing days allowed for the post"


def test_the_earliest_effective_date() -> None:
    assert texts(explain_earliest(date(2026, 11, 30), RULE))[-1] == (
        "Sat 2 Jan 2027: the earliest effective date (30 days, received 3 business days after deposit)"
    )


def test_the_replay_recomputes_the_conclusion() -> None:
    assert replay(explain(date(2026, 11, 25), NEW_YEAR, RULE))
    assert not replay(explain(date(2026, 11, 30), NEW_YEAR, RULE))


def test_the_replay_refuses_steps_that_do_not_follow() -> None:
    steps = list(explain(date(2026, 11, 25), NEW_YEAR, RULE))
    forged = [steps[0], replace(steps[1], day=date(2026, 11, 30)), *steps[2:]]
    with pytest.raises(ValueError, match="does not lead there"):
        replay(forged)
    with pytest.raises(ValueError, match="does not follow"):
        replay([replace(steps[0], day=date(2026, 11, 24)), *steps[1:]])


MONTH = Rule(id="month", title="1 month", n=1, unit=Unit.MONTH)


def test_a_notice_in_time_by_one_reading_alone_says_so() -> None:
    steps = explain(date(2027, 1, 30), date(2027, 2, 28), MONTH)
    assert texts(steps)[-2:] == [
        (
            "Mon 1 Mar 2027: the earliest by the stricter reading (1 month subtracted from it), by which "
            "this is late for Sun 28 Feb 2027; the readings differ, the corresponding date counts"
        ),
        "Sun 28 Feb 2027: effective, 1 month needed: in time",
    ]
    assert replay(steps)
    assert not any("reading" in text for text in texts(explain(date(2027, 1, 28), date(2027, 2, 28), MONTH)))
    assert not any("reading" in text for text in texts(explain(date(2027, 1, 30), date(2027, 3, 1), MONTH)))


def test_a_late_notice_says_what_each_reading_allows() -> None:
    said = texts(explain(date(2027, 1, 30), date(2027, 2, 20), MONTH))
    assert said[-2] == ("Mon 1 Mar 2027: the earliest by the stricter reading (1 month subtracted from it)")
    assert said[-1].endswith("too late, the earliest effective date is Sun 28 Feb 2027")


def test_the_earliest_date_names_both_readings() -> None:
    """One month before 1 March is 1 February, so a deposit on 30 January is in time for that."""
    assert texts(explain_earliest(date(2027, 1, 30), MONTH))[-2:] == [
        "Sun 28 Feb 2027: the earliest effective date (1 month)",
        (
            "Mon 1 Mar 2027: the earliest by the stricter reading (1 month subtracted from it); "
            "the readings differ, so plan with this one"
        ),
    ]
    assert texts(explain_earliest(date(2027, 1, 28), MONTH))[-1].startswith("Sun 28 Feb 2027: the earliest")


CLAUSE = "deemed-receipt clause of the client's contract"


@pytest.mark.parametrize(
    "term", ["30 days +1bd", "30 days +2bd", "30 days +3bd", "30 days +4bd", "30 days +7bd"]
)
def test_a_contracts_clause_rests_on_the_contract(term: str) -> None:
    steps = explain(date(2026, 12, 2), date(2027, 2, 1), contract_rule(term))
    assert [step.citation for step in steps] == ["", CLAUSE, "the client's contract", "the client's contract"]
    assert "deemed received" in steps[1].text


@pytest.mark.parametrize(
    ("rule", "citation"),
    [
        ("contract-30-plus-3bd", CLAUSE),
        ("contract-30-deposit", "the client's contract"),
        ("house-30-day", "the firm's notice policy"),
        ("credit-card-45-day", "12 CFR 1026.9(c)(2)(i)"),
        ("california-rent-30-in-state", "Cal. Code Civ. Proc. 1013(a), within California"),
        ("uk-payment-services-2-month", "Interpretation Act 1978 s 7"),
        ("uk-energy-30-day", "Interpretation Act 1978 s 7"),
        ("warn-60-day", "29 USC 2102; 20 CFR 639.8"),
    ],
)
def test_when_it_counts_as_given_rests_on_what_the_rule_rests_on(rule: str, citation: str) -> None:
    assert given_step(date(2026, 12, 2), preset(rule)).citation == citation
