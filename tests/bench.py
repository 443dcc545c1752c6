"""`make bench`: what the whole commands cost at several sizes, on SQLite and PostgreSQL. It judges nothing.

Each row is one command as a person types it, in a process of its own. CPU is of that process, user and
system; a database server's own is not in it. "each more" is the difference between the smallest and the
largest size by the number of clients between them: what a client costs, without starting and loading.
BENCH_FULL=1 adds 100,000 clients and the parts on delivery and the ledger; ARGS="--sizes 500 2000" is short.
"""

from __future__ import annotations

import argparse
import csv
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import psycopg

from mailer.judgement.verdict import judge
from mailer.notice.rulebook import preset
from mailer.notice.rules import rules_for
from mailer.notice.terms import contract_rule

MAILER = Path(sys.executable).with_name("mailer")
POSTGRES = os.environ.get("MAILER_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
DAY = {"MAILER_TODAY": "2026-11-24"}
FULL: Final = bool(os.environ.get("BENCH_FULL"))
RATES: Final = "2027-rates"
POSTED: Final = ("--at", "2026-11-24 14:10", "--by", "Ada", "--place", "Main Post Office", "--class", "first")
COMMANDS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("import", ("clients", "import", "many.csv")),
    ("import, unchanged", ("clients", "import", "many.csv")),
    ("plan", ("plan", RATES)),
    ("approve", ("approve", RATES)),
    ("print", ("print", RATES)),
    ("drop", ("drop", RATES, *POSTED)),
    ("import, after a mailing", ("clients", "import", "many.csv")),
    ("check", ("check", RATES)),
    ("rates --json", ("rates", "--worked-on", "2027-01-04", "--json")),
    ("clients list --json", ("clients", "list", "--json")),
    ("status", ("status",)),
    ("evidence", ("evidence", RATES)),
)


@dataclass(frozen=True, slots=True)
class Used:
    """Seconds of CPU and of the clock, and the peak of the command's largest process in MB."""

    cpu: float
    wall: float
    peak: int


def say(what: str, figure: str, beside: str = "") -> None:
    print(f"{what:<44} {figure:>18}  {beside}", flush=True)


def mailer(folder: Path, *words: str, database: str = "", expect: tuple[int, ...] = (0,)) -> Used:
    """Run the command."""
    environ = {**os.environ, **DAY, "MAILER_DATABASE_URL": database}
    with tempfile.TemporaryFile() as complaint:
        begun = time.perf_counter()
        child = subprocess.Popen(
            [MAILER, *words], cwd=folder, env=environ, stdout=subprocess.DEVNULL, stderr=complaint
        )
        # RUSAGE_CHILDREN would tell of the largest of all commands run so far, not of this one.
        _, status, used = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - begun
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode not in expect:
            complaint.seek(0)
            sys.exit(f"mailer {' '.join(words)} ended with {child.returncode}:\n{complaint.read().decode()}")
    return Used(used.ru_utime + used.ru_stime, seconds, used.ru_maxrss // 1024)


@contextmanager
def mail_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "mail"
        mailer(Path(place), "init", str(folder), "--sample")
        definition = folder / "campaigns/2027-rates/campaign.toml"
        lines = definition.read_text().splitlines(keepends=True)
        definition.write_text("".join(line for line in lines if not line.startswith("exclude")))
        yield folder


@contextmanager
def postgres() -> Iterator[str]:
    """A new database, or "" where no server answers."""
    name = f"mailer_bench_{os.getpid()}"
    try:
        with psycopg.connect(POSTGRES, autocommit=True, connect_timeout=2) as server:
            server.execute(f"CREATE DATABASE {name}")
    except psycopg.OperationalError:
        yield ""
        return
    try:
        yield POSTGRES.rsplit("/", 1)[0] + f"/{name}"
    finally:
        with psycopg.connect(POSTGRES, autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def write_clients(path: Path, count: int) -> None:
    """A list as a business system exports it: three kinds of contract, six pairs of rates."""
    heads = "Client ID,Company,Contact,Email,Address,City,State,Zip,Contract,Notice Term"
    terms = (("none", ""), ("managed", "contract-30-plus-3bd"), ("own-terms", "contract-30-deposit"))
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow([*heads.split(","), "Hourly Support Rate", "After-Hours Rate"])
        for n in range(count):
            kind, term = terms[n % 3]
            place = ("Sacramento", "CA", f"{95814 + n % 50:05}")
            name = (f"C-{n}", f"Company {n} & Sons", f"Person {n}", f"p{n}@example.com", f"{n} Main Street")
            rows.writerow([*name, *place, kind, term, (125, 130, 135)[n % 3], (185, 190)[n % 2]])


def help_against_python() -> None:
    def median(*command: str) -> float:
        times = []
        for _ in range(11):
            begun = time.perf_counter()
            subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
            times.append(time.perf_counter() - begun)
        return statistics.median(times) * 1000

    bare, ours = median(sys.executable, "-c", "pass"), median(str(MAILER), "--help")
    say("mailer --help", f"{ours:.0f} ms", f"bare Python {bare:.0f} ms: {ours / bare:.1f} times")


def decisions(count: int = 1_000_000) -> None:
    """Verdicts over mixed rules and days, as a check of that many clients asks for them."""
    house = preset("house-30-day")
    terms = (
        "contract-30-plus-3bd",
        "45 days from deposit",
        "2 months from deposit",
        "10 business days from deposit",
    )
    mixed = [(house,), *(rules_for(house, contract_rule(term)) for term in terms)]
    first = date(2026, 11, 2)
    days = [date.fromordinal(first.toordinal() + n) for n in range(60)]
    today, effective = date(2026, 12, 31), date(2027, 1, 1)
    begun = time.process_time()
    held = sum(
        judge(mixed[n % len(mixed)], effective, today, mailed=days[n % len(days)]).holds for n in range(count)
    )
    seconds = time.process_time() - begun
    say(
        f"{count:,} decisions, {len(mixed) * len(days)} distinct",
        f"{count / seconds:,.0f} /s",
        f"{held:,} hold",
    )


def commands(clients: int, database: str) -> list[Used]:
    """Each of COMMANDS, one after the other, on a list of so many."""
    with mail_folder() as folder:
        write_clients(folder / "many.csv", clients)
        return [mailer(folder, *words, database=database, expect=(0, 1)) for _, words in COMMANDS]


def whole(sizes: list[int]) -> None:
    """The table of all commands, a database after the other."""
    for name in ("SQLite", "PostgreSQL"):
        measured = []
        for size in sizes:
            with postgres() as server:
                if name == "PostgreSQL" and not server:
                    say("PostgreSQL", "skipped", f"no server answers at {POSTGRES.rpartition('@')[2]}")
                    return
                measured.append(commands(size, server if name == "PostgreSQL" else ""))
        heads = "".join(f"{f'{size:,} clients':>20}" for size in sizes)
        print(f"\n{name:<25}{heads}{'each more':>18}")
        more = sizes[-1] - sizes[0]
        for (command, _), *used in zip(COMMANDS, *measured, strict=True):
            row = "".join(f"{one.cpu:>11.2f} s {one.peak:>4} MB" for one in used)
            each = (used[-1].cpu - used[0].cpu) / more * 1000 if more else 0.0
            grown = (used[-1].peak - used[0].peak) / more * 1000 if more else 0.0
            print(f"{command:<25}{row}{each:>8.3f} ms {grown:>4.1f} KB", flush=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--sizes", type=int, nargs="*", default=[1_000, 10_000, *([100_000] if FULL else [])]
    )
    chosen, _ = options.parse_known_args()
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores\n")
    help_against_python()
    decisions()
    whole(chosen.sizes)


if __name__ == "__main__":
    main()
