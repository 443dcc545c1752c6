"""`mailer cancel`: taken back while the service lets it go, and printed here; else listed, and mailed."""

from __future__ import annotations

from tests.fakes.lob import Handle
from tests.support.office import RATES, Office

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


def test_nothing_to_cancel(lobbed: Office) -> None:
    ran = lobbed.does("cancel", RATES, "--reason", "x", exits=1)
    assert "nothing of it is at the service" in ran.said
