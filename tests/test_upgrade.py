"""A folder of schema 0003 is brought up to date on each database, though kill -9 struck in the middle.

tests/data/folder-1 is that folder (tests/test_older_formats.py). Its terms have no days: they hold from the
beginning. What is on PostgreSQL was copied there row by row.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, select, text

from mailer.store.engine import make_engine
from mailer.store.schema import HEAD, revision, upgrade
from mailer.store.tables import Base
from tests.support.office import CEDAR, FOUR, RATES, Office

DATA = Path(__file__).parent / "data"
COUNTED = ("client", "client_rate", "piece", "piece_client", "event", "mail_drop", "exception", "correction")
BEFORE, AFTER = ("130.00", "125.00", "150.00", "130.00"), ("138.00", "133.00", "159.00", "138.00")
ADOPTED = "12 of its records were made by an older mailer and are bound from the day of the upgrade."
ADDED = {
    ("client", "salt"),
    ("client", "terms_from"), ("client", "last_raised"), ("piece", "return_reason"),
    ("piece", "misaddressed_on"), ("piece", "of_record"), ("correction", "wrong_since"),
}  # fmt: skip


@contextmanager
def opened(office: Office) -> Iterator[Engine]:
    engine = make_engine(office.database or "sqlite:///mailer.db", office.root)
    yield engine
    engine.dispose()


def copy_rows(source: Engine, target: Engine) -> None:
    """Every row of the older database, by the columns that both have."""
    with source.connect() as reading, target.begin() as writing:
        for table in Base.metadata.sorted_tables:
            if not inspect(source).has_table(table.name):
                continue
            names = [column["name"] for column in inspect(source).get_columns(table.name)]
            found = reading.execute(select(*(table.c[name] for name in names))).mappings().all()
            if found:
                writing.execute(table.insert(), [dict(row) for row in found])


@pytest.fixture(params=["sqlite", "postgresql"])
def older(request: pytest.FixtureRequest, tmp_path: Path) -> Office:
    root = shutil.copytree(DATA / "folder-1", tmp_path / "folder-1")
    office = Office(root, today="2026-12-01")
    if request.param == "sqlite":
        return office
    moved = Office(root, office.today, request.getfixturevalue("empty_postgres"))
    with opened(office) as source, opened(moved) as target:
        upgrade(target, "0003")
        copy_rows(source, target)
    (root / "mailer.db").unlink()
    return moved


@pytest.fixture
def empty_postgres(postgres: str) -> Iterator[str]:
    """A schema of its own in the run's database."""
    engine = make_engine(postgres)
    with engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA older"))
    separator = "&" if "?" in postgres else "?"
    yield f"{postgres}{separator}options=-csearch_path%3Dolder"
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA older CASCADE"))
    engine.dispose()


def counted(office: Office) -> dict[str, int]:
    return {name: int(office.rows(f"SELECT count(*) FROM {name}")[0][0]) for name in COUNTED}  # noqa: S608


def killed(office: Office, step: str) -> None:
    """Upgrade, and be killed at that step. SQLite is upgraded by the first command of any kind."""
    words = ("database", "upgrade") if office.database else ("clients", "list")
    command = [sys.executable, "-m", "tests.support.killing", step, *words, "-C", str(office.root)]
    root, environ = Path(__file__).parents[1], os.environ | office.variables()
    done = subprocess.run(command, env=environ, cwd=root, capture_output=True, timeout=120, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr


def test_an_upgrade_that_was_killed_leaves_the_older_schema_and_then_succeeds(older: Office) -> None:
    held = counted(older)
    assert (held["client"], held["event"], held["piece"]) == (4, 11, 4)
    for step in ("before-ddl:1", "before-ddl:2", "before-ddl:4", "before-ddl:7", "before-commit:1"):
        killed(older, step)
        with opened(older) as engine:
            assert revision(engine) == "0003", step
            assert not inspect(engine).has_table("former_terms"), step
            columns = {(name, one["name"]) for name in COUNTED for one in inspect(engine).get_columns(name)}
            assert not columns & ADDED, step
        assert counted(older) == held, step
    if older.database:
        older.does("clients", "list", exits=1)
        older.does("database", "upgrade")
    ran = older.does("ledger", "verify")
    assert "The ledger holds: 15 events, 4 pieces, chain unbroken." in ran.said
    assert ADOPTED in ran.said
    with opened(older) as engine:
        assert revision(engine) == HEAD
    assert counted(older) == held | {"event": 15}
    assert bool(older.database) != (older.root / "mailer.db.0003.backup").is_file()


def test_an_upgraded_folder_judges_as_before(older: Office) -> None:
    if older.database:
        older.does("database", "upgrade")
    found = older.checked()
    assert [found[f"N-{n}"]["state"] for n in (1, 2, 3, 4)] == ["running"] * 4
    assert tuple(older.rate(f"N-{n}", "2026-12-31") for n in (1, 2, 3, 4)) == BEFORE
    assert tuple(older.rate(f"N-{n}", "2027-01-04") for n in (1, 2, 3, 4)) == AFTER
    assert older.rows("SELECT count(*) FROM client WHERE terms_from IS NULL") == [(4,)]
    assert older.rows("SELECT count(*) FROM former_terms") == [(0,)]
    signed = FOUR.replace(CEDAR, CEDAR.replace("contract-30-deposit", "90 days from deposit"))
    assert "Terms that wait for their day (1):" in older.imports(signed, exits=1).said
    older.imports(signed, "--terms-from", "2026-11-30")
    assert older.checked()["N-3"]["state"] == "late"
    assert (older.rate("N-3", "2027-01-04"), older.rate("N-2", "2027-01-04")) == ("150.00", "133.00")
    assert [str(row[0]) for row in older.rows("SELECT terms_from FROM client WHERE number = 'N-3'")] == [
        "2026-11-30"
    ]
    assert older.does("status", RATES).code == 0
