"""The shipped rules: each one's latest mailing day and earliest effective date, worked by hand."""

from __future__ import annotations

from datetime import date

import pytest

from mailer.notice.counting import earliest_effective, latest_mailing
from mailer.notice.problems import RuleProblem
from mailer.notice.rulebook import PRESETS, preset
from mailer.notice.rules import OnReturn, Origin, Rule

pytestmark = pytest.mark.days


@pytest.mark.parametrize(
    ("rule_id", "effective", "latest"),
    [
        ("house-30-day", date(2027, 1, 1), date(2026, 12, 2)),
        ("contract-30-deposit", date(2027, 3, 1), date(2027, 1, 30)),
        ("credit-card-45-day", date(2027, 1, 1), date(2026, 11, 17)),
        ("eft-21-day", date(2027, 3, 1), date(2027, 2, 8)),
        ("deposit-account-30-day", date(2026, 7, 4), date(2026, 6, 4)),
        ("california-rent-30-in-state", date(2027, 1, 5), date(2026, 12, 1)),
        ("california-rent-30-other-state", date(2027, 6, 1), date(2027, 4, 22)),
        ("california-rent-30-abroad", date(2027, 6, 1), date(2027, 4, 12)),
        ("california-rent-90-in-state", date(2027, 2, 5), date(2026, 11, 2)),
        ("warn-60-day", date(2027, 3, 1), date(2026, 12, 31)),
        ("cable-rates-30-day", date(2026, 8, 3), date(2026, 7, 4)),
        ("virginia-utility-30-day", date(2027, 1, 1), date(2026, 12, 2)),
        ("eu-telecom-1-month", date(2027, 2, 28), date(2027, 1, 31)),
        # Due Wed 2 December; posted on Mon 30 November it arrives the second working day.
        ("uk-energy-30-day", date(2027, 1, 1), date(2026, 11, 30)),
        # It must arrive by 28 February, a Sunday, so by Friday 26: posted on Wednesday.
        ("uk-payment-services-2-month", date(2027, 4, 30), date(2027, 2, 24)),
        # Five business days before Mon 9 November 2026: Fri 6, Thu 5, Wed 4, Tue 3, Mon 2.
        ("australia-energy-5-business-day", date(2026, 11, 9), date(2026, 11, 2)),
    ],
)
def test_the_last_legal_day(rule_id: str, effective: date, latest: date) -> None:
    assert latest_mailing(effective, preset(rule_id)).legal == latest
    assert earliest_effective(latest, preset(rule_id)) <= effective


@pytest.mark.parametrize("rule_id", PRESETS)
def test_every_row_cites_its_source(rule_id: str) -> None:
    rule = preset(rule_id)
    assert rule.id == rule_id
    assert rule.citation
    assert rule.jurisdiction or rule.origin is not Origin.STATUTE


@pytest.mark.parametrize("rule_id", PRESETS)
def test_a_returned_piece_undoes_a_rule_that_counts_arrival(rule_id: str) -> None:
    rule = preset(rule_id)
    if rule.needs_receipt:
        assert rule.on_return is OnReturn.REBUTTED
        assert rule.transit == 6


def test_an_unknown_rule_is_refused_with_a_suggestion() -> None:
    with pytest.raises(RuleProblem, match="There is no notice rule") as caught:
        preset("house-30-days")
    assert "Perhaps you meant 'house-30-day'" in str(caught.value)


@pytest.mark.parametrize("rule", PRESETS.values(), ids=lambda rule: rule.id)
def test_no_step_cites_a_law_that_the_rule_does_not_rest_on(rule: Rule) -> None:
    """Every law that the day of notice rests on is one that the rule's own citation names."""
    given = rule.given_citation
    if rule.origin is Origin.CONTRACT:
        assert given in {"deemed-receipt clause of the client's contract", "the client's contract"}
    elif given != rule.citation:
        law = given.removeprefix("Cal. ").partition(",")[0]
        assert law in rule.citation


def test_a_rule_for_mail_within_a_state_names_the_one_for_other_mail() -> None:
    """Cal. CCP 1013(a): 5 calendar days within California, 10 to or from another state."""
    within = [rule for rule in PRESETS.values() if rule.mailed_within]
    assert [rule.id for rule in within] == ["california-rent-30-in-state", "california-rent-90-in-state"]
    for rule in within:
        assert rule.mailed_within is not None
        other = PRESETS[rule.mailed_within.otherwise]
        assert (rule.mailed_within.state, other.n, other.delivery) == ("CA", rule.n, "+10cal_us")
        assert other.mailed_within is None
