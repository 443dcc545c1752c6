"""A database as one SQLite file, from SQLite or PostgreSQL while others write, and back into either.

The copy is one moment of the database. It ends with `ledger.copied`, so that whoever opens it, by whatever
way it came there, is told that it is a copy (mailer.store.copies.ledgerhead).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, func, insert, select, text

from mailer.errors import MailerError, Refused
from mailer.ledger.chain import FIRST_PREV, Event
from mailer.ledger.copyevents import LedgerCopied
from mailer.store.copies.ledgerhead import SUBJECT
from mailer.store.engine import DATABASE, Session, Store, make_engine, open_store
from mailer.store.record.events import Entry, Stamp, head, record
from mailer.store.schema import address, upgrade
from mailer.store.tables import Base, DropRow, EventRow, PieceRow
from mailer.store.writelock import WRITES, lock_writes

NAME: Final = "mailer.db"
_DOES_ITSELF: Final = "SELECT sql FROM sqlite_master WHERE type IN ('trigger', 'view')"
_FIRST: Final = "mailer.store.migrations.versions.0001_first"
_AT_ONCE: Final = 2_000  # rows of one INSERT


def copy_out(store: Store, folder: Path, stamp: Stamp) -> Event:
    """Write the database as `folder`/mailer.db; the last event of the copy, which says that it is one."""
    path = folder / NAME
    if store.engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(str(store.engine.url.database))) as source:
            _back_up(source, path)
    else:
        with _sqlite(folder) as target:
            upgrade(target)
            with store.read() as session, target.begin() as connection:
                _copy_rows(session.connection(), connection)
    with opened_copy(folder) as copy, copy.write() as session:
        last = head(session)
        seq, digest = (last.seq, last.hash) if last else (0, FIRST_PREV)
        made = record(session, [Entry(SUBJECT, LedgerCopied(seq, digest))], stamp)
    if made is None:
        raise AssertionError("an event that was not recorded")
    return made


@contextmanager
def opened_copy(folder: Path) -> Iterator[Store]:
    """The copy in `folder`, to be read and to be marked; it is one whole file again afterwards."""
    store = replace(open_store(folder, DATABASE), settling=True)
    try:
        yield store
    finally:
        store.close()
        with closing(sqlite3.connect(folder / NAME)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")


def require_whole(folder: Path) -> None:
    """Raises MailerError where SQLite finds `folder`/mailer.db damaged, or where it would do more by itself
    than a mailer's: another's triggers and views run whatever they like once it is used.
    """
    path, does = folder / NAME, set[str]()
    try:
        with closing(sqlite3.connect(path)) as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA quick_check(3)")]
            does = {str(row[0]) for row in connection.execute(_DOES_ITSELF)}
    except sqlite3.DatabaseError as error:
        found = [str(error)]
    if found != ["ok"]:
        raise MailerError(f"the database is damaged: {found[0]}", where=NAME, todo="Use another backup.")
    if does - set(import_module(_FIRST).SQLITE_TRIGGERS):
        raise MailerError(
            "the database has triggers or views that are not mailer's.",
            where=NAME,
            todo="Somebody else made it. Use another backup.",
        )


def copy_in(folder: Path, url: str) -> None:
    """Put the rows of `folder`/mailer.db into the PostgreSQL database `url`, all of them or none.

    Raises Refused where it holds anything but exactly these already.
    """
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            new = not engine.dialect.has_table(connection, EventRow.__tablename__)
        if new:
            upgrade(engine)
        with (
            _sqlite(folder) as copied,
            copied.connect() as source,
            engine.execution_options(**{WRITES: True}).begin() as target,
        ):
            lock_writes(target)
            here, there = _counts(target), _counts(source)
            if here == there:
                return
            if any(count for _, count in here[1:]):
                raise Refused(
                    "is not empty, and nothing of it was changed.",
                    where=address(engine),
                    todo="Make a new database, and name it in MAILER_DATABASE_URL.",
                )
            _copy_rows(source, target)
            _go_on_numbering(target)
    finally:
        engine.dispose()


def files_named(session: Session) -> set[str]:
    """The SHA-256 of every file of the store that a piece or a hand-over names."""
    receipts = select(DropRow.receipt).where(DropRow.receipt.is_not(None))
    return set(session.execute(select(PieceRow.file).union(receipts)).scalars().all())


@contextmanager
def _sqlite(folder: Path) -> Iterator[Engine]:
    engine = make_engine(DATABASE, folder)
    try:
        yield engine
    finally:
        engine.dispose()


def _back_up(source: sqlite3.Connection, path: Path) -> None:
    """SQLite's own online backup: in one step, so that it is one moment of the database."""
    with closing(sqlite3.connect(path)) as target:
        source.backup(target)


def _copy_rows(source: Connection, target: Connection) -> None:
    for table in Base.metadata.sorted_tables:
        keys = list(table.primary_key.columns)
        rows = source.execution_options(yield_per=_AT_ONCE).execute(select(table).order_by(*keys)).mappings()
        for part in rows.partitions(_AT_ONCE):
            target.execute(insert(table), [dict(row) for row in part])


def _counts(connection: Connection) -> list[tuple[str, object]]:
    """The head of the ledger, and how many rows each table has."""
    last = select(EventRow.hash).order_by(EventRow.seq.desc()).limit(1)
    found: list[tuple[str, object]] = [("head", connection.execute(last).scalar())]
    for table in Base.metadata.sorted_tables:
        count = select(func.count()).select_from(table)
        found += [(table.name, connection.execute(count).scalar_one())]
    return found


def _go_on_numbering(target: Connection) -> None:
    """PostgreSQL's own numbering of rows begins after those that were put in."""
    for table in Base.metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None and column.autoincrement is not False and len(table.primary_key) == 1:
            highest = target.execute(select(func.max(column))).scalar()
            if highest is not None:
                words = {"table": table.name, "column": column.name, "highest": highest}
                target.execute(
                    text("SELECT setval(pg_get_serial_sequence(:table, :column), :highest)"), words
                )
