"""What a send left without an answer, met by the next one: never posted twice, late or with old pages."""

from __future__ import annotations

import pytest

from tests.fakes.lob import Handle, running
from tests.fakes.lob_faults import UNLISTED
from tests.mailservice.test_send import backdate
from tests.mailservice.test_track import of_no_account
from tests.support.office import LETTERS, RATES, Office

pytestmark = pytest.mark.days

L1, L2, L3, L4, L5 = (f"2027-rates-L-000{number}" for number in range(1, 6))


def unanswered(office: Office, fake_lob: Handle, kind: str, label: str = L2) -> None:
    """Send all, and let the answer to one piece stay away; `kind` says whether Lob has it."""
    fake_lob.tell(faults=[{"kind": kind, "label": label, "times": 0}, UNLISTED])
    office.does("send", RATES, exits=4)
    fake_lob.tell(faults=None)


def test_what_was_approved_anew_is_not_posted_with_its_old_pages(lobbed: Office, fake_lob: Handle) -> None:
    unanswered(lobbed, fake_lob, "drop")
    text = (lobbed.root / LETTERS).read_text()
    lobbed.write(LETTERS, f"{text}\nCall us with any question.\n")
    lobbed.does("send", RATES, exits=3)
    lobbed.does("approve", RATES)
    early = lobbed.does("send", RATES, exits=4)
    assert f"UNKNOWN {L2}: the service does not list it yet" in early.said
    assert fake_lob.copies() == {L1: 1, L3: 1, L4: 1}
    backdate(lobbed, 1)
    ran = lobbed.does("send", RATES, exits=1)
    assert f"NOT SENT {L2}: it was not taken, and its text or its client changed since." in ran.said
    assert "mailer approve 2027-rates" in ran.said
    assert fake_lob.copies() == {L1: 1, L3: 1, L4: 1}
    assert "(2027-rates-L-0002)" in lobbed.does("send", RATES, exits=3).said
    lobbed.does("approve", RATES)
    lobbed.does("send", RATES)
    assert dict(lobbed.pieces())[2] == "void"
    assert fake_lob.copies() == {L1: 1, L3: 1, L4: 1, L5: 1}
    lobbed.does("ledger", "verify")


def test_what_was_taken_before_its_client_moved_is_told(lobbed: Office, fake_lob: Handle) -> None:
    unanswered(lobbed, fake_lob, "drop-after")
    lobbed.does("clients", "correct", "N-1", "--line1", "5 Elm Street", "--reason", "the client told us")
    ran = lobbed.does("send", RATES)
    assert f"WENT AS BEFORE {L2}: it was taken as it was approved then; it is not made again." in ran.said
    assert fake_lob.copies() == {L1: 1, L2: 1, L3: 1, L4: 1}
    assert [status for _, status in lobbed.pieces()] == ["accepted"] * 4


def test_a_client_who_is_gone_gets_no_letter_that_was_not_taken(lobbed: Office, fake_lob: Handle) -> None:
    unanswered(lobbed, fake_lob, "drop")
    lobbed.imports(
        "Client ID,Company,Address,City,State,Zip,Status\n"
        "N-1,Ash Street Bakery,1 Ash Street,Sacramento,CA,95814,inactive\n",
        name="gone.csv",
    )
    backdate(lobbed, 1)
    assert f"NOT SENT {L2}:" in lobbed.does("send", RATES, exits=1).said
    lobbed.does("approve", RATES)
    assert dict(lobbed.pieces())[2] == "void"
    assert fake_lob.copies() == {L1: 1, L3: 1, L4: 1}


def test_a_send_date_that_is_past_is_not_asked_for_again(lobbed: Office, fake_lob: Handle) -> None:
    fake_lob.tell(faults=[{"kind": "drop", "label": L2, "times": 0}])
    lobbed.does("send", RATES, "--on", "2026-11-25", exits=4)
    fake_lob.tell(faults=None)
    wednesday = lobbed.on("2026-11-25")
    early = wednesday.does("send", RATES, exits=4)
    assert f"UNKNOWN {L2}: the service does not list it yet" in early.said
    backdate(lobbed, 1)
    wednesday.does("send", RATES)
    dates = {letter["label"]: letter["object"]["send_date"][:10] for letter in fake_lob.letters()}
    assert {dates[L1], dates[L3], dates[L4]} == {"2026-11-25"}
    assert fake_lob.copies() == {L1: 1, L2: 1, L3: 1, L4: 1}


def test_under_another_account_nothing_is_asked_for_again(lobbed: Office, fake_lob: Handle) -> None:
    unanswered(lobbed, fake_lob, "drop-after")
    with running() as second:
        other = lobbed.by_lob(second.base, "test_other")
        for hours in (0, 25):
            backdate(lobbed, hours)
            ran = other.does("send", RATES, exits=1)
            assert f"{L2} was asked for under another account, and there was no answer" in ran.said
            assert "mailer send 2027-rates --same-account" in ran.said
        assert second.copies() == {}
        tracked = other.does("track", exits=4)
        assert "0 pieces asked for" in tracked.said
        assert "3 pieces were sent under another account and not asked for" in tracked.said
        assert other.does("track", "--json", exits=4).json["other_account"] == 3
    lobbed.does("send", RATES)
    assert fake_lob.copies() == {L1: 1, L2: 1, L3: 1, L4: 1}


def test_a_new_key_of_the_same_account_goes_on(lobbed: Office, fake_lob: Handle) -> None:
    unanswered(lobbed, fake_lob, "drop-after")
    renewed = lobbed.by_lob(fake_lob.base, "test_renewed")
    renewed.does("send", RATES, "--same-account", "--dry-run")
    renewed.does("send", RATES, exits=1)
    renewed.does("send", RATES, "--same-account")
    assert fake_lob.copies() == {L1: 1, L2: 1, L3: 1, L4: 1}
    assert "4 pieces asked for" in renewed.does("track").said


def test_what_an_older_mailer_asked_for_is_settled_by_any_account(lobbed: Office, fake_lob: Handle) -> None:
    unanswered(lobbed, fake_lob, "drop-after")
    of_no_account(lobbed)
    lobbed.by_lob(fake_lob.base, "test_other").does("send", RATES)
    assert fake_lob.copies() == {L1: 1, L2: 1, L3: 1, L4: 1}


def test_a_piece_that_is_never_taken_is_named_and_the_send_did_not_succeed(
    lobbed: Office, fake_lob: Handle
) -> None:
    fake_lob.tell(faults=[{"kind": "429", "label": L2, "times": 0, "seconds": 0.01}])
    ran = lobbed.does("send", RATES, exits=4)
    assert "3 pieces accepted" in ran.said
    assert "1 piece was not taken and is still approved." in ran.said
    assert f"NOT TAKEN {L2}: the service takes no more at once" in ran.said
    assert "mailer send 2027-rates" in ran.said
    fake_lob.tell(faults=None)
    lobbed.does("send", RATES)
    assert fake_lob.copies() == {L1: 1, L2: 1, L3: 1, L4: 1}


def test_where_all_that_waits_is_left_out_each_is_named(office: Office, fake_lob: Handle) -> None:
    listed = (office.root / "list.csv").read_text()
    office.imports(
        listed.replace("3 Cedar Hill,", "The Old Mill Building at 3 Cedar Hill Road North Annexe,")
    )
    office.does("approve", RATES)
    sending = office.by_lob(fake_lob.base)
    sending.does("send", RATES, "--leave-out")
    ran = sending.does("send", RATES, "--leave-out", exits=1)
    assert "the service takes none of what is waiting" in ran.said
    assert f"LEFT OUT {L4}: The recipient's two street lines have" in ran.said
    assert "mailer print 2027-rates" in ran.said


def test_a_window_that_ends_on_another_day_is_told_with_that_day(lobbed: Office) -> None:
    ran = lobbed.does("send", RATES, "--on", "2026-11-25")
    assert "All of it can be cancelled until Wed 25 Nov 2026, 04:00:00" in ran.said
