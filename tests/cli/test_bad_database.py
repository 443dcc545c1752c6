"""A database that is none, that is nowhere, or that somebody changed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.office import RATES, Office

KIND = "something in it is not of the kind that it should be"


def test_a_database_that_is_none(office: Office) -> None:
    (office.root / "mailer.db").write_bytes(b"not a database, but long enough to be read as one" * 50)
    ran = office.mailer("clients", "list")
    assert ran.code == 1
    assert "mailer.db" in ran.said
    assert "Traceback" not in ran.said


@pytest.mark.parametrize(
    "url",
    [
        "mysql://x/y",
        "nonsense",
        "sqlite://",
        "postgresql://nobody@127.0.0.1:1/none",
        "postgresql://127.0.0.1/none?port=first",
        "postgresql:///none?host=127.0.0.1&port=1,2",
        "postgresql://127.0.0.1/%00",
    ],
)
def test_an_address_that_leads_nowhere(office: Office, url: str) -> None:
    ran = Office(office.root, database=url).mailer("clients", "list")
    assert ran.code == 1
    assert "Traceback" not in ran.said
    assert "MAILER_DATABASE_URL" in ran.said


def test_a_password_among_the_options_of_an_address_is_not_shown(office: Office) -> None:
    url = "postgresql://127.0.0.1/x?password=SECRET&host=/nonexistent"
    said = Office(office.root, database=url).does("status", exits=1).said
    assert "postgresql://127.0.0.1/x" in said
    assert "SECRET" not in said


def test_a_database_that_somebody_changed(mailed: Office, rewrite: Callable[[Office, str], None]) -> None:
    rewrite(mailed, "UPDATE piece SET status = 'approved' WHERE number = 2")
    ran = mailed.does("ledger", "verify", exits=1)
    assert "piece, 2027-rates-L-0002: status is approved, the events say mailed." in ran.said
    assert "restore a backup" in ran.said


@pytest.mark.parametrize(
    ("change", "command", "says"),
    [
        ("client SET since = 'x'", ("clients", "quality"), f"client.since: {KIND}"),
        ("piece SET dropped_on = '9999-99-99'", ("check", "2027-rates"), f"piece.dropped_on: {KIND}"),
        ("piece SET status = 'gone'", ("status", "2027-rates"), "piece.status: 'gone' is not among the"),
        ("client SET max_raise = 'a/b'", ("clients", "list"), f"client.max_raise: {KIND}"),
        ("mailing SET approved_at = 0", ("status",), f"mailing.approved_at: {KIND}"),
    ],
)
def test_a_value_that_no_mailer_wrote(
    mailed: Office, rewrite: Callable[[Office, str], None], change: str, command: tuple[str, ...], says: str
) -> None:
    rewrite(mailed, f"UPDATE {change}")
    ran = mailed.does(*command, exits=1)
    assert "holds what no mailer wrote" in ran.said
    assert says in ran.said
    assert "restore a backup" in ran.said


@pytest.fixture
def rewrite() -> Callable[[Office, str], None]:
    """What somebody with a database browser does."""
    from sqlalchemy import text  # noqa: PLC0415

    from mailer.store.engine import make_engine  # noqa: PLC0415

    def execute(office: Office, sql: str) -> None:
        engine = make_engine("sqlite:///mailer.db", office.root)
        with engine.begin() as connection:
            connection.execute(text(sql))
        engine.dispose()

    return execute


def test_a_number_from_which_no_next_is_reckoned(
    printed: Office, rewrite: Callable[[Office, str], None]
) -> None:
    printed.does("destroy", RATES, "--reason", "spoiled")
    rewrite(printed, "UPDATE job SET number = '9999999999999999999999999999999999999999'")
    assert "restore a backup" in printed.does("print", RATES, exits=1).said


def test_a_table_that_somebody_altered(mailed: Office, rewrite: Callable[[Office, str], None]) -> None:
    rewrite(mailed, "ALTER TABLE piece RENAME COLUMN recipient_digest TO other")
    for command in (("plan", RATES), ("status", RATES), ()):
        ran = mailed.does(*command, exits=1)
        assert "the database is damaged." in ran.said


def test_a_row_in_which_a_command_looks_for_a_field(
    mailed: Office, rewrite: Callable[[Office, str], None]
) -> None:
    rewrite(mailed, "UPDATE piece SET facts = 'x' WHERE number <> 2")
    assert (
        "the database is damaged."
        in mailed.does("reprint", f"{RATES}-L-0002", "--reason", "torn", exits=1).said
    )


def test_a_schema_that_is_no_text(mailed: Office) -> None:
    """SQLite's own message on it cannot be read either."""
    database = mailed.root / "mailer.db"
    mailed.does("status")  # all of it is in the file
    content = database.read_bytes()
    database.write_bytes(content.replace(b"CREATE TABLE client", b"CREATE TAB\xeaE client", 1))
    said = mailed.does("status", exits=1).said
    assert "the database cannot be used: malformed database schema" in said
    assert "restore the last backup" in said


def test_bytes_where_a_name_was_are_a_message_and_nothing_else(
    mailed: Office, rewrite: Callable[[Office, str], None]
) -> None:
    rewrite(mailed, "UPDATE client SET phone = x'ff00' WHERE number = 'N-1'")
    with mailed.start("clients", "export", str(mailed.root / "out.csv")) as command:
        out, err = command.communicate()
    assert command.returncode == 1
    assert "holds what no mailer wrote" in err
    assert "Traceback" not in out + err
