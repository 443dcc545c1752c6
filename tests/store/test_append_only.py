"""The event table refuses every change, whatever the statement, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import DatabaseError, OperationalError

from mailer.ledger.chain import Event, check
from mailer.ledger.clientevents import ClientsImported
from mailer.ledger.events import said
from mailer.ledger.kinds import EventKind
from mailer.store.engine import Store
from mailer.store.record.events import Entry, Stamp, all_events, head, record
from mailer.store.tables import EventRow
from tests.support.happening import happening

COLUMNS = tuple(name for name in Event.__slots__ if name != "withheld")  # a pack may withhold
REFUSED = "the ledger is append-only"


@pytest.fixture
def ledger(store: Store, stamp: Stamp) -> Store:
    """A store with three events."""
    with store.write() as session:
        entries = [Entry("clients", happening(EventKind.CLIENTS_IMPORTED, added=n)) for n in (1, 2, 3)]
        record(session, entries, stamp)
    return store


def events(store: Store) -> list[Event]:
    with store.read() as session:
        return list(check(all_events(session)))


def row(store: Store, **changes: object) -> dict[str, object]:
    """The last event's row, with `changes`."""
    last = events(store)[-1]
    return {name: getattr(last, name) for name in COLUMNS} | changes


def test_events_are_appended_and_read_back(ledger: Store, stamp: Stamp) -> None:
    found = events(ledger)
    assert [(e.seq, e.kind, e.subject, said(e)) for e in found] == [
        (1, "clients.imported", "clients", ClientsImported("", 1, 1, 1, 1, 1, ended=1)),
        (2, "clients.imported", "clients", ClientsImported("", 2, 1, 1, 1, 1, ended=1)),
        (3, "clients.imported", "clients", ClientsImported("", 3, 1, 1, 1, 1, ended=1)),
    ]
    assert {e.recorded_at for e in found} == {stamp.recorded_at}
    with ledger.read() as session:
        assert head(session) == found[-1]


def test_an_update_is_refused(ledger: Store) -> None:
    with pytest.raises(DatabaseError, match=REFUSED), ledger.write() as session:
        session.execute(update(EventRow).where(EventRow.seq == 1).values(actor="Eve"))
    assert len(events(ledger)) == 3


def test_a_delete_is_refused(ledger: Store) -> None:
    with pytest.raises(DatabaseError, match=REFUSED), ledger.write() as session:
        session.execute(delete(EventRow).where(EventRow.seq == 3))
    assert len(events(ledger)) == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"actor": "Eve"},
        {"seq": 4, "actor": "Eve"},
        {"seq": 4, "hash": "f" * 64},
        {"seq": 4, "prev": "f" * 64},
    ],
    ids=["the same seq", "the same hash and prev", "the same prev", "the same hash"],
)
def test_an_insert_that_reuses_a_key_is_refused(ledger: Store, changes: dict[str, object]) -> None:
    before = events(ledger)
    with pytest.raises(DatabaseError), ledger.write() as session:
        session.execute(insert(EventRow), [row(ledger, **changes)])
    assert events(ledger) == before


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("verb", ["INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE"])
@pytest.mark.parametrize(
    "changes",
    [{"hash": "f" * 64, "prev": "e" * 64}, {"seq": 4, "actor": "Eve"}, {"seq": 4, "prev": "f" * 64}],
    ids=["the same seq", "the same hash and prev", "the same hash"],
)
def test_sqlites_replace_is_refused(ledger: Store, verb: str, changes: dict[str, object]) -> None:
    before = events(ledger)
    names = ", ".join(COLUMNS)
    values = ", ".join(f":{name}" for name in COLUMNS)
    forged = {name: str(value) for name, value in row(ledger, **changes).items()} | {
        "seq": row(ledger, **changes)["seq"]
    }
    with pytest.raises(DatabaseError, match=REFUSED), ledger.write() as session:
        session.execute(text(f"{verb} INTO event ({names}) VALUES ({values})"), forged)
    assert events(ledger) == before


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_sqlite_has_no_hidden_row_numbers_to_replace_by(ledger: Store) -> None:
    """INSERT OR REPLACE (rowid, seq, …) VALUES (1, 99, …) would delete event 1 past every trigger."""
    with pytest.raises(OperationalError, match="no such column: rowid"), ledger.read() as session:
        session.execute(text("SELECT rowid FROM event"))


@pytest.mark.parametrize("action", ["DO UPDATE SET actor = 'Eve'", "DO NOTHING"])
def test_on_conflict_changes_nothing(ledger: Store, action: str) -> None:
    before = events(ledger)
    columns = ", ".join(name for name in COLUMNS if name != "actor")
    statement = f"""INSERT INTO event (actor, {columns}) SELECT 'Eve', {columns} FROM event WHERE seq = 2
                    ON CONFLICT (seq) {action}"""  # noqa: S608
    try:
        with ledger.write() as session:
            session.execute(text(statement))
    except DatabaseError as error:
        assert REFUSED in str(error)  # noqa: PT017 (PostgreSQL does nothing silently where it is told so)
    else:
        assert action == "DO NOTHING"
    assert events(ledger) == before


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("statement", ["TRUNCATE event", "TRUNCATE event CASCADE", "MERGE"])
def test_postgresqls_truncate_and_merge_are_refused(ledger: Store, statement: str) -> None:
    merge = "MERGE INTO event USING (SELECT 2 AS n) AS other ON event.seq = other.n WHEN MATCHED THEN DELETE"
    with pytest.raises(DatabaseError, match=REFUSED), ledger.write() as session:
        session.execute(text(merge if statement == "MERGE" else statement))
    assert len(events(ledger)) == 3


def test_a_removed_event_is_found_even_where_the_triggers_were_taken_away(ledger: Store) -> None:
    with ledger.engine.begin() as connection:
        sqlite = connection.dialect.name == "sqlite"
        off = "DROP TRIGGER event_no_delete" if sqlite else "ALTER TABLE event DISABLE TRIGGER USER"
        connection.execute(text(off))
        connection.execute(text("DELETE FROM event WHERE seq = 2"))
        if not sqlite:
            connection.execute(text("ALTER TABLE event ENABLE TRIGGER USER"))
    with pytest.raises(Exception, match="event 2 is missing: a record was removed"):
        events(ledger)
