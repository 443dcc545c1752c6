"""Letters that Lob has: found, cancelled, followed; and addresses verified. Through the real package."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from mailer.errors import MailerError
from mailer.mailservice.lob.client import Lob
from mailer.mailservice.service import (
    Absent,
    Accepted,
    Cancelled,
    Found,
    TooLate,
    Tracking,
    TrackingEvent,
    Unknown,
    Verification,
)
from tests.fakes.lob import Handle
from tests.fakes.pieces import ADA, FIRM, a_piece

KEY = "test_0dc8d51e0acffcb1880e0f19c79b2f5b0cc"


@pytest.fixture
def service(fake_lob: Handle) -> Lob:
    return Lob(KEY, fake_lob.base)


def taken(outcome: object) -> Accepted:
    assert isinstance(outcome, Accepted), outcome
    return outcome


# ------------------------------------------------------------------------------- finding, cancelling


def test_nothing_is_found_where_nothing_was_sent(service: Lob) -> None:
    assert service.find("0190-0001") == Absent()


def test_a_test_letter_is_not_found_with_the_live_key(service: Lob, fake_lob: Handle) -> None:
    taken(service.post(a_piece()))
    assert Lob("live_abc", fake_lob.base).find("0190-0001") == Absent()


def test_the_listing_is_read_to_its_end(service: Lob, fake_lob: Handle) -> None:
    """ "limit" is at most 100: the 101st letter of the same key is on the second page."""
    for number in range(101):
        fake_lob.tell(advance=24 * 3600 + 1)
        taken(service.post(a_piece(1, subject=f"try {number}")))
    found = service.find("0190-0001")
    assert isinstance(found, Found)
    assert len(found.others) == 100
    assert fake_lob.report()["requests"]["GET /v1/letters"]["count"] == 2


@pytest.mark.parametrize("kind", ["drop", "500", "html-502", "nonsense"])
def test_a_listing_that_fails_is_not_an_absence(service: Lob, fake_lob: Handle, kind: str) -> None:
    fake_lob.tell(faults=[{"kind": kind, "on": "GET /v1/letters"}])
    assert isinstance(service.find("0190-0001"), Unknown)


def test_all_letters_since_a_moment(service: Lob, fake_lob: Handle) -> None:
    """102 letters in two pages, of which the first was taken a day earlier; one is for a later day."""
    fake_lob.tell(now="2026-11-23T10:00:00+00:00")
    service.post(a_piece(200))
    fake_lob.tell(now="2026-11-24T10:00:00+00:00", faults=[{"kind": "429", "on": "GET /v1/letters"}])
    for number in range(1, 101):
        service.post(a_piece(number))
    service.post(a_piece(101, send_date=date(2026, 12, 1), certified=True))
    service.cancel(taken(service.post(a_piece(102))).provider_id)
    listed = service.listed(datetime(2026, 11, 24, tzinfo=UTC))
    assert isinstance(listed, tuple)
    known = {one.label: one for one in listed}
    assert sorted(known) == [f"2027-rates-L-{number:04}" for number in range(1, 103)]
    later, gone, first = (known[f"2027-rates-L-{number:04}"] for number in (101, 102, 1))
    assert (later.send_date, later.certified, later.cancelled) == (date(2026, 12, 1), True, False)
    assert (gone.send_date, gone.certified, gone.cancelled) == (None, False, True)
    assert first.send_key == "0190-0001"
    assert first.campaign == "2027-rates"
    assert first.zip[:5].isdigit()
    everything = service.listed(None)
    assert isinstance(everything, tuple)
    assert len(everything) == 103


@pytest.mark.parametrize("kind", ["drop", "500", "html-502", "nonsense"])
def test_a_list_that_fails_is_no_short_list(service: Lob, fake_lob: Handle, kind: str) -> None:
    service.post(a_piece())
    fake_lob.tell(faults=[{"kind": kind, "on": "GET /v1/letters"}])
    assert isinstance(service.listed(None), Unknown)


def test_cancelled_in_time_and_found_as_cancelled(service: Lob, fake_lob: Handle) -> None:
    letter = taken(service.post(a_piece())).provider_id
    fake_lob.tell(advance=299)
    assert service.cancel(letter) == Cancelled()
    found = service.find("0190-0001")
    assert isinstance(found, Found)
    assert found.cancelled
    assert service.cancel(letter) == Cancelled()  # again: the answer to the first may have been lost


def test_too_late_to_cancel(service: Lob, fake_lob: Handle) -> None:
    letter = taken(service.post(a_piece())).provider_id
    fake_lob.tell(advance=301)
    assert isinstance(service.cancel(letter), TooLate)
    found = service.find("0190-0001")
    assert isinstance(found, Found)
    assert not found.cancelled


def test_a_scheduled_letter_may_be_cancelled_until_its_day(service: Lob, fake_lob: Handle) -> None:
    fake_lob.tell(now="2026-11-24T22:10:00+00:00")
    first = taken(service.post(a_piece(1, send_date=date(2026, 11, 30)))).provider_id
    second = taken(service.post(a_piece(2, send_date=date(2026, 11, 30)))).provider_id
    fake_lob.tell(now="2026-11-30T11:59:00+00:00")
    assert service.cancel(first) == Cancelled()
    fake_lob.tell(now="2026-11-30T12:01:00+00:00")
    assert isinstance(service.cancel(second), TooLate)


def test_a_cancellation_whose_answer_was_lost(service: Lob, fake_lob: Handle) -> None:
    letter = taken(service.post(a_piece())).provider_id
    fake_lob.tell(faults=[{"kind": "drop-after", "on": "DELETE /v1/letters/{id}"}])
    assert isinstance(service.cancel(letter), Unknown)
    assert service.cancel(letter) == Cancelled()


def test_no_letter_of_that_id(service: Lob) -> None:
    assert service.cancel("ltr_0000") == Absent()
    assert service.events("ltr_0000") == Absent()


@pytest.mark.parametrize("number", ["", "adr_1", "ltr_1/../addresses", "ltr_"])
def test_an_id_that_is_none_never_goes_out(service: Lob, fake_lob: Handle, number: str) -> None:
    with pytest.raises(MailerError, match="not the id of a letter"):
        service.cancel(number)
    assert fake_lob.report()["requests"] == {}


# -------------------------------------------------------------------------------------- tracking


def test_events_come_in_order_and_in_the_webhooks_words(service: Lob, fake_lob: Handle) -> None:
    letter = taken(service.post(a_piece())).provider_id
    fake_lob.tell(
        events=[
            {"letter": letter, "type": "returned_to_sender", "time": "2026-12-04T09:00:00+00:00"},
            {"letter": letter, "type": "re-routed", "time": "2026-12-01T09:00:00+00:00"},
            {"letter": letter, "type": "mailed", "time": "2026-11-25T17:00:00-08:00"},
        ]
    )
    tracked = service.events(letter)
    assert isinstance(tracked, Tracking)
    assert [(event.provider_type, event.occurred_at) for event in tracked.events] == [
        ("mailed", datetime(2026, 11, 26, 1, 0, tzinfo=UTC)),
        ("re-routed", datetime(2026, 12, 1, 9, 0, tzinfo=UTC)),
        ("returned_to_sender", datetime(2026, 12, 4, 9, 0, tzinfo=UTC)),
    ]
    assert all(event.event_id.startswith("evnt_") for event in tracked.events)
    assert (tracked.status, tracked.cancelled) == ("rendered", False)


def test_certified_events_are_a_family_of_their_own(service: Lob, fake_lob: Handle) -> None:
    letter = taken(service.post(a_piece(certified=True))).provider_id
    fake_lob.tell(events=[{"label": "2027-rates-L-0001", "type": "pickup_available"}])
    tracked = service.events(letter)
    assert isinstance(tracked, Tracking)
    assert [event.provider_type for event in tracked.events] == ["certified.pickup_available"]
    assert isinstance(tracked.events[0], TrackingEvent)


# ---------------------------------------------------------------------------------- verification


def test_the_lines_that_lob_answers_with_a_test_key(service: Lob) -> None:
    """ "US Verifications Test Env"."""

    def verified(line: str) -> str:
        answer = service.verify(replace(ADA, line1=line, zip="11111"))
        assert isinstance(answer, Verification)
        return answer.deliverability

    assert verified("po box") == "deliverable"
    assert verified("missing unit") == "deliverable_missing_unit"
    assert verified("undeliverable no match") == "undeliverable"
    assert verified("1 Ash Street") == ""  # a test key verifies nothing


def test_a_live_key_verifies(fake_lob: Handle) -> None:
    answer = Lob("live_abc", fake_lob.base).verify(FIRM)
    assert answer == Verification(
        "deliverable", "Y", "210 CEDAR STREET", "SUITE 4", "SACRAMENTO", "CA", "95814-1234"
    )
