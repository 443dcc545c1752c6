"""How fast a service may be called, kept across the processes of one machine. Times are seconds.

A service counts the calls of a key to an endpoint in a sliding window, say 150 in 5 s. `Pace` keeps the
times of the last calls in a small SQLite file and gives each caller the earliest time at which its call is
within the rate; the caller sleeps until then. The time is reserved in one transaction, so callers in any
process and thread go in the order in which they asked, and none polls. Two calls that are one rate apart are
SPARE longer apart than the window, since a call may be slower on the wire than the one that follows it.

The clock is the machine's monotonic one, which all its processes share and no one sets; it begins anew at a
restart of the machine, so times later than it could have given are from before that and are forgotten.
(The SQLite bucket of pyrate-limiter 4.5.1 was tried: it takes a call's time before it has the lock, and let
151 calls pass within 5 s when two processes shared it.)
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

from mailer.mailservice.sidefile import SideFile

SPARE: Final = 0.02  # of the window: 98% of the rate is used
_LONGEST: Final = 600.0  # no caller waits longer, so a later time is from before a restart
_LATE: Final = 0.005  # a call that begins so much after its time is recorded anew

# Losing the last calls in a power cut is harmless: the machine's clock begins anew as well.
_TABLE: Final = """
PRAGMA synchronous = OFF;
CREATE TABLE IF NOT EXISTS call (id INTEGER PRIMARY KEY, endpoint TEXT NOT NULL, at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS call_at ON call (endpoint, at);
"""


class Pace:
    """`rate` calls in `window` seconds for each endpoint; rate None is no limit, and then no file is made.

    `path` is a file of its own, which all processes using the same key name. Safe for several threads.
    `wait` and `hold` raise MailerError where the file cannot be read or written.
    """

    def __init__(self, path: Path | None, rate: int | None, window: float = 5.0) -> None:
        if rate is not None and (rate < 1 or path is None):
            raise ValueError("a rate is at least 1 and is kept in a file")
        self.rate = rate
        self.window = window
        self._file = SideFile(
            path or Path(),
            _TABLE,
            "the file that keeps the pace of sending",
            "Make room on the disk, or remove the file; it is made anew.",
        )

    def wait(self, endpoint: str, *, times: int = 1) -> float:
        """Sleep until a call to `endpoint` is within `times` the rate; the seconds slept."""
        if self.rate is None:
            return 0.0
        call, at = self._reserve(endpoint, self.rate * times)
        pause = at - time.monotonic()
        if pause <= 0:
            return 0.0
        time.sleep(pause)
        late = time.monotonic()
        if late - at > _LATE:  # the machine was busy: the next ones count from now
            with self._file.transaction() as database:
                database.execute("UPDATE call SET at = ? WHERE id = ?", (late, call))
        return pause

    def hold(self, endpoint: str, seconds: float, *, times: int = 1) -> None:
        """The service said "too many": let no process begin a call to `endpoint` for so many seconds."""
        if self.rate is None or seconds <= 0:
            return
        with self._file.transaction() as database:
            at = time.monotonic() + min(seconds, _LONGEST / 2) - self._apart
            rows = [(endpoint, at)] * (self.rate * times)
            database.executemany("INSERT INTO call (endpoint, at) VALUES (?, ?)", rows)

    def close(self) -> None:
        self._file.close()

    @property
    def _apart(self) -> float:
        return self.window * (1 + SPARE)

    def _reserve(self, endpoint: str, rate: int) -> tuple[int, float]:
        """This call as it is recorded: its id, and its time on the monotonic clock."""
        with self._file.transaction() as database:
            now = time.monotonic()
            database.execute(
                "DELETE FROM call WHERE endpoint = ? AND (at < ? OR at > ?)",
                (endpoint, now - self._apart, now + _LONGEST),
            )
            row = database.execute(
                "SELECT at FROM call WHERE endpoint = ? ORDER BY at DESC LIMIT 1 OFFSET ?",
                (endpoint, rate - 1),
            ).fetchone()
            at: float = now if row is None else max(now, row[0] + self._apart)
            added = database.execute("INSERT INTO call (endpoint, at) VALUES (?, ?)", (endpoint, at))
            return added.lastrowid or 0, at
