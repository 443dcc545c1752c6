"""A small SQLite file beside the database, which all processes that send from one folder share."""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from mailer.errors import NONSENSE, MailerError, in_words

_BUSY: Final = 30.0  # s to wait for another process's transaction


@dataclass(eq=False)
class SideFile:
    """The file at `path`, opened when it is first needed; `script` makes what it holds, and may be run again.
    `what` and `todo` are what is said where it can't be used. Safe for several threads.
    """

    path: Path
    script: str
    what: str
    todo: str
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _kept: list[sqlite3.Connection] = field(default_factory=list, repr=False)  # at most one

    def __post_init__(self) -> None:
        weakref.finalize(self, _close, self._kept)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """BEGIN IMMEDIATE to COMMIT, so that two processes never read the same state. Raises MailerError."""
        with self._lock:
            try:
                database = self._opened()
                database.execute("BEGIN IMMEDIATE")
                try:
                    yield database
                except BaseException:
                    database.execute("ROLLBACK")
                    raise
                database.execute("COMMIT")
            except (sqlite3.Error, OSError, *NONSENSE) as error:  # the last: what somebody wrote into it
                raise MailerError(
                    f"{self.what} cannot be used ({in_words(error)}).", where=str(self.path), todo=self.todo
                ) from error

    def close(self) -> None:
        with self._lock:
            _close(self._kept)

    def _opened(self) -> sqlite3.Connection:
        if not self._kept:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(
                self.path, timeout=_BUSY, isolation_level=None, check_same_thread=False
            )
            try:
                connection.executescript(self.script)
            except BaseException:
                connection.close()
                raise
            self._kept.append(connection)
        return self._kept[0]


def copy_side_file(path: Path, to: Path) -> None:
    """A copy of the file at `path`, whole whoever is writing to it. Raises MailerError."""
    try:
        with closing(sqlite3.connect(path, timeout=_BUSY)) as source, closing(sqlite3.connect(to)) as copy:
            source.backup(copy)
    except sqlite3.Error as error:
        raise MailerError(
            f"can't be read ({error}).",
            where=str(path),
            todo="Move it away to go on without it: `mailer settle` then asks what it would have told.",
        ) from error


def _close(kept: list[sqlite3.Connection]) -> None:
    while kept:
        kept.pop().close()
