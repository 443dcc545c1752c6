"""What an older mailer left behind: today's commands open it.

tests/data/pack-1 is an evidence pack of format 1, tests/data/folder-1 a mail folder of schema 0003 with the
four clients of tests/support/office.py: approved, printed and dropped on 24 November 2026, one letter
returned, one exception, one address corrected on 1 December; without the shipped fonts.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.office import RATES, Office

DATA = Path(__file__).parent / "data"


def verified(pack: Path) -> str:
    """What the real command says of a pack that holds."""
    command = [sys.executable, "-m", "mailer", "evidence", "verify", str(pack)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_pack_of_format_1_verifies() -> None:
    pack = DATA / "pack-1"
    listed = (pack / "SHA256SUMS").read_text().splitlines()
    sums = {name: digest for digest, name in (line.split("  ", 1) for line in listed)}
    files = [path for path in pack.rglob("*") if path.is_file() and path.name != "SHA256SUMS"]
    assert sums == {
        path.relative_to(pack).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }
    said = verified(pack)
    assert "24 files, each as its manifest lists it." in said
    assert "11 events, chain unbroken." in said
    assert "6 pieces, 1 hand-over, 0 receipts: as the ledger has them." in said


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Office:
    root = shutil.copytree(DATA / "folder-1", tmp_path_factory.mktemp("older") / "folder-1")
    return Office(root, today="2026-12-01")


def test_the_ledger_of_a_folder_of_schema_0003_holds(folder: Office) -> None:
    head = "fbc631edc7f5acafc7086d13f5b774619763cca1a41802a75964c17a9a5735f6"  # of the eleven that it had
    ran = folder.does("ledger", "verify", "--head", head)
    assert "The ledger holds: 15 events, 4 pieces, chain unbroken." in ran.said


def test_its_notices_are_judged(folder: Office) -> None:
    found = folder.checked()
    assert found[""]["exit"] == 0
    numbers = ("N-1", "N-2", "N-3", "N-4")
    assert [found[number]["state"] for number in numbers] == ["running"] * 4
    assert [found[number]["letter"]["status"] for number in numbers] == [
        "mailed",
        "mailed",
        "mailed",
        "returned",
    ]
    ran = folder.does("status", RATES)
    assert "mailed 3" in ran.said
    assert "2027-rates-L-0001 Dogwood Press" in ran.said
    assert RATES in folder.does("status").said


def test_what_the_old_version_answered_is_answered_so_today(folder: Office) -> None:
    """tests/data/rates-1/folder-1.json was written by version 1a0f3f5, for work done on 4 January."""
    later = folder.on("2027-01-04")
    answers = str(DATA / "rates-1" / "folder-1.json")
    ran = later.does("rates", "--compare", answers)
    assert "None of 4 amounts are answered otherwise." in ran.said
    found = later.does("rates", "--compare", answers, "--worked-on", "2027-01-04", "--json").json
    assert found == {"worked_on": "2027-01-04", "compared": 4, "differences": []}


def test_its_work_is_billed(folder: Office) -> None:
    """Every rise is 6%, to whole dollars, and nobody's before the first of January."""
    before, after = ("130.00", "125.00", "150.00", "130.00"), ("138.00", "133.00", "159.00", "138.00")
    assert tuple(folder.rate(f"N-{n}", "2026-12-31") for n in (1, 2, 3, 4)) == before
    assert tuple(folder.rate(f"N-{n}", "2027-01-04") for n in (1, 2, 3, 4)) == after


def test_its_exception_and_its_correction_are_told(folder: Office) -> None:
    assert "asked for 14 days in writing" in folder.does("exception", "list").said
    assert "40 Dogwood Way" in folder.does("clients", "show", "N-4").said


def test_evidence_of_it_is_made_and_verifies(folder: Office, tmp_path: Path) -> None:
    folder.does("evidence", RATES, "--out", str(tmp_path / "pack"))
    assert "4 pieces, 1 hand-over, 0 receipts: as the ledger has them." in verified(tmp_path / "pack")
