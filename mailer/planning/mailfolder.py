"""The mail folder that a command works in: its settings, clock and store, opened once."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mailer.clock import Clock
from mailer.errors import FileProblems, Problem
from mailer.ledger.stated import KnownClosing, KnownClosings
from mailer.notice.calendars import FIRM, check_calendar
from mailer.notice.closings import Closing, Closings, closings
from mailer.notice.mailingday import counts_as_mailed_on
from mailer.notice.problems import CalendarProblem
from mailer.settings import FILE, ServiceTable, Settings, find_root, load_settings
from mailer.store.engine import DATABASE, Store, open_store
from mailer.store.record.events import Stamp
from mailer.tomlfile import line_of, read_text

if TYPE_CHECKING:
    from mailer.pages.letterhead import Letterhead


@dataclass(frozen=True)
class MailFolder:
    """Everything a workflow needs. `today` is the firm's local day of this command."""

    root: Path
    settings: Settings
    clock: Clock
    store: Store
    closings: Closings  # the days on which calendars depart from their rules, from mailer.toml

    @property
    def today(self) -> date:
        return self.clock.today()

    @cached_property
    def mails_on(self) -> date:
        """The first day for which a hand-over from now on counts: not this one, once its last collection is
        over. A rehearsal's day has no hour.
        """
        if self.clock.rehearsal:
            return self.today
        now = self.clock.now().astimezone(self.settings.firm.time_zone)
        return counts_as_mailed_on(now, self.settings.mailroom.cut_off, "usps", self.closings).day

    def known_closings(self, after: date = date.min) -> KnownClosings:
        """The closings that the profile names and that can move a legal date, those `after` a day."""
        return tuple(
            KnownClosing(row.calendar, row.day, row.reason)
            for row in self.closings.rows
            if row.calendar != FIRM and row.day > after
        )

    @cached_property
    def letterhead(self) -> Letterhead:
        """The firm's letterhead in its brand, one for a whole command. Raises MailerError, FontProblem."""
        from mailer.pages.letterhead import FOLDER, load_letterhead  # noqa: PLC0415 (it loads PDF libraries)

        return load_letterhead(self.root / FOLDER, self.settings.brand)

    def stamp(self, actor: str, occurred_on: date | None = None) -> Stamp:
        """Who and when, for events recorded now."""
        rehearsal = self.clock.rehearsal
        return Stamp(actor, self.clock.now(), occurred_on or self.today, rehearsal, fixed=rehearsal)


def closings_of(settings: Settings, root: Path) -> Closings:
    """The rows of mailer.toml's [[closings]], and its [[holidays]] as the days on which the firm is closed.

    Raises FileProblems for a calendar that there is none of, CalendarProblem for rows that contradict.
    """
    problems = []
    for number, row in enumerate(settings.closings):
        try:
            check_calendar(row.calendar)
        except CalendarProblem as problem:
            line = line_of(read_text(root / FILE), ("closings", number, "calendar"))
            problems.append(Problem(FILE, line, f"{problem.what} {problem.todo}"))
    if problems:
        raise FileProblems(problems)
    own = (Closing(FIRM, row.day, row.name) for row in settings.holidays)
    return closings([*(Closing(row.calendar, row.day, row.reason) for row in settings.closings), *own])


@contextmanager
def open_folder(
    start: Path, *, fixed: date | None, database: str, services: Mapping[str, type[ServiceTable]]
) -> Iterator[MailFolder]:
    """The mail folder at or above `start`. `database` is its address, "" for SQLite in the folder.

    Raises MailerError where there is none, FileProblems for a faulty mailer.toml.
    """
    root = find_root(start.resolve())
    settings = load_settings(root, services)
    _keep_private(root)
    days = closings_of(settings, root)
    store = open_store(root, database or DATABASE)
    try:
        yield MailFolder(root, settings, Clock(settings.firm.time_zone, fixed), store, days)
    finally:
        store.close()


def _keep_private(root: Path) -> None:
    """Close to others what an older version, or a copy, left open: all of it names clients.

    What is made new is private from the start (mailer.cli.main).
    """
    if os.name != "posix":
        return
    for name in PRIVATE:
        with suppress(OSError):  # not there, or somebody else's
            path = root / name
            mode = path.lstat().st_mode
            if mode & 0o077 and not stat.S_ISLNK(mode):
                path.chmod(stat.S_IMODE(mode) & 0o700)
    for name in _BESIDE:
        with suppress(OSError):
            rights = stat.S_IMODE((root / "mailer.db").stat().st_mode)
            if not (root / name).is_symlink():  # it has those that the database had as SQLite made it
                (root / name).chmod(rights)


_BESIDE: Final = ("mailer.db-wal", "mailer.db-shm")
PRIVATE: Final = (
    "mailer.db",
    *_BESIDE,
    "files",
    "jobs",
    "proofs",
    "evidence",
    "word",
)
"""Of a mail folder, for its owner alone."""
