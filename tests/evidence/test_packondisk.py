"""An evidence pack proves itself far away from its maker, and says which of its files was changed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailer.errors import MailerError
from mailer.evidence.packondisk import verify_folder
from tests.support.evidence import as_of_monday
from tests.support.office import Office


def test_it_verifies_far_away_when_the_office_is_gone(posted: Office, tmp_path: Path) -> None:
    folder = as_of_monday(posted, out=tmp_path / "made").folder
    copied = shutil.copytree(folder, tmp_path / "usb" / "a pack")
    head = json.loads((copied / "manifest.json").read_text())["chain"]["head"]
    shutil.rmtree(posted.root)
    shutil.rmtree(folder)
    found = verify_folder(copied, head=head)
    assert found.problems == []
    assert (found.pieces, found.documents, found.drops, found.receipts) == (5, 5, 2, 1)
    assert not found.rehearsal


def test_the_readme_verifies_it_without_mailer(pack: Path, tmp_path: Path) -> None:
    """The script of README.txt as it is printed, in a bare Python; and sha256sum."""
    readme = (pack / "README.txt").read_text(encoding="utf-8")
    script = tmp_path / "verify.py"
    script.write_text(readme[readme.index("import hashlib") :], encoding="utf-8")
    head = json.loads((pack / "manifest.json").read_text())["chain"]["head"]
    done = subprocess.run(
        [sys.executable, "-I", str(script)], cwd=pack, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == head
    copy = shutil.copytree(pack, tmp_path / "copy")
    events = copy / "events.jsonl"
    events.write_bytes(events.read_bytes().replace(b"Lee Ortiz", b"Les Ortiz", 1))
    done = subprocess.run(
        [sys.executable, "-I", str(script)], cwd=copy, capture_output=True, text=True, check=False
    )
    assert "content" in done.stderr
    if shutil.which("sha256sum"):
        subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=pack, check=True)


KINDS = (
    "README.txt",
    "SHA256SUMS",
    "addressees.csv",
    "addresses.jsonl",
    "check.json",
    "declaration.pdf",
    "events.jsonl",
    "evidence.pdf",
    "jobs/2027-rates-job-1-manifest.csv",
    "manifest.json",
    "pieces/2027-rates-L.pdf",
    "pieces/2026-12-N.pdf",
    "receipts/2027-rates-1-scan-of-receipt-1.pdf",
    "rules.json",
)


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("how", ["one byte", "one more", "gone"])
def test_a_file_that_is_not_as_it_was(pack: Path, tmp_path: Path, name: str, how: str) -> None:
    copy = shutil.copytree(pack, tmp_path / "copy")
    content = (copy / name).read_bytes()
    middle = len(content) // 2
    match how:
        case "one byte":
            (copy / name).write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
        case "one more":
            (copy / name).write_bytes(content + b"\n")
        case _:
            (copy / name).unlink()
    problems = verify_folder(copy).problems
    assert any(name in problem for problem in problems), problems


@pytest.mark.parametrize("name", ["note.txt", "pieces/2027-rates-L-0006.pdf", ".DS_Store", "pieces/deep/x"])
def test_a_file_that_was_added(pack: Path, tmp_path: Path, name: str) -> None:
    copy = shutil.copytree(pack, tmp_path / "copy")
    (copy / name).parent.mkdir(exist_ok=True)
    (copy / name).write_bytes(b"")
    assert f"{name} is not in the manifest: it was added" in verify_folder(copy).problems


def test_a_link_is_no_file_of_a_pack(pack: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(pack, tmp_path / "copy")
    (copy / "evidence.pdf").unlink()
    (copy / "evidence.pdf").symlink_to(pack / "evidence.pdf")
    with pytest.raises(MailerError, match="is a link"):
        verify_folder(copy)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_byte_of_any_file(pack: Path, data: st.DataObject) -> None:
    files = sorted(path for path in pack.rglob("*") if path.is_file())
    path = data.draw(st.sampled_from(files))
    before = path.read_bytes()
    place = data.draw(st.integers(0, len(before) - 1))
    bits = data.draw(st.integers(1, 255))
    try:
        path.write_bytes(before[:place] + bytes([before[place] ^ bits]) + before[place + 1 :])
        assert verify_folder(pack).problems
    finally:
        path.write_bytes(before)
