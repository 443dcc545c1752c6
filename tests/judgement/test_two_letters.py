"""The two letters of a contract that asks for notice to both addresses, when something befell one of them.

The term is 30 days from deposit: mailed on 24 November 2026, notice of 1 January 2027 is given in time.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from mailer.clients.record import Contract
from mailer.judgement.history import DatedTerms, History
from mailer.ledger.clientpiece import ClientPiece
from mailer.ledger.kinds import ReturnReason, Status
from tests.judgement.test_course import FEBRUARY, NEW_YEAR, amount, history, letter

BOTH = Contract(notice="30 days from deposit to both addresses")


def pair(campaign: str, effective: date, new: str, **more: Any) -> tuple[ClientPiece, ClientPiece]:
    """The letter to the notice address, numbered 1, and that to the mailing address, numbered 2."""
    one = letter(campaign, effective, "100", new, **more)
    other = replace(one, number=2)
    return one, stated(other, second=True)


def stated(one: ClientPiece, **facts: Any) -> ClientPiece:
    return replace(one, facts=replace(one.facts, **facts))


def both(*letters: ClientPiece) -> History:
    return history(*letters, contract=BOTH)


def came_back(one: ClientPiece, on: date, known: date | None = None) -> ClientPiece:
    return replace(
        one, status=Status.RETURNED, returned_on=on, misaddressed_on=on, undoing_known=known or on,
        return_reason=ReturnReason.ADDRESS_WRONG,
    )  # fmt: skip


def test_two_in_time_give_notice() -> None:
    assert amount(both(*pair("rates", NEW_YEAR, "106")), NEW_YEAR) == 106


def test_the_other_one_handed_over_in_a_rehearsal_is_not_out() -> None:
    one, other = pair("rates", NEW_YEAR, "106")
    for known in (both(one, replace(other, rehearsed=True)), both(replace(one, rehearsed=True), other)):
        assert amount(known, NEW_YEAR) == 100


@pytest.mark.parametrize("late", [1, 2])
def test_a_statute_counts_for_each_by_where_it_was_mailed(late: int) -> None:
    """Civ. Code 827(b), Code Civ. Proc. 1013(a): mailed within California 30 + 5 days before 1 January are
    27 November; mailed from or to another state 30 + 10 are 22 November.
    """
    rent = {"statutes": ("california-rent-30-in-state",), "country": "US", "state": "CA", "mailed_from": "CA"}
    letters = [
        stated(one, **rent, mail_state="NV" if one.number == late else "CA", mail_country="US")
        for one in pair("rates", NEW_YEAR, "106")
    ]
    assert amount(both(*letters), NEW_YEAR) == 100


def test_two_superseding_letters_that_came_back_raise_no_past_day() -> None:
    """The letter for 1 January was withdrawn by those for 1 February until it was known, on 20 January and
    then on 25 January, that these were never delivered. Whoever has one of them reads the rate of before
    until February.
    """
    first = pair("first", NEW_YEAR, "110")
    one, other = pair("second", FEBRUARY, "106", supersedes="first")
    assert amount(both(*first, one, other), date(2027, 1, 10)) == 100
    twentieth, later = date(2027, 1, 20), date(2027, 1, 25)
    for back, expected in (
        ((came_back(one, twentieth), other), 100),
        ((one, came_back(other, twentieth)), 100),
        ((came_back(one, twentieth), came_back(other, later)), 110),
        ((came_back(one, later), came_back(other, twentieth)), 110),
    ):
        known = both(*first, *back)
        for today in (date(2027, 1, 26), date(2027, 3, 1)):
            assert amount(known, date(2027, 1, 24), today) == 100
            assert amount(known, date(2027, 1, 26), today) == expected
            assert amount(known, FEBRUARY, today) == 106


def test_a_term_signed_between_the_two_binds_the_later_one() -> None:
    one, other = pair("rates", NEW_YEAR, "106")
    later = replace(other, counts_on=date(2026, 12, 1), dropped_on=date(2026, 12, 1))
    known = both(one, later)
    assert amount(known, NEW_YEAR) == 106
    terms = (
        *known.terms,
        DatedTerms(date(2026, 11, 30), Contract(notice="40 days from deposit")),
        DatedTerms(date(2026, 12, 2), BOTH),
    )
    assert amount(replace(known, terms=terms), NEW_YEAR) == 100


COPIED = Contract(notice="30 days from deposit, with a copy by e-mail")


@pytest.mark.parametrize(
    ("sent", "bounced", "billed"),
    [
        (date(2026, 11, 24), None, 106),
        (date(2026, 12, 2), None, 106),  # the last day, 30 days before 1 January
        (date(2026, 12, 3), None, 100),
        (None, None, 100),
        (date(2026, 11, 24), date(2026, 11, 25), 100),
    ],
)
def test_a_letter_and_its_copy_by_email(sent: date | None, bounced: date | None, billed: int) -> None:
    """The later one counts; a copy that bounced was not given. The letter went on 24 November."""
    one, other = pair("rates", NEW_YEAR, "106")
    copy = replace(stated(other, by_email=True), counts_on=sent, dropped_on=None, returned_on=bounced)
    if sent is None:
        copy = replace(copy, status=Status.APPROVED)
    assert amount(history(one, copy, contract=COPIED), NEW_YEAR) == billed
    assert amount(history(one, contract=COPIED), NEW_YEAR) == 100
    assert amount(history(copy, contract=COPIED), NEW_YEAR) == 100


def test_two_terms_may_ask_for_three_letters() -> None:
    """The term of the mailing day asks for both addresses, that of the effective day for a copy."""
    one, other = pair("rates", NEW_YEAR, "106")
    copy = stated(replace(other, number=3), by_email=True)
    terms = (DatedTerms(date(2020, 1, 1), BOTH), DatedTerms(date(2026, 12, 20), COPIED))
    for letters, billed in (((one, other), 100), ((one, copy), 100), ((one, other, copy), 106)):
        assert amount(replace(both(*letters), terms=terms), NEW_YEAR) == billed


def test_a_statute_asks_for_no_copy() -> None:
    """Code Civ. Proc. 1013(a): 35 days before 1 January are 27 November; the copy has until 2 December."""
    rent = {"statutes": ("california-rent-30-in-state",), "country": "US", "state": "CA", "mailed_from": "CA"}
    one, other = (
        stated(each, **rent, mail_state="CA", mail_country="US") for each in pair("rates", NEW_YEAR, "106")
    )
    copy = replace(stated(other, by_email=True), counts_on=date(2026, 12, 2), dropped_on=None)
    assert amount(history(one, copy, contract=COPIED), NEW_YEAR) == 106
    assert amount(history(copy, replace(one, number=9), contract=COPIED), NEW_YEAR) == 106
