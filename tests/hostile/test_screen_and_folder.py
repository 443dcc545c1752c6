"""What a screen would obey is shown as text, and what is written stays in its folder, for its owner alone."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes import lob_faults
from tests.fakes.lob import Handle
from tests.hostile.attempts import PACK, typed
from tests.support.evidence import at
from tests.support.office import RATES, Office, sha256


@pytest.mark.parametrize("name", ["Who? letters", "per%20cent", "mode?mode=ro", "new\nline", "a#b@c:1"])
def test_a_folders_name_leads_to_no_other_database(office: Office, name: str) -> None:
    """A ? ended the database's name, and %20 was a blank: it lay, or was looked for, outside."""
    moved = replace(office, root=office.root.rename(office.root.with_name(name)))
    before = sorted(moved.root.parent.iterdir())
    assert "Ash Street Bakery" in moved.does("clients", "list").out
    assert sorted(moved.root.parent.iterdir()) == before
    backup, again = str(moved.root.with_name("all.zip")), moved.root.with_name(f"{name} again")
    moved.does("backup", backup)
    typed("restore", backup, str(again))
    assert "Ash Street Bakery" in replace(moved, root=again).does("clients", "list").out


def test_what_a_terminal_would_obey_is_shown(office: Office) -> None:
    listed = (office.root / "list.csv").read_text()
    office.imports(listed.replace("Ash Street Bakery", "Ash \u202eStreet"))
    assert "\u202e" not in office.does("clients", "list").out
    ran = office.mailer("plan", "\x1b]0;mine\x07")
    assert "\x1b" not in ran.out + ran.err
    assert "\\x1b]0;mine\\x07" in ran.said


def test_so_is_what_a_service_says_and_a_packs_title(
    lobbed: Office, fake_lob: Handle, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(lob_faults.WORDS, 422, ("invalid", "\x1b]0;mine\x07"))
    fake_lob.tell(faults=[{"kind": "422", "times": 0}])
    pack = shutil.copytree(PACK, tmp_path / "pack")
    manifest, sums = pack / "manifest.json", pack / "SHA256SUMS"
    before = sha256(manifest)
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"title": "\x1b]0;mine\x07"}))
    sums.write_text(sums.read_text().replace(before, sha256(manifest)))
    for ran in (lobbed.mailer("send", RATES), typed("evidence", "verify", str(pack))):
        assert "\x1b" not in ran.out + ran.err
        assert "\\x1b]0;mine\\x07" in ran.said


def test_what_is_written_is_its_owners_alone(printed: Office) -> None:
    """An older version left it open to others; the next command closes it."""
    for name in ("mailer.db", "files", "jobs"):
        (printed.root / name).chmod(0o755)
    printed.does("clients", "export", str(printed.root / "all.csv"))
    printed.does("proof", RATES)
    modes = {name: (printed.root / name).stat().st_mode & 0o077 for name in ("mailer.db", "files", "jobs")}
    assert modes == {"mailer.db": 0, "files": 0, "jobs": 0}
    made = [printed.root / "all.csv", *(printed.root / "proofs").rglob("*"), *printed.job().rglob("*")]
    assert [path.name for path in made if path.stat().st_mode & 0o077] == []


def test_what_sqlite_made_beside_a_database_that_was_read_only_is_writable_again(printed: Office) -> None:
    """It gives them the database's rights of that moment; all commands were refused until they were gone."""
    beside = [printed.root / "mailer.db-wal", printed.root / "mailer.db-shm"]
    for path in beside:
        path.touch(0o400)
        path.chmod(0o400)
    with at(printed, "2026-11-24 14:10"):
        assert [path.stat().st_mode & 0o777 for path in beside] == [0o600, 0o600]
