"""A disk that is really full: a small tmpfs. Only a superuser may mount one; elsewhere the tests say so."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.lob import Handle, running
from tests.support.office import FIRST, RATES, Office


@contextmanager
def small_disk(place: Path, size: str) -> Iterator[Path]:
    """A disk of that size at `place`."""
    place.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        pytest.skip(f"no disk can be mounted here: {done.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def fill(place: Path) -> Path:
    """Leave no byte free."""
    filler = place / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 4096)
        except OSError:
            pass
    return filler


@pytest.fixture
def lob() -> Iterator[Handle]:
    with running() as handle:
        yield handle


def test_printing_onto_a_full_disk_leaves_no_job_and_goes_on_later(approved: Office) -> None:
    with small_disk(approved.root / "jobs", "16k"):
        ran = approved.does("print", RATES, exits=1)
        assert ran.err.endswith(
            "mailer: the disk is full.\n  Make room, then run the same command again: it goes on.\n"
        )
        assert [path for path in (approved.root / "jobs").iterdir() if not path.name.startswith(".")] == []
        assert [status for _, status in approved.pieces()] == ["approved"] * 4
    approved.does("print", RATES)
    assert [status for _, status in approved.pieces()] == ["produced"] * 4
    approved.does("ledger", "verify")


def test_sending_with_a_full_disk_sends_nothing_that_is_not_recorded(
    approved: Office, lob: Handle, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", "24m") as disk:
        shutil.copytree(approved.root, disk / "office")
        office = replace(approved, root=disk / "office").by_lob(lob.base)
        filler = fill(disk)
        ran = office.does("send", RATES, exits=1)
        assert "disk" in ran.err
        assert "full" in ran.err
        assert lob.letters() == []
        filler.unlink()
        office.does("send", RATES)
        assert len(lob.letters()) == 4
        assert [status for _, status in office.pieces()] == ["accepted"] * 4
        office.does("ledger", "verify")


def test_what_is_committed_is_said_to_be_though_the_disk_is_full_by_then(
    printed: Office, tmp_path: Path
) -> None:
    """Repeated, it would be refused: nothing is left to hand over."""
    database = shutil.copy(printed.root / "mailer.db", tmp_path / "mailer.db")
    with small_disk(tmp_path / "disk", "24m") as disk:
        shutil.copytree(printed.root, disk / "office")
        office = replace(printed, root=disk / "office", database=f"sqlite:///{database}")
        filler = fill(disk)
        office.drops("2026-11-24 14:10", *FIRST)
        filler.unlink()
        assert [status for _, status in office.pieces()] == ["mailed"] * 4
        office.does("ledger", "verify")


@pytest.mark.parametrize("left", [0, 90_000, 250_000])
def test_a_backup_onto_a_full_disk_leaves_nothing(approved: Office, tmp_path: Path, left: int) -> None:
    with small_disk(tmp_path / "disk", "4m") as disk:
        filler = fill(disk)
        with filler.open("r+b") as file:
            file.truncate(filler.stat().st_size - left)
        ran = approved.does("backup", str(disk / "all.zip"), exits=1)
        assert "isk" in ran.err
        assert "full" in ran.err
        assert [path.name for path in disk.iterdir()] == ["filler"]
        filler.unlink()
        approved.does("backup", str(disk / "all.zip"))
