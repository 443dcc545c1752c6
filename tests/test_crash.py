"""kill -9 at chosen and at random moments of import, approve and print: run again, as if nothing had been.

Each test kills the real command in one folder several times over, looks after every kill whether what lies
there holds, then lets the command end and compares with a run that nobody killed.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.office import FOUR, HEADINGS, RATES, Office, begin, sha256

pytestmark = pytest.mark.long
DEFINITION = "campaigns/2027-rates/campaign.toml"
LETTER = "campaigns/2027-rates/letter.md"
JOB_FILES = ["checklist.pdf", "labels.pdf", "letters.pdf", "manifest.csv"]


def many(count: int) -> str:
    rows = (f"N-{n},Client {n} Ltd,,c{n}@many.example,{n} Long Street,Sacramento,CA,95814,none,,130.00"
            for n in range(1, count + 1))  # fmt: skip
    return "\n".join((HEADINGS, *rows)) + "\n"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    started = begin(tmp_path / "office")
    started.edit(DEFINITION, 'exclude = ["CF-1089"]', "exclude = []")
    return started


def kill(office: Office, *words: str, when: Callable[[], bool], after: float = 0) -> bool:
    """Start the command and kill it `after` seconds from when `when` holds; False if it ended before."""
    with office.start(*words) as process:
        while process.poll() is None and not when():
            time.sleep(0.002)
        if after:
            time.sleep(after)
        ended = process.poll() is not None
        process.kill()
        process.communicate()
    return not ended


def at_once() -> bool:
    return True


def holds(office: Office) -> None:
    """What must be true after every kill."""
    for path in office.stored():
        assert path.name == sha256(path), "half a file under its final name"
    for folder in (office.root / "jobs").glob("[!.]*"):
        assert sorted(path.name for path in folder.iterdir()) == JOB_FILES, "half a job under its final name"
    office.does("ledger", "verify")


def has(office: Office, sql: str) -> Callable[[], bool]:
    return lambda: bool(office.rows(sql))


def test_import_is_all_or_nothing(office: Office) -> None:
    path = office.write("many.csv", many(8_000))
    command = ("clients", "import", str(path))
    office.does("clients", "list")  # the tables are there
    log = office.root / "mailer.db-wal"
    writing = lambda: log.exists() and log.stat().st_size > 1_000_000  # noqa: E731
    chance = random.Random(8_000)  # noqa: S311
    for when, after in (
        *((writing, delay) for delay in (0, 0.05)),
        *((at_once, chance.uniform(0.2, 1.2)) for _ in range(2)),
    ):
        kill(office, *command, when=when, after=after)
        assert office.rows("SELECT count(*) FROM client")[0][0] in {0, 8_000}
        holds(office)
    office.does(*command)
    assert office.rows("SELECT count(*) FROM client") == [(8_000,)]
    assert office.rows("SELECT count(*) FROM client_rate") == [(8_000,)]
    assert "0 added, 0 updated, 8000 unchanged, 0 rejected." in office.does(*command).said
    kinds = office.rows("SELECT DISTINCT kind FROM event ORDER BY kind")
    assert kinds == [("clients.imported",), ("rates.recorded",), ("terms.recorded",)]
    assert office.rows("SELECT count(*) FROM event WHERE kind = 'clients.imported'") == [(1,)]


def test_import_on_both_databases(tmp_path: Path, empty_database: str) -> None:
    office = begin(tmp_path / "office", database=empty_database)
    path = office.write("many.csv", many(12_000))
    command = ("clients", "import", str(path))
    office.does("clients", "list")
    for process, said in office.on_screen(*command):
        if "importing" in said:  # the first 5,000 rows are written, not committed
            process.kill()
    assert office.rows("SELECT count(*) FROM client") == [(0,)]
    assert "12000 added, 0 updated, 0 unchanged" in office.does(*command).said
    holds(office)


def test_approve_goes_on_where_it_was_killed(office: Office) -> None:
    office.imports(FOUR)
    command = ("approve", RATES, "--by", "Dana Whitcomb")
    undisturbed = office.copy(office.root.parent / "undisturbed")
    files = office.root / "files"
    moments: tuple[tuple[Callable[[], bool], float], ...] = (
        (at_once, 0.4),
        (has(office, "SELECT 1 FROM mailing"), 0.05),
        (lambda: any(files.rglob("*.part")), 0),
        (has(office, "SELECT 1 FROM piece"), 0),
    )
    for when, after in moments:
        kill(office, *command, when=when, after=after)
        holds(office)
        assert office.live() in ([0] * 4, [1] * 4)
    office.does(*command)
    undisturbed.does(*command)
    assert office.live() == [1, 1, 1, 1]
    assert {status for _, status in office.pieces()} == {"approved"}
    digest = "SELECT output_digest FROM mailing"
    assert office.rows(digest) == undisturbed.rows(digest)
    holds(office)


def test_approve_keeps_the_first_hundred_that_were_stored(office: Office) -> None:
    office.imports(many(101))
    office.write("mailer.toml", f'render = "weasyprint"\n{(office.root / "mailer.toml").read_text()}')
    command = ("approve", RATES)
    assert kill(office, *command, when=has(office, "SELECT 1 FROM piece"))
    assert office.pieces() == [(number, "prepared") for number in range(1, 101)]
    holds(office)
    assert office.mailer("print", RATES).code == 1, "nothing is printed that was not approved"
    said = office.does(*command)
    assert "Approved 101 pieces" in said.said
    assert "voided" not in said.out
    assert office.pieces() == [(number, "approved") for number in range(1, 102)]
    assert office.live() == [1] * 101
    holds(office)


def test_print_builds_the_same_job_again(office: Office) -> None:
    office.imports(many(8))
    office.does("approve", RATES)
    undisturbed = office.copy(office.root.parent / "undisturbed")
    undisturbed.does("print", RATES)
    jobs = office.root / "jobs"
    part = jobs / ".2027-rates-job-1.part"
    chance = random.Random(8)  # noqa: S311
    moments: tuple[tuple[Callable[[], bool], float], ...] = (
        (has(office, "SELECT 1 FROM job"), 0),
        (part.is_dir, 0),
        ((part / "letters.pdf").exists, 0),
        (office.job().is_dir, 0),
        (at_once, chance.uniform(0.4, 1.1)),
    )
    for when, after in moments:
        kill(office, "print", RATES, when=when, after=after)
        holds(office)
        if office.rows("SELECT state FROM job") == [("produced",)]:
            break  # it was done before it was killed
    if office.rows("SELECT state FROM job") != [("produced",)]:
        office.does("print", RATES)
    assert office.rows("SELECT number, state FROM job") == [(1, "produced")]
    assert office.pieces() == [(number, "produced") for number in range(1, 9)]
    assert [path.name for path in jobs.iterdir()] == ["2027-rates-job-1"]
    for name in JOB_FILES:
        assert sha256(office.job() / name) == sha256(undisturbed.job() / name), name
    assert office.mailer("print", RATES).code == 1, "there is nothing left to print"
    holds(office)


def test_a_killed_print_and_a_new_approval(office: Office) -> None:
    """The half-made job holds letters that are void now; the new ones are printed, once."""
    office.imports(FOUR)
    office.does("approve", RATES)
    assert kill(office, "print", RATES, when=has(office, "SELECT 1 FROM job"))
    office.edit(LETTER, "Thank you for your business", "Many thanks for your business")
    refused = office.does("print", RATES, exits=3)
    assert "stale" in refused.err
    office.does("approve", RATES)
    office.does("print", RATES)
    assert [status for _, status in office.pieces()] == ["void"] * 4 + ["produced"] * 4
    holds(office)


def test_a_killed_print_comes_too_late(office: Office) -> None:
    """28 November is the last day for a contract of 30 days and three business days for the post."""
    office.imports(FOUR)
    office.does("approve", RATES)
    assert kill(office, "print", RATES, when=has(office, "SELECT 1 FROM job"))
    refused = office.on("2026-12-05").does("print", RATES, exits=3)
    assert "Sat 28 Nov 2026" in refused.said
    assert not office.job().exists()
    holds(office)


def test_approve_and_print_on_postgresql(tmp_path: Path, empty_postgres: str) -> None:
    office = begin(tmp_path / "office", database=empty_postgres)
    office.edit(DEFINITION, 'exclude = ["CF-1089"]', "exclude = []")
    office.imports(FOUR)
    kill(office, "approve", RATES, when=has(office, "SELECT 1 FROM piece"))
    holds(office)
    office.does("approve", RATES)
    kill(office, "print", RATES, when=has(office, "SELECT 1 FROM job"))
    holds(office)
    office.does("print", RATES)
    assert office.live() == [1, 1, 1, 1]
    assert office.pieces() == [(number, "produced") for number in (1, 2, 3, 4)]
    office.drops("2026-11-24 14:10")
    office.does("check", RATES)
    holds(office)


def pause(process: subprocess.Popen[str], when: Callable[[], bool], after: float = 0) -> None:
    """Stop a command `after` seconds from when `when` holds, as a loaded machine may."""
    while process.poll() is None and not when():
        time.sleep(0.002)
    time.sleep(after)
    assert process.poll() is None
    os.kill(process.pid, signal.SIGSTOP)


def ended_within(process: subprocess.Popen[str], seconds: float) -> bool:
    """False where it rightly waits for the other one."""
    deadline = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    return process.poll() is not None


def test_two_approvals_at_once(office: Office) -> None:
    """One stops while it renders; another approves and prints; the first goes on. Nobody gets two letters."""
    office.imports(FOUR)
    with office.start("approve", RATES) as slow:
        pause(slow, has(office, "SELECT 1 FROM mailing"), after=0.1)
        with office.start("approve", RATES) as fast:
            if ended_within(fast, 4) and fast.returncode == 0:
                office.does("print", RATES)
            os.kill(slow.pid, signal.SIGCONT)
            said = [fast.communicate(timeout=30)[1], slow.communicate(timeout=30)[1]]
    assert not any("Traceback" in text for text in said), said
    assert office.live() == [1, 1, 1, 1]
    holds(office)


def test_two_prints_at_once(office: Office) -> None:
    """One stops while it builds the job; another prints; the first goes on. There is one job, whole."""
    office.imports(FOUR)
    office.does("approve", RATES)
    with office.start("print", RATES) as slow:
        pause(slow, (office.root / "jobs" / ".2027-rates-job-1.part").is_dir)
        with office.start("print", RATES) as fast:
            ended_within(fast, 4)
            os.kill(slow.pid, signal.SIGCONT)
            said = [fast.communicate(timeout=30)[1], slow.communicate(timeout=30)[1]]
    assert not any("Traceback" in text for text in said), said
    assert sorted((fast.returncode, slow.returncode)) == [0, 1], said
    assert office.rows("SELECT number, state FROM job") == [(1, "produced")]
    assert office.pieces() == [(number, "produced") for number in (1, 2, 3, 4)]
    assert [row["piece"] for row in office.manifest()] == [f"2027-rates-L-{n:04}" for n in (1, 2, 3, 4)]
    assert office.rows("SELECT manifest FROM job") == [(sha256(office.job() / "manifest.csv"),)]
    holds(office)
