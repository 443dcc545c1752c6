"""The database of a mail folder: SQLite by default, PostgreSQL by MAILER_DATABASE_URL.

A reading session never blocks; a writing one takes the write lock when it begins (SQLite's own, an
advisory one on PostgreSQL), so that two commands wait for each other instead of failing
half-way. Both end in commit or rollback.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError
from sqlalchemy.orm import Session

from mailer.errors import MailerError, unnumbered
from mailer.store.copies.ledgerhead import FILE, HeadFile, Lost, lost, require_current
from mailer.store.files import Files
from mailer.store.schema import address, bring_up_to_date
from mailer.store.writelock import WRITES, lock_writes

__all__ = ["VARIABLE", "Session", "Store", "make_engine", "open_store"]

logging.getLogger("sqlalchemy").addHandler(logging.NullHandler())  # what goes wrong is an error, and is said

VARIABLE: Final = "MAILER_DATABASE_URL"
DATABASE: Final = "sqlite:///mailer.db"
"""In the mail folder. Its path stays out of the address, where a ? or % of a folder's name has a meaning."""
BUSY: Final = 30_000  # ms to wait for another's transaction
_SNAPSHOT: Final[dict[str, dict[str, Any]]] = {
    "sqlite": {},
    "postgresql": {"isolation_level": "REPEATABLE READ"},
}


@dataclass(frozen=True, slots=True)
class Store:
    """The database and the content-addressed files of one mail folder."""

    engine: Engine
    files: Files
    settling: bool = False  # `mailer settle` alone writes into an older copy (mailer.store.copies.ledgerhead)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one state of the database and leaves nothing behind."""
        with Session(self.engine.execution_options(**_SNAPSHOT[self.engine.dialect.name])) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that is committed as a whole when the block ends, or not at all.

        Raises OlderCopy where the database is one, and nobody has settled what it does not know.
        """
        engine = self.engine.execution_options(**{WRITES: True})
        with Session(engine, expire_on_commit=False) as session:
            with session.begin():
                lock_writes(session.connection())
                if not self.settling:
                    require_current(session, self.head)
                yield session
            self.head.keep(session, settling=self.settling)

    @property
    def head(self) -> HeadFile:
        """The file that knows how far the ledger came."""
        return HeadFile(self.files.folder.parent / FILE)

    def older_copy(self) -> Lost | None:
        """What is known of what the database lost; None where it is the one that was written last."""
        with self.read() as session:
            return lost(session, self.head)

    def require_current(self) -> None:
        """Raises OlderCopy as `write` does: for what is to be refused before anything is written."""
        with self.read() as session:
            require_current(session, self.head)

    def close(self) -> None:
        self.engine.dispose()


def make_engine(url: str, root: Path = Path()) -> Engine:
    """An engine for SQLite (a relative path is one below `root`) or PostgreSQL.

    Raises MailerError for any other address.
    """
    try:
        parsed = make_url("" if "%00" in url or "\0" in url else url)  # libpq never sees what follows that
        plain = parsed.drivername in ("sqlite", "postgresql", "postgresql+psycopg")
        (parsed.host or "").encode("idna")
    except (ArgumentError, ValueError):  # a port that is no number, a host of 300 letters
        raise MailerError("is not a database address.", where=VARIABLE, todo=_EXAMPLE) from None
    odd = parsed.host or parsed.query
    if parsed.get_backend_name() == "sqlite" and (not plain or odd):
        raise MailerError("is not the address of a SQLite file.", where=VARIABLE, todo=_EXAMPLE)
    match parsed.get_backend_name():
        case "sqlite":
            if parsed.database in (None, "", ":memory:"):
                raise MailerError("names no file.", where=VARIABLE, todo=_EXAMPLE)
            engine = create_engine(parsed.set(database=str(root / str(parsed.database))))
            event.listen(engine, "connect", _sqlite_connect)
            event.listen(engine, "begin", _sqlite_begin)
            return engine
        case "postgresql":
            if own := _DRIVERS_OWN.intersection(parsed.query):
                raise MailerError(f"{min(own)} can't be set in it.", where=VARIABLE, todo=_EXAMPLE)
            # what the server was set to by itself is not ours: a snapshot older than the write lock, say
            try:
                engine = create_engine(
                    parsed.set(drivername="postgresql+psycopg"), isolation_level="READ COMMITTED"
                )
            except ArgumentError:  # among its options: ports and no hosts
                raise MailerError("is not a database address.", where=VARIABLE, todo=_EXAMPLE) from None
            event.listen(engine, "connect", _postgres_connect, insert=True)
            return engine
        case other:
            raise MailerError(f"names a database of kind {other!r}.", where=VARIABLE, todo=_EXAMPLE)


_DRIVERS_OWN: Final = frozenset(
    {"autocommit", "context", "cursor_factory", "prepare_threshold", "row_factory"}
)
_EXAMPLE: Final = "Write sqlite:///mailer.db or postgresql://user@host/database, or unset it."


def _sqlite_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # pysqlite would begin transactions late, by itself
    cursor = connection.cursor()
    for pragma in (f"busy_timeout = {BUSY}", "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        try:
            cursor.execute(f"PRAGMA {pragma}")
        except UnicodeDecodeError:  # of its message on what is wrong with the schema
            raise sqlite3.DatabaseError("malformed database schema") from None
    cursor.close()


def _postgres_connect(connection: Any, _record: object) -> None:
    """Days and texts as they are read here, whatever the server, or PGCLIENTENCODING, was set to."""
    said = connection.info.parameter_status
    if said("server_encoding") != "UTF8":
        raise MailerError(
            f"the database keeps texts as {said('server_encoding')}, which lacks letters.",
            where=VARIABLE,
            todo="Make it with  createdb --encoding UTF8 --template template0",
        )
    if not said("DateStyle").startswith("ISO") or said("client_encoding") != "UTF8":
        connection.autocommit = True
        connection.execute("SET DateStyle TO ISO")
        connection.execute("SET client_encoding TO UTF8")
        connection.autocommit = False
    connection.execute(f"SET lock_timeout TO {BUSY}")
    connection.commit()


def _sqlite_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def open_store(root: Path, url: str) -> Store:
    """The store of the mail folder `root`, its tables made or brought up to date.

    A SQLite file that `url` names by a relative path lies in `root`. Raises MailerError where the
    database can't be reached or is not one of ours.
    """
    engine = make_engine(url, root)
    try:
        bring_up_to_date(engine)
    except DatabaseError as error:
        engine.dispose()
        wrong, todo = "cannot be used", f"Start it, or mend the address in {VARIABLE}."
        if engine.dialect.name == "sqlite":
            todo = "Keep a copy of it as it is, and restore the last backup: see mailer restore --help."
        if isinstance(error, OperationalError):
            wrong = "does not answer"
            if engine.dialect.name == "sqlite":
                wrong, todo = "cannot be read or written", "Is the disk full, or the file not yours?"
        raise MailerError(
            f"the database {wrong}: {unnumbered(str(error.orig).strip())}",
            where=address(engine),
            todo=todo,
        ) from None
    except MailerError:
        engine.dispose()
        raise
    return Store(engine, Files(root / "files"))
