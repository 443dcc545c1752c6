"""`mailer track`: Lob is asked letter by letter, and what it says is recorded as if it had told it."""

from __future__ import annotations

import signal
import sqlite3
import time
import urllib.request
from dataclasses import replace
from pathlib import Path

from mailer.mailservice.lob.events import parse
from tests.fakes import lob_events
from tests.fakes.lob import Handle
from tests.support.heard import NOW, hears, letter_of, piece
from tests.support.office import ASH, HEADINGS, RATES, Office

L1, L2, L3, L4 = (f"2027-rates-L-000{number}" for number in range(1, 5))


def of_no_account(office: Office) -> None:
    """As an older mailer left it, which kept no account."""
    with sqlite3.connect(office.root / "mailer.db") as database:
        database.execute("UPDATE submission SET account = NULL")
    database.close()


def test_track_asks_until_it_is_delivered(accepted: Office, fake_lob: Handle) -> None:
    fake_lob.tell(
        events=[
            {"type": "mailed", "label": L1, "time": "2026-11-25T20:00:00+00:00"},
            {"type": "delivered", "label": L2, "time": "2026-12-01T20:00:00+00:00"},
            {"type": "failed", "label": L3},
        ]
    )
    ran = accepted.does("track", RATES)
    assert "4 pieces asked for, 3 new events, 3 moved on." in ran.said
    assert f"accepted → mailed, 1: {L1}" in ran.said
    assert f"accepted → delivered, 1: {L2}" in ran.said
    assert f"accepted → rejected, 1: {L3}" in ran.said
    again = accepted.does("track", "--json").json
    assert (again["asked"], again["new_events"], again["changed"]) == (3, 0, [])
    assert again["campaigns"] == {RATES: {"accepted": 1, "mailed": 1, "delivered": 1, "rejected": 1}}
    accepted.does("ledger", "verify")


def test_a_letter_cancelled_on_lobs_own_pages(accepted: Office, fake_lob: Handle) -> None:
    request = urllib.request.Request(  # noqa: S310
        f"{fake_lob.base}/letters/{letter_of(accepted)}", method="DELETE"
    )
    request.add_header("Authorization", "Basic dGVzdF9rZXk6")  # test_key:
    urllib.request.urlopen(request, timeout=10).close()  # noqa: S310
    assert f"accepted → cancelled, 1: {L1}" in accepted.does("track").said
    assert "0 moved on" in accepted.does("track").said


def test_polled_and_told_by_webhook_it_is_one_row(accepted: Office, fake_lob: Handle) -> None:
    fake_lob.tell(events=[{"type": "in_transit", "label": L1, "time": "2026-11-25T20:00:00+00:00"}])
    accepted.does("track")
    (told,) = [one for one in fake_lob.letters() if one["label"] == L1]
    event = lob_events.event("letter.in_transit", told["id"], told["object"], NOW)
    (heard,) = hears(accepted, parse(lob_events.raw(event)))
    assert (heard.piece, heard.new) == (L1, False)
    assert accepted.rows("SELECT count(*) FROM tracking") == [(1,)]


def test_an_account_that_is_refused_ends_with_4(accepted: Office) -> None:
    wrong = replace(accepted, environ=dict(accepted.environ) | {"LOB_API_KEY": "test_wrong"})
    assert "4 pieces were sent under another account" in wrong.does("track", exits=4).said
    of_no_account(accepted)
    ran = wrong.does("track", exits=4)
    assert "0 of 4 pieces were asked for" in ran.said


def test_a_service_that_cannot_be_reached_ends_with_4(sent: Office, tmp_path: Path) -> None:
    gone = sent.copy(tmp_path / "office").by_lob("http://127.0.0.1:9/v1")
    of_no_account(gone)
    ran = gone.does("track", exits=4)
    assert "can't be reached" in ran.said
    assert [status for _, status in gone.pieces()] == ["accepted"] * 4


def test_a_piece_whose_answer_is_lost_stops_no_other(accepted: Office, fake_lob: Handle) -> None:
    fake_lob.tell(
        events=[
            {"type": "mailed", "label": label, "time": "2026-11-25T20:00:00+00:00"}
            for label in (L1, L2, L3, L4)
        ],
        faults=[{"kind": "drop", "on": "GET /v1/letters/{id}"}],
    )
    ran = accepted.does("track", exits=4)
    assert "3 pieces asked for, 3 new events, 3 moved on." in ran.said
    assert "UNKNOWN" in ran.out
    assert "1 moved on" in accepted.does("track").said
    assert [status for _, status in accepted.pieces()] == ["mailed"] * 4


def test_too_many_requests_are_waited_for(accepted: Office, fake_lob: Handle) -> None:
    fake_lob.tell(faults=[{"kind": "429", "on": "GET /v1/letters/{id}", "times": 2, "seconds": 0.1}])
    assert "4 pieces asked for" in accepted.does("track").said


def test_interrupted_it_is_run_again(accepted: Office, fake_lob: Handle) -> None:
    fake_lob.tell(
        events=[{"type": "mailed", "label": L1, "time": "2026-11-25T20:00:00+00:00"}],
        faults=[{"kind": "slow", "on": "GET /v1/letters/{id}", "times": 4, "seconds": 2}],
    )
    before = fake_lob.report()["requests"]
    process = accepted.start("track")
    end = time.monotonic() + 30
    while fake_lob.report()["requests"] == before:
        assert time.monotonic() < end, "nothing was asked"
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, said_ = process.communicate(timeout=30)
    assert process.returncode == 130, said_
    assert "run the same command again to go on" in said_
    accepted.does("ledger", "verify")
    accepted.does("track")
    assert piece(accepted)[0] == "mailed"


def test_letters_of_the_other_key_are_left_out(accepted: Office) -> None:
    live = replace(accepted, environ=dict(accepted.environ) | {"LOB_API_KEY": "live_key"})
    ran = live.does("track")
    assert "0 pieces asked for" in ran.said
    assert "4 pieces were sent under the other kind of key" in ran.said


def test_a_mistyped_campaign(accepted: Office) -> None:
    assert "2027-rats" in accepted.does("track", "2027-rats", exits=2).said


def test_a_certified_letters_number_is_kept(office: Office, fake_lob: Handle) -> None:
    office.imports(f"{HEADINGS}\n{ASH.replace('none,,', 'own-terms,20 days from receipt,')}\n")
    office.does("approve", RATES)
    office = office.by_lob(fake_lob.base)
    office.does("send", RATES)
    (letter,) = [one["object"] for one in fake_lob.letters() if one["object"]["extra_service"] == "certified"]
    office.does("track")
    assert office.rows("SELECT certified FROM piece WHERE certified IS NOT NULL") == [
        (letter["tracking_number"],)
    ]
    assert office.rows("SELECT count(*) FROM event WHERE kind = 'piece.numbered'") == [(1,)]
    office.does("track")
    assert office.rows("SELECT count(*) FROM event WHERE kind = 'piece.numbered'") == [(1,)]
