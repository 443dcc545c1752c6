"""The double whammy: letter and newsletter both out in time."""

from __future__ import annotations

from datetime import date

import pytest

from mailer.judgement.house import HouseState, HouseVerdict, judge_house
from mailer.notice.problems import RuleProblem
from mailer.notice.rulebook import preset

pytestmark = pytest.mark.days

NEW_YEAR = date(2027, 1, 1)


def verdict(letter: date | None, newsletter: date | None, today: date) -> HouseVerdict:
    media = {"letter": letter, "newsletter": newsletter}
    return judge_house(preset("house-30-day"), NEW_YEAR, today, media)


def test_both_out_in_time() -> None:
    found = verdict(date(2026, 11, 25), date(2026, 12, 2), date(2026, 12, 3))
    assert found.holds
    assert found.state is HouseState.KEPT
    assert found.reason == "letter and newsletter out in time"


def test_one_still_to_go() -> None:
    found = verdict(date(2026, 11, 25), None, date(2026, 12, 1))
    assert found.state is HouseState.PENDING
    assert found.reason == "newsletter to be out by Wed 2 Dec 2026"
    assert [result.state for result in found.media] == [HouseState.KEPT, HouseState.PENDING]


@pytest.mark.parametrize("newsletter", [None, date(2026, 12, 3)])
def test_one_missed(newsletter: date | None) -> None:
    found = verdict(date(2026, 11, 25), newsletter, date(2026, 12, 3))
    assert not found.holds
    assert found.state is HouseState.MISSED
    assert found.reason == "newsletter not out by Wed 2 Dec 2026"


def test_a_firm_that_asks_for_no_medium_keeps_its_habit() -> None:
    found = judge_house(preset("house-30-day"), NEW_YEAR, NEW_YEAR, {})
    assert found.holds
    assert found.reason == "no medium is asked for"


def test_it_is_judged_by_the_house_rule_alone() -> None:
    with pytest.raises(RuleProblem, match="judged by a house rule"):
        judge_house(preset("contract-30-deposit"), NEW_YEAR, NEW_YEAR, {"letter": None})
