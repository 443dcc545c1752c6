"""What an opposing counsel found: each must stay as it is here. The house rule is 30 days from deposit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from mailer.agreement import ContractKind
from mailer.clients.record import Contract
from mailer.judgement.account import account_of
from mailer.judgement.chain import broken
from mailer.judgement.course import judged_letters
from mailer.judgement.docket import Cases
from mailer.judgement.history import Asked, DatedTerms, History
from mailer.judgement.rules import closings_known
from mailer.judgement.verdict import NoticeState
from mailer.ledger.clientpiece import ClientPiece
from mailer.ledger.kinds import Status
from mailer.ledger.moves import Moved
from mailer.ledger.stated import KnownClosing, NoticedRate, Stated
from mailer.notice.closings import Closing, closings
from tests.judgement.test_course import (
    DAY,
    FEBRUARY,
    NEW_YEAR,
    WORK,
    amount,
    base_rate,
    history,
    letter,
    question,
)

DECEMBER = date(2026, 12, 10)
STORM = KnownClosing("us_federal", date(2026, 11, 30), "storm")


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


def both(letter_: ClientPiece, old: str, new: str) -> ClientPiece:
    """The letter states another service too."""
    rate = NoticedRate("travel", "Travel", Decimal(old), Decimal(new))
    return replace(letter_, facts=replace(letter_.facts, rates=(*letter_.facts.rates, rate)))


def with_travel(known: History, rate: str) -> History:
    amount_ = int(Decimal(rate) * 10_000)
    return replace(known, base=(*known.base, ("travel", amount_, date(2026, 1, 1), False, "client list")))


def test_a_late_letter_that_states_a_lower_rate_holds() -> None:
    """Mailed on 10 December for 11 December, by whatever term of the contract."""
    sent = letter("lower", date(2026, 12, 11), "100", "90", mailed=DECEMBER)
    for term in (Contract(), Contract(notice="90 days from receipt"), Contract(kind=ContractKind.MANAGED)):
        known = history(sent, contract=term)
        (one,) = judged_letters(known, question(NEW_YEAR))
        assert one.notice is not None
        assert (one.holds, one.notice.state) == (True, NoticeState.COMPLIANT)
        assert one.notice.reason == "a lower rate needs no notice; it counts from Fri 11 Dec 2026"
        assert (amount(known, DECEMBER), amount(known, date(2026, 12, 11))) == (100, 90)


def test_unless_a_statute_asks_for_notice_of_any_change() -> None:
    """47 CFR 76.1603: 30 days before rates change. What the letter promised is billed all the same."""
    sent = letter("lower", NEW_YEAR, "100", "90", mailed=DECEMBER)
    cable = replace(sent, facts=replace(sent.facts, statutes=("cable-rates-30-day",), country="US"))
    known = history(cable)
    (one,) = judged_letters(known, question(NEW_YEAR))
    assert one.notice is not None
    assert (one.notice.state, amount(known, NEW_YEAR)) == (NoticeState.LATE, 90)
    rent = replace(sent, facts=replace(sent.facts, statutes=("california-rent-30-in-state",), country="US"))
    (one,) = judged_letters(history(rent), question(NEW_YEAR))
    assert one.holds  # Civ. Code 827 speaks of an increase


def test_of_a_letter_with_a_rise_and_a_cut_the_cut_counts_at_once() -> None:
    """Late for its rise, or moved to March: each service by itself."""
    sent = both(letter("rates", NEW_YEAR, "100", "106"), "60", "50")
    late = with_travel(history(replace(sent, counts_on=DECEMBER, dropped_on=DECEMBER)), "60")
    found = account_of(late, question(FEBRUARY)).services
    assert [int(found[name].amount) for name in (WORK, "travel")] == [100, 50]
    moves = {"rates": Moved(date(2027, 3, 1), date(2026, 12, 20))}
    moved = replace(with_travel(history(sent), "60"), moves=moves)
    for day, work, travel in ((DECEMBER, 100, 60), (NEW_YEAR, 100, 50), (date(2027, 3, 1), 106, 50)):
        found = account_of(moved, question(day)).services
        assert [int(found[name].amount) for name in (WORK, "travel")] == [work, travel]
    (one,) = judged_letters(moved, question(FEBRUARY))
    assert one.effective == date(2027, 3, 1)
    assert [int(line.new) for line in one.lines] == [106, 50]
    pending = account_of(moved, question(FEBRUARY)).services
    assert pending[WORK].pending == ("Work: $106.00 counts from Mon 1 Mar 2027 (rates-L-0001)",)
    assert pending["travel"].pending == ()


def test_a_letter_in_place_of_one_that_superseded_another() -> None:
    """A ← B ← C, all of them mailed before 1 January: of A and B nothing is left."""
    first = letter("a", NEW_YEAR, "100", "106")
    second = letter("b", FEBRUARY, "100", "108", supersedes="a")
    known = history(first, second)
    march = date(2027, 3, 1)
    asked = replace(question(march), today=date(2026, 12, 1))
    planned = account_of(known, asked, "b").services[WORK]
    assert planned.amount == 100
    rates = (NoticedRate(WORK, "Work", Decimal(100), Decimal(110)),)
    assert broken(known, "c", Stated(march, rates, supersedes="b"), asked) is None
    third = letter("c", march, "100", "110", supersedes="b", mailed=date(2026, 12, 1))
    found = [amount(history(first, second, third), day) for day in (NEW_YEAR, FEBRUARY, march)]
    assert found == [100, 100, 110]
    after_a = replace(asked, today=date(2027, 1, 15))  # that of January stays withdrawn by the second
    assert account_of(known, after_a, "b").services[WORK].amount == 100


def test_what_a_superseded_letter_superseded_stays_withdrawn_though_its_day_is_later() -> None:
    later = letter("a", FEBRUARY, "100", "106")
    second = letter("b", NEW_YEAR, "100", "108", supersedes="a")
    third = letter("c", NEW_YEAR, "100", "103", supersedes="b")
    assert amount(history(later, second, third), date(2027, 3, 1)) == 103


def test_a_superseding_letter_that_comes_back_raises_no_day_that_is_past() -> None:
    """It withdrew the rise of January; on 10 March it comes back, its address wrong: then the rise counts."""
    back = date(2027, 3, 10)
    first = letter("a", NEW_YEAR, "100", "106")
    second = letter("b", FEBRUARY, "100", "108", supersedes="a")
    lost = replace(second, status=Status.RETURNED, returned_on=back, misaddressed_on=back)
    known = history(first, lost)
    before = [amount(known, day, date(2027, 3, 9)) for day in (NEW_YEAR, FEBRUARY)]
    assert before == [100, 108]
    now = account_of(known, question(date(2027, 2, 10), back)).services[WORK]
    assert (str(now.amount), str(now.at_risk)) == ("100.00", "8.00")
    days = (NEW_YEAR, FEBRUARY, date(2027, 3, 9), back)
    assert [amount(known, day, date(2027, 4, 1)) for day in days] == [100, 100, 100, 106]
    because = account_of(known, question(back)).services[WORK].because
    assert "b-L-0001 took its place until Wed 10 Mar 2027, when that was undone" in because


def test_that_a_rate_falls_is_no_notice_that_it_rises() -> None:
    """The list lowers it to $90.00 while the letter of $95.00 instead of $100.00 is in the post."""
    known = history(letter("a", FEBRUARY, "100", "95"))
    fallen = replace(known, base=(*known.base, ("work", 900_000, NEW_YEAR, False, "list")))
    days = (date(2026, 12, 31), NEW_YEAR, FEBRUARY)
    assert [amount(fallen, day) for day in days] == [100, 90, 90]
    (judged,) = judged_letters(fallen, question(FEBRUARY))
    assert judged.notice is not None
    assert judged.notice.state is NoticeState.COMPLIANT
    raising = history(letter("a", FEBRUARY, "100", "105"))
    fallen = replace(raising, base=fallen.base)
    assert [amount(fallen, day) for day in days] == [100, 90, 105]


def test_a_lower_rate_that_was_promised_for_an_earlier_day_is_in_force_for_what_supersedes_it() -> None:
    """$60.00 from January by a slip: what says $96.00 from February says so of $60.00, what says it from
    January takes its place.
    """
    slip = history(letter("a", NEW_YEAR, "100", "60"))
    for effective, old, contradicts in (
        (FEBRUARY, "60", False),
        (FEBRUARY, "100", True),
        (NEW_YEAR, "100", False),
    ):
        facts: Stated = letter("b", effective, old, "96", supersedes="a").facts
        assert (broken(slip, "b", facts, question(date(2026, 11, 25))) is not None) == contradicts


def test_a_superseding_letter_that_went_too_late_bills_no_more_than_in_time() -> None:
    """Sixty days before Monday 1 March are Thursday 31 December. Whenever it goes, it says that $100.00 is
    billed until March; a return that is known in February lets the first letter count from then.
    """
    march, sixty = date(2027, 3, 1), Contract(notice="60 days from deposit")
    first = letter("a", FEBRUARY, "100", "106")
    in_time, late = (
        letter("b", march, "100", "104", supersedes="a", mailed=day)
        for day in (date(2026, 12, 31), date(2027, 1, 5))
    )
    back = replace(late, status=Status.RETURNED, returned_on=date(2027, 2, 10))
    lost = replace(back, misaddressed_on=date(2027, 2, 10))
    days = (date(2027, 1, 31), FEBRUARY, date(2027, 2, 10), date(2027, 2, 28), march)
    for second, expected in (
        (in_time, [100, 100, 100, 100, 104]),
        (late, [100, 100, 100, 100, 104]),
        (lost, [100, 100, 106, 106, 104]),
    ):
        known = history(first, second, contract=sixty)
        assert [amount(known, day, date(2027, 4, 1)) for day in days] == expected
    because = account_of(history(first, late, contract=sixty), question(march)).services[WORK].because
    assert because.endswith("b-L-0001 says no more than $104.00, so that no more is billed")
    (checked, _) = judged_letters(history(first, late, contract=sixty), question(march))
    assert checked.lines[0].since == march


def test_closings_are_those_that_were_known_when_the_letter_went() -> None:
    """Three business days after Saturday 28 November 2026 are Wednesday 2 December: 30 days before."""
    sent = letter("rates", NEW_YEAR, "100", "106", mailed=date(2026, 11, 28))
    frozen = replace(sent, facts=replace(sent.facts, closings=()))
    term = Contract(notice="30 days +3bd")
    friday, monday = (closings([Closing("us_federal", date(2026, 11, day), "storm")]) for day in (27, 30))
    for one, known, holds in (
        (sent, monday, False),  # an older mailer froze none
        (frozen, monday, True),
        (frozen, friday, True),
        (replace(frozen, facts=replace(sent.facts, closings=(STORM,))), closings([]), False),
    ):
        asked = replace(question(NEW_YEAR), closings=known)
        assert judged_letters(history(one, contract=term), asked)[0].holds is holds
    at_hand_over = replace(frozen, closings=(STORM,))
    assert judged_letters(history(at_hand_over, contract=term), question(NEW_YEAR))[0].holds is False
    cases, alone = Cases(), history(frozen, contract=term)
    known_then = replace(alone, letters=(replace(frozen, closings=(STORM,)),))  # alike in all else
    found = [judged_letters(cases.of(one).record, question(NEW_YEAR)) for one in (alone, known_then, alone)]
    assert [letters[0].holds for letters in found] == [True, False, True]
    assert [row.day.day for row in closings_known((), (), DAY, friday).rows] == []
    assert [row.day.day for row in closings_known((), (), date(2026, 11, 28), friday).rows] == [27]


def test_a_closing_of_the_mailing_day_that_is_entered_since_moves_it() -> None:
    """Wednesday 2 December 2026 is 30 days before 1 January: on a day of mourning the post took nothing."""
    sent = letter("rates", NEW_YEAR, "100", "106", mailed=date(2026, 12, 2))
    frozen = history(replace(sent, facts=replace(sent.facts, closings=())))
    mourning = replace(
        question(NEW_YEAR), closings=closings([Closing("usps", date(2026, 12, 2), "mourning")])
    )
    assert judged_letters(frozen, question(NEW_YEAR))[0].holds
    (judged,) = judged_letters(frozen, mourning)
    assert judged.notice is not None
    assert judged.notice.state is NoticeState.LATE
    assert judged.notice.steps[0].text == (
        "Wed 2 Dec 2026: no mailing day (mourning), so that it counts on Thu 3 Dec 2026"
    )


def test_of_a_letter_and_a_list_for_one_day_the_lower_rate_is_billed() -> None:
    """The list says by a notice given elsewhere what the letter says otherwise, from the same day."""
    known = history(letter("rates", NEW_YEAR, "100", "110"))
    for listed, billed in (("120", 110), ("105", 105)):
        base = (*known.base, base_rate(listed, NEW_YEAR, rise=True))
        assert amount(replace(known, base=base), FEBRUARY) == billed


def test_the_lower_rate_that_a_follow_up_states_is_billed() -> None:
    """That the first letter's counts already is no reason to bill more than the second says."""
    march = date(2027, 3, 1)
    first = letter("a", NEW_YEAR, "100", "90")
    again = letter("b", march, "90", "81", follows=("a",))
    assert [amount(history(first, again), day) for day in (NEW_YEAR, march)] == [90, 81]


def test_a_rate_that_the_list_lowered_raises_nothing_once_what_it_was_lower_than_is_undone() -> None:
    """$106.00 by a letter; the list says $103.00 on 1 February; on 10 March the letter comes back."""
    back = date(2027, 3, 10)
    sent = letter("rates", NEW_YEAR, "100", "106")
    listed = history(sent)
    listed = replace(listed, base=(*listed.base, base_rate("103", FEBRUARY)))
    assert [amount(listed, day) for day in (NEW_YEAR, FEBRUARY)] == [106, 103]
    lost = replace(sent, status=Status.RETURNED, returned_on=back, misaddressed_on=back)
    undone = replace(listed, letters=(lost,))
    assert [amount(undone, day, date(2027, 4, 1)) for day in (NEW_YEAR, FEBRUARY, back)] == [100, 100, 100]
    now = account_of(undone, question(FEBRUARY, back)).services[WORK]
    assert (str(now.amount), str(now.at_risk)) == ("100.00", "3.00")


def test_a_lower_rate_put_before_another_one_is_not_raised_by_it() -> None:
    """The list says $95.00 from 1 February, and then $90.00 from 1 January."""
    known = history()
    known = replace(known, base=(*known.base, base_rate("90", NEW_YEAR), base_rate("95", FEBRUARY)))
    assert [amount(known, day) for day in (NEW_YEAR, FEBRUARY)] == [90, 90]
    rates = (NoticedRate(WORK, "Work", Decimal(90), Decimal(96)),)
    march = date(2027, 3, 1)
    assert broken(known, "rates", Stated(march, rates), replace(question(march), today=DAY)) is None
    risen = replace(known, base=(*known.base[:-1], base_rate("95", FEBRUARY, rise=True)))
    assert amount(risen, FEBRUARY) == 95
