"""The same pages again: only what was approved, and never twice while a copy is on its way."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from sqlalchemy import text

from mailer.store.engine import make_engine
from tests.fakes.lob import Handle
from tests.support.killing import killed
from tests.support.office import FOUR, RATES, Office

L1, L2, L3, L4, L5 = (f"2027-rates-L-000{number}" for number in range(1, 6))


def status_of(office: Office, number: int) -> str:
    return dict(office.pieces())[number]


def test_a_refused_piece_goes_again_as_a_new_one(lobbed: Office, fake_lob: Handle) -> None:
    fake_lob.tell(faults=[{"kind": "422", "label": L2, "times": 0}])
    lobbed.does("send", RATES, exits=1)
    lobbed.does("send", RATES, "--only", L2, "--reason", "Lob mended it")
    assert lobbed.pieces()[4] == (5, "accepted")
    assert lobbed.rows("SELECT again_of FROM piece WHERE number = 5") == [(2,)]
    assert fake_lob.copies() == {L1: 1, L3: 1, L4: 1, "2027-rates-L-0005": 1}
    lobbed.does("ledger", "verify")


def test_a_copy_of_what_was_mailed_in_time_may_be_sent_any_day(mailed: Office, fake_lob: Handle) -> None:
    december = mailed.by_lob(fake_lob.base).on("2026-12-14")
    december.does(
        "returned", L2, "--on", "2026-12-10", "--reason", "address wrong", "--note", "no such number"
    )
    december.does("send", RATES, "--only", L2, "--reason", "once more to the same address")
    assert fake_lob.copies() == {"2027-rates-L-0005": 1}
    assert december.checked()["N-1"]["letter"]["piece"] == L2  # the first one gave the notice


def test_a_piece_that_would_be_late_is_refused_before_a_new_one_is_made(
    lobbed: Office, fake_lob: Handle
) -> None:
    fake_lob.tell(faults=[{"kind": "422", "label": L2, "times": 0}])
    lobbed.does("send", RATES, exits=1)
    late = lobbed.on("2026-12-14")
    ran = late.does("send", RATES, "--only", L2, "--reason", "mended", exits=3)
    assert "it was approved for a hand-over until Sat 28 Nov 2026" in ran.said
    assert len(late.pieces()) == 4


def test_what_may_be_at_the_service_is_not_sent_again(lobbed: Office) -> None:
    lobbed.does("send", RATES)
    ran = lobbed.does("send", RATES, "--only", L2, "--reason", "to be sure", exits=1)
    assert f"{L2} is at the mail service, or may be (it is accepted)" in ran.said
    assert len(lobbed.pieces()) == 4


def test_only_and_reason_go_together(lobbed: Office) -> None:
    ran = lobbed.does("send", RATES, "--only", L2, exits=2)
    assert "--only and --reason go together" in ran.said


def test_reprinting_a_spoiled_piece(printed: Office) -> None:
    job = printed.does("reprint", L2, "--reason", "coffee")
    assert "1 piece, 1 sheet" in job.said
    assert printed.pieces()[1] == (2, "void")
    assert printed.pieces()[4] == (5, "produced")
    printed.drops("2026-11-24 14:10", "--by", "D", "--place", "P", "--class", "first", "--job", "1")
    printed.drops("2026-11-24 14:10", "--by", "D", "--place", "P", "--class", "first", "--job", "2")
    assert [status for _, status in printed.pieces()] == ["mailed", "void", "mailed", "mailed", "mailed"]
    assert {one: printed.checked()[one]["letter"]["piece"] for one in ("N-1", "N-2", "N-3", "N-4")} == {
        "N-1": "2027-rates-L-0005",  # pieces are numbered in ZIP order: Davis first
        "N-2": L3,
        "N-3": L4,
        "N-4": L1,
    }
    printed.does("ledger", "verify")


def test_a_copy_of_what_was_mailed_in_time_may_go_any_day(mailed: Office) -> None:
    december = mailed.on("2026-12-14")
    december.does(
        "returned", L2, "--on", "2026-12-10", "--reason", "address wrong", "--note", "no such number"
    )
    job = december.does("reprint", L2, "--reason", "sent to the same address once more")
    assert "1 piece, 1 sheet" in job.said
    assert Path(december.job("2027-rates-job-2")).is_dir()


def test_what_nobody_approved_is_not_sent_again(lobbed: Office, fake_lob: Handle) -> None:
    """As an `approve` leaves it that was killed between rendering and approving."""
    engine = make_engine("sqlite:///mailer.db", lobbed.root)
    with engine.begin() as connection:
        connection.execute(text("UPDATE piece SET status = 'prepared' WHERE number = 2"))
    engine.dispose()
    before = lobbed.recorded()
    for command in (("send", RATES, "--only", L2), ("reprint", L2)):
        ran = lobbed.does(*command, "--reason", "by mistake", exits=1)
        assert f"{L2} is prepared: its pages may not go." in ran.said
    assert fake_lob.letters() == []
    assert lobbed.recorded() == before


def test_a_void_piece_is_not_sent_again(lobbed: Office, fake_lob: Handle) -> None:
    lobbed.imports((lobbed.root / "list.csv").read_text().replace("4 Dogwood Way", "14 Dogwood Way"))
    lobbed.does("approve", RATES)
    assert status_of(lobbed, 1) == "void"
    ran = lobbed.does("send", RATES, "--only", L1, "--reason", "by mistake", exits=1)
    assert f"{L1} is void, and its client has {L5} (approved)." in ran.said
    assert fake_lob.letters() == []
    assert len(lobbed.pieces()) == 5


def test_the_same_command_again_makes_no_second_copy(lobbed: Office, fake_lob: Handle) -> None:
    fake_lob.tell(faults=[{"kind": "422", "label": L2, "times": 0}])
    lobbed.does("send", RATES, exits=1)
    again = ("send", RATES, "--only", L2, "--reason", "Lob mended it")
    lobbed.does(*again)
    ran = lobbed.does(*again, exits=1)
    assert f"{L2} was made again as {L5} (accepted)" in ran.said
    assert len(lobbed.pieces()) == 5
    assert fake_lob.copies()[L5] == 1
    assert len(fake_lob.letters()) == 4


def test_killed_between_the_new_piece_and_its_sending_the_same_command_goes_on(
    lobbed: Office, fake_lob: Handle
) -> None:
    fake_lob.tell(faults=[{"kind": "422", "label": L2, "times": 0}])
    lobbed.does("send", RATES, exits=1)
    nowhere = lobbed.by_lob("http://127.0.0.1:9/v1")
    nowhere.does("send", RATES, "--only", L2, "--reason", "Lob mended it", exits=4)
    assert status_of(lobbed, 5) == "approved"  # the new piece is there and was not taken
    lobbed.does("send", RATES, "--only", L2, "--reason", "Lob mended it")
    assert len(lobbed.pieces()) == 5
    assert fake_lob.copies()[L5] == 1


def test_a_spoiled_piece_is_printed_anew_once(printed: Office) -> None:
    printed.does("reprint", L2, "--reason", "coffee")
    ran = printed.does("reprint", L2, "--reason", "coffee", exits=1)
    assert f"{L2} was made again as {L5} (produced)" in ran.said
    assert len(printed.pieces()) == 5


def test_a_reprint_that_is_refused_leaves_the_spoiled_piece_as_it_was(printed: Office) -> None:
    """The texts changed since the approval: nothing is voided, and no new piece waits."""
    before = printed.recorded()
    letter = printed.root / "campaigns/2027-rates/letter.md"
    letter.write_text(letter.read_text() + "\nCall us with any question.\n")
    printed.does("reprint", L2, "--reason", "coffee", exits=3)
    assert printed.recorded() == before


def test_a_piece_that_was_approved_anew_is_not_sent_again_as_well(lobbed: Office, fake_lob: Handle) -> None:
    """Lob refused it, the client was corrected and approved anew: the old pages do not go too."""
    fake_lob.tell(faults=[{"kind": "422", "label": L2, "times": 0}])
    lobbed.does("send", RATES, exits=1)
    fake_lob.tell(faults=None)
    lobbed.does("approve", RATES)
    assert status_of(lobbed, 5) == "approved"
    ran = lobbed.does("send", RATES, "--only", L2, "--reason", "once more", exits=1)
    assert f"its client has {L5} (approved)" in ran.said
    assert len(lobbed.pieces()) == 5


def test_a_dry_run_says_what_sending_it_again_costs_and_records_nothing(
    lobbed: Office, fake_lob: Handle
) -> None:
    fake_lob.tell(faults=[{"kind": "422", "label": L2, "times": 0}])
    lobbed.does("send", RATES, exits=1)
    before = lobbed.recorded()
    ran = lobbed.does("send", RATES, "--only", L2, "--reason", "Lob mended it", "--dry-run")
    assert "2027-rates: 1 piece, 1 page" in ran.said
    assert "Nothing was sent: --dry-run." in ran.said
    assert lobbed.recorded() == before


def test_who_says_no_to_the_cost_has_no_new_piece_waiting(
    real: Office, fake_lob: Handle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("n\n"))
    live = real.by_lob(fake_lob.base, "live_key")
    fake_lob.tell(faults=[{"kind": "422", "label": L2, "times": 0}])
    live.does("send", RATES, "--yes", exits=1)
    before = live.recorded()
    ran = live.mailer("send", RATES, "--only", L2, "--reason", "Lob mended it")
    assert "Send 1 piece for real?" in ran.said
    assert ran.code != 0
    assert live.recorded() == before


def test_who_says_no_keeps_what_was_sent_with_a_test_key(
    real: Office, fake_lob: Handle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("n\n"))
    real.by_lob(fake_lob.base).does("send", RATES)
    before = real.recorded()
    ran = real.by_lob(fake_lob.base, "live_key").mailer("send", RATES)
    assert "2027-rates: 4 pieces, 4 pages" in ran.said
    assert "Send 4 pieces for real?" in ran.said
    assert ran.code != 0
    assert real.recorded() == before


def test_the_corrected_address_is_judged_before_a_copy_is_made(lobbed: Office, fake_lob: Handle) -> None:
    """Lob takes at most 50 characters of line1 and line2 together."""
    fake_lob.tell(faults=[{"kind": "422", "label": L2, "times": 0}])
    lobbed.does("send", RATES, exits=1)
    line = "Suite 100, The Old Printing Works by the River"
    lobbed.does("clients", "correct", "N-1", "--line2", line, "--reason", "the client told us")
    before = lobbed.recorded()
    ran = lobbed.does("send", RATES, "--only", L2, "--reason", "its address was corrected", exits=1)
    assert f"{L2}: The recipient's two street lines have" in ran.said
    assert lobbed.recorded() == before


def test_a_client_who_left_does_not_keep_the_others_from_being_printed(lobbed: Office) -> None:
    lobbed.does("send", RATES)
    lobbed.does("cancel", RATES, L2, L3, "--reason", "the rates were corrected")
    heads, *rows = FOUR.splitlines()
    lines = [
        f"{heads},Status",
        *(f"{row},{'inactive' if row.startswith('N-1') else 'active'}" for row in rows),
    ]
    lobbed.imports("\n".join(lines) + "\n", name="left.csv")
    ran = lobbed.does("print", RATES, "--remaining")
    assert f"LEFT OUT {L2}: its client gets none any more." in ran.said
    assert lobbed.rows("SELECT again_of FROM piece WHERE again_of IS NOT NULL") == [(3,)]
    ran = lobbed.does("print", RATES, "--remaining", exits=1)
    assert f"the clients of {L2} get none any more" in ran.said


def test_killed_while_it_sends_one_again_the_same_command_goes_on(lobbed: Office, fake_lob: Handle) -> None:
    lobbed.does("send", RATES)
    lobbed.does("cancel", RATES, L2, "--reason", "the client called")
    again = ("send", RATES, "--only", L2, "--reason", "once more")
    killed(lobbed, "after-post:1", *again)
    assert "1 piece accepted" in lobbed.does(*again).said
    assert fake_lob.copies() == {L1: 1, L3: 1, L4: 1, "2027-rates-L-0005": 1}
