"""Which statute's rule governs a client: Cal. Civ. Code 827(b) with CCP 1013(a), and others by place."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mailer.notice.governing import Situation, check_statute, statutes_for
from mailer.notice.problems import RuleProblem

pytestmark = pytest.mark.days


def situation(**given: object) -> Situation:
    sacramento: dict[str, object] = {
        "state": "CA",
        "country": "US",
        "mailed_to_state": "CA",
        "mailed_to_country": "US",
        "mailed_from": "CA",
        "rise": Decimal("0.06"),
    }
    return Situation(**(sacramento | given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({}, "california-rent-30-in-state"),
        ({"rise": Decimal("0.10")}, "california-rent-30-in-state"),  # "10 percent or less": 827(b)(2)
        ({"rise": Decimal("0.1001")}, "california-rent-90-in-state"),  # "more than 10 percent": 827(b)(3)
        ({"mailed_to_state": "NV"}, "california-rent-30-other-state"),
        ({"state": "NV"}, "california-rent-30-in-state"),  # its notice address is in California
        ({"mailed_from": "NV"}, "california-rent-30-other-state"),
        ({"mailed_to_country": "CA", "mailed_to_state": "BC"}, "california-rent-30-abroad"),
    ],
)
def test_california_rent_by_the_rise_and_the_mail(given: dict[str, object], rule: str) -> None:
    assert [found.id for found in statutes_for(("california-rent",), situation(**given))] == [rule]


def test_a_states_statute_reaches_its_own_clients() -> None:
    names = ("california-rent", "virginia-utility-30-day", "credit-card-45-day")
    nevada = situation(state="NV", mailed_to_state="NV")
    assert [rule.id for rule in statutes_for(names, nevada)] == ["credit-card-45-day"]
    virginia = situation(state="VA", mailed_to_state="VA")
    assert [rule.id for rule in statutes_for(names, virginia)] == [
        "virginia-utility-30-day",
        "credit-card-45-day",
    ]


def test_a_misspelled_statute_is_refused_with_a_suggestion() -> None:
    with pytest.raises(RuleProblem) as refused:
        check_statute("california-rents")
    assert "Perhaps you meant 'california-rent'." in str(refused.value)


def test_a_house_rule_is_no_statute() -> None:
    with pytest.raises(RuleProblem):
        check_statute("house-30-day")
