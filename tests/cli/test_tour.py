"""`mailer tour`: the main job on the sample firm; run again, it loses no edit and makes nothing twice."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.office import RATES, Office

pytestmark = pytest.mark.long
ORDINARY = {"MAILER_TODAY": "2026-11-24", "MAILER_DATABASE_URL": "", "COLUMNS": "80"}


@pytest.fixture(scope="module")
def toured(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("tour") / "out"
    return folder, tour(folder)


def tour(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mailer", "tour", str(folder)],
        env=os.environ | ORDINARY, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_it_ends_well_and_names_files_that_are_there(
    toured: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, done = toured
    assert done.returncode == 0, done.stderr
    named = done.stdout.partition("Open these:")[2].partition("Go on with:")[0]
    paths = [Path(line.strip()) for line in named.splitlines() if line.strip().startswith(str(folder))]
    assert len(paths) >= 5
    assert [path for path in paths if not path.is_file()] == []
    assert "Traceback" not in done.stderr
    assert f"cd {folder}" in done.stdout.partition("Go on with:")[2]


def test_it_shows_a_plan_that_is_refused(toured: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    _, done = toured
    assert "(exit 3, as expected)" in done.stdout
    said = " ".join(done.stdout.split())
    assert "REFUSED: Tue 15 Dec 2026 is too near" in said
    assert "The earliest date for all is Wed 30 Dec 2026." in said
    lines = done.stdout.splitlines()
    assert len(lines) < 260
    assert [line for line in lines if len(line) > 80 and " " in line.strip()] == []


def test_it_bills_before_and_after(toured: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    office = Office(toured[0])
    # American River Surveying: no contract, 130.00; Bear Flag Title: locked until 30 June 2027
    assert [office.rate("CF-1002", day) for day in ("2026-12-31", "2027-01-04")] == ["130.00", "138.00"]
    assert [office.rate("CF-1005", day) for day in ("2026-12-31", "2027-01-04")] == ["130.00", "130.00"]


def test_the_command_it_ends_with_works(toured: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, done = toured
    lines = done.stdout.partition("Go on with:")[2].strip().splitlines()
    shell = " && ".join(line.strip() for line in lines)
    ran = subprocess.run(
        ["bash", "-c", shell], env=os.environ | ORDINARY, capture_output=True, text=True, check=False
    )
    assert ran.returncode in {0, 1}, ran.stderr
    assert f"{RATES}: " in ran.stdout
    assert folder.is_dir()


def test_run_again_it_keeps_edits_and_prints_nothing_twice(
    toured: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, _ = toured
    letter = folder / "campaigns" / "2027-hours" / "letter.md"
    letter.write_text(f"{letter.read_text(encoding='utf-8')}\nP.S. Coffee is on us.\n", encoding="utf-8")
    notes = folder / "campaigns" / "2027-rates" / "notes.txt"
    notes.write_text("mine", encoding="utf-8")
    office = Office(folder)
    before = {
        name: office.recorded()[name] for name in ("piece", "job", "mail_drop", "client", "client_rate")
    }
    again = tour(folder)
    assert again.returncode == 0, again.stderr
    assert letter.read_text(encoding="utf-8").endswith("P.S. Coffee is on us.\n")
    assert notes.read_text(encoding="utf-8") == "mine"
    assert {name: office.recorded()[name] for name in before} == before
    office.does("ledger", "verify")
