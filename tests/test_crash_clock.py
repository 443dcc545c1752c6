"""kill -9 of `mailer send` while the machine's clock is thrown back and forth: nothing twice, nothing lost.

The clock of the commands is libfaketime's (Debian: faketime), not a value in the database: what the
libraries, the records and the service's client see is wrong as well. The service keeps the right time, and
forgets its keys between two tries.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.lob import Handle, running
from tests.support.killing import killed
from tests.support.office import Office, begin
from tests.test_crash import many
from tests.test_crash_printshop import taken
from tests.test_crash_sending import ISSUE

pytestmark = pytest.mark.long
PIECES = 60
HOURS = [26, -24 * 30, 24 * 400]
"""By how much each run's clock is wrong, one after the other."""
LABELS = {f"2026-12-N-{number:04}": 1 for number in range(1, PIECES + 1)}
LIBRARY = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
CI = Path(__file__).parents[1] / ".ci" / "faketime"

if LIBRARY is None:
    pytest.skip("no libfaketime here (Debian: faketime)", allow_module_level=True)


def wrong_by(hours: int) -> dict[str, str]:
    """The environment of a process whose clock is so far from the right time. Its monotonic clock is right:
    .ci/days says why, and .ci/faketime mends what that breaks.
    """
    return {
        "LD_PRELOAD": str(LIBRARY),
        "FAKETIME": f"{hours * 3600:+}",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "PYTHONPATH": os.pathsep.join((str(CI), str(CI.parents[1]))),
    }


@pytest.fixture(scope="module")
def issue_approved(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = begin(tmp_path_factory.mktemp("clock") / "office")
    office.imports(many(PIECES))
    office.does("approve", ISSUE)
    return office


@pytest.fixture
def lob() -> Iterator[Handle]:
    with running() as handle:
        yield handle


def sends(office: Office, hours: int) -> None:
    """One run to its end."""
    words = [sys.executable, "-m", "mailer", "send", ISSUE, "-C", str(office.root)]
    environ = os.environ | office.variables() | wrong_by(hours)
    ran = subprocess.run(words, env=environ, capture_output=True, text=True, check=False, timeout=120)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_by_lob(issue_approved: Office, lob: Handle, tmp_path: Path) -> None:
    office = issue_approved.copy(tmp_path / "office").by_lob(lob.base)
    for step, hours in zip(("after-post:3", "after-post:20"), HOURS, strict=False):
        killed(office, step, "send", ISSUE, environ=wrong_by(hours))
        lob.tell(advance=25 * 3600)
        assert max(Counter(letter["label"] for letter in lob.letters()).values()) == 1, step
    sends(office, HOURS[-1])
    assert Counter(letter["label"] for letter in lob.letters()) == LABELS
    assert Counter(status for _, status in office.pieces(ISSUE)) == {"accepted": PIECES}


def test_by_the_print_shop(issue_approved: Office, tmp_path: Path) -> None:
    office = issue_approved.copy(tmp_path / "office")
    for name in ("jobs", "answers", "sent"):
        (tmp_path / "shop" / name).mkdir(parents=True)
    office.edit("mailer.toml", "[lead_times]", '[hotfolder]\nfolder = "../shop"\ntest = true\n\n[lead_times]')
    for step, hours in zip(("before-move:2", "after-move:2"), HOURS, strict=False):
        killed(office, step, "send", ISSUE, environ=wrong_by(hours))
        assert max(taken(office).values(), default=1) == 1, step
    sends(office, HOURS[-1])
    assert taken(office) == LABELS
    assert Counter(status for _, status in office.pieces(ISSUE)) == {"accepted": PIECES}


def test_a_clock_that_lies_behind_the_record_is_said(issue_approved: Office) -> None:
    """Before anything is counted by it; two hours are another time zone's or a slow clock's."""
    words = [sys.executable, "-m", "mailer", "status", "-C", str(issue_approved.root)]
    said = {}
    for hours in (-2, -24 * 365):
        environ = os.environ | issue_approved.variables() | wrong_by(hours)
        ran = subprocess.run(words, env=environ, capture_output=True, text=True, check=True, timeout=120)
        said[hours] = ran.stderr
    assert "CLOCK: " not in said[-2]
    assert "and the record's last entry is of " in said[-24 * 365]
    assert "Set the clock before anything is approved, sent or handed over" in said[-24 * 365]
