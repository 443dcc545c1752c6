"""What holds for any history of one client: a few thousand at random here, a million in `make fuzz`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any, Final
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailer.clients.record import Contract
from mailer.judgement.account import account_of
from mailer.judgement.course import judged_letters
from mailer.judgement.docket import Cases, Docket
from mailer.judgement.history import DatedTerms, History
from mailer.judgement.lowering import lowers
from mailer.judgement.resting import resting_on
from mailer.judgement.verdict import NoticeState
from mailer.ledger.clientpiece import ClientPiece
from mailer.ledger.kinds import Medium, ReturnReason, Status
from mailer.ledger.moves import Moved
from mailer.ledger.stated import KnownClosing, Stated
from tests.judgement.anyhistory import BEGIN, END, NAMES, any_day, any_history, any_terms
from tests.judgement.test_course import FEBRUARY, WORK, base_rate, history, letter, question

Property = Callable[[History, date, Random], None]


def billed(known: History, day: date, today: date = END) -> Decimal:
    return account_of(known, question(day, today)).services[WORK].amount


def numbers_names_and_order_change_nothing(known: History, day: date, chance: Random) -> None:
    expected = billed(known, day)
    shuffled = list(known.letters)
    chance.shuffle(shuffled)
    assert billed(replace(known, letters=tuple(shuffled)), day) == expected
    other = dict(zip(NAMES, ("z", "y", "x", "w"), strict=True))
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


def terms_signed_later_change_no_day_before(known: History, day: date, chance: Random) -> None:
    signed, terms = any_day(chance), any_terms(chance)
    earlier = tuple(one for one in known.terms if one.valid_from < signed)
    changed = replace(known, terms=(*earlier, DatedTerms(signed, terms)))
    kept = replace(known, terms=earlier)
    if day < signed:
        assert billed(changed, day) == billed(kept, day)


def nothing_is_billed_that_no_notice_and_no_list_says(known: History, day: date, _chance: Random) -> None:
    """Never above the largest of the rates entered by then and of the letters whose notice holds by then.

    A line with a day of its own (its letter's rises were moved) was judged by itself.
    """
    said = [Decimal(stored) / 10_000 for _, stored, since, _, _ in known.base if since <= day]
    said += [
        line.new
        for one in judged_letters(known, question(day, END))
        for line in one.lines
        if line.since <= day
        and (one.holds or line.new < line.old or (line.counts and line.since != one.effective))
    ]
    assert billed(known, day) <= max(said)


def what_the_account_bills_is_what_the_judge_let_count(known: History, day: date, _chance: Random) -> None:
    """By what is known now, or where that would be more, by what was known on the day."""
    service = account_of(known, question(day, END)).services[WORK]
    if service.piece:
        assert any(
            line.counts and line.new == service.amount and line.since == service.since <= day
            for then in (known, known.known_on(day))
            for one in judged_letters(then, question(day, END))
            if one.letter.label == service.piece
            for line in one.lines
        )


def a_later_day_of_asking_takes_nothing_away_that_was_not_undone(
    known: History, day: date, _chance: Random
) -> None:
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


def what_came_to_light_since_raises_no_day_that_is_past(known: History, day: date, _chance: Random) -> None:
    assert billed(known, day) <= billed(known.known_on(day), day)


def each_letter_is_judged_once_and_lower_rates_hold(known: History, day: date, _chance: Random) -> None:
    found = judged_letters(known, question(day, END))
    assert sorted(one.letter.label for one in found) == sorted(one.label for one in known.letters)
    for one in found:
        assert len({line.service for line in one.lines}) == len(one.lines)
        if lowers(one.lines) and one.letter.counts_on is not None and one.letter.status is not Status.VOID:
            assert one.gave or (one.notice is not None and one.notice.state is NoticeState.CONTRADICTS)


def like_cases_are_judged_alike(known: History, day: date, chance: Random) -> None:
    """Also where the case was kept from another client, who has other names, and letters of other numbers."""
    docket, cases, asked = Docket(question(day, END)), Cases(), question(day, any_day(chance))
    others = tuple(replace(one, number=one.number + 100, sha256="other") for one in known.letters)
    other = replace(known.member, id=UUID(int=1), number="C-2", name="Other & Sons", email="o@example.com")
    first, second = replace(known, letters=others, member=other), known
    assert cases.of(first) is cases.of(second)
    for one in (first, second):
        assert docket.account(one) == account_of(one, question(day, END))
        case, campaign = cases.of(one), chance.choice(NAMES)
        its, found = resting_on(one, campaign, asked), resting_on(case.record, campaign, asked)
        assert (found.at, found.rates) == (its.at, its.rates)
        assert case.told(found.notice, one) == its.notice
        assert case.words(found.problem, one) == its.problem


PROPERTIES: Final[tuple[Property, ...]] = (
    numbers_names_and_order_change_nothing,
    terms_signed_later_change_no_day_before,
    nothing_is_billed_that_no_notice_and_no_list_says,
    what_the_account_bills_is_what_the_judge_let_count,
    a_later_day_of_asking_takes_nothing_away_that_was_not_undone,
    what_came_to_light_since_raises_no_day_that_is_past,
    each_letter_is_judged_once_and_lower_rates_hold,
    like_cases_are_judged_alike,
)


NAMES_IT: Final = {
    "client_id", "number", "sha256", "recipient_digest", "file", "first_page", "last_page"
}  # fmt: skip
"""What tells a letter from others and no verdict looks at."""
OTHERWISE: Final[dict[str, Any]] = {
    "campaign": "other",
    "medium": Medium.NEWSLETTER,
    "status": Status.UNKNOWN,
    "counts_on": BEGIN,
    "facts": Stated(),
    "rehearsed": True,
    "returned_on": BEGIN,
    "dropped_on": BEGIN,
    "received_on": BEGIN,
    "place": "Reno",
    "misaddressed_on": BEGIN,
    "of_record": True,
    "return_reason": ReturnReason.REFUSED,
    "closings": (KnownClosing("firm", BEGIN, "storm"),),
    "in_doubt": True,
    "undoing_known": BEGIN,
}


def test_whatever_else_is_said_of_a_letter_makes_another_case() -> None:
    """Of a client, its places and all rates, agreements and moves do; its name and its number do not."""
    assert OTHERWISE.keys() | NAMES_IT == {one.name for one in fields(ClientPiece)}
    known, cases = history(letter("a", FEBRUARY, "100", "106")), Cases()
    case = cases.of(known)

    def with_member(**changed: Any) -> History:
        return replace(known, member=replace(known.member, **changed))

    others = [
        replace(known, letters=(replace(known.letters[0], **{name: value}),))
        for name, value in OTHERWISE.items()
    ]
    others += [with_member(**{name: "NV"}) for name in ("state", "country", "mail_state", "mail_country")]
    others += [
        replace(known, base=(base_rate("101", BEGIN),)),
        replace(known, terms=(DatedTerms(BEGIN, Contract(notice="60 days from deposit")),)),
        replace(known, moves={"a": Moved(END, BEGIN)}),
    ]
    assert [one for one in others if cases.of(one) is case] == []
    assert (
        cases.of(with_member(number="C-2", name="Other & Sons", email="o@example.com", key="id:C-2")) is case
    )
    assert case.record.member.name == case.record.member.number == case.record.member.email == ""


@pytest.mark.parametrize("holds", PROPERTIES, ids=lambda holds: holds.__name__)
@given(chance=st.randoms(use_true_random=False))
@settings(max_examples=100)
def test_any_history(holds: Property, chance: Random) -> None:
    """A hundred each, by hypothesis, so that what fails is made small."""
    holds(any_history(chance), any_day(chance), chance)


def test_five_hundred_histories() -> None:
    """What `make fuzz-histories` does a million times: every property of one history."""
    for seed in range(500):
        every_property_holds(seed)


def every_property_holds(seed: int) -> None:
    chance = Random(seed)  # noqa: S311 (no secret)
    known, day = any_history(chance), any_day(chance)
    for holds in PROPERTIES:
        holds(known, day, chance)
