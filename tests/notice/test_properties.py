"""What holds for every preset and every counting style, 2020 to 2035."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailer.errors import MailerError
from mailer.notice.calendars import calendar_named
from mailer.notice.closings import Closing, Closings, closings
from mailer.notice.counting import (
    deemed_given,
    earliest_effective,
    is_compliant,
    latest_mailing,
    meets_every_reading,
    planned_effective,
    stricter_earliest,
)
from mailer.notice.deliveries import DELIVERIES
from mailer.notice.reasons import explain, explain_earliest, explain_latest
from mailer.notice.rulebook import PRESETS
from mailer.notice.rules import TRAITS, Anchor, CountingStyle, Rule, Unit
from tests.support.replay import replay

DAY = timedelta(days=1)
CALENDARS = ("none", "us_federal", "us_regz", "usps", "ca_court", "uk_ew", "au", "ny", "us_federal+usps")

days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
# A preset's years are a different question from its counting.
presets = st.sampled_from([replace(rule, valid_from=None) for rule in PRESETS.values()])


@st.composite
def styled(draw: st.DrawFn, *, allow_stb: bool = True) -> Rule:
    styles = [style for style in CountingStyle if allow_stb or style is not CountingStyle.STB_1104_7]
    counting = draw(st.sampled_from(styles))
    style = TRAITS[counting]
    unit = draw(st.sampled_from(style.units))
    return Rule(
        id="drawn",
        title="drawn",
        n=draw(st.integers(0, 4 if unit is Unit.MONTH else 20)),
        unit=unit,
        counting=counting,
        delivery=draw(st.sampled_from(tuple(DELIVERIES))),
        calendar=draw(st.sampled_from(CALENDARS)),
        mailing_calendar=draw(st.sampled_from(CALENDARS)),
        anchor=draw(st.sampled_from(style.anchors)),
    )


# Rolls forward, so a holiday lengthens it; that is 49 CFR 1104.7(a), and why no minimum notice rolls so.
strict_rules = st.one_of(presets, styled(allow_stb=False))
rules = st.one_of(presets, styled())


@st.composite
def extra_closings(draw: st.DrawFn, around: date) -> Closings:
    near = st.integers(-60, 60).map(lambda offset: around + timedelta(days=offset))
    codes = st.sampled_from([code for code in CALENDARS if "+" not in code])
    drawn = draw(st.lists(st.tuples(codes, near), min_size=1, max_size=6, unique=True))
    return closings(Closing(code, day, "extra") for code, day in drawn)


@settings(max_examples=400, deadline=None)
@given(rules, days)
def test_the_latest_mailing_is_the_last_compliant_day(rule: Rule, effective: date) -> None:
    latest = latest_mailing(effective, rule)
    assert is_compliant(latest.legal, effective, rule)
    assert not is_compliant(latest.legal + DAY, effective, rule)
    assert latest.operational <= latest.legal
    assert is_compliant(latest.operational, effective, rule)
    assert calendar_named(rule.mailing_calendar).is_open(latest.operational)


@settings(max_examples=400, deadline=None)
@given(rules, days)
def test_the_earliest_effective_date_is_the_first_compliant_day(rule: Rule, mailed: date) -> None:
    earliest = earliest_effective(mailed, rule)
    assert is_compliant(mailed, earliest, rule)
    assert not is_compliant(mailed, earliest - DAY, rule)


@settings(max_examples=400, deadline=None)
@given(rules, days, st.integers(-40, 130))
def test_predicate_and_both_searches_agree(rule: Rule, mailed: date, gap: int) -> None:
    effective = mailed + timedelta(days=gap)
    compliant = is_compliant(mailed, effective, rule)
    assert compliant == (mailed <= latest_mailing(effective, rule).legal)
    assert compliant == (effective >= earliest_effective(mailed, rule))


@settings(max_examples=400, deadline=None)
@given(rules, days, st.integers(-40, 130), st.data())
def test_the_explanation_replays(rule: Rule, mailed: date, gap: int, data: st.DataObject) -> None:
    effective = mailed + timedelta(days=gap)
    extra = data.draw(st.one_of(st.just(Closings()), extra_closings(mailed)))
    steps = explain(mailed, effective, rule, extra)
    assert replay(steps, extra) == is_compliant(mailed, effective, rule, extra)


@settings(max_examples=400, deadline=None)
@given(strict_rules, days, st.data())
def test_a_holiday_more_never_helps_the_sender(rule: Rule, day: date, data: st.DataObject) -> None:
    extra = data.draw(extra_closings(day))
    before, after = latest_mailing(day, rule), latest_mailing(day, rule, extra)
    assert after.legal <= before.legal
    assert after.operational <= before.operational
    assert earliest_effective(day, rule, extra) >= earliest_effective(day, rule)
    assert deemed_given(day, rule, extra) >= deemed_given(day, rule)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([CountingStyle.AT_LEAST, CountingStyle.CLEAR_DAYS, CountingStyle.CPR_2_8]),
    st.integers(0, 60),
    days,
    st.integers(-5, 90),
)
def test_plain_and_clear_days_are_the_same_from_either_end(
    counting: CountingStyle, n: int, mailed: date, gap: int
) -> None:
    rule = Rule(id="x", title="x", n=n, counting=counting, calendar="uk_ew")
    effective = mailed + timedelta(days=gap)
    answers = {
        is_compliant(mailed, effective, replace(rule, anchor=anchor)) for anchor in (Anchor.START, Anchor.END)
    }
    assert len(answers) == 1


@pytest.mark.parametrize("counting", CountingStyle)
def test_every_style_is_reached_from_each_of_its_ends(counting: CountingStyle) -> None:
    style = TRAITS[counting]
    for anchor in style.anchors:
        rule = Rule(
            id="x",
            title="x",
            n=3,
            unit=style.units[0],
            counting=counting,
            calendar="us_federal",
            anchor=anchor,
        )
        effective = date(2026, 12, 28)
        assert is_compliant(latest_mailing(effective, rule).legal, effective, rule)


@settings(max_examples=400, deadline=None)
@given(rules, days, st.integers(-40, 130))
def test_the_stricter_reading_is_stricter_and_its_searches_agree(rule: Rule, mailed: date, gap: int) -> None:
    effective = mailed + timedelta(days=gap)
    strict, latest = meets_every_reading(mailed, effective, rule), latest_mailing(effective, rule)
    assert strict <= is_compliant(mailed, effective, rule)
    assert strict == (mailed <= (latest.stricter or latest.legal))
    assert strict == (effective >= planned_effective(mailed, rule))
    later = stricter_earliest(mailed, rule)
    assert planned_effective(mailed, rule) == (later or earliest_effective(mailed, rule))


@settings(max_examples=400, deadline=None)
@given(rules, st.dates(), st.booleans())
def test_any_day_has_an_answer_or_a_problem_in_words(rule: Rule, day: date, forward: bool) -> None:
    said: tuple[str, ...]
    try:
        steps = (
            explain_earliest(day, rule) if forward else explain_latest(latest_mailing(day, rule), day, rule)
        )
        said = tuple(step.text for step in steps)
    except MailerError as problem:
        said = (problem.what, problem.todo)
    assert said
    assert all(said), "an empty word tells nobody anything"
