"""A fact is stated by its words, whole, whatever the line breaks and case."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailer.campaign.facts import Fact, effective_fact, missing


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("$140.00", "The new rate is $140.00."),
        ("$140.00", "the rate: $140.00, from January"),
        ("$140.00", "($140.00)"),
        ("$140.00", "rises from $130.00 to $140.00/hour"),
        ("January 1, 2027", "Beginning January\n  1, 2027, the rates change."),
        ("January 1, 2027", "BEGINNING JANUARY 1, 2027."),
        ("January 1, 2027", "January\N{NO-BREAK SPACE}1, 2027"),
        ("Hourly support", "Our hourly\tsupport changes"),
        ("8%", "by 8%."),
        ("Remote Access Policy (2027)", "our Remote Access Policy (2027) says"),
        ("Straße", "in der STRASSE"),
        ("every session needs a factor", "Beginning today, every session needs a factor."),
    ],
)
def test_a_fact_that_is_stated(words: str, text: str) -> None:
    assert missing([Fact("fact", words)], text) == ()


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("$140.00", "$1,140.00"),
        ("$140.00", "$140.005"),
        ("$140.00", "$140.00,000"),
        ("$140.00", "$140"),
        ("$140.00", "$$140.00"),
        ("$40.00", "$140.00"),
        ("$5,000", "$5,000,000"),
        ("$5,000", "$5,000.50"),
        ("January 1, 2027", "January 1, 20270"),
        ("January 1, 2027", "January 1 2027"),
        ("January 1, 2027", "January 11, 2027"),
        ("January 1, 2027", "1 January 2027"),
        ("8%", "18%"),
        ("5%", "2.5%"),
        ("5%", "a rise of .5%"),
        ("support", "supported"),
        ("support", "unsupport"),
        ("Hourly support", "Hourly, support"),
        ("a.c", "abc"),
        ("$140.00", ""),
    ],
)
def test_a_fact_that_is_not_stated(words: str, text: str) -> None:
    fact = Fact("fact", words)
    assert missing([fact], text) == (fact,)


def test_all_missing_facts_are_named_in_order() -> None:
    facts = [effective_fact(date(2027, 1, 1)), Fact("rate", "$140.00"), Fact("service", "Hourly support")]
    assert missing(facts, "Hourly support costs more.") == (
        Fact("effective date", "January 1, 2027"),
        Fact("rate", "$140.00"),
    )


WORDS = st.text(min_size=1).filter(str.strip)


@given(WORDS, st.text(st.sampled_from(" \n\t")))
def test_words_between_blanks_are_stated(words: str, blanks: str) -> None:
    assert missing([Fact("fact", words)], f"so: {blanks}{words}{blanks} and on") == ()
    assert missing([Fact("fact", words)], f" {words.replace(' ', '  ')} ") == ()


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_no_amount_states_another(one: int, other: int) -> None:
    stated = missing([Fact("rate", f"${one / 100:,.2f}")], f"The rate is ${other / 100:,.2f}.") == ()
    assert stated == (one == other)


@given(st.dates(), st.dates())
def test_no_day_states_another(one: date, other: date) -> None:
    stated = missing([effective_fact(one)], f"Beginning {effective_fact(other).words}, it holds.") == ()
    assert stated == (one == other)
