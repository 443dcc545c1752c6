"""What an opposing counsel found: each must stay as it is here. The house rule is 30 days from deposit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from mailer.clients.record import Contract
from mailer.judgement.account import account_of
from mailer.judgement.course import judged_letters
from mailer.judgement.history import Asked, DatedTerms
from mailer.judgement.verdict import NoticeState
from mailer.ledger.kinds import Status
from mailer.ledger.moves import Moved
from tests.judgement.test_course import (
    FEBRUARY,
    NEW_YEAR,
    amount,
    base_rate,
    history,
    letter,
    question,
)

DECEMBER = date(2026, 12, 10)


def test_a_date_written_by_hand_makes_no_late_letter_valid() -> None:
    """Mailed on 10 December for 1 January: 22 days. Nobody recorded a move to 9 January, 30 days later."""
    known = history(letter("rates", NEW_YEAR, "100", "106", mailed=DECEMBER))
    put_off = replace(question(FEBRUARY), asked=lambda _: Asked(effective=date(2027, 1, 9)))
    assert str(account_of(known, put_off).services["work"].amount) == "100.00"
    moved = replace(known, moves={"rates": Moved(date(2027, 1, 9), date(2026, 12, 20))})
    assert amount(moved, FEBRUARY) == 106


def test_a_lower_rate_keeps_its_day_wherever_its_campaign_is_moved() -> None:
    known = history(letter("lower", NEW_YEAR, "100", "90"))
    moved = replace(known, moves={"lower": Moved(date(2027, 6, 1), date(2027, 1, 20))})
    assert (amount(moved, date(2027, 1, 10)), amount(moved, FEBRUARY)) == (90, 90)


def test_a_lower_rate_is_not_withdrawn_before_its_day() -> None:
    lower = letter("lower", NEW_YEAR, "100", "90")
    higher = letter("higher", FEBRUARY, "100", "110", supersedes="lower", mailed=date(2026, 12, 30))
    assert amount(history(lower, higher), date(2027, 1, 15)) == 90
    same_day = letter("higher", NEW_YEAR, "100", "110", supersedes="lower")
    assert amount(history(lower, same_day), NEW_YEAR) == 110


def test_the_list_naming_a_rise_does_not_forget_the_one_before() -> None:
    """12 months between rises, the last one on 1 March 2026; then the list names the new rise as the last."""
    told = Contract(min_months_between=12, last_raised=date(2026, 3, 1))
    later = DatedTerms(date(2026, 12, 20), replace(told, last_raised=NEW_YEAR))
    known = history(letter("rates", NEW_YEAR, "100", "106"), contract=told)
    assert amount(known, FEBRUARY) == 100
    assert amount(replace(known, terms=(*known.terms, later)), FEBRUARY) == 100


def test_a_letter_sent_to_a_wrong_address_gives_notice_once_it_is_received() -> None:
    sent = letter("rates", NEW_YEAR, "100", "106")
    wrong = replace(sent, status=Status.RETURNED, returned_on=DECEMBER, misaddressed_on=DECEMBER)
    received = replace(wrong, received_on=date(2027, 1, 25))
    assert amount(history(received), FEBRUARY) == 100
    assert amount(history(replace(wrong, received_on=date(2026, 12, 2))), FEBRUARY) == 106


def test_a_superseded_rise_does_not_bar_the_one_that_supersedes_it() -> None:
    yearly = Contract(min_months_between=12)
    first = letter("rates", NEW_YEAR, "100", "106")
    second = letter("more", FEBRUARY, "100", "108", supersedes="rates")
    known = history(first, second, contract=yearly)
    assert (amount(known, date(2027, 1, 15)), amount(known, FEBRUARY)) == (100, 108)
    one, _ = judged_letters(known, question(FEBRUARY))
    assert one.notice is not None
    assert one.notice.state is NoticeState.SUPERSEDED


def test_of_two_late_letters_in_the_place_of_another_the_lower_one_limits_it() -> None:
    first = letter("rates", NEW_YEAR, "100", "106")
    late = [
        letter(name, NEW_YEAR, "100", new, supersedes="rates", mailed=date(2026, 12, 20))
        for name, new in (("five", "105"), ("two", "102"))
    ]
    assert amount(history(first, *late), NEW_YEAR) == 102


def test_a_list_rate_of_the_very_day_is_the_last_word() -> None:
    known = history(letter("rates", NEW_YEAR, "100", "106"))
    assert amount(replace(known, base=(*known.base, base_rate("95", NEW_YEAR))), NEW_YEAR) == 95


def test_a_receipt_that_lies_ahead_is_none() -> None:
    term = Contract(notice="20 days from receipt")
    sent = replace(letter("rates", NEW_YEAR, "100", "106"), received_on=date(2026, 12, 2))
    assert amount(history(sent, contract=term), NEW_YEAR, today=date(2026, 11, 28)) == 100
    assert amount(history(sent, contract=term), NEW_YEAR, today=date(2026, 12, 2)) == 106
