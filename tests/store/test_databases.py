"""Which database a mail folder uses, and what keeps its sessions apart."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DatabaseError, StatementError

from mailer.errors import MailerError
from mailer.ledger.kinds import EventKind, Medium
from mailer.store.engine import Store, make_engine, open_store
from mailer.store.record.events import Entry, Stamp, head, record
from mailer.store.record.foreignvalues import unreadable
from mailer.store.tables import EventRow, MailingRow
from mailer.store.types import Amount, UtcDateTime
from tests.support.happening import happening

CALIFORNIA = timezone(timedelta(hours=-8))


def mailing(approved_at: datetime | None) -> MailingRow:
    return MailingRow(
        id=uuid4(),
        campaign="2027-rates",
        medium=Medium.LETTER,
        subject="2027-rates/letter",
        next_number=1,
        approved_at=approved_at,
    )


def test_a_time_comes_back_aware_and_in_utc(store: Store) -> None:
    with store.write() as session:
        session.add(mailing(datetime(2026, 11, 25, 14, 10, 0, 123456, tzinfo=CALIFORNIA)))
    with store.read() as session:
        found = session.execute(select(MailingRow.approved_at)).scalar_one()
    assert found == datetime(2026, 11, 25, 22, 10, 0, 123456, tzinfo=UTC)
    assert found is not None
    assert found.utcoffset() == timedelta(0)


def test_a_naive_time_is_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="a naive datetime cannot be stored"), store.write() as session:
        session.add(mailing(datetime(2026, 11, 25, 14, 10)))


def test_a_day_that_no_mailer_wrote_is_found(store: Store) -> None:
    """PostgreSQL stores infinity as a day, which Python has not."""
    with store.write() as session:
        session.add(mailing(None))
        session.flush()
        session.execute(text("UPDATE mailing SET dated = 'infinity'"))
    with store.read() as session:
        assert unreadable(session).startswith("mailing.dated: ")


@given(st.decimals(min_value=0, max_value=Decimal("99999999.9999"), places=4))
def test_an_amount_survives_the_database(amount: Decimal) -> None:
    column = Amount()
    for dialect in (sqlite.dialect(), postgresql.dialect()):  # type: ignore[no-untyped-call]
        stored = column.process_bind_param(amount, dialect)
        assert stored == int(amount * 10_000)
        assert column.process_result_value(stored, dialect) == amount


def test_an_amount_with_more_digits_than_are_stored_is_refused() -> None:
    with pytest.raises(ValueError, match=r"0\.00001 has more than four decimals"):
        Amount().process_bind_param(Decimal("0.00001"), sqlite.dialect())


def test_nothing_stays_nothing() -> None:
    dialect = sqlite.dialect()
    for column in (Amount(), UtcDateTime()):
        assert column.process_bind_param(None, dialect) is None
        assert column.process_result_value(None, dialect) is None


def test_a_relative_sqlite_file_lies_in_the_mail_folder(tmp_path: Path) -> None:
    open_store(tmp_path, "sqlite:///mailer.db").close()
    assert (tmp_path / "mailer.db").is_file()
    open_store(tmp_path, f"sqlite:///{tmp_path / 'other.db'}").close()
    assert (tmp_path / "other.db").is_file()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mailer.db", "is not a database address"),
        ("mysql://root@localhost/mailer", "names a database of kind 'mysql'"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
    ],
)
def test_what_is_not_a_database_address(tmp_path: Path, url: str, said: str) -> None:
    with pytest.raises(MailerError) as refused:
        open_store(tmp_path, url)
    assert str(refused.value).startswith(f"MAILER_DATABASE_URL: {said}")
    assert "Write sqlite:///mailer.db or postgresql://user@host/database, or unset it." in str(refused.value)


def test_a_database_that_does_not_answer(tmp_path: Path) -> None:
    with pytest.raises(MailerError, match="the database does not answer") as refused:
        open_store(tmp_path, "postgresql://ada:secret@127.0.0.1:1/mailer")
    assert "secret" not in str(refused.value)
    with pytest.raises(
        MailerError, match="the database cannot be read or written: unable to open database file"
    ):
        open_store(tmp_path, "sqlite:///no/such/folder/mailer.db")


def test_a_file_that_is_not_a_database(tmp_path: Path) -> None:
    (tmp_path / "mailer.db").write_bytes(b"%PDF-1.7" * 1000)
    with pytest.raises(MailerError, match="the database cannot be used: file is not a database"):
        open_store(tmp_path, "sqlite:///mailer.db")


def test_a_reader_sees_one_state_while_another_writes(store: Store, stamp: Stamp) -> None:
    with store.read() as reading:
        assert head(reading) is None
        with store.write() as writing:
            record(writing, [Entry("clients", happening(EventKind.CLIENTS_IMPORTED))], stamp)
        assert head(reading) is None
    with store.read() as reading:
        assert head(reading) is not None


def test_a_reading_session_leaves_nothing_behind(store: Store) -> None:
    with store.read() as session:
        session.add(mailing(None))
        session.flush()
    with store.read() as session:
        assert session.execute(select(func.count()).select_from(MailingRow)).scalar_one() == 0


def test_references_are_enforced(store: Store) -> None:
    with pytest.raises(DatabaseError), store.write() as session:
        session.execute(text("INSERT INTO carried VALUES (:id, '2027-rates', 'x')"), {"id": uuid4().hex})


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_sqlite_is_set_to_lose_nothing_at_a_power_cut(store: Store) -> None:
    with store.read() as session:
        found = {
            name: session.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2}


def test_an_engine_makes_no_file_before_it_is_used(tmp_path: Path) -> None:
    make_engine("sqlite:///mailer.db", tmp_path).dispose()
    assert list(tmp_path.iterdir()) == []


def test_the_day_in_law_is_kept_as_a_day(store: Store, stamp: Stamp) -> None:
    with store.write() as session:
        record(session, [Entry("clients", happening(EventKind.CLIENTS_IMPORTED))], stamp)
    if store.engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(str(store.engine.url.database))) as raw:
            assert raw.execute("SELECT occurred_on FROM event").fetchall() == [("2026-11-25",)]
    with store.read() as session:
        assert session.execute(select(EventRow.occurred_on)).scalar_one() == date(2026, 11, 25)
