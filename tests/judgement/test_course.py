"""The course of one client's rates: which letter counts from when.

Dates are of the firm's house rule: 30 days from deposit, so that a letter of 24 November 2026 gives notice
for 24 December and every later day.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from mailer.clients.member import Member
from mailer.clients.record import Contract
from mailer.judgement.account import account_of
from mailer.judgement.course import judged_letters
from mailer.judgement.history import Asked, DatedTerms, History, Question
from mailer.ledger.clientpiece import ClientPiece
from mailer.ledger.kinds import Medium, Status
from mailer.ledger.moves import Moved
from mailer.ledger.stated import NoticedRate, Stated
from mailer.notice.closings import NO_CLOSINGS
from mailer.notice.rulebook import preset

WORK = "work"
DAY = date(2026, 11, 24)
NEW_YEAR = date(2027, 1, 1)
FEBRUARY = date(2027, 2, 1)


def nothing(_campaign: str) -> Asked:
    return Asked()


def question(day: date, today: date | None = None) -> Question:
    return Question(day, today or day, preset("house-30-day"), NO_CLOSINGS, False, "CA", nothing)


def history(*letters: ClientPiece, contract: Contract | None = None, rate: str = "100") -> History:
    terms = contract or Contract()
    member = Member(
        UUID(int=1), "id:1", "1", "Ash", "", "CA", frozenset(), terms, True, None, True, "US", "CA", "US"
    )
    base = (base_rate(rate, date(2026, 1, 1)),)
    return History(member, base, (DatedTerms(date(2026, 1, 1), terms),), letters, {})


def base_rate(amount: str, since: date, *, rise: bool = False) -> tuple[str, int, date, bool, str]:
    return WORK, int(Decimal(amount) * 10_000), since, rise, "client list"


def letter(
    campaign: str,
    effective: date,
    old: str,
    new: str,
    *,
    mailed: date | None = DAY,
    number: int = 1,
    supersedes: str = "",
    follows: tuple[str, ...] = (),
) -> ClientPiece:
    rates = (NoticedRate(WORK, "Work", Decimal(old), Decimal(new)),)
    facts = Stated(effective, rates, house="house-30-day", supersedes=supersedes, follows=follows)
    status = Status.MAILED if mailed else Status.PRODUCED
    return ClientPiece(
        UUID(int=1), campaign, Medium.LETTER, number, status, mailed, facts, "0" * 64, "0" * 64,
        dropped_on=mailed, place="Sacramento",
    )  # fmt: skip


def amount(known: History, day: date, today: date | None = None) -> int:
    """In whole dollars."""
    return int(account_of(known, question(day, today)).services[WORK].amount)


def test_a_notice_in_time_counts_from_its_day() -> None:
    known = history(letter("rates", NEW_YEAR, "100", "106"))
    assert amount(known, date(2026, 12, 31)) == 100
    assert amount(known, NEW_YEAR) == 106
    billed = account_of(known, question(date(2026, 12, 1))).services[WORK]
    assert billed.pending == ("Work: $106.00 counts from Fri 1 Jan 2027 (rates-L-0001)",)
    printed = history(letter("rates", NEW_YEAR, "100", "106", mailed=None))
    for day, pending in (
        (date(2026, 12, 1), "Work: $106.00 is to count from Fri 1 Jan 2027, once rates-L-0001 is mailed"),
        (NEW_YEAR, "Work: no new rate: rates-L-0001 is produced, not mailed"),
    ):
        assert account_of(printed, question(day, DAY)).services[WORK].pending == (pending,)


def test_a_notice_a_day_late_never_counts() -> None:
    known = history(letter("rates", date(2026, 12, 23), "100", "106"))
    assert amount(known, date(2028, 1, 1)) == 100


def test_terms_of_a_later_day_change_nothing_before_it() -> None:
    known = history(letter("rates", NEW_YEAR, "100", "106"))
    for later in (
        Contract(max_raise=Decimal("0.01")),
        Contract(rate_locked_until=date(2029, 12, 31)),
        Contract(notice="90 days from deposit"),
    ):
        signed = replace(known, terms=(*known.terms, DatedTerms(date(2028, 3, 1), later)))
        for day in (NEW_YEAR, date(2028, 2, 28), date(2028, 3, 1), date(2030, 1, 1)):
            assert amount(signed, day) == 106
        (judged,) = judged_letters(signed, question(date(2030, 1, 1)))
        assert judged.holds


def test_a_lock_signed_between_mailing_and_effective_day_blocks() -> None:
    known = history(letter("rates", NEW_YEAR, "100", "106"))
    locked = replace(
        known,
        terms=(*known.terms, DatedTerms(date(2026, 12, 15), Contract(rate_locked_until=date(2027, 6, 30)))),
    )
    assert amount(locked, FEBRUARY) == 100
    longer = replace(
        known, terms=(*known.terms, DatedTerms(date(2026, 12, 15), Contract(notice="60 days from deposit")))
    )
    assert amount(longer, FEBRUARY) == 100


def test_a_lock_that_ended_before_the_effective_day_does_not() -> None:
    locked = Contract(rate_locked_until=date(2026, 12, 31))
    assert amount(history(letter("rates", NEW_YEAR, "100", "106"), contract=locked), NEW_YEAR) == 106


def test_lowered_while_a_letter_runs_the_rise_is_of_the_rate_in_force() -> None:
    """From $95 to $106 is 11.6%."""
    capped = Contract(max_raise=Decimal("0.10"))
    known = history(letter("rates", NEW_YEAR, "100", "106"), contract=capped)
    lowered = replace(known, base=(*known.base, base_rate("95", date(2026, 12, 10))))
    assert amount(lowered, NEW_YEAR) == 95
    (judged,) = judged_letters(lowered, question(FEBRUARY))
    assert not judged.holds
    assert "is over the contract's cap of 10%" in judged.lines[0].why


def test_a_rate_lowered_later_is_the_lower_one() -> None:
    known = history(letter("rates", NEW_YEAR, "100", "106"))
    lowered = replace(known, base=(*known.base, base_rate("98", date(2027, 5, 1))))
    assert (amount(lowered, date(2027, 4, 30)), amount(lowered, date(2027, 5, 1))) == (106, 98)


def test_a_letter_that_supersedes_takes_the_others_place_once_its_own_notice_holds() -> None:
    first = letter("rates", NEW_YEAR, "100", "110")
    held = letter("better", NEW_YEAR, "100", "112", supersedes="rates", number=7)
    assert amount(history(first, held), NEW_YEAR) == 112
    late = replace(held, counts_on=date(2026, 12, 20), dropped_on=date(2026, 12, 20))
    assert amount(history(first, late), NEW_YEAR) == 110
    lower = letter("better", NEW_YEAR, "100", "104", supersedes="rates", mailed=date(2026, 12, 20))
    assert amount(history(first, lower), NEW_YEAR) == 104


def test_superseded_before_its_day_a_letter_never_counts() -> None:
    """Both went on 24 November: that of February says from $100, so nobody pays $110 in January."""
    first = letter("rates", NEW_YEAR, "100", "110")
    second = letter("better", FEBRUARY, "100", "112", supersedes="rates")
    known = history(first, second)
    assert (amount(known, NEW_YEAR), amount(known, FEBRUARY)) == (100, 112)
    late = letter("better", FEBRUARY, "100", "112", supersedes="rates", mailed=date(2027, 1, 20))
    assert (amount(history(first, late), NEW_YEAR), amount(history(first, late), FEBRUARY)) == (110, 110)


def test_superseded_once_it_is_in_force_a_letter_stands_until_then() -> None:
    first = letter("rates", NEW_YEAR, "100", "110")
    march = date(2027, 3, 1)
    second = letter("better", march, "110", "112", supersedes="rates", mailed=date(2027, 1, 15))
    known = history(first, second)
    assert (amount(known, NEW_YEAR), amount(known, FEBRUARY), amount(known, march)) == (110, 110, 112)


def test_a_follow_up_counts_for_those_alone_whom_the_first_does_not_serve() -> None:
    first = letter("rates", NEW_YEAR, "100", "106")
    late = replace(first, counts_on=date(2026, 12, 20), dropped_on=date(2026, 12, 20))
    again = letter("rates-2", FEBRUARY, "100", "106", follows=("rates",), mailed=date(2026, 12, 20))
    assert (amount(history(late, again), NEW_YEAR), amount(history(late, again), FEBRUARY)) == (100, 106)
    account = account_of(history(first, again), question(FEBRUARY)).services[WORK]
    assert (int(account.amount), account.piece, account.pending) == (106, "rates-L-0001", ())


def test_two_letters_for_one_day_that_contradict_bill_the_lower_one() -> None:
    one = letter("a-rates", NEW_YEAR, "100", "106", number=9)
    other = letter("b-rates", NEW_YEAR, "100", "105", number=2)
    assert amount(history(one, other), NEW_YEAR) == 105
    assert amount(history(other, one), NEW_YEAR) == 105


def test_a_later_letter_that_says_less_is_believed() -> None:
    """5% on 1 February was mailed first, 6% on 1 January after it: both went."""
    february = letter("first", FEBRUARY, "100", "105", mailed=date(2026, 11, 20))
    january = letter("second", NEW_YEAR, "100", "106")
    known = history(february, january)
    assert (amount(known, NEW_YEAR), amount(known, FEBRUARY)) == (106, 105)


def test_a_cut_needs_no_notice() -> None:
    known = history(letter("less", date(2026, 11, 25), "100", "90"))
    assert amount(known, date(2026, 11, 25)) == 90


def test_moved_since_what_was_billed_is_at_risk() -> None:
    known = history(letter("rates", NEW_YEAR, "100", "106"))
    moved = replace(known, moves={"rates": Moved(date(2027, 4, 1), FEBRUARY)})
    billed = account_of(moved, question(date(2027, 1, 20), date(2027, 2, 10))).services[WORK]
    assert (str(billed.amount), str(billed.at_risk)) == ("100.00", "6.00")
    assert billed.pending == (
        "Work: billed, at risk: $6.00 a unit. It was moved to Thu 1 Apr 2027 on Mon 1 Feb 2027",
    )
    assert account_of(moved, question(date(2027, 2, 20))).services[WORK].at_risk is None
    assert amount(moved, date(2027, 4, 1)) == 106


def test_returned_under_a_rule_that_this_undoes() -> None:
    term = Contract(notice="20 days from receipt")
    sent = replace(letter("rates", NEW_YEAR, "100", "106"), misaddressed_on=None)
    assert amount(history(sent), NEW_YEAR) == 106
    back = replace(sent, returned_on=date(2027, 1, 19), status=Status.RETURNED)
    assert amount(history(back), NEW_YEAR) == 106  # refused or unclaimed: correctly addressed, it stands
    proved = replace(back, received_on=date(2026, 11, 28))
    assert amount(history(proved, contract=term), NEW_YEAR) == 106  # what came back later takes nothing away
    last = Contract(notice="30 days from deposit to the last address given")
    wrong = replace(back, misaddressed_on=back.returned_on)
    assert amount(history(wrong, contract=last), FEBRUARY) == 100
    assert amount(history(replace(wrong, of_record=True), contract=last), FEBRUARY) == 106
    assert amount(history(replace(wrong, of_record=True)), FEBRUARY) == 100
    back, term = wrong, Contract()
    billed = account_of(history(back, contract=term), question(date(2027, 1, 4), date(2027, 2, 1))).services[
        WORK
    ]
    assert (str(billed.amount), str(billed.at_risk)) == ("100.00", "6.00")


def test_copies_of_one_letter_are_one() -> None:
    first = letter("rates", NEW_YEAR, "100", "106", number=1)
    copy = replace(first, number=60, counts_on=date(2026, 12, 20), dropped_on=date(2026, 12, 20))
    account = account_of(history(copy, first), question(NEW_YEAR)).services[WORK]
    assert (int(account.amount), account.piece, account.pending) == (106, "rates-L-0001", ())


def test_terms_signed_later_do_not_bring_back_a_letter_whose_place_was_taken() -> None:
    """106 for 1 January; a second letter says 110 for 1 February instead, and its notice held by then."""
    first = letter("rates", NEW_YEAR, "100", "106")
    second = letter("again", FEBRUARY, "100", "110", mailed=date(2026, 12, 10), number=2, supersedes="rates")
    known = history(first, second)
    january = date(2027, 1, 10)
    assert amount(known, january, date(2027, 3, 1)) == 100
    locked = DatedTerms(date(2027, 1, 15), Contract(rate_locked_until=date(2027, 12, 31)))
    signed = replace(known, terms=(*known.terms, locked))
    assert amount(signed, january, date(2027, 3, 1)) == 100
    assert amount(signed, FEBRUARY, date(2027, 3, 1)) == 100


def test_a_letter_takes_the_place_of_the_rises_of_another_alone() -> None:
    """Of one campaign a client got a lower rate for January and, made again, a rise for February."""
    cut = letter("rates", NEW_YEAR, "100", "90", number=1)
    rise = letter("rates", FEBRUARY, "90", "95", number=2)
    instead = letter("spring", date(2027, 3, 1), "90", "97", number=3, supersedes="rates")
    known = history(cut, rise, instead)
    today = date(2027, 4, 1)
    assert [amount(known, day, today) for day in (NEW_YEAR, FEBRUARY, date(2027, 3, 1))] == [90, 90, 97]


def test_moved_a_letter_that_raises_nothing_any_more_is_judged_by_what_it_lowers() -> None:
    """It says a rise of travel from 94, which costs 100 by now: only its lower rate changes anything."""
    made = letter("rates", NEW_YEAR, "100", "90", mailed=date(2027, 1, 20))
    travel = NoticedRate("travel", "Travel", Decimal(94), Decimal(100))
    made = replace(made, facts=replace(made.facts, rates=(*made.facts.rates, travel)))
    base = (("travel", 1_000_000, date(2026, 1, 1), False, "client list"), *history().base)
    known = replace(history(made), base=base, moves={"rates": Moved(FEBRUARY, DAY)})
    (judged,) = judged_letters(known, question(date(2027, 4, 1)))
    assert judged.gave
