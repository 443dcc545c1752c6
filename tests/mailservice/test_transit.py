"""A piece's standing: literal cases, and the laws that hold for any events in any order."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailer.ledger.kinds import Status
from mailer.mailservice.transit import CUSTODY, Meaning, Report, Whereabouts, day_of, lasts, standing

SACRAMENTO = ZoneInfo("America/Los_Angeles")


def told(kind: Meaning, day: int = 25, hour: int = 20, number: str = "") -> Report:
    """It happened in November 2026, at that hour in UTC."""
    at = datetime(2026, 11, day, hour, tzinfo=UTC)
    return Report(number or f"{kind}-{day}-{hour}", "ltr_1", "", kind.value, kind, at)


@pytest.mark.parametrize(
    ("kinds", "status"),
    [
        ((), Status.ACCEPTED),
        ((Meaning.CREATED, Meaning.NOTED, Meaning.UNKNOWN, Meaning.ISSUE), Status.ACCEPTED),
        ((Meaning.CANCELLED,), Status.CANCELLED),
        ((Meaning.REJECTED,), Status.REJECTED),
        ((Meaning.POSTED,), Status.MAILED),
        ((Meaning.SENT,), Status.MAILED),
        ((Meaning.REJECTED, Meaning.POSTED), Status.MAILED),
        ((Meaning.CANCELLED, Meaning.LOCAL), Status.MAILED),
        ((Meaning.POSTED, Meaning.DELIVERED), Status.DELIVERED),
        ((Meaning.DELIVERED,), Status.DELIVERED),
        ((Meaning.POSTED, Meaning.RECEIVED), Status.DELIVERED),
        ((Meaning.POSTED, Meaning.DELIVERED, Meaning.RETURNED), Status.RETURNED),
        ((Meaning.RETURNED,), Status.RETURNED),
    ],
)
def test_what_weighs_more_wins(kinds: tuple[Meaning, ...], status: Status) -> None:
    assert standing(map(told, kinds)).status is status


@pytest.mark.parametrize("kind", sorted(CUSTODY))
def test_whatever_the_post_scanned_it_has(kind: Meaning) -> None:
    one = told(kind)
    assert standing([one]).posted == one


@pytest.mark.parametrize("kind", sorted(set(Meaning) - CUSTODY - {Meaning.POSTED, Meaning.SENT}))
def test_nothing_else_is_mailing(kind: Meaning) -> None:
    assert standing([told(kind)]).posted is None


def test_the_reply_envelope_changes_nothing() -> None:
    assert standing([told(Meaning.REPLY)]) == Whereabouts()


def test_the_services_own_word_for_mailed_goes_before_an_earlier_scan() -> None:
    posted, scan = told(Meaning.POSTED, 26), told(Meaning.IN_TRANSIT, 25)
    assert standing([scan]).posted == scan
    assert standing([scan, posted]).posted == posted


def test_without_that_word_the_earliest_scan_counts() -> None:
    assert standing([told(Meaning.DELIVERED, 30), told(Meaning.LOCAL, 28)]).posted == told(Meaning.LOCAL, 28)


def test_of_two_deliveries_the_first_counts() -> None:
    assert standing([told(Meaning.DELIVERED, 30), told(Meaning.DELIVERED, 28)]).delivered == told(
        Meaning.DELIVERED, 28
    )


def test_what_is_delivered_after_it_was_returned_went_to_the_sender() -> None:
    found = standing([told(Meaning.RETURNED, 27), told(Meaning.RECEIVED, 29)])
    assert (found.status, found.delivered, found.received) == (Status.RETURNED, None, None)


def test_only_certified_mail_proves_receipt() -> None:
    assert standing([told(Meaning.DELIVERED)]).received is None
    assert standing([told(Meaning.RECEIVED)]).received == told(Meaning.RECEIVED)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 11, 25, 20, 0, tzinfo=UTC), date(2026, 11, 25)),  # noon in Sacramento
        (datetime(2026, 11, 26, 4, 0, tzinfo=UTC), date(2026, 11, 25)),  # eight in the evening there
        (datetime(2026, 11, 26, 0, 0, tzinfo=UTC), date(2026, 11, 26)),  # a day without an hour
        (datetime(2026, 11, 26, 0, 0, 1, tzinfo=UTC), date(2026, 11, 25)),
    ],
)
def test_the_day_is_the_firms(at: datetime, day: date) -> None:
    assert day_of(at, SACRAMENTO) == day


def test_east_of_greenwich_midnight_utc_is_the_same_day() -> None:
    assert day_of(datetime(2026, 11, 26, tzinfo=UTC), ZoneInfo("Australia/Sydney")) == date(2026, 11, 26)


def test_a_day_without_an_hour_lasts_until_it_ends_in_the_west() -> None:
    """What was sent at 5.30 pm in Sacramento, the next day in Greenwich, went on that day."""
    assert lasts(datetime(2026, 12, 1, tzinfo=UTC)) == 36 * 3600  # to noon of the 2nd, Greenwich
    assert lasts(datetime(2026, 12, 1, 0, 0, 1, tzinfo=UTC)) == 0


EVENTS = st.lists(
    st.builds(told, st.sampled_from(Meaning), st.integers(1, 30), st.integers(0, 23), st.sampled_from("abc")),
    max_size=12,
)


@given(EVENTS, st.data())
def test_order_and_repetition_do_not_matter(events: list[Report], data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(events), max_size=12)) if events else []
    shuffled = data.draw(st.permutations([*events, *again]))
    assert standing(shuffled) == standing(events)


@given(EVENTS, EVENTS)
def test_more_events_never_make_less_of_it(first: list[Report], more: list[Report]) -> None:
    """What is in the post stays there, and a return is never undone."""
    before, after = standing(first), standing([*first, *more])
    assert before.posted is None or after.posted is not None
    assert before.status is not Status.RETURNED or after.status is Status.RETURNED


@given(EVENTS)
def test_the_mailing_day_is_never_before_the_first_sign_of_the_post(events: list[Report]) -> None:
    found = standing(events)
    signs = [
        one.occurred_at for one in events if one.kind in (Meaning.POSTED, Meaning.SENT) or one.kind in CUSTODY
    ]
    assert (found.posted is None) == (not signs)
    assert found.posted is None or found.posted.occurred_at >= min(signs)
