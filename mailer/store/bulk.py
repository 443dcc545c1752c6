"""Many rows into one table, with each column's conversion looked up once instead of once a row.

SQLAlchemy's own executemany spends most of an import of 100,000 rows on that (`make bench`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import JSON, Connection, Table
from sqlalchemy.exc import DBAPIError

from mailer.store.types import Key


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert `rows`, which all have the same columns, in one statement; PostgreSQL's is COPY."""
    if not rows:
        return
    dialect = connection.dialect
    names = list(rows[0])
    pick = itemgetter(*names)
    processors = [table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names]
    convert = [
        # A list has few different days and amounts; what can't be hashed is converted each time.
        (at, into if isinstance(table.c[name].type, JSON | Key) else lru_cache(maxsize=4_096)(into))
        for at, (name, into) in enumerate(zip(names, processors, strict=True))
        if into is not None
    ]

    def values(row: Mapping[str, Any]) -> tuple[Any, ...]:
        cells = list(pick(row))
        for at, into in convert:
            cells[at] = into(cells[at])
        return tuple(cells)

    quote = dialect.identifier_preparer.quote
    columns = f"{quote(table.name)} ({', '.join(map(quote, names))})"
    if dialect.name == "postgresql":
        _copy(connection, f"COPY {columns} FROM STDIN", map(values, rows))
    else:
        inserted = f"INSERT INTO {columns} VALUES ({', '.join('?' * len(names))})"  # noqa: S608 (our own names)
        connection.exec_driver_sql(inserted, [*map(values, rows)])


def _copy(connection: Connection, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    errors = connection.dialect.loaded_dbapi.Error
    psycopg: Any = connection.connection
    try:
        with psycopg.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except errors as error:
        raise DBAPIError.instance(statement, None, error, errors) from error
