"""What all tests share: the office at each stage of the rate notice (tests.support), and databases.

A test that needs a database gets an empty one, on SQLite and on PostgreSQL.

PostgreSQL is the one named by MAILER_TEST_POSTGRES, else a local one (127.0.0.1:5432, user postgres) where
it answers; else its tests are skipped and say so. One database is made per run and dropped at its end.
"""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
import stamina
from hypothesis import settings as hypothesis_settings
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

import mailer
from mailer.store.engine import Store, open_store
from mailer.store.record.events import Stamp
from mailer.store.tables import Base
from tests.fakes.fixture import fake_lob
from tests.support.evidence import _posted, made, pack, posted, unposted
from tests.support.fixtures import (
    _issued,
    _stages,
    approved,
    both,
    issued,
    lobbed,
    mailed,
    office,
    printed,
    real,
)
from tests.support.heard import accepted, sent
from tests.support.kept_pages import Shelf, keeping
from tests.support.sshd import sshd
from tests.support.statements import compiled_once

__all__ = [
    "_issued", "_posted", "_stages", "accepted", "approved", "both", "fake_lob", "issued", "lobbed", "made",
    "mailed", "office", "pack", "posted", "printed", "real", "sent", "sshd", "unposted",
]  # fmt: skip

# Where memory has a file system with room, the tests' folders lie there, and wait for no disk.
MEMORY = Path("/dev/shm")  # noqa: S108
ROOM = 6 * 2**30  # bytes
if (
    "PYTEST_DEBUG_TEMPROOT" not in os.environ
    and os.access(MEMORY, os.W_OK)
    and not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC
    and shutil.disk_usage(MEMORY).free > ROOM
):
    os.environ["PYTEST_DEBUG_TEMPROOT"] = str(MEMORY)

# A run that a shell started in the background ignores Ctrl-C, and so would the commands that tests interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)

# A user's Python keeps what it prints until it has much of it, or ends.
os.environ.pop("PYTHONUNBUFFERED", None)

hypothesis_settings.register_profile("mailer", deadline=None)  # no test is a clock
hypothesis_settings.load_profile("mailer")

VARIABLE = "MAILER_TEST_POSTGRES"
LOCAL = "postgresql://postgres@127.0.0.1:5432/postgres"
BACKENDS = ("sqlite", "postgresql")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long begin first, so that no worker is still at one when the others have ended."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(scope="session", autouse=True)
def _tries_without_pauses() -> Iterator[None]:
    """As many tries as the product makes (`cap`), one right after the other."""
    stamina.set_testing(True, attempts=1_000, cap=True)
    yield
    stamina.set_testing(False)


@pytest.fixture(scope="session", autouse=True)
def _wide_screen() -> Iterator[None]:
    """So that a sentence is one line; what is said about the screen itself is tested at 80 columns."""
    before = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = "400"
    yield
    if before is None:
        del os.environ["COLUMNS"]
    else:
        os.environ["COLUMNS"] = before


@pytest.fixture(scope="session", autouse=True)
def pages_kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """What one test had laid out, no other one lays out again: for all workers of this run."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    shelf = Shelf(folder / "kept-pages")
    shelf.folder.mkdir(exist_ok=True)
    with keeping(shelf):
        yield shelf


@pytest.fixture(scope="session", autouse=True)
def _statements_compiled_once() -> Iterator[None]:
    with compiled_once():
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a database of this run alone; skips where no PostgreSQL answers."""
    given = os.environ.get(VARIABLE, "").strip()
    server = make_url(given or LOCAL).set(drivername="postgresql+psycopg")
    admin = create_engine(server, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 2})
    name = f"mailer_test_{os.getpid()}_{uuid4().hex[:8]}"
    try:
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
            connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))  # no test ends it
    except OperationalError as error:
        admin.dispose()
        if given:
            raise
        pytest.skip(
            f"no PostgreSQL at {LOCAL}; set {VARIABLE} to test on one: {str(error.orig).strip()[:80]}"
        )
    yield server.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(scope="session")
def postgres_store(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store on PostgreSQL with its tables, made once; `database` empties it for each test."""
    opened = open_store(tmp_path_factory.mktemp("postgres"), postgres)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with its tables, made once; `database` copies it for each test."""
    folder = tmp_path_factory.mktemp("sqlite")
    open_store(folder, "sqlite:///mailer.db").close()
    return folder / "mailer.db"


@pytest.fixture(params=BACKENDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that has its tables and no rows: to make them takes half a second."""
    if request.param == "sqlite":
        file = shutil.copy(request.getfixturevalue("sqlite_file"), tmp_path / "rows.db")
        return f"sqlite:///{file}"
    made: Store = request.getfixturevalue("postgres_store")
    _empty(made)
    return made.engine.url.render_as_string(hide_password=False)


@pytest.fixture
def store(database: str, tmp_path: Path) -> Iterator[Store]:
    """An empty store, whose files lie in the test's own folder."""
    opened = open_store(tmp_path, database)
    yield opened
    opened.close()


def _empty(store: Store) -> None:
    """Delete every row; the owner of a table may set its triggers aside, which no command of ours does."""
    with store.engine.begin() as connection:
        connection.execute(text("ALTER TABLE event DISABLE TRIGGER USER"))
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())
        connection.execute(text("ALTER TABLE event ENABLE TRIGGER USER"))


@pytest.fixture
def empty_postgres(postgres: str) -> str:
    """The address of a PostgreSQL schema of the test's own, without any table."""
    server = make_url(postgres)
    engine = create_engine(server.set(drivername="postgresql+psycopg"))
    schema = f"s{uuid4().hex[:12]}"
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    engine.dispose()
    url = server.update_query_dict({"options": f"-csearch_path={schema}"})
    return url.render_as_string(hide_password=False)


@pytest.fixture(params=BACKENDS)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without any table: a file, or a schema of its own."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    made: str = request.getfixturevalue("empty_postgres")
    return made


@pytest.fixture
def stamp() -> Stamp:
    """Ada records something at 14:10 on the day before Thanksgiving, in California."""
    return Stamp("Ada", datetime(2026, 11, 25, 22, 10, tzinfo=UTC), date(2026, 11, 25), rehearsal=False)


@pytest.fixture(scope="session")
def package() -> Path:
    """The folder of the package itself, for tests that read its source."""
    return Path(mailer.__file__).parent
