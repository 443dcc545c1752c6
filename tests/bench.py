"""`make bench`: what mailer does in a second, measured now, on this machine. It prints, and judges nothing.

Figures of one line were measured side by side in one run. ARGS="--letters 500 --clients 10000" is short.
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
from datetime import date
from pathlib import Path

import psycopg

from mailer.judgement.verdict import judge
from mailer.notice.rulebook import preset
from mailer.notice.rules import rules_for
from mailer.notice.terms import contract_rule

MAILER = Path(sys.executable).with_name("mailer")
POSTGRES = os.environ.get("MAILER_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
DAY = {"MAILER_TODAY": "2026-11-24"}


def say(what: str, figure: str, beside: str = "") -> None:
    print(f"{what:<44} {figure:>18}  {beside}", flush=True)


def mailer(
    folder: Path, *words: str, database: str = "", expect: tuple[int, ...] = (0,)
) -> tuple[float, int]:
    """Run the command; its wall seconds and the peak of its largest process in MB."""
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
    return seconds, used.ru_maxrss // 1024


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


def lists(count: int) -> None:
    with mail_folder() as folder, postgres() as server:
        write_clients(folder / "many.csv", count)
        for name, database in (("SQLite", ""), ("PostgreSQL", server)):
            if name == "PostgreSQL" and not server:
                say("PostgreSQL", "skipped", f"no server answers at {POSTGRES.rpartition('@')[2]}")
                continue
            first, memory = mailer(folder, "clients", "import", "many.csv", database=database)
            again, _ = mailer(folder, "clients", "import", "many.csv", database=database)
            say(
                f"import {count:,} rows, {name}",
                f"{count / first:,.0f} rows/s",
                f"again unchanged {count / again:,.0f} rows/s, peak {memory} MB",
            )
            planned, _ = mailer(folder, "plan", "2027-rates", database=database)
            checked, memory = mailer(folder, "check", "2027-rates", database=database, expect=(0, 1))
            say(
                f"plan {count:,} clients, {name}",
                f"{planned:.2f} s",
                f"check {checked:.2f} s, peak {memory} MB",
            )


def letters(counts: list[int]) -> None:
    for count in counts:
        with mail_folder() as folder:
            write_clients(folder / "many.csv", count)
            mailer(folder, "clients", "import", "many.csv")
            approve, memory = mailer(folder, "approve", "2027-rates")
            printed, job_memory = mailer(folder, "print", "2027-rates")
            say(f"approve {count:,} letters", f"{count / approve:.1f} letters/s", f"peak {memory} MB")
            say(f"print {count:,} letters", f"{count / printed:,.0f} letters/s", f"peak {job_memory} MB")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--clients", type=int, default=100_000)
    options.add_argument("--letters", type=int, nargs="*", default=[500, 5_000])
    chosen = options.parse_args()
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores\n")
    help_against_python()
    decisions()
    lists(chosen.clients)
    letters(chosen.letters)


if __name__ == "__main__":
    main()
