"""A PostgreSQL that drops its connections, or was set up for something else: a message, nothing half done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from psycopg import DatabaseError
from sqlalchemy import Engine, create_engine, event, make_url, text

from mailer.errors import MailerError
from mailer.store.engine import make_engine, open_store
from tests.support.office import FOUR, Office, begin

CUT = "the connection to the database broke, or it ended the command. See that it runs."


@contextmanager
def cut_at(url: str, statement: int) -> Iterator[None]:
    """The server ends all sessions before that statement, counted from 1."""
    server = create_engine(
        make_url(url).set(drivername="postgresql+psycopg", query={}), isolation_level="AUTOCOMMIT"
    )
    number = count(1)

    def cutting(connection: Any, *_rest: Any) -> None:
        if connection.engine.url != server.url and next(number) == statement:
            own = connection.connection.driver_connection.info.backend_pid
            with server.connect() as other:
                other.execute(text("SELECT pg_terminate_backend(:own, 5000)"), {"own": own})

    event.listen(Engine, "before_cursor_execute", cutting)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", cutting)
        server.dispose()


@pytest.fixture
def office(tmp_path: Path, empty_postgres: str) -> Office:
    """The sample folder on PostgreSQL, and nobody in its list."""
    return begin(tmp_path / "office", database=empty_postgres)


def test_a_server_that_talks_nonsense(office: Office) -> None:
    """What psycopg says of bytes that are no message has no SQLSTATE."""
    office.does("clients", "list")
    clients = ("clients", "import", str(office.write("list.csv", FOUR)))
    number = count(1)

    def garbled(*_any: Any) -> None:
        if next(number) >= 9:
            raise DatabaseError("lost synchronization with server: got message type 8")

    event.listen(Engine, "before_cursor_execute", garbled)
    try:
        assert CUT in office.does(*clients, exits=4).said
    finally:
        event.remove(Engine, "before_cursor_execute", garbled)


def test_connections_that_are_cut(office: Office) -> None:
    """A traceback, at whatever statement after those that open it."""
    office.does("clients", "list")  # the tables are there
    clients = ("clients", "import", str(office.write("list.csv", FOUR)))
    for statement in (6, 9, 14, 20):
        with cut_at(office.database, statement):
            assert CUT in office.does(*clients, exits=4).said
    assert "4 added" in office.does(*clients).said
    office.does("ledger", "verify")


def test_a_table_that_another_program_holds(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A forgotten transaction, or a VACUUM FULL: waited for without a word, and without end."""
    monkeypatch.setattr("mailer.store.engine.BUSY", 200)
    office.does("clients", "list")  # the tables are there
    holder = make_engine(office.database)
    with holder.connect() as other:
        other.execute(text("LOCK TABLE mailing IN ACCESS EXCLUSIVE MODE"))
        assert "another program has held the database too long." in office.does("status", exits=4).said
    holder.dispose()
    office.does("status")


@pytest.mark.parametrize(
    "setting", ["DateStyle=German", "default_transaction_isolation=serializable", "client_encoding=LATIN1"]
)
def test_what_the_server_was_set_to_by_itself_is_not_ours(office: Office, setting: str) -> None:
    """A day in German was a traceback; a snapshot older than the write lock could claim what had gone."""
    office = replace(office, database=f"{office.database}%20-c{setting}")
    office.imports(FOUR.replace("Ash Street", "Łódź Street"))
    assert "Łódź Street Bakery" in office.does("clients", "list").out
    store = open_store(office.root, office.database)
    with store.write() as session:
        assert session.execute(text("SHOW transaction_isolation")).scalar() == "read committed"
    store.close()


def test_a_database_that_lacks_letters(office: Office, postgres: str) -> None:
    name = make_url(postgres).database
    admin = create_engine(
        make_url(postgres).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.execute(
            text(f"CREATE DATABASE {name}_latin ENCODING LATIN1 LOCALE 'C' TEMPLATE template0")
        )
        try:
            url = make_url(postgres).set(database=f"{name}_latin").render_as_string(hide_password=False)
            ran = replace(office, database=url).does("status", exits=1)
            assert "the database keeps texts as LATIN1, which lacks letters." in ran.said
        finally:
            connection.execute(text(f"DROP DATABASE {name}_latin WITH (FORCE)"))
    admin.dispose()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u@h/d?autocommit=1",
        "postgresql://u@h/d?prepare_threshold=x",
        "sqlite:///mailer.db?timeout=x",
        "sqlite:///mailer.db?isolation_level=x",
    ],
)
def test_what_an_address_may_not_set(url: str) -> None:
    with pytest.raises(MailerError, match="MAILER_DATABASE_URL: "):
        make_engine(url)


@pytest.mark.parametrize(
    "made",
    [
        "CREATE TABLE alembic_version (version_num text); INSERT INTO alembic_version VALUES ('zzz')",
        "CREATE TABLE alembic_version (version_num text); INSERT INTO alembic_version VALUES ('0012')",
        "CREATE VIEW alembic_version AS SELECT 1 AS one",
    ],
)
def test_a_database_that_alembic_left_something_in(office: Office, made: str) -> None:
    """Another program's migrations were looked for among mailer's."""
    engine = make_engine(office.database)
    with engine.begin() as connection:
        connection.execute(text(made))
    engine.dispose()
    for command in (("clients", "list"), ("database", "upgrade")):
        assert "does not say which schema it has." in office.does(*command, exits=1).said
