"""The write lock: one command writes at a time, another waits until it has ended.

An engine's option `WRITES` says that a transaction is going to write: SQLite then locks when it begins.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, text

WRITES: Final = "mailer_writes"
_LOCK: Final = 0x6D61696C  # "mail": one writer at a time, as SQLite has it by nature


def lock_writes(connection: Connection) -> None:
    """Wait until no other command writes; until the end of the transaction. SQLite does it at BEGIN."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
