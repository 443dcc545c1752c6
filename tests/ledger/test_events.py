"""What an event says, written as it is hashed and read back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from mailer.ledger.chain import Event, canonical
from mailer.ledger.events import KINDS, JobDropped, MailingApproved, PiecesReturned, said
from mailer.ledger.kinds import EventKind
from mailer.ledger.payload import Malformed
from mailer.ledger.serviceevents import PieceAccepted, PieceTracked
from tests.support.happening import happening


def event(kind: str, payload: str) -> Event:
    when = datetime(2026, 11, 25, 22, 10, tzinfo=UTC)
    return Event(7, kind, 1, "2027-rates/letter", "Ada", when, date(2026, 11, 25), False, payload, "", "")


def test_a_hand_over_in_the_words_of_the_ledger() -> None:
    dropped = JobDropped(
        1, "1-16,18", datetime(2026, 11, 25, 14, 10, tzinfo=UTC), date(2026, 11, 25), "Sam", "Main", "first"
    )
    assert canonical(dropped.payload()) == (
        '{"at":"2026-11-25T14:10:00+00:00","by":"Sam","class":"first","counts_on":"2026-11-25","job":1,'
        '"left_out":"","pieces":"1-16,18","place":"Main","reason":"","receipt":null}'
    )


@pytest.mark.parametrize("kind", list(EventKind))
def test_every_kind_is_read_back_as_it_was_written(kind: EventKind) -> None:
    made = happening(kind)
    assert made.kind is kind
    assert said(event(kind.value, canonical(made.payload()))) == made
    assert set(KINDS) == {one.value for one in EventKind}


def test_a_day_that_is_taken_away_is_not_one_that_was_not_touched() -> None:
    at = datetime(2026, 11, 27, tzinfo=UTC)
    told = PieceTracked("1", "lob", "evt_1", "letter.returned_to_sender", at, returned_on=None)
    assert "delivered_on" not in told.payload()
    assert told.payload()["returned_on"] is None
    assert PieceTracked.read(told.payload()) == told


def test_what_an_older_mailer_did_not_record_has_its_default() -> None:
    text = '{"inputs":"a","not_after":null,"output":"b","pieces":"1"}'
    assert said(event("mailing.approved", text)) == MailingApproved("1", "a", "b", None, None)
    assert said(event("pieces.returned", '{"on":"2026-12-01","pieces":"3","reason":""}')) == PiecesReturned(
        "3", date(2026, 12, 1)
    )


def test_money_is_exact() -> None:
    taken = PieceAccepted("1", "lob", "ltr_1", "0" * 64, live=True, cost=Decimal("0.8700"))
    assert taken.payload()["cost"] == "0.8700"
    assert PieceAccepted.read(taken.payload()).cost == Decimal("0.8700")


@pytest.mark.parametrize(
    ("kind", "payload", "says"),
    [
        ("job.destroyed", '{"job":1,"pieces":"1"}', "a job.destroyed event says no 'reason'"),
        ("job.destroyed", '{"job":true,"pieces":"1","reason":""}', "a job.destroyed event says job: True"),
        ("campaign.moved", '{"after":"tomorrow","before":"2027-01-01"}', "says after: 'tomorrow'"),
        ("campaign.moved", "[" * 100_000, "not JSON"),
        ("campaign.moved", "[]", "not JSON"),
        ("campaign.renamed", "{}", "of a kind 'campaign.renamed' that this mailer does not know"),
    ],
)
def test_what_is_no_event_is_refused(kind: str, payload: str, says: str) -> None:
    with pytest.raises(Malformed, match=says):
        said(event(kind, payload))
