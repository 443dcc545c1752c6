"""What events bind, kept by its key in a temporary file: memory does not grow with the pieces or the clients.

The file is SQLite's own, without a name; it goes with its owner. It holds hashes, and nothing of a person.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final
from uuid import UUID
from weakref import finalize

from mailer.ledger.leaves import Leaves, output_in_order, root_of

_HELD: Final = 1_000  # KB of each file that stay in memory


def _opened(owner: object, columns: str) -> sqlite3.Connection:
    made = sqlite3.connect("", isolation_level=None)
    finalize(owner, made.close)
    for setting in (f"cache_size = -{_HELD}", "journal_mode = OFF", "synchronous = OFF"):
        made.execute(f"PRAGMA {setting}")
    made.execute(f"CREATE TABLE kept ({columns}) WITHOUT ROWID")
    made.execute("BEGIN")  # one transaction to its end: a row would be one each, a third of its time
    return made


class ClientLeaves:
    """Of each client, by the digits of its id, the last hash that an event gave."""

    def __init__(self) -> None:
        self._kept = _opened(self, "client TEXT PRIMARY KEY, leaf TEXT NOT NULL")

    def update(self, bound: Mapping[str, str]) -> None:
        self._kept.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?)", bound.items())

    def drop(self, clients: Iterable[str]) -> None:
        self._kept.executemany("DELETE FROM kept WHERE client = ?", ((client,) for client in clients))

    def of(self, clients: Iterable[str]) -> dict[str, str]:
        """Those of these clients that have one."""
        listed = (json.dumps(list(clients)),)
        wanted = "SELECT client, leaf FROM json_each(?) JOIN kept ON client = value"
        return dict(self._kept.execute(wanted, listed))

    def clients(self) -> Iterator[str]:
        """Who has one, in the order of the digits."""
        return (client for (client,) in self._kept.execute("SELECT client FROM kept ORDER BY client"))

    def __len__(self) -> int:
        (count,) = self._kept.execute("SELECT count(*) FROM kept").fetchone()
        return int(count)


class ClientIds:
    """A set of clients."""

    def __init__(self) -> None:
        self._kept = _opened(self, "client TEXT PRIMARY KEY")

    def add(self, clients: Iterable[UUID]) -> None:
        self._kept.executemany("INSERT OR IGNORE INTO kept VALUES (?)", ((client.hex,) for client in clients))

    def without(self, clients: Iterable[UUID]) -> list[UUID]:
        """Those of these clients that are not in it, in their order."""
        listed = (json.dumps([client.hex for client in clients]),)
        wanted = "SELECT value FROM json_each(?) WHERE value NOT IN (SELECT client FROM kept) ORDER BY key"
        return [UUID(client) for (client,) in self._kept.execute(wanted, listed)]


class PieceLeaves:
    """Of each piece of a mailing, by its number, what an event bound last."""

    def __init__(self) -> None:
        self._kept = _opened(self, "number INTEGER PRIMARY KEY, sha256 TEXT, facts TEXT, person TEXT")

    def update(self, bound: Iterable[tuple[int, Leaves]]) -> None:
        rows = ((number, *leaves) for number, leaves in bound)
        self._kept.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)", rows)

    def facts(self, numbers: Iterable[int]) -> dict[int, str]:
        """By number, what binds the facts of those of these pieces that have it."""
        listed = (json.dumps(list(numbers)),)
        wanted = "SELECT number, facts FROM json_each(?) JOIN kept ON number = value"
        return dict(self._kept.execute(wanted, listed))

    def in_order(self) -> Iterator[tuple[int, Leaves]]:
        """By number."""
        rows = self._kept.execute("SELECT number, sha256, facts, person FROM kept ORDER BY number")
        return ((number, Leaves(*leaves)) for number, *leaves in rows)

    def output(self, live: Callable[[int], bool]) -> str:
        """The hash over the pages of those that are `live` (mailer.ledger.leaves.output_of)."""
        rows = self._kept.execute("SELECT number, sha256 FROM kept ORDER BY sha256")
        return output_in_order(sha256 for number, sha256 in rows if live(number))

    def root(self, live: Callable[[int], bool]) -> str:
        """The hash over all that binds those that are `live`."""
        return root_of(leaves for number, leaves in self.in_order() if live(number))
