"""The schema: made by its migrations, equal to the models, and never forced on a stranger's database."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DatabaseError

from mailer.errors import MailerError
from mailer.store.engine import make_engine, open_store
from mailer.store.schema import HEAD, back_up, bring_up_to_date, revision, upgrade
from mailer.store.tables import Base


@pytest.fixture
def engine(empty_database: str) -> Iterator[Engine]:
    made = make_engine(empty_database)
    yield made
    made.dispose()


def run(engine: Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_a_new_database_equals_the_models(engine: Engine) -> None:
    assert revision(engine) is None
    bring_up_to_date(engine)
    assert revision(engine) == HEAD
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_every_migration_names_its_constraints(engine: Engine) -> None:
    bring_up_to_date(engine)
    found = inspect(engine)
    for table in Base.metadata.sorted_tables:
        assert found.get_pk_constraint(table.name)["name"] == f"pk_{table.name}"
        keys = found.get_unique_constraints(table.name) + found.get_foreign_keys(table.name)
        assert all(str(key["name"]).startswith(("uq_", "fk_")) for key in keys)


def test_the_ledgers_triggers_are_there_after_an_upgrade(engine: Engine) -> None:
    bring_up_to_date(engine)
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'event'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = 'event'::regclass AND tgenabled = 'O'",
    }[engine.dialect.name]
    expected = {
        "sqlite": {"event_no_update", "event_no_delete", "event_no_replace"},
        "postgresql": {"event_no_change", "event_no_truncate"},
    }[engine.dialect.name]
    with engine.connect() as connection:
        assert set(connection.execute(text(query)).scalars()) == expected


def test_an_up_to_date_database_is_left_alone(engine: Engine) -> None:
    bring_up_to_date(engine)
    run(engine, "INSERT INTO carried SELECT * FROM carried")
    bring_up_to_date(engine)
    upgrade(engine)
    assert revision(engine) == HEAD


@pytest.mark.parametrize(
    "statements",
    [
        ("CREATE TABLE invoices (id integer)",),
        # other products use alembic as well
        (
            "CREATE TABLE invoices (id integer)",
            "CREATE TABLE alembic_version (version_num varchar(32))",
            "INSERT INTO alembic_version VALUES ('a3f2')",
        ),
        ("CREATE TABLE invoices (id integer)", "CREATE TABLE alembic_version (version_num varchar(32))"),
        ("CREATE TABLE event (id integer)", "CREATE TABLE client (id integer)"),
    ],
)
def test_a_strangers_database_is_refused_and_left_as_it_was(
    engine: Engine, statements: tuple[str, ...]
) -> None:
    run(engine, *statements)
    before = sorted(inspect(engine).get_table_names())
    with pytest.raises(MailerError, match="holds tables that are not mailer's") as refused:
        bring_up_to_date(engine)
    assert refused.value.todo == "Name an empty database."
    assert sorted(inspect(engine).get_table_names()) == before


def test_a_newer_schema_is_refused(engine: Engine) -> None:
    bring_up_to_date(engine)
    run(engine, "UPDATE alembic_version SET version_num = '9999'")
    for asked in (bring_up_to_date, upgrade):  # `mailer database upgrade` is the second
        with pytest.raises(
            MailerError, match=rf"was made by a newer mailer \(schema 9999, this one knows {HEAD}\)"
        ):
            asked(engine)


@pytest.mark.parametrize("empty_database", ["postgresql"], indirect=True)
def test_an_older_postgresql_schema_waits_to_be_asked(engine: Engine) -> None:
    bring_up_to_date(engine)
    run(engine, "UPDATE alembic_version SET version_num = '0001'")
    with pytest.raises(MailerError, match="has the older schema 0001") as refused:
        bring_up_to_date(engine)
    assert refused.value.todo == "Back it up, then run `mailer database upgrade`."


def test_a_sqlite_database_is_backed_up_with_what_is_still_in_its_log(tmp_path: Path) -> None:
    store = open_store(tmp_path, "sqlite:///mailer.db")
    run(store.engine, "CREATE TABLE note (said text)", "INSERT INTO note VALUES ('hello')")
    copy = back_up(store.engine, "0001")
    store.close()
    assert copy == tmp_path / "mailer.db.0001.backup"
    connection = sqlite3.connect(copy)
    assert connection.execute("SELECT said FROM note").fetchall() == [("hello",)]
    connection.close()


def test_a_sqlite_folder_of_the_first_schema_is_backed_up_and_brought_up_to_date(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'mailer.db'}"
    engine = make_engine(url)
    upgrade(engine, "0001")
    run(
        engine,
        "INSERT INTO mailing (id, campaign, medium, subject, next_number) VALUES "
        "('0192b0c0000070008000000000000001', '2027-rates', 'letter', '2027-rates/letter', 1)",
    )
    engine.dispose()
    store = open_store(tmp_path, url)
    assert revision(store.engine) == HEAD
    with store.engine.connect() as connection:
        assert connection.execute(text("SELECT campaign FROM mailing")).scalars().all() == ["2027-rates"]
        triggers = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'event'"
        assert connection.execute(text(triggers)).scalar_one() == 3
    store.close()
    assert (tmp_path / "mailer.db.0001.backup").is_file()


def test_an_upgrade_that_fails_leaves_nothing(engine: Engine) -> None:
    # one of the tables cannot be made: the database is not empty, though we were told to upgrade it
    run(engine, "CREATE VIEW piece_client AS SELECT 1 AS one")
    with pytest.raises(DatabaseError):
        upgrade(engine)
    assert inspect(engine).get_table_names() == []


OPENING = """
import sys
from pathlib import Path
from mailer.store.engine import open_store
open_store(Path(), sys.argv[1]).close()
"""


def test_two_commands_that_open_a_new_folder_at_once(empty_database: str) -> None:
    running = [subprocess.Popen([sys.executable, "-c", OPENING, empty_database]) for _ in range(3)]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    engine = make_engine(empty_database)
    assert revision(engine) == HEAD
    engine.dispose()
