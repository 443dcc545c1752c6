"""A piece's standing: literal cases, and the laws that hold for any events in any order."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailer.ledger.kinds import Status
from mailer.mailservice.transit import CUSTODY, Kind, Standing, Told, day_of, standing

SACRAMENTO = ZoneInfo("America/Los_Angeles")


def told(kind: Kind, day: int = 25, hour: int = 20, number: str = "") -> Told:
    """It happened in November 2026, at that hour in UTC."""
    at = datetime(2026, 11, day, hour, tzinfo=UTC)
    return Told(number or f"{kind}-{day}-{hour}", "ltr_1", "", kind.value, kind, at)


@pytest.mark.parametrize(
    ("kinds", "status"),
    [
        ((), Status.ACCEPTED),
        ((Kind.CREATED, Kind.NOTED, Kind.UNKNOWN, Kind.ISSUE), Status.ACCEPTED),
        ((Kind.CANCELLED,), Status.CANCELLED),
        ((Kind.REJECTED,), Status.REJECTED),
        ((Kind.POSTED,), Status.MAILED),
        ((Kind.REJECTED, Kind.POSTED), Status.MAILED),
        ((Kind.CANCELLED, Kind.LOCAL), Status.MAILED),
        ((Kind.POSTED, Kind.DELIVERED), Status.DELIVERED),
        ((Kind.DELIVERED,), Status.DELIVERED),
        ((Kind.POSTED, Kind.RECEIVED), Status.DELIVERED),
        ((Kind.POSTED, Kind.DELIVERED, Kind.RETURNED), Status.RETURNED),
        ((Kind.RETURNED,), Status.RETURNED),
    ],
)
def test_what_weighs_more_wins(kinds: tuple[Kind, ...], status: Status) -> None:
    assert standing(map(told, kinds)).status is status


@pytest.mark.parametrize("kind", sorted(CUSTODY))
def test_whatever_the_post_scanned_it_has(kind: Kind) -> None:
    one = told(kind)
    assert standing([one]).posted == one


@pytest.mark.parametrize("kind", sorted(set(Kind) - CUSTODY - {Kind.POSTED}))
def test_nothing_else_is_mailing(kind: Kind) -> None:
    assert standing([told(kind)]).posted is None


def test_the_reply_envelope_changes_nothing() -> None:
    assert standing([told(Kind.REPLY)]) == Standing()


def test_the_services_own_word_for_mailed_goes_before_an_earlier_scan() -> None:
    posted, scan = told(Kind.POSTED, 26), told(Kind.IN_TRANSIT, 25)
    assert standing([scan]).posted == scan
    assert standing([scan, posted]).posted == posted


def test_without_that_word_the_earliest_scan_counts() -> None:
    assert standing([told(Kind.DELIVERED, 30), told(Kind.LOCAL, 28)]).posted == told(Kind.LOCAL, 28)


def test_of_two_deliveries_the_first_counts() -> None:
    assert standing([told(Kind.DELIVERED, 30), told(Kind.DELIVERED, 28)]).delivered == told(
        Kind.DELIVERED, 28
    )


def test_what_is_delivered_after_it_was_returned_went_to_the_sender() -> None:
    found = standing([told(Kind.RETURNED, 27), told(Kind.RECEIVED, 29)])
    assert (found.status, found.delivered, found.received) == (Status.RETURNED, None, None)


def test_only_certified_mail_proves_receipt() -> None:
    assert standing([told(Kind.DELIVERED)]).received is None
    assert standing([told(Kind.RECEIVED)]).received == told(Kind.RECEIVED)


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


EVENTS = st.lists(
    st.builds(told, st.sampled_from(Kind), st.integers(1, 30), st.integers(0, 23), st.sampled_from("abc")),
    max_size=12,
)


@given(EVENTS, st.data())
def test_order_and_repetition_do_not_matter(events: list[Told], data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(events), max_size=12)) if events else []
    shuffled = data.draw(st.permutations([*events, *again]))
    assert standing(shuffled) == standing(events)


@given(EVENTS, EVENTS)
def test_more_events_never_make_less_of_it(first: list[Told], more: list[Told]) -> None:
    """What is in the post stays there, and a return is never undone."""
    before, after = standing(first), standing([*first, *more])
    assert before.posted is None or after.posted is not None
    assert before.status is not Status.RETURNED or after.status is Status.RETURNED


@given(EVENTS)
def test_the_mailing_day_is_never_before_the_first_sign_of_the_post(events: list[Told]) -> None:
    found = standing(events)
    signs = [one.occurred_at for one in events if one.kind is Kind.POSTED or one.kind in CUSTODY]
    assert (found.posted is None) == (not signs)
    assert found.posted is None or found.posted.occurred_at >= min(signs)
