"""What this folder's e-mails are known to have come to: `.smtp-sent.db` beside mailer.toml.

A row is written, and on the disk, before the last line of a message is sent: from that line on the server may
have it. It is ended once the server says that it took it, and removed once it says that it did not. So of a
message without a row nothing was taken, and one whose row is open is unknown, whatever killed the process.

Moments are seconds since 1970. The file is no part of a backup: a copy of it would know less than what went.
Where it is lost, `mailer settle --lost` begins it anew (`provider.again`).
Names are in it for an older database alone, which has to recognise whom it wrote to, and go after NAMES_KEPT.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from uuid_utils import uuid7

from mailer.mailservice.sidefile import SideFile

NAMES_KEPT: Final = 90 * 86_400.0  # s
_TABLES: Final = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL; -- on the disk before the last line goes
CREATE TABLE IF NOT EXISTS message (
    key TEXT NOT NULL, live INTEGER NOT NULL, message_id TEXT NOT NULL, label TEXT NOT NULL,
    campaign TEXT NOT NULL, name TEXT NOT NULL, company TEXT NOT NULL, zip TEXT NOT NULL,
    begun REAL NOT NULL, taken REAL, word TEXT NOT NULL DEFAULT '', PRIMARY KEY (key, live)
);
CREATE INDEX IF NOT EXISTS message_begun ON message (begun);
CREATE INDEX IF NOT EXISTS message_id ON message (message_id);
CREATE TABLE IF NOT EXISTS folder (id TEXT NOT NULL, begun REAL NOT NULL);
"""
_LAST: Final = 250_000_000_000.0  # seconds since 1970: before the year 9999 ends
_FORGET: Final = """
UPDATE message SET name = '', company = '', zip = '' WHERE begun < ? AND (name <> '' OR company <> '')
"""
_COLUMNS: Final = "key, message_id, label, campaign, name, company, zip, begun, taken"


@dataclass(frozen=True, slots=True)
class Noted:
    """One message that the server took (`taken`, a moment), or may have taken (None)."""

    key: str
    message_id: str
    label: str
    campaign: str
    name: str
    company: str
    zip: str
    begun: float
    taken: float | None = None


class Journal:
    """The file at `path`, of real messages or of tests. Safe for several threads and processes.

    Every method raises MailerError where the file can't be read or written.
    """

    def __init__(self, path: Path, *, live: bool) -> None:
        self._live = live
        self._file = SideFile(
            path,
            _TABLES,
            "the file that tells which e-mails went",
            "Make room on the disk, or give it back to its owner. Never remove it: without it nobody knows "
            "what went.",
        )

    def begun(self, now: float) -> tuple[str, float]:
        """What tells this file from any other, and when it was begun: `now` where it was not yet."""
        with self._file.transaction() as database:
            row = database.execute("SELECT id, begun FROM folder").fetchone()
            if row is None:
                row = (uuid7().hex, now)
                database.execute("INSERT INTO folder (id, begun) VALUES (?, ?)", row)
            return str(row[0]), _moment(row[1])

    def of_key(self, key: str) -> Noted | None:
        """What is noted of the message with that send key."""
        return self._one("key", key)

    def of_message(self, message_id: str) -> Noted | None:
        return self._one("message_id", message_id)

    def begin(self, one: Noted) -> bool:
        """Note that the last line of it is sent now; False where it was begun before and is still open, or
        taken.
        """
        row = (one.key, self._live, *(getattr(one, name) for name in _COLUMNS.split(", ")[1:]))
        with self._file.transaction() as database:
            database.execute(_FORGET, (one.begun - NAMES_KEPT,))
            added = database.execute(
                f"INSERT OR IGNORE INTO message (key, live, {_COLUMNS.removeprefix('key, ')}) "  # noqa: S608
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )
            return added.rowcount == 1

    def took(self, key: str, at: float, word: str = "") -> None:
        """The server has it; `word` says who found out, where it did not say so itself."""
        self._change("UPDATE message SET taken = ?, word = ? WHERE key = ? AND live = ?", at, word, key)

    def took_not(self, key: str) -> None:
        """The server has it not."""
        self._change("DELETE FROM message WHERE key = ? AND live = ? AND taken IS NULL", key)

    def since(self, begun: float) -> list[Noted]:
        """What was begun at that moment or later, the first one first."""
        with self._file.transaction() as database:
            statement = f"SELECT {_COLUMNS} FROM message WHERE live = ? AND begun >= ? ORDER BY begun"  # noqa: S608
            return [_noted(row) for row in database.execute(statement, (self._live, begun))]

    def count(self, begun: float) -> tuple[int, float]:
        """How many were begun since that moment, and the first of them."""
        with self._file.transaction() as database:
            statement = "SELECT count(*), min(begun) FROM message WHERE live = ? AND begun >= ?"
            number, first = database.execute(statement, (self._live, begun)).fetchone()
            return int(number), _moment(first or begun)

    def _one(self, column: str, value: str) -> Noted | None:
        with self._file.transaction() as database:
            statement = f"SELECT {_COLUMNS} FROM message WHERE {column} = ? AND live = ?"  # noqa: S608
            row = database.execute(statement, (value, self._live)).fetchone()
            return _noted(row) if row else None

    def _change(self, statement: str, *values: float | str) -> None:
        with self._file.transaction() as database:
            database.execute(statement, (*values, self._live))


def _noted(row: Sequence[Any]) -> Noted:
    key, message_id, label, campaign, name, company, zip_ = map(str, row[:7])
    begun, taken = _moment(row[7]), None if row[8] is None else _moment(row[8])
    return Noted(key, message_id, label, campaign, name, company, zip_, begun, taken)


def _moment(seconds: Any) -> float:
    """Seconds since 1970. Raises ValueError for what is no moment: SQLite keeps what it is given."""
    found = float(seconds)
    if not 0 <= found <= _LAST:
        raise ValueError(seconds)
    return found
