"""The explanation of the worked example, word for word, and its replay."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from mailer.notice.counting import latest_mailing
from mailer.notice.presets import preset
from mailer.notice.reasons import explain, explain_earliest, explain_latest, replay
from mailer.notice.rules import Rule, Unit
from mailer.notice.steps import StepKind

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
