"""What contradicts another letter does not leave, whichever went first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from mailer.clients.record import Contract
from mailer.judgement.chain import broken
from mailer.ledger.clientpiece import ClientPiece
from mailer.ledger.stated import NoticedRate, Stated
from tests.judgement.test_course import FEBRUARY, NEW_YEAR, history, letter, question


def why(*others: ClientPiece, new: ClientPiece) -> str:
    facts: Stated = new.facts
    found = broken(history(*others), new.campaign, facts, question(date(2026, 11, 25)))
    return found.why if found else ""


def test_two_campaigns_for_one_day() -> None:
    first = letter("rates", NEW_YEAR, "100", "106")
    second = letter("more", NEW_YEAR, "100", "108")
    assert why(first, new=second) == "rates states Work for Fri 1 Jan 2027 too: $106.00"
    superseding = letter("more", NEW_YEAR, "100", "108", supersedes="rates")
    assert why(first, new=superseding) == ""
    assert why(superseding, new=first) == ""


def test_an_earlier_day_after_a_later_one() -> None:
    february = letter("first", FEBRUARY, "100", "105", mailed=date(2026, 11, 20))
    january = letter("second", NEW_YEAR, "100", "106")
    assert why(february, new=january) == (
        "first states Work from $100.00 on Mon 1 Feb 2027; after this letter it would be $106.00"
    )
    assert why(january, new=february) == (
        "it states Work from $100.00; the rate in force before Mon 1 Feb 2027, by second, is $106.00"
    )


def test_a_chain() -> None:
    january = letter("first", NEW_YEAR, "100", "106")
    february = letter("second", FEBRUARY, "106", "108")
    assert why(january, new=february) == ""
    assert why(february, new=january) == ""


def test_one_that_is_approved_and_not_mailed_is_a_link_too() -> None:
    first = letter("rates", NEW_YEAR, "100", "106", mailed=None)
    assert "rates states Work" in why(first, new=letter("more", NEW_YEAR, "100", "108"))


def test_one_that_can_never_count_is_none() -> None:
    late = letter("rates", NEW_YEAR, "100", "106", mailed=date(2026, 12, 20))
    assert why(late, new=letter("more", FEBRUARY, "100", "106")) == ""


def test_a_follow_up_of_what_did_not_serve() -> None:
    late = letter("rates", NEW_YEAR, "100", "106", mailed=date(2026, 12, 20))
    assert why(late, new=letter("again", FEBRUARY, "100", "106", follows=("rates",))) == ""


def test_the_rate_was_lowered_since_it_was_written() -> None:
    known = history(rate="100")
    lowered = replace(known, base=(*known.base, ("work", 950_000, date(2026, 12, 10), False, "list")))
    facts: Stated = letter("rates", NEW_YEAR, "100", "106").facts
    found = broken(lowered, "rates", facts, question(date(2026, 12, 11)))
    assert found is not None
    assert found.why.endswith("the rate in force before Fri 1 Jan 2027, is $95.00")


def test_a_rise_that_comes_too_soon_before_another_ones() -> None:
    """The contract asks for six months between rises: one of repairs in January would bar that of work in
    June, which was given notice of; one on Tuesday 1 December would not.
    """
    june, january, december = date(2027, 6, 1), NEW_YEAR, date(2026, 12, 1)
    repairs = (NoticedRate("repairs", "Repairs", Decimal(80), Decimal(85)),)
    lower = (NoticedRate("repairs", "Repairs", Decimal(80), Decimal(75)),)
    for contract, effective, rates, expected in (
        (Contract(min_months_between=6), january, repairs,
         ("a rise on Fri 1 Jan 2027 would bar that of Work by rates on Tue 1 Jun 2027: "
          "the contract asks for 6 months between rises")),
        (Contract(min_months_between=6), december, repairs, ""),
        (Contract(min_months_between=6), january, lower, ""),
        (Contract(), january, repairs, ""),
    ):  # fmt: skip
        known = history(letter("rates", june, "100", "106"), contract=contract)
        base = (*known.base, ("repairs", 800_000, date(2026, 1, 1), False, "list"))
        found = broken(
            replace(known, base=base), "repairs", Stated(effective, rates), question(date(2026, 11, 25))
        )
        assert (found.why if found else "") == expected
