"""kill -9 of `mailer send` to a print shop, in the middle of a job and between jobs, its clock thrown about.

The pieces are a newsletter's, whose pages are laid out once. The shop takes each job away as soon as it may.
"""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from itertools import cycle
from pathlib import Path

import pytest

from tests.mailservice.test_send import backdate
from tests.support.killing import killed
from tests.support.office import Office, begin
from tests.test_crash import many
from tests.test_crash_sending import CLOCK, ISSUE

pytestmark = pytest.mark.long
LONG = bool(os.environ.get("MAILER_LONG"))
PIECES = 2_000 if LONG else 30
STEPS = ["after-commit:1", "before-move:2", "after-move:2"]  # each in the middle of the first job
MORE = [
    *("before-move:1", "after-move:1", "before-move:2", "after-move:2", "before-move:3", "after-move:3"),
    *("before-commit:2", "after-commit:2", "before-commit:3"),
]  # the jobs are four: 500 pieces each


@pytest.fixture
def office(tmp_path: Path) -> Office:
    for name in ("jobs", "answers", "sent"):
        (tmp_path / "shop" / name).mkdir(parents=True)
    office = begin(tmp_path / "office")
    office.edit("mailer.toml", "[lead_times]", '[hotfolder]\nfolder = "../shop"\ntest = true\n\n[lead_times]')
    office.imports(many(PIECES))
    office.does("approve", ISSUE)
    return office


def taken(office: Office) -> Counter[str]:
    """The shop takes away what is there whole; how often it has each piece by now."""
    shop = office.root.parent / "shop"
    (shop / "taken").mkdir(exist_ok=True)
    for job in (shop / "jobs").glob("TEST-*"):
        if (shop / "sent" / f"{job.name}.json").exists():  # else it is too fast to be told apart from a loss
            shutil.move(job, shop / "taken")
    manifests = (json.loads(path.read_text()) for path in shop.glob("*/TEST-*/manifest.json"))
    return Counter(piece["piece"] for job in manifests for piece in job["pieces"])


def test_each_piece_goes_once(office: Office) -> None:
    for step, hours in zip([*STEPS, *(MORE if LONG else ())], cycle(CLOCK)):
        killed(office, step, "send", ISSUE)
        assert max(taken(office).values(), default=1) == 1, f"a piece went twice after {step}"
        backdate(office, hours)
    office.does("send", ISSUE)
    assert taken(office) == {f"2026-12-N-{number:04}": 1 for number in range(1, PIECES + 1)}
    assert Counter(status for _, status in office.pieces(ISSUE)) == {"accepted": PIECES}

    shop = office.root.parent / "shop"
    jobs = sorted(path.name for path in (shop / "taken").iterdir())
    for name in jobs:
        half = shop / "answers" / f"{name}.csv"
        half.write_text("piece,status,day,reason\nall,accepted,,\nall,mai")
    assert "still being written" in office.does("track", exits=4).said
    for name in jobs:
        for copy in ("", "-2"):  # once more, which changes nothing
            rows = "piece,status,day,reason\nall,accepted,,\nall,mailed,2026-11-24,\nend\n"
            (shop / "answers" / f"{name}{copy}.csv").write_text(rows)
    assert f"{PIECES:,} moved on" in office.does("track").said
    assert "0 new events, 0 moved on" in office.does("track").said
    assert Counter(status for _, status in office.pieces(ISSUE)) == {"mailed": PIECES}
    office.does("ledger", "verify")


def test_a_folder_that_vanishes_and_comes_back(office: Office) -> None:
    shop = office.root.parent / "shop"
    shop.rename(shop.with_name("away"))
    assert "the print shop's folder can't be reached" in office.does("send", ISSUE, exits=4).said
    assert Counter(status for _, status in office.pieces(ISSUE)) == {"approved": PIECES}
    shop.with_name("away").rename(shop)
    killed(office, "after-move:1", "send", ISSUE)
    for name in ("jobs", "answers", "sent"):  # wiped: what it was asked for can't be known by it
        shutil.rmtree(shop / name)
        (shop / name).mkdir()
    assert "asked for under another account" in office.does("send", ISSUE, exits=1).said
    office.does("send", ISSUE, "--same-account")  # the shop said that it has nothing
    assert set(taken(office).values()) == {1}
