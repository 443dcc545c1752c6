"""A backup, and a mail folder again from it: whole, or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import stat
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from mailer.store.commandlock import alone
from tests.support.copies import backup, killed, restore, restored
from tests.support.office import LETTERS, RATES, Office

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


def test_a_campaign_that_is_a_link_is_in_the_backup(office: Office) -> None:
    """It was left out without a word; a link to what it lies in is none."""
    elsewhere = office.root.parent / "elsewhere"
    shutil.move(office.root / "campaigns" / RATES, elsewhere)
    (office.root / "campaigns" / RATES).symlink_to(elsewhere)
    (elsewhere / "up").symlink_to(office.root / "campaigns")
    with zipfile.ZipFile(backup(office)) as archive:
        names = [name for name in archive.namelist() if RATES in name]
    assert names.count(LETTERS) == 1
    assert not any("up" in name for name in names)


def test_a_backup_overwrites_nothing(office: Office) -> None:
    file = office.root.parent / "backup.zip"
    file.write_text("mine")
    assert "is there already" in office.does("backup", str(file), exits=1).said
    assert file.read_text() == "mine"


def test_what_a_killed_backup_left_is_cleared_away(office: Office) -> None:
    beside = office.root.parent
    (beside / ".backup.zip.part").write_bytes(b"half")
    (beside / ".backup.zip.work").mkdir()
    (beside / ".backup.zip.work/mailer.db").write_bytes(b"half")
    backup(office)
    assert [path.name for path in beside.iterdir() if path.name.startswith(".backup")] == []


def test_a_backup_into_a_folder_that_is_not_there(office: Office) -> None:
    said = office.does("backup", str(office.root / "none/backup.zip"), exits=1).said
    assert "Make that folder first" in said


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


LOCK = ".office.restoring.lock"


def test_two_do_not_restore_one_folder(approved: Office) -> None:
    """They took each other's work away: the folder was gone, or said to be restored and lacked half."""
    file = backup(approved)
    with alone(approved.root.parent, LOCK, "restoring office"):
        ran = restore(approved, file, approved.root, "--over")
    assert ran.code == 1
    assert "another command is restoring office here." in ran.said
    assert approved.pieces()
    restored(approved, file, approved.root, "--over")


@pytest.mark.parametrize("name", ["ledger.head", "secrets.toml"])
@pytest.mark.parametrize("found", ["a pipe", "endless", "huge"])
def test_over_a_folder_in_which_one_of_these_is_no_file(approved: Office, name: str, found: str) -> None:
    """What had no end was copied until the disk was full."""
    file, path = backup(approved), approved.root / name
    path.unlink(missing_ok=True)
    if found == "a pipe":
        os.mkfifo(path)
    elif found == "endless":
        path.symlink_to("/dev/zero")
    else:
        path.touch()
        os.truncate(path, 10**12)
    ran = restore(approved, file, approved.root, "--over")
    assert name in ran.said
    assert "is not a file." in ran.said or "is larger than 1,000,000 bytes." in ran.said
    assert [one.name for one in approved.root.parent.iterdir() if "restor" in one.name] == []


@pytest.mark.parametrize("rename", [1, 2])
def test_killed_in_the_middle_and_run_again(approved: Office, rename: int) -> None:
    """Before the old folder is moved away, and between that and the new one's coming."""
    file = backup(approved)
    approved.does("print", RATES)
    head = (approved.root / "ledger.head").read_bytes()
    killed(approved, f"before-rename:{rename}", "restore", str(file), str(approved.root), "--over")
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
    "name",
    [
        "../out",
        "/out",
        "a/../../out",
        "C:/out",
        "a\\out",
        ".bashrc",
        "ledger.head",
        "mailer.db-wal",
        "jobs/" + "x" * 256,
        "d/" * 40 + "x",
    ],
)
def test_an_archive_that_would_write_elsewhere(office: Office, name: str) -> None:
    file = backup(office)
    rewritten(file, name, b"out")
    assert "which is no file within a folder" in refused(office, file)


def test_an_archive_with_a_link(office: Office) -> None:
    file = backup(office)
    rewritten(file, "campaigns/link", b"/etc/passwd", link=True)
    assert "which is no file within a folder" in refused(office, file)


@pytest.mark.parametrize(
    "about",
    [
        "[" * 100_000,
        '{"format": true, "made_at": "2026-11-24T18:00:00+00:00"}',
        '{"format": 1, "made_at": "' + "x" * 100_000 + '"}',
        '{"format": 1}',
        "[]",
    ],
)
def test_an_archive_that_says_nonsense_of_itself(office: Office, about: str) -> None:
    file = backup(office)
    rewritten(file, "backup.json", about.encode())
    assert "has no backup.json that can be read" in refused(office, file)


def test_a_pipe_is_no_archive(office: Office, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.zip")
    assert "a.zip: is not a file. Name the backup's file." in refused(office, tmp_path / "a.zip")


def test_a_restore_over_the_whole_machine(office: Office) -> None:
    ran = restore(office, backup(office), Path("/"))
    assert (ran.code, "/: is no folder of its own." in ran.said) == (1, True)


def test_an_archive_that_holds_more_than_the_disk(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    file = backup(office)
    usage = shutil.disk_usage(file.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1_000))
    assert "and 1,000 are free" in refused(office, file)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("UPDATE event SET actor = 'Eve'", "its content was changed after it was recorded"),
        (
            "UPDATE event SET recorded_at = 'yesterday'",
            "holds what no mailer wrote: event.recorded_at: something in it is not of the kind",
        ),
    ],
)
def test_a_database_whose_ledger_was_changed_is_not_restored(
    office: Office, tmp_path: Path, change: str, says: str
) -> None:
    file = backup(office)
    with zipfile.ZipFile(file) as archive:
        (tmp_path / "edited.db").write_bytes(archive.read("mailer.db"))
    database = sqlite3.connect(tmp_path / "edited.db")
    for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        database.execute(f"DROP TRIGGER {name}")
    database.execute(change)
    database.commit()
    database.close()
    rewritten(file, "mailer.db", (tmp_path / "edited.db").read_bytes())
    assert says in refused(office, file)


def test_an_archive_whose_names_are_endless_paths(office: Office) -> None:
    """All folders above a name of 64 kB are 250 MB."""
    file = backup(office)
    rewritten(file, "a/" * 32_000 + "a", b"x")
    assert "which is no file within a folder" in refused(office, file)


@pytest.mark.parametrize("name", ["mailer.toml/x", "campaigns"])
def test_an_archive_with_a_file_for_a_folder(office: Office, name: str) -> None:
    file = backup(office)
    rewritten(file, name, b"x")
    assert "as a file and as a folder" in refused(office, file)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            "CREATE TRIGGER mine AFTER INSERT ON event BEGIN UPDATE piece SET status = 'void'; END",
            "the database has triggers or views that are not mailer's",
        ),
        (
            "CREATE VIEW mine AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT i FROM n",
            "the database has triggers or views that are not mailer's",
        ),
        ("DELETE FROM alembic_version", "does not say which schema it has"),
        ("UPDATE alembic_version SET version_num = 'x'", "does not say which schema it has"),
    ],
)
def test_a_database_that_does_what_it_likes(office: Office, tmp_path: Path, change: str, says: str) -> None:
    """The next event would make every letter void, so that it may go again; or a question would never end."""
    file = backup(office)
    with zipfile.ZipFile(file) as archive:
        (tmp_path / "edited.db").write_bytes(archive.read("mailer.db"))
    with closing(sqlite3.connect(tmp_path / "edited.db")) as database:
        database.execute(change)
        database.commit()
    rewritten(file, "mailer.db", (tmp_path / "edited.db").read_bytes())
    assert says in refused(office, file)


def test_an_archive_that_lacks_a_stored_file_says_so(approved: Office, tmp_path: Path) -> None:
    lost = approved.stored()[0]
    file = backup(approved)
    with zipfile.ZipFile(file) as archive:
        kept = {one: archive.read(one) for one in archive.namelist() if not one.endswith(lost.name)}
    kept["SHA256SUMS"] = b"".join(
        line for line in kept["SHA256SUMS"].splitlines(keepends=True) if lost.name.encode() not in line
    )
    with zipfile.ZipFile(file, "w") as archive:
        for one, content in kept.items():
            archive.writestr(one, content)
    ran = restore(approved, file, tmp_path / "again")
    assert ran.code == 1
    assert f"DAMAGED files/{lost.name[:2]}/{lost.name}: not in the archive" in ran.said
    assert (tmp_path / "again" / "mailer.toml").exists()


def test_what_people_wrote_is_there_again(office: Office, tmp_path: Path) -> None:
    file = backup(office)
    assert restore(office, file, tmp_path / "again").code == 0
    for folder in ("campaigns", "letterhead", "messages", "page", "policies"):
        before = [
            path.relative_to(office.root) for path in (office.root / folder).rglob("*") if path.is_file()
        ]
        assert before
        for name in before:
            assert (tmp_path / "again" / name).read_bytes() == (office.root / name).read_bytes()
