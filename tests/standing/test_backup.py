"""A backup, a mail folder again from it, and what a copy of an older day must find out before it sends."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mailer.cli.main import run
from tests.fakes.lob import Handle
from tests.support.office import FOUR, HEADINGS, LETTERS, RATES, Office, Ran, _environment

KILLED = (sys.executable, "-m", "tests.support.killing")
ELM = "N-5,Elm Row Cafe,El Row,el@elm.example,5 Elm Row,Davis,CA,95616,none,,130.00"


def backup(office: Office, name: str = "backup.zip") -> Path:
    """A backup beside the folder."""
    file = office.root.parent / name
    office.does("backup", str(file))
    return file


def restored(office: Office, file: Path, to: Path, *options: str, exits: int = 0) -> Office:
    """The folder `to` from that backup."""
    ran = restore(office, file, to, *options)
    assert ran.code == exits, ran.said
    return replace(office, root=to)


def restore(office: Office, file: Path, to: Path, *options: str) -> Ran:
    out, err = io.StringIO(), io.StringIO()
    with _environment(office.variables()), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(["restore", str(file), str(to), *options])
    return Ran(code, out.getvalue(), err.getvalue())


# What a backup is


def test_a_backup_is_a_folder_in_a_zip_file_for_its_owner_alone(mailed: Office) -> None:
    mailed.write("secrets.toml", '[lob]\napi_key = "live_dear"\n')
    file = mailed.root.parent / "backup.zip"
    said = mailed.does("backup", str(file)).said
    assert "4 pieces" in said
    assert "every hash was compared" in said
    assert f"mailer restore {file} NEW-FOLDER" in said
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        sums = archive.read("SHA256SUMS").decode()
        assert "live_dear" not in repr([archive.read(name) for name in names if name.endswith(".toml")])
        for line in sums.splitlines():
            digest, _, name = line.partition("  ")
            assert hashlib.sha256(archive.read(name)).hexdigest() == digest
    assert names[0] == "backup.json"
    assert names[-1] == "SHA256SUMS"
    assert {"mailer.db", "mailer.toml", LETTERS, f"jobs/{RATES}-job-1/letters.pdf"} <= set(names)
    assert {f"files/{path.parent.name}/{path.name}" for path in mailed.stored()} <= set(names)
    assert "secrets.toml" not in names
    assert [path.name for path in file.parent.iterdir() if path.name.startswith(".backup")] == []


def test_a_backup_overwrites_nothing(office: Office) -> None:
    file = office.root.parent / "backup.zip"
    file.write_text("mine")
    assert "is there already" in office.does("backup", str(file), exits=1).said
    assert file.read_text() == "mine"


def test_a_backup_says_what_the_folder_itself_lost(approved: Office) -> None:
    lost = approved.stored()[0]
    lost.unlink()
    said = approved.does("backup", str(approved.root.parent / "backup.zip"), exits=1).said
    assert f"DAMAGED files/{lost.parent.name}/{lost.name}" in said


def test_a_backup_while_another_command_writes_is_one_moment(approved: Office) -> None:
    """A writer that is in the middle of its transaction is not waited for, and nothing of it is copied."""
    other = sqlite3.connect(approved.root / "mailer.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("UPDATE piece SET status = 'void'")
    file = backup(approved)
    other.execute("ROLLBACK")
    other.close()
    again = restored(approved, file, approved.root.parent / "again")
    assert again.pieces() == [(1, "approved"), (2, "approved"), (3, "approved"), (4, "approved")]


# A folder again


def test_all_is_there_again(mailed: Office, tmp_path: Path) -> None:
    before = mailed.recorded()
    again = restored(mailed, backup(mailed), tmp_path / "again")
    after = again.recorded()
    assert after.pop("event")[:-1] == before.pop("event")
    assert after == before
    assert [path.name for path in again.stored()] == [path.name for path in mailed.stored()]
    assert (again.root / LETTERS).read_bytes() == (mailed.root / LETTERS).read_bytes()
    again.does("ledger", "verify")
    assert stat.S_IMODE(again.root.stat().st_mode) == 0o700


def test_a_folder_that_holds_something_is_left_alone(approved: Office) -> None:
    file = backup(approved)
    said = restore(approved, file, approved.root).said
    assert "is not empty; nothing was changed" in said
    assert "--over" in said


def test_over_a_folder_keeps_what_was_there(approved: Office) -> None:
    file = backup(approved)
    approved.write(LETTERS, "Hello")
    again = restored(approved, file, approved.root, "--over")
    assert "Hello" not in (again.root / LETTERS).read_text()
    before = approved.root.with_name("office.before-restore")
    assert "Hello" in (before / LETTERS).read_text()
    assert (again.root / "ledger.head").read_bytes() == (before / "ledger.head").read_bytes()
    assert "from an earlier restore" in restore(approved, file, approved.root, "--over").said


@pytest.mark.parametrize("rename", [1, 2])
def test_killed_in_the_middle_and_run_again(approved: Office, rename: int) -> None:
    """Before the old folder is moved away, and between that and the new one's coming."""
    file = backup(approved)
    approved.does("print", RATES)
    head = (approved.root / "ledger.head").read_bytes()
    ran = subprocess.run(
        [*KILLED, f"before-rename:{rename}", "restore", str(file), str(approved.root), "--over"],
        env=os.environ | approved.variables() | {"PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert ran.returncode == -signal.SIGKILL, ran.stderr
    if rename == 1:
        assert approved.pieces()[0] == (1, "produced")
    again = restored(approved, file, approved.root, "--over")
    assert again.pieces()[0] == (1, "approved")
    assert (again.root / "ledger.head").read_bytes() == head
    assert sorted(path.name for path in again.root.parent.iterdir() if "office" in path.name) == [
        "office", "office.before-restore",
    ]  # fmt: skip


# What is no backup


def rewritten(file: Path, name: str, content: bytes, *, link: bool = False) -> None:
    """The archive with one more entry, of which its list of hashes knows."""
    with zipfile.ZipFile(file) as archive:
        kept = {one: archive.read(one) for one in archive.namelist() if one not in ("SHA256SUMS", name)}
        sums = archive.read("SHA256SUMS").decode()
    sums = "".join(line for line in sums.splitlines(keepends=True) if not line.endswith(f"  {name}\n"))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, bytes_ in kept.items():
            archive.writestr(one, bytes_)
        entry = zipfile.ZipInfo(name)
        entry.external_attr = (stat.S_IFLNK | 0o777 if link else stat.S_IFREG | 0o600) << 16
        archive.writestr(entry, content)
        archive.writestr("SHA256SUMS", f"{sums}{hashlib.sha256(content).hexdigest()}  {name}\n")


def refused(office: Office, file: Path) -> str:
    to = office.root.parent / "again"
    ran = restore(office, file, to)
    assert ran.code == 1
    assert not to.exists()
    assert [path.name for path in to.parent.iterdir() if path.name.startswith(".again")] == []
    return ran.said


def test_an_archive_that_was_cut_short(office: Office) -> None:
    file = backup(office)
    file.write_bytes(file.read_bytes()[:-100])
    assert "cut short, or no backup" in refused(office, file)


def test_an_archive_of_which_a_byte_was_changed(office: Office) -> None:
    file = backup(office)
    content = bytearray(file.read_bytes())
    with zipfile.ZipFile(file) as archive:
        entry = archive.getinfo("mailer.db")
    content[entry.header_offset + 200] ^= 1
    file.write_bytes(content)
    assert "mailer.db" in refused(office, file)


def test_an_archive_whose_letter_was_edited(office: Office) -> None:
    file = backup(office)
    with zipfile.ZipFile(file) as archive:
        sums = archive.read("SHA256SUMS")
    rewritten(file, LETTERS, b"Dear all,")
    with zipfile.ZipFile(file) as archive:
        kept = {one: archive.read(one) for one in archive.namelist()}
    with zipfile.ZipFile(file, "w") as archive:
        for one, content in kept.items():
            archive.writestr(one, sums if one == "SHA256SUMS" else content)
    assert f"{LETTERS} is not what was backed up: its hash differs" in refused(office, file)


@pytest.mark.parametrize(
    "name", ["../out", "/out", "a/../../out", "C:/out", "a\\out", ".bashrc", "ledger.head"]
)
def test_an_archive_that_would_write_elsewhere(office: Office, name: str) -> None:
    file = backup(office)
    rewritten(file, name, b"out")
    assert "which is no file within a folder" in refused(office, file)


def test_an_archive_with_a_link(office: Office) -> None:
    file = backup(office)
    rewritten(file, "campaigns/link", b"/etc/passwd", link=True)
    assert "which is no file within a folder" in refused(office, file)


def test_an_archive_that_holds_more_than_the_disk(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    file = backup(office)
    usage = shutil.disk_usage(file.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1_000))
    assert "and 1,000 are free" in refused(office, file)


def test_a_database_whose_ledger_was_changed_is_not_restored(office: Office, tmp_path: Path) -> None:
    file = backup(office)
    with zipfile.ZipFile(file) as archive:
        (tmp_path / "edited.db").write_bytes(archive.read("mailer.db"))
    database = sqlite3.connect(tmp_path / "edited.db")
    for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        database.execute(f"DROP TRIGGER {name}")
    database.execute("UPDATE event SET actor = 'Eve' WHERE seq = 1")
    database.commit()
    database.close()
    rewritten(file, "mailer.db", (tmp_path / "edited.db").read_bytes())
    assert "its content was changed after it was recorded" in refused(office, file)


# What an older copy does not know


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
    assert again.rows("SELECT provider_id, cost FROM submission ORDER BY 1") == live.rows(
        "SELECT provider_id, cost FROM submission ORDER BY 1"
    )
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


@pytest.mark.parametrize("step", ["before-commit:1", "after-commit:1", "before-commit:2", "after-commit:2"])
def test_killed_while_it_is_settled(live: Office, fake_lob: Handle, tmp_path: Path, step: str) -> None:
    file = backup(live)
    live.does("send", RATES, "--yes")
    again = restored(live, file, tmp_path / "again")
    ran = subprocess.run(
        [*KILLED, step, "settle", "-C", str(again.root)],
        env=os.environ | again.variables() | {"PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert ran.returncode == -signal.SIGKILL, ran.stderr
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
    there = restored(replace(live, database=empty_postgres), file, tmp_path / "there")
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
