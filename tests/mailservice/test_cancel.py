"""`mailer cancel`: taken back while the service lets it go, and printed here; else listed, and mailed."""

from __future__ import annotations

import pytest

from tests.fakes.lob import Handle
from tests.fakes.lob_faults import UNLISTED
from tests.support.office import RATES, Office

pytestmark = pytest.mark.days

L1, L2, L3, L4 = (f"2027-rates-L-000{number}" for number in range(1, 5))


def test_cancelled_in_time_and_printed_here(lobbed: Office, fake_lob: Handle) -> None:
    lobbed.does("send", RATES)
    ran = lobbed.does("cancel", RATES, "--reason", "the rates were corrected")
    assert "4 pieces cancelled" in ran.said
    assert fake_lob.copies() == {}
    assert [status for _, status in lobbed.pieces()] == ["cancelled"] * 4
    job = lobbed.does("print", RATES, "--remaining")
    assert "4 pieces" in job.said
    assert [status for _, status in lobbed.pieces()] == ["cancelled"] * 4 + ["produced"] * 4
    again = lobbed.does("print", RATES, "--remaining", exits=1)
    assert "refused nothing of it and gave nothing back" in again.said
    lobbed.does("ledger", "verify")


def test_too_late_to_cancel_is_listed_and_stays_accepted(lobbed: Office, fake_lob: Handle) -> None:
    lobbed.does("send", RATES)
    fake_lob.tell(advance=301)
    ran = lobbed.does("cancel", RATES, "--reason", "too late", exits=1)
    assert "0 pieces cancelled" in ran.said
    assert f"TOO LATE {L1}: letter is past its cancellation window" in ran.said
    assert [status for _, status in lobbed.pieces()] == ["accepted"] * 4
    lobbed.does("print", RATES, "--remaining", exits=1)


def test_one_piece_is_cancelled(lobbed: Office, fake_lob: Handle) -> None:
    lobbed.does("send", RATES)
    lobbed.does("cancel", RATES, L2, "--reason", "the client moved")
    assert fake_lob.copies() == {L1: 1, L3: 1, L4: 1}


def test_what_another_account_has_is_not_cancelled(lobbed: Office, fake_lob: Handle) -> None:
    lobbed.does("send", RATES)
    other = lobbed.by_lob(fake_lob.base, "test_other")
    ran = other.does("cancel", RATES, L2, "--reason", "the client moved", exits=1)
    assert f"{L2}: it was sent under another account; take its key to cancel it" in ran.said
    assert fake_lob.copies() == {L1: 1, L2: 1, L3: 1, L4: 1}


def test_nothing_to_cancel(lobbed: Office) -> None:
    ran = lobbed.does("cancel", RATES, "--reason", "x", exits=1)
    assert "nothing of it is at the service" in ran.said


def test_what_was_taken_and_not_answered_is_found_and_cancelled(lobbed: Office, fake_lob: Handle) -> None:
    """Lob has it, and would mail it."""
    fake_lob.tell(faults=[{"kind": "drop-after", "label": L2, "times": 100}, UNLISTED])
    lobbed.does("send", RATES, exits=4)
    fake_lob.tell(faults=None)
    ran = lobbed.does("cancel", RATES, "--reason", "the rates were corrected")
    assert "4 pieces cancelled" in ran.said
    assert fake_lob.copies() == {}


def test_what_nobody_can_tell_of_is_named(lobbed: Office, fake_lob: Handle) -> None:
    fake_lob.tell(faults=[{"kind": "drop", "label": L2, "times": 100}])
    lobbed.does("send", RATES, exits=4)
    ran = lobbed.does("cancel", RATES, "--reason", "the rates were corrected", exits=4)
    assert "3 pieces cancelled" in ran.said
    assert f"UNKNOWN {L2}: the service gave no certain answer, so it may be mailed" in ran.said


def test_named_pieces_that_are_not_there_are_named(lobbed: Office, fake_lob: Handle) -> None:
    fake_lob.tell(faults=[{"kind": "422", "label": L2, "times": 0}])
    lobbed.does("send", RATES, exits=1)
    ran = lobbed.does("cancel", RATES, L1, L2, "99", "--reason", "x", exits=1)
    assert "1 piece cancelled" in ran.said
    assert f"TOO LATE {L2}: it is rejected, not at the service" in ran.said
    assert "TOO LATE 2027-rates-L-0099: there is no such piece" in ran.said


def test_a_test_key_cancels_no_live_letter_and_says_so(real: Office, fake_lob: Handle) -> None:
    real.by_lob(fake_lob.base, "live_key").does("send", RATES, "--yes")
    ran = real.by_lob(fake_lob.base).does("cancel", RATES, "--reason", "x", exits=1)
    assert f"TOO LATE {L1}: it was sent with a live key; take that key to cancel it" in ran.said
    assert fake_lob.copies() == {L1: 1, L2: 1, L3: 1, L4: 1}


def test_the_nearest_deadline_is_met_first(lobbed: Office, fake_lob: Handle) -> None:
    """Piece 2 is taken by the second send, four minutes after the others: its window ends last."""
    fake_lob.tell(faults=[{"kind": "429", "label": L2, "times": 0, "seconds": 0.01}])
    lobbed.does("send", RATES, exits=4)
    fake_lob.tell(faults=None, advance=240)
    lobbed.does("send", RATES)
    fake_lob.tell(faults=[{"kind": "500", "on": "DELETE /v1/letters/{id}", "nth": 4}])
    ran = lobbed.does("cancel", RATES, "--reason", "x", exits=4)
    assert "3 pieces cancelled" in ran.said
    assert f"UNKNOWN {L2}:" in ran.said
    assert fake_lob.copies() == {L2: 1}


def test_a_service_that_takes_no_more_is_asked_only_so_often(lobbed: Office, fake_lob: Handle) -> None:
    """Lob's clock stands, so all four have the same deadline, and the first is number 1."""
    lobbed.does("send", RATES)
    endpoint = "DELETE /v1/letters/{id}"
    fake_lob.tell(faults=[{"kind": "429", "on": endpoint, "times": 5, "seconds": 0.01}])
    ran = lobbed.does("cancel", RATES, "--reason", "x", exits=4)
    assert "3 pieces cancelled" in ran.said
    assert f"UNKNOWN {L1}: the service takes no more requests" in ran.said


def test_what_the_service_has_lost_is_cancelled_too(lobbed: Office, fake_lob: Handle) -> None:
    lobbed.does("send", RATES)
    fake_lob.tell(forget=True)
    assert "4 pieces cancelled" in lobbed.does("cancel", RATES, "--reason", "deleted at Lob by hand").said
    assert [status for _, status in lobbed.pieces()] == ["cancelled"] * 4


def test_track_finds_what_the_service_has_lost_and_says_the_way_out(lobbed: Office, fake_lob: Handle) -> None:
    lobbed.does("send", RATES)
    fake_lob.tell(forget=True)
    ran = lobbed.does("track", exits=1)
    assert f"GONE {L1}: the service has it no more, so it is cancelled." in ran.said
    assert "mailer print NAME --remaining" in ran.said
    assert (
        "cancelled at the service, and nothing else serves the client" in lobbed.mailer("status", RATES).said
    )
    lobbed.does("print", RATES, "--remaining")
    assert [status for _, status in lobbed.pieces()] == ["cancelled"] * 4 + ["produced"] * 4
    lobbed.does("ledger", "verify")
