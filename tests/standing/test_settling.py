"""An older copy of a mail folder finds out what went since, so that nothing goes twice."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mailer.cli.main import run
from tests.fakes.lob import Handle
from tests.support.copies import backup, killed, restore, restored
from tests.support.office import FOUR, HEADINGS, RATES, Office

pytestmark = pytest.mark.long

ELM = "N-5,Elm Row Cafe,El Row,el@elm.example,5 Elm Row,Davis,CA,95616,none,,130.00"


@pytest.fixture
def live(real: Office, fake_lob: Handle) -> Office:
    """Four approved letters, and Lob under a live key."""
    return real.by_lob(fake_lob.base, key="live_key")


def test_a_send_after_the_backup_is_not_sent_again(live: Office, fake_lob: Handle, tmp_path: Path) -> None:
    file = backup(live)
    live.does("send", RATES, "--yes")
    again = restored(live, file, tmp_path / "again")
    said = again.does("status").said
    assert "OLDER COPY" in said
    assert "mailer settle" in said
    clients = ("clients", "import", str(again.root / "list.csv"))
    for words in (("send", RATES, "--yes"), ("print", RATES), ("approve", RATES), clients):
        assert "this database is an older copy" in again.does(*words, exits=1).said
    assert "a rehearsal can't record what really went" in again.on("2026-11-24").does("settle", exits=1).said
    assert "4 pieces were sent since; recorded as accepted" in again.does("settle").said
    assert again.pieces() == [(1, "accepted"), (2, "accepted"), (3, "accepted"), (4, "accepted")]
    again.mailer("send", RATES, "--yes")
    assert len(fake_lob.letters()) == 4
    kept = "SELECT provider_id, cost, sha256 FROM submission ORDER BY 1"
    assert again.rows(kept) == live.rows(kept)
    again.does("ledger", "verify")
    again.does("track")
    assert "OLDER COPY" not in again.does("status").said


def test_what_was_sent_in_part_goes_on(live: Office, fake_lob: Handle, tmp_path: Path) -> None:
    file = backup(live)
    fake_lob.tell(faults=[{"kind": "422", "label": "2027-rates-L-0003", "times": 0}])
    live.mailer("send", RATES, "--yes")
    fake_lob.tell(faults=None)
    assert len(fake_lob.letters()) == 3
    again = restored(live, file, tmp_path / "again")
    said = again.does("settle", exits=1).said
    assert "2027-rates: 1 piece. Say --not-printed 2027-rates or --printed 2027-rates" in said
    assert again.pieces()[0] == (1, "approved")  # nothing was recorded
    again.does("settle", "--not-printed", RATES)
    again.does("send", RATES, "--yes")
    assert fake_lob.copies() == {f"2027-rates-L-000{number}": 1 for number in (1, 2, 3, 4)}


def test_a_database_file_that_was_put_back_by_hand_is_caught(live: Office, fake_lob: Handle) -> None:
    older = (live.root / "mailer.db").read_bytes()
    live.does("send", RATES, "--yes")
    (live.root / "mailer.db").write_bytes(older)
    assert "this database is an older copy" in live.does("send", RATES, "--yes", exits=1).said
    live.does("settle")
    live.mailer("send", RATES, "--yes")
    assert len(fake_lob.letters()) == 4
    assert live.rows("SELECT count(*) FROM submission") == [(4,)]


def test_a_database_that_is_gone_is_not_begun_anew_unnoticed(live: Office) -> None:
    (live.root / "mailer.db").unlink()
    assert "this database is an older copy" in live.imports(FOUR, exits=1).said


def test_a_head_that_is_behind_after_a_crash_is_no_trouble(approved: Office) -> None:
    head = (approved.root / "ledger.head").read_bytes()
    approved.does("print", RATES)
    (approved.root / "ledger.head").write_bytes(head)
    approved.drops("2026-11-24 14:10")
    assert (approved.root / "ledger.head").read_bytes() != head
    (approved.root / "ledger.head").write_bytes(b"\0")
    assert "OLDER COPY" in approved.does("status").said


def test_a_whole_folder_that_was_put_back_is_said_to_be_a_copy_by_hand(approved: Office) -> None:
    """docs/backup.md, "How a copy is known": more than once, and nothing else is taken for it."""
    for _ in range(2):
        approved.write("ledger.head", "unknown")
        assert "OLDER COPY" in approved.does("status").said
        approved.does("settle", "--not-by", "lob", "--not-printed", RATES)
        assert "OLDER COPY" not in approved.does("status").said


def test_a_folder_of_an_older_mailer_has_no_head_yet(approved: Office) -> None:
    (approved.root / "ledger.head").unlink()
    approved.does("print", RATES)
    (seq, digest), *_ = approved.rows("SELECT seq, hash FROM event ORDER BY seq DESC")
    assert (approved.root / "ledger.head").read_text() == f"{seq} {digest}\n"


def test_a_campaign_that_the_copy_never_saw(office: Office, fake_lob: Handle, tmp_path: Path) -> None:
    day = datetime.now(UTC).date() + timedelta(days=90)
    office = replace(office, today="").by_lob(fake_lob.base, key="live_key")
    definition = f"campaigns/{RATES}/campaign.toml"
    office.edit(definition, "effective = 2027-01-01", f"effective = {day}")
    office.edit(definition, 'newsletter = "2026-12"', 'newsletter = "auto"')
    file = backup(office)
    office.does("approve", RATES)
    office.does("send", RATES, "--yes")
    again = restored(office, file, tmp_path / "again")
    said = again.does("settle").said
    assert "4 letters at the service that this folder does not know" in said
    assert "NOT KNOWN HERE 2027-rates-L-0002 to ASH STREET BAKERY: ltr_" in said
    again.imports(f"{FOUR}{ELM}\n")
    again.does("approve", RATES)
    for words in (("send", RATES, "--yes"), ("print", RATES)):
        said = again.does(*words, exits=1).said
        assert "4 of these letters went before" in said
        assert "2027-rates-L-0003 Ash Street Bakery" in said
    again.edit(definition, "exclude = []", 'exclude = ["N-1", "N-2", "N-3", "N-4"]')
    again.does("approve", RATES)
    again.does("send", RATES, "--yes")
    assert len(fake_lob.letters()) == 5


def test_the_print_room_must_be_answered_for(live: Office, fake_lob: Handle, tmp_path: Path) -> None:
    file = backup(live)
    live.does("print", RATES)
    again = restored(live, file, tmp_path / "again")
    assert "nobody can be asked whether these were printed" in again.does("settle", exits=1).said
    said = again.does("settle", "--printed", RATES).said
    assert "on record as a printed job now: do not print it" in said
    assert "every approved piece is in a job already" in again.does("print", RATES, exits=1).said
    again.mailer("send", RATES, "--yes")
    assert fake_lob.letters() == []
    again.does("ledger", "verify")


def test_a_job_that_was_destroyed_and_sent_since(live: Office, fake_lob: Handle, tmp_path: Path) -> None:
    live.does("print", RATES)
    file = backup(live)
    live.does("destroy", RATES, "--reason", "sent instead")
    live.does("send", RATES, "--yes")
    again = restored(live, file, tmp_path / "again")
    again.does("settle")
    assert {status for _, status in again.pieces()} == {"accepted"}
    again.does("ledger", "verify")
    assert len(fake_lob.letters()) == 4


def test_what_was_asked_for_and_not_answered_when_it_was_copied(
    live: Office, fake_lob: Handle, tmp_path: Path
) -> None:
    killed(live, "after-post:1", "send", RATES, "--yes", "-C", str(live.root))
    assert {status for _, status in live.pieces()} == {"submitting"}
    file = backup(live)
    live.does("send", RATES, "--yes")
    again = restored(live, file, tmp_path / "again")
    assert "4 pieces were sent since" in again.does("settle").said
    again.mailer("send", RATES, "--yes")
    assert {status for _, status in again.pieces()} == {"accepted"}
    assert len(fake_lob.letters()) == 4
    again.does("ledger", "verify")


def test_what_was_only_tried_when_it_was_copied(real: Office, fake_lob: Handle, tmp_path: Path) -> None:
    real.by_lob(fake_lob.base).does("send", RATES)
    file = backup(real)
    live = real.by_lob(fake_lob.base, key="live_key")
    live.does("send", RATES, "--yes")
    again = restored(live, file, tmp_path / "again")
    assert "4 pieces were sent since" in again.does("settle").said
    again.mailer("send", RATES, "--yes")
    assert again.rows("SELECT count(*) FROM submission WHERE live") == [(4,)]
    assert sorted(letter["mode"] for letter in fake_lob.letters()) == ["live"] * 4 + ["test"] * 4
    again.does("ledger", "verify")


def test_a_letter_that_was_cancelled_since(live: Office, fake_lob: Handle, tmp_path: Path) -> None:
    file = backup(live)
    live.does("send", RATES, "--yes")
    live.does("cancel", RATES, "2027-rates-L-0001", "--reason", "too early")
    again = restored(live, file, tmp_path / "again")
    again.does("settle")
    assert again.pieces() == live.pieces()
    assert len(fake_lob.letters()) == 4


def test_a_pack_of_a_restored_folder_verifies(approved: Office, tmp_path: Path) -> None:
    again = restored(approved, backup(approved), tmp_path / "again")
    again.does("settle", "--not-by", "lob", "--not-printed", RATES)
    again.does("print", RATES)
    again.drops("2026-11-24 14:10")
    again.does("evidence", "make", RATES, "--out", str(tmp_path / "pack"))
    assert run(["evidence", "verify", str(tmp_path / "pack")]) == 0


@pytest.mark.parametrize("step", ["before-commit:1", "after-commit:1", "before-commit:2", "after-commit:2"])
def test_killed_while_it_is_settled(live: Office, fake_lob: Handle, tmp_path: Path, step: str) -> None:
    file = backup(live)
    live.does("send", RATES, "--yes")
    again = restored(live, file, tmp_path / "again")
    killed(again, step, "settle", "-C", str(again.root))
    settled = step == "after-commit:2"
    again.does("settle", exits=1 if settled else 0)
    again.mailer("send", RATES, "--yes")
    assert {status for _, status in again.pieces()} == {"accepted"}
    assert len(fake_lob.letters()) == 4
    again.does("ledger", "verify")


def test_a_service_must_be_asked_under_a_live_key(real: Office, fake_lob: Handle, tmp_path: Path) -> None:
    file = backup(real)
    again = restored(real, file, tmp_path / "again")
    assert "Lob can't be asked for its letters without a key" in again.does("settle", exits=1).said
    tested = again.by_lob(fake_lob.base)
    assert "is a test key" in tested.does("settle", exits=1).said
    fake_lob.tell(faults=[{"kind": "500", "on": "GET /v1/letters", "times": 0}])
    broken = again.by_lob(fake_lob.base, key="live_key")
    assert "Nothing was recorded" in broken.does("settle", "--not-printed", RATES, exits=4).said
    again.does("settle", "--not-by", "lob", "--not-printed", RATES)
    assert "the one that was written last" in again.does("settle", exits=1).said


# PostgreSQL


def test_from_postgresql_into_sqlite_and_back(
    live: Office, fake_lob: Handle, tmp_path: Path, empty_postgres: str
) -> None:
    """A backup is of either database, and may be restored into either."""
    file = backup(live)
    server = replace(live, database=empty_postgres)
    killed(server, "before-rename:1", "restore", str(file), str(tmp_path / "there"))  # the rows are in it
    there = restored(server, file, tmp_path / "there")
    assert not (there.root / "mailer.db").exists()
    there.does("settle", "--not-printed", RATES)
    there.imports(f"{HEADINGS}\n{ELM}\n")
    second = backup(there, "second.zip")
    there.does("send", RATES, "--yes")
    here = replace(restored(replace(there, database=""), second, tmp_path / "here"), database="")
    assert here.rows("SELECT count(*) FROM client_rate") == there.rows("SELECT count(*) FROM client_rate")
    here.does("settle")
    assert {status for _, status in here.pieces()} == {"accepted"}
    here.does("ledger", "verify")
    assert len(fake_lob.letters()) == 4
    assert "is not empty" in restore(there, file, tmp_path / "more").said


def test_a_letter_that_may_have_been_repeated_since_is_not_repeated_unasked(
    printed: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was printed again, and went, between backup and restore: the same reprint made a third letter."""
    spoiled = ("reprint", f"{RATES}-L-0002", "--reason", "coffee")
    again = restored(printed, backup(printed), tmp_path / "again")
    again.does("settle", "--not-by", "lob", "--printed", RATES)
    monkeypatch.setattr("sys.stdin", io.StringIO())  # nobody answers
    assert f"Are you sure that {RATES}-L-0002 was not? [y/N]" in again.does(*spoiled, exits=1).said
    again.does(*spoiled, "--yes")
    again.does("reprint", f"{RATES}-L-0005", "--reason", "spoiled too")  # made since: it is on record
    printed.does(*spoiled)  # as is all in a folder that was never restored
