"""What holds for any history of one client: a few thousand at random here, a million in `make fuzz`."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from mailer.clients.record import Contract
from mailer.judgement.account import account_of
from mailer.judgement.course import judged_letters
from mailer.judgement.history import DatedTerms, History
from mailer.judgement.lowering import lowers
from mailer.judgement.verdict import NoticeState
from mailer.ledger.clientpiece import ClientPiece
from mailer.ledger.kinds import Status
from mailer.ledger.moves import Moved
from mailer.ledger.stated import NoticedRate
from tests.judgement.test_course import WORK, base_rate, history, letter, question

MANY = int(os.environ.get("MAILER_FUZZ", "300"))
BEGIN, END = date(2026, 6, 1), date(2028, 6, 1)
days = st.dates(BEGIN, END)
amounts = st.integers(80, 140).map(str)
names = ("a", "b", "c", "d")
contracts = st.builds(
    Contract,
    notice=st.sampled_from(["", "60 days from deposit", "contract-30-plus-3bd"]),
    rate_locked_until=st.none() | days,
    max_raise=st.none() | st.sampled_from([Decimal("0.03"), Decimal("0.10")]),
    min_months_between=st.none() | st.just(12),
)


@st.composite
def letters(draw: st.DrawFn) -> ClientPiece:
    campaign = draw(st.sampled_from(names))
    made = letter(
        campaign,
        draw(days),
        draw(amounts),
        draw(amounts),
        mailed=draw(st.none() | days),
        number=draw(st.integers(1, 99)),
        supersedes=draw(st.sampled_from(["", "", "", *(name for name in names if name != campaign)])),
        follows=draw(st.sampled_from([(), (), (), *((name,) for name in names if name != campaign)])),
    )
    if draw(st.integers(0, 2)) == 0:
        other = NoticedRate("travel", "Travel", Decimal(draw(amounts)), Decimal(draw(amounts)))
        made = replace(made, facts=replace(made.facts, rates=(*made.facts.rates, other)))
    if made.counts_on and draw(st.booleans()) and draw(st.booleans()):
        back = draw(st.dates(made.counts_on, END))
        wrong = back if draw(st.booleans()) else None
        made = replace(made, returned_on=back, misaddressed_on=wrong, status=Status.RETURNED)
    if made.counts_on and draw(st.integers(0, 4)) == 0:
        made = replace(made, received_on=draw(st.dates(made.counts_on, END)))
    return made


@st.composite
def histories(draw: st.DrawFn) -> History:
    known = history(*draw(st.lists(letters(), max_size=5)), rate=draw(amounts))
    base = [base_rate(draw(amounts), day) for day in sorted(draw(st.lists(days, max_size=3)))]
    base.insert(0, ("travel", 1_000_000, date(2026, 1, 1), False, "client list"))
    terms = [
        DatedTerms(day, draw(contracts)) for day in sorted(draw(st.lists(days, max_size=3, unique=True)))
    ]
    moved = {
        name: Moved(draw(days), draw(days)) for name in draw(st.sets(st.sampled_from(names), max_size=2))
    }
    return replace(known, base=(*known.base, *base), terms=(*known.terms, *terms), moves=moved)


def billed(known: History, day: date, today: date = END) -> Decimal:
    return account_of(known, question(day, today)).services[WORK].amount


@given(histories(), days, st.randoms(use_true_random=False))
@settings(max_examples=MANY)
def test_numbers_names_and_order_change_nothing(known: History, day: date, chance: object) -> None:
    expected = billed(known, day)
    shuffled = list(known.letters)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert billed(replace(known, letters=tuple(shuffled)), day) == expected
    other = dict(zip(names, ("z", "y", "x", "w"), strict=True))
    renamed = tuple(
        replace(
            one,
            number=100 - one.number,
            campaign=other[one.campaign],
            facts=replace(
                one.facts,
                supersedes=other.get(one.facts.supersedes, ""),
                follows=tuple(other[name] for name in one.facts.follows),
            ),
        )
        for one in known.letters
    )
    moves = {other[name]: move for name, move in known.moves.items()}
    assert billed(replace(known, letters=renamed, moves=moves), day) == expected


@given(histories(), days, days, contracts)
@settings(max_examples=MANY)
def test_terms_signed_later_change_no_day_before(
    known: History, day: date, signed: date, terms: Contract
) -> None:
    earlier = tuple(one for one in known.terms if one.valid_from < signed)
    changed = replace(known, terms=(*earlier, DatedTerms(signed, terms)))
    kept = replace(known, terms=earlier)
    if day < signed:
        assert billed(changed, day) == billed(kept, day)


@given(histories(), days)
@settings(max_examples=MANY)
def test_nothing_is_billed_that_no_notice_and_no_list_says(known: History, day: date) -> None:
    """Never above the largest of the rates entered by then and of the letters whose notice holds by then."""
    held = [one for one in judged_letters(known, question(day, END)) if one.effective <= day]
    said = [Decimal(stored) / 10_000 for _, stored, since, _, _ in known.base if since <= day]
    said += [line.new for one in held for line in one.lines if one.holds or line.new < line.old]
    assert billed(known, day) <= max(said)


@given(histories(), days)
@settings(max_examples=MANY)
def test_what_the_account_bills_is_what_the_judge_let_count(known: History, day: date) -> None:
    """By what is known now, or where that would be more, by what was known on the day."""
    service = account_of(known, question(day, END)).services[WORK]
    if service.piece:
        assert any(
            line.counts and line.new == service.amount and line.since == service.since <= day
            for then in (known, known.known_on(day))
            for one in judged_letters(then, question(day, END))
            if one.letter.label == service.piece  # two may have been given one number here
            for line in one.lines
        )


@given(histories(), days)
@settings(max_examples=MANY)
def test_a_later_day_of_asking_takes_nothing_away_that_was_not_undone(known: History, day: date) -> None:
    """Without returns and moves, today changes no answer."""
    letters = tuple(
        replace(
            one,
            returned_on=None,
            misaddressed_on=None,
            status=Status.MAILED if one.counts_on else one.status,
        )
        for one in known.letters
    )
    plain = replace(known, letters=letters, moves={})
    known_on = max((day, *(one.counts_on for one in letters if one.counts_on)))
    known_on = max((known_on, *(one.received_on for one in letters if one.received_on)))
    assert billed(plain, day, known_on) == billed(plain, day, END)


@given(histories(), days)
@settings(max_examples=MANY)
def test_what_came_to_light_since_raises_no_day_that_is_past(known: History, day: date) -> None:
    assert billed(known, day) <= billed(known.known_on(day), day)


@given(histories(), days)
@settings(max_examples=MANY)
def test_each_letter_is_judged_once_and_lower_rates_hold(known: History, day: date) -> None:
    found = judged_letters(known, question(day, END))
    assert sorted(one.letter.label for one in found) == sorted(one.label for one in known.letters)
    for one in found:
        assert len({line.service for line in one.lines}) == len(one.lines)
        if lowers(one.lines) and one.letter.counts_on is not None and one.letter.status is not Status.VOID:
            assert one.gave or (one.notice is not None and one.notice.state is NoticeState.CONTRADICTS)
