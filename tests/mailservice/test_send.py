"""`mailer send` and `cancel` through the real `lob` package to a fake Lob on a real socket.

Four letters of one page each; the day is Tuesday 24 November 2026. With a turnaround of two mailing days the
post has them on Friday 27 (Thursday is Thanksgiving), and notice is in time until Saturday 28.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections import Counter
from dataclasses import replace

import pikepdf
import pytest

from mailer.mailservice import requests
from mailer.pages.imposition import cut
from mailer.store import engine
from tests.fakes.lob import Handle
from tests.fakes.lob_faults import UNLISTED
from tests.support.killing import killed
from tests.support.office import RATES, Office

pytestmark = pytest.mark.days

L1, L2, L3, L4, L5 = (f"2027-rates-L-000{number}" for number in range(1, 6))


def test_each_piece_goes_once_as_it_was_approved(lobbed: Office, fake_lob: Handle) -> None:
    ran = lobbed.does("send", RATES)
    assert "2027-rates: 4 pieces, 4 pages (test key: nothing is printed or charged)" in ran.said
    assert "the post has it by Fri 27 Nov 2026; notice is in time until Sat 28 Nov 2026" in ran.said
    assert "4 pieces accepted" in ran.said
    assert "Accepted is not mailed." in ran.said
    assert fake_lob.copies() == {L1: 1, L2: 1, L3: 1, L4: 1}
    assert [status for _, status in lobbed.pieces()] == ["accepted"] * 4
    approved = {
        number: hashlib.sha256(cut(lobbed.root / "files" / file[:2] / file, first, last)).hexdigest()
        for number, file, first, last in lobbed.rows("SELECT number, file, first_page, last_page FROM piece")
    }
    for letter in fake_lob.letters():
        assert letter["sha256"] == approved[int(letter["label"][-4:])]
        asked = letter["object"]
        assert (asked["use_type"], asked["mail_type"]) == ("operational", "usps_first_class")
        assert (asked["color"], asked["double_sided"]) == (False, True)
        assert asked["address_placement"] == "top_first_page"
        assert asked["metadata"]["mailer_campaign"] == RATES
    lobbed.does("ledger", "verify")


def test_sent_twice_nothing_goes_twice(lobbed: Office, fake_lob: Handle) -> None:
    lobbed.does("send", RATES)
    again = lobbed.does("send", RATES, exits=1)
    assert "nothing is waiting to be sent: every approved piece is in a job or at the service" in again.said
    assert fake_lob.copies() == {L1: 1, L2: 1, L3: 1, L4: 1}


def test_a_dry_run_needs_no_key_and_sends_nothing(approved: Office) -> None:
    before = approved.recorded()
    ran = approved.does("send", RATES, "--dry-run")
    assert "4 pieces, 4 pages" in ran.said
    assert "Nothing was sent: --dry-run." in ran.said
    assert approved.recorded() == before


def test_no_key(approved: Office) -> None:
    ran = approved.does("send", RATES, exits=1)
    assert "there is no key for Lob" in ran.said
    assert "mailer print NAME" in ran.said


def test_a_key_from_a_file_that_others_may_read_is_refused(approved: Office, fake_lob: Handle) -> None:
    path = approved.write("secrets.toml", '[lob]\napi_key = "test_from_file"\n')
    open_ = replace(approved, environ={"MAILER_LOB_URL": fake_lob.base, "MAILER_LOB_RATE": "off"})
    path.chmod(0o644)
    assert "may be read by others" in open_.does("send", RATES, exits=1).said
    path.chmod(0o600)
    open_.does("send", RATES)
    assert sum(fake_lob.copies().values()) == 4


def test_a_wrong_key_sends_nothing_and_all_is_still_approved(approved: Office, fake_lob: Handle) -> None:
    wrong = approved.by_lob(fake_lob.base, "test_wrong")
    ran = wrong.does("send", RATES, exits=4)
    assert "the service refuses the account" in ran.said
    assert "test_wrong" not in ran.out + ran.err
    assert [status for _, status in wrong.pieces()] == ["approved"] * 4
    assert fake_lob.copies() == {}
    approved.by_lob(fake_lob.base, "test_right").does("send", RATES)
    assert sum(fake_lob.copies().values()) == 4


def test_a_service_that_is_not_there(approved: Office) -> None:
    nowhere = approved.by_lob("http://127.0.0.1:9/v1")
    ran = nowhere.does("send", RATES, exits=4)
    assert "the service can't be reached" in ran.said
    assert [status for _, status in nowhere.pieces()] == ["approved"] * 4


def test_a_refused_piece_stops_no_other(lobbed: Office, fake_lob: Handle) -> None:
    fake_lob.tell(faults=[{"kind": "422", "label": L2, "times": 0}])
    ran = lobbed.does("send", RATES, exits=1)
    assert f"REFUSED {L2}: An invalid request was made." in ran.said
    assert [status for _, status in lobbed.pieces()] == ["accepted", "rejected", "accepted", "accepted"]
    assert fake_lob.copies() == {L1: 1, L3: 1, L4: 1}


@pytest.mark.parametrize("kind", ["drop-after", "html-502-after", "202", "cut", "500-after", "nonsense"])
def test_an_answer_that_got_lost_makes_no_second_letter(lobbed: Office, fake_lob: Handle, kind: str) -> None:
    fake_lob.tell(faults=[{"kind": kind, "label": L3}])
    lobbed.does("send", RATES)
    assert fake_lob.copies() == {L1: 1, L2: 1, L3: 1, L4: 1}
    assert [status for _, status in lobbed.pieces()] == ["accepted"] * 4


@pytest.mark.parametrize("kind", ["422", "nonsense"])
def test_pieces_in_a_row_that_are_not_taken_stop_the_run(
    approved: Office, fake_lob: Handle, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests, "FEW", 2)  # in place of 8, of four letters
    sending = approved.by_lob(fake_lob.base)
    fake_lob.tell(faults=[{"kind": kind, "times": 0}, UNLISTED])
    ran = sending.does("send", RATES, exits=4)
    assert "2 pieces in a row were not taken, the last: " in ran.said
    assert "the rest is still approved. Mend it and send again." in ran.said
    assert [status for _, status in sending.pieces()].count("approved") == 2


def test_a_try_that_is_made_again_is_told(lobbed: Office, fake_lob: Handle) -> None:
    fake_lob.tell(faults=[{"kind": "500", "label": L3, "times": 2}])
    *_, (process, said) = lobbed.on_screen("send", RATES)
    assert process.returncode == 0
    assert "waiting, try: 2 of 6" in said
    assert "stamina" not in said


@pytest.mark.parametrize("kind", ["drop", "html-502", "500", "429", "503", "409"])
def test_a_try_that_did_not_arrive_is_made_again(lobbed: Office, fake_lob: Handle, kind: str) -> None:
    fake_lob.tell(faults=[{"kind": kind, "label": L3, "times": 2, "seconds": 0.1}])
    lobbed.does("send", RATES)
    assert fake_lob.copies() == {L1: 1, L2: 1, L3: 1, L4: 1}


def test_an_unknown_piece_is_settled_by_the_next_run(lobbed: Office, fake_lob: Handle) -> None:
    fake_lob.tell(faults=[{"kind": "drop-after", "label": L3, "times": 0}, UNLISTED])
    ran = lobbed.does("send", RATES, exits=4)
    assert f"UNKNOWN {L3}:" in ran.said
    assert "never print it" in ran.said
    assert [status for _, status in lobbed.pieces()] == ["accepted", "accepted", "unknown", "accepted"]
    refused = lobbed.does("print", RATES, "--remaining", exits=1)
    assert "A piece whose outcome is not known is never printed" in refused.said
    fake_lob.tell(faults=None)
    settled = lobbed.does("send", RATES)
    assert "1 more were asked for before and are settled first" in settled.said
    assert [status for _, status in lobbed.pieces()] == ["accepted"] * 4
    assert fake_lob.copies() == {L1: 1, L2: 1, L3: 1, L4: 1}


def backdate(office: Office, hours: int) -> None:
    """Let the tries have been so many hours ago."""
    with sqlite3.connect(office.root / "mailer.db") as database:
        for column in ("first_tried", "last_tried"):
            database.execute(
                f"UPDATE submission SET {column} = datetime({column}, '{-hours:+} hours')"  # noqa: S608
            )
    database.close()


@pytest.mark.parametrize(("taken", "hours"), [(True, 25), (True, -2), (False, -2)])
def test_an_unknown_piece_goes_once_whatever_our_clock_says_after_the_keys_life(
    lobbed: Office, fake_lob: Handle, taken: bool, hours: int
) -> None:
    fake_lob.tell(faults=[{"kind": "drop-after" if taken else "drop", "label": L3, "times": 0}, UNLISTED])
    lobbed.does("send", RATES, exits=4)
    backdate(lobbed, hours)
    fake_lob.tell(faults=None, advance=25 * 3600)  # Lob's own clock is right
    lobbed.does("send", RATES)
    assert fake_lob.copies() == {L1: 1, L2: 1, L3: 1, L4: 1}
    assert [status for _, status in lobbed.pieces()] == ["accepted"] * 4


@pytest.mark.parametrize("hours", [0, -2], ids=["stopped", "set back"])
def test_what_was_asked_for_when_the_process_was_killed_goes_once_too(
    lobbed: Office, fake_lob: Handle, hours: int
) -> None:
    killed(lobbed, "after-post:3", "send", RATES)
    backdate(lobbed, hours)
    fake_lob.tell(advance=25 * 3600)
    lobbed.does("send", RATES)
    assert fake_lob.copies() == {L1: 1, L2: 1, L3: 1, L4: 1}


def test_of_two_unknown_pieces_one_is_settled_and_the_other_is_not_forgotten(
    lobbed: Office, fake_lob: Handle
) -> None:
    fake_lob.tell(faults=[{"kind": "drop", "label": label, "times": 0} for label in (L2, L3)])
    lobbed.does("send", RATES, exits=4)
    backdate(lobbed, 25)
    text = lobbed.root / "campaigns/2027-rates/letter.md"
    before = text.read_text()
    text.write_text(f"{before}\nCall us with any question.\n")  # stale: nothing is asked for again
    fake_lob.tell(faults=None)
    fake_lob.tell(faults=[{"kind": "500", "on": "GET /v1/letters", "nth": 2, "times": 1}])
    lobbed.does("send", RATES, exits=3)
    assert [status for _, status in lobbed.pieces()] == ["accepted", "approved", "unknown", "accepted"]
    assert [number for (number,) in lobbed.rows(
        "SELECT number FROM submission JOIN piece ON piece.id = submission.piece_id ORDER BY number"
    )] == [1, 3, 4]  # fmt: skip
    text.write_text(before)
    fake_lob.tell(faults=None)
    lobbed.does("send", RATES)
    assert fake_lob.copies() == {L1: 1, L2: 1, L3: 1, L4: 1}


def test_a_stale_approval_sends_nothing_new_and_settles_the_old(lobbed: Office, fake_lob: Handle) -> None:
    fake_lob.tell(faults=[{"kind": "drop-after", "label": L3, "times": 0}, UNLISTED])
    lobbed.does("send", RATES, exits=4)
    fake_lob.tell(faults=None)
    text = lobbed.root / "campaigns/2027-rates/letter.md"
    text.write_text(text.read_text() + "\nCall us with any question.\n")
    ran = lobbed.does("send", RATES, exits=3)
    assert "the approval is stale" in ran.said
    assert [status for _, status in lobbed.pieces()] == ["accepted"] * 4
    assert fake_lob.copies() == {L1: 1, L2: 1, L3: 1, L4: 1}


def test_too_late_for_the_service_is_not_too_late_for_the_print_room(
    lobbed: Office, fake_lob: Handle
) -> None:
    # Friday 27: by Lob the post would have it on Monday 30, and the last day is Saturday 28.
    friday = lobbed.on("2026-11-27")
    ran = friday.does("send", RATES, exits=3)
    assert (
        "approved for a hand-over until Sat 28 Nov 2026, and the post would have it on Mon 30 Nov" in ran.said
    )
    assert fake_lob.copies() == {}
    friday.does("print", RATES)


def test_a_send_date_is_kept_and_counts(lobbed: Office, fake_lob: Handle) -> None:
    ran = lobbed.does("send", RATES, "--on", "2026-11-27", exits=3)
    assert "the post would have it on Mon 30 Nov 2026" in ran.said
    assert "is not in the future" in lobbed.does("send", RATES, "--on", "2026-11-24", exits=1).said
    assert fake_lob.copies() == {}
    lobbed.does("send", RATES, "--on", "2026-11-25")
    assert {letter["object"]["send_date"][:10] for letter in fake_lob.letters()} == {"2026-11-25"}


def test_a_live_key_under_a_fixed_day_is_refused(approved: Office, fake_lob: Handle) -> None:
    live = approved.by_lob(fake_lob.base, "live_key")
    ran = live.does("send", RATES, "--yes", exits=1)
    assert "a rehearsal is not sent for real" in ran.said
    assert fake_lob.copies() == {}


def test_what_a_printed_job_holds_is_not_sent(printed: Office, fake_lob: Handle) -> None:
    office = printed.by_lob(fake_lob.base)
    assert "every approved piece is in a job" in office.does("send", RATES, exits=1).said
    assert fake_lob.copies() == {}


def test_what_was_sent_is_not_printed(real: Office, fake_lob: Handle) -> None:
    live = real.by_lob(fake_lob.base, "live_key")
    live.does("send", RATES, "--yes")
    ran = live.does("print", RATES, exits=1)
    assert "every approved piece is in a job already" in ran.said


def test_what_was_tried_with_a_test_key_may_be_printed(lobbed: Office) -> None:
    lobbed.does("send", RATES)
    assert "4 pieces, 4 sheets" in lobbed.does("print", RATES).said
    assert [status for _, status in lobbed.pieces()] == ["produced"] * 4
    lobbed.does("ledger", "verify")


def test_a_piece_beyond_a_limit_stops_all_before_the_first_call(office: Office, fake_lob: Handle) -> None:
    listed = (office.root / "list.csv").read_text()
    office.imports(
        listed.replace("3 Cedar Hill,", "The Old Mill Building at 3 Cedar Hill Road North Annexe,")
    )
    office.does("approve", RATES)
    sending = office.by_lob(fake_lob.base)
    ran = sending.does("send", RATES, exits=1)
    assert "2027-rates-L-000" in ran.err
    assert "50" in ran.err
    assert fake_lob.copies() == {}
    done = sending.does("send", RATES, "--leave-out")
    assert "LEFT OUT" in done.out
    assert sum(fake_lob.copies().values()) == 3
    job = sending.does("print", RATES)
    assert "4 pieces, 4 sheets" in job.said  # the key was a test key: nothing of the others was printed


def test_the_months_cap(lobbed: Office, fake_lob: Handle) -> None:
    path = lobbed.root / "mailer.toml"
    path.write_text(path.read_text() + "\n[lob]\nmonthly_cap = 1.00\n")
    ran = lobbed.does("send", RATES, exits=1)
    assert "passes the cap of $1.00" in ran.said
    assert fake_lob.copies() == {}


def test_a_newsletter_goes_behind_an_address_page(office: Office, fake_lob: Handle) -> None:
    sending = office.by_lob(fake_lob.base)
    sending.does("approve", "2026-12")
    sending.does("send", "2026-12")
    letters = fake_lob.letters()
    assert len(letters) == 4
    assert {letter["object"]["address_placement"] for letter in letters} == {"insert_blank_page"}
    assert {letter["object"]["use_type"] for letter in letters} == {"marketing"}
    assert {letter["pages"] for letter in letters} == {4}


def test_certified_where_the_definition_asks(office: Office, fake_lob: Handle) -> None:
    definition = office.root / "campaigns/2027-rates/campaign.toml"
    text = definition.read_text()
    before, header, after = text.partition("[letter]\n")
    definition.write_text(
        f"{before}{header}certified = true\n{after}" if header else f"{text}\n[letter]\ncertified = true\n"
    )
    office.does("approve", RATES)
    ran = office.by_lob(fake_lob.base).does("send", RATES)
    assert "4 pieces, 4 of them certified" in ran.said
    assert {letter["object"]["extra_service"] for letter in fake_lob.letters()} == {"certified"}


def test_pages_that_were_changed_are_not_sent(lobbed: Office, fake_lob: Handle) -> None:
    ((file,),) = lobbed.rows("SELECT DISTINCT file FROM piece")
    path = lobbed.root / "files" / file[:2] / file
    with pikepdf.open(path) as pages:
        pages.pages.reverse()  # each client would get another one's letter
        pages.save(path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)
    ran = lobbed.does("send", RATES, exits=1)
    assert f"the pages of {L1} are not the bytes that were approved" in ran.said
    assert fake_lob.copies() == {}


def test_sent_with_a_test_key_and_then_for_real(real: Office, fake_lob: Handle) -> None:
    test, live = real.by_lob(fake_lob.base), real.by_lob(fake_lob.base, "live_key")
    test.does("send", RATES)
    ran = live.does("send", RATES, "--yes")
    assert "4 pieces accepted" in ran.said
    modes = Counter((letter["label"], letter["mode"]) for letter in fake_lob.letters())
    assert modes == {(label, mode): 1 for label in (L1, L2, L3, L4) for mode in ("test", "live")}
    rehearsed = real.rows("SELECT kind, rehearsal FROM event WHERE kind = 'piece.accepted'")
    assert Counter(bool(flag) for _, flag in rehearsed) == {True: 4, False: 4}


def test_a_number_that_another_piece_has_is_not_believed(lobbed: Office, fake_lob: Handle) -> None:
    lobbed.does("send", RATES)
    lobbed.does("cancel", RATES, L2, "--reason", "the client called")
    again = ("send", RATES, "--only", L2, "--reason", "once more")
    fake_lob.tell(faults=[{"kind": "another"}])
    ran = lobbed.does(*again, exits=4)
    assert f"UNKNOWN {L5}: the service gave it the number of another piece, ltr_" in ran.said
    lobbed.does(*again)
    assert fake_lob.copies() == {L1: 1, L3: 1, L4: 1, L5: 1}


def test_a_database_that_is_held_by_another_is_said_and_the_next_run_goes_on(
    lobbed: Office, fake_lob: Handle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY", 0)
    with contextlib.closing(sqlite3.connect(lobbed.root / "mailer.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        ran = lobbed.does("send", RATES, exits=4)
    assert "another program has held the database too long." in ran.said
    lobbed.does("send", RATES)
    assert fake_lob.copies() == {L1: 1, L2: 1, L3: 1, L4: 1}
