"""kill -9 of `mailer send` at its durable steps, and two at once: 1,000 pieces, none lost, none twice.

The pieces are a newsletter's, whose pages are laid out once; their way through the outbox is a letter's.
"""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest

from tests.fakes.lob import Handle, running
from tests.mailservice.test_send import backdate
from tests.support.killing import killed
from tests.support.office import HEADINGS, Office, begin
from tests.test_crash import many

pytestmark = pytest.mark.long
ISSUE = "2026-12"
PIECES = 1_000
STEPS = [
    *(f"{when}-commit:{number}" for number in (1, 2, 3, 4, 7) for when in ("before", "after")),
    *(f"{when}-post:{number}" for number in (1, 40, 41, 65) for when in ("before", "after")),
]  # 18 steps: at least 33 pieces are recorded between two of them, so all come before the end
CLOCK = [25, -2, 0, -30, 24 * 400]
"""Hours by which our clock is thrown between two runs; -2: it says two hours before the last try."""


@pytest.fixture
def lob() -> Iterator[Handle]:
    with running() as handle:
        yield handle


def approved(root: Path, lob: Handle, database: str = "") -> Office:
    """An office whose issue for 1,000 readers is approved."""
    office = begin(root, database=database).by_lob(lob.base)
    assert HEADINGS in many(1)
    office.imports(many(PIECES))
    office.does("approve", ISSUE)
    return office


def each_once(office: Office, lob: Handle) -> None:
    """Lob has every piece once, the database says so, and the ledger agrees."""
    labels = Counter(letter["label"] for letter in lob.letters())
    assert labels == {f"2026-12-N-{number:04}": 1 for number in range(1, PIECES + 1)}
    assert Counter(status for _, status in office.pieces(ISSUE)) == {"accepted": PIECES}
    ids = {letter["id"] for letter in lob.letters()}
    assert {provider for (provider,) in office.rows("SELECT provider_id FROM submission")} == ids
    office.does("ledger", "verify")


def test_killed_at_each_durable_step(tmp_path: Path, lob: Handle) -> None:
    office = approved(tmp_path / "office", lob)
    steps = STEPS if os.environ.get("MAILER_LONG") else STEPS[1::3]
    for step, hours in zip(steps, cycle(CLOCK)):
        killed(office, step, "send", ISSUE)
        backdate(office, hours)
        lob.tell(advance=25 * 3600)  # it knows none of the keys any more
        taken = Counter(letter["label"] for letter in lob.letters())
        assert max(taken.values(), default=1) == 1, f"a piece went twice after {step}"
    office.does("send", ISSUE)
    each_once(office, lob)


@pytest.mark.parametrize("empty_database", ["postgresql"], indirect=True)
def test_two_processes_at_once(tmp_path: Path, lob: Handle, empty_database: str) -> None:
    office = approved(tmp_path / "office", lob, database=empty_database)
    lob.tell(faults=[{"kind": "slow", "seconds": 2, "times": 0}])  # until both are at it
    both = [office.start("send", ISSUE) for _ in range(2)]
    senders = "SELECT DISTINCT sender FROM submission WHERE sender IS NOT NULL"
    while len(office.rows(senders)) < 2:
        time.sleep(0.02)
        ended = [process.communicate() for process in both if process.poll() is not None]
        assert ended == []
    lob.tell(faults=None)
    said = [process.communicate(timeout=300) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    each_once(office, lob)
    accepted = [int(out.split(" accepted")[0].split()[-2].replace(",", "")) for out, _ in said]
    assert sum(accepted) == PIECES
    assert min(accepted) > 0, "one of them did all"


def test_interrupted_by_hand(tmp_path: Path, lob: Handle) -> None:
    """Ctrl-C: what is under way is finished and recorded, and the next run goes on."""
    office = approved(tmp_path / "office", lob)
    lob.tell(faults=[{"kind": "slow", "seconds": 0.05, "times": 0}])
    process = office.start("send", ISSUE)
    while len(lob.letters()) < 100:
        time.sleep(0.02)
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "run the same command again to go on" in err
    lob.tell(faults=None)
    statuses = Counter(status for _, status in office.pieces(ISSUE))
    assert statuses["accepted"] == len(lob.letters()) < PIECES
    office.does("send", ISSUE)
    each_once(office, lob)
