"""What the commands have in common: -C, --json, who does it, and progress.

Results go to stdout, progress and warnings to stderr.
"""

from __future__ import annotations

import gc
import getpass
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, Final, TypeVar
from uuid import UUID

import click

from mailer.cli.lines import width, wrapped
from mailer.cli.printable import Screen, is_text
from mailer.clock import VARIABLE, fixed_day
from mailer.money import plain
from mailer.notice.spans import hours_after
from mailer.notice.words import spoken
from mailer.progress import Progress, silent

if TYPE_CHECKING:
    from mailer.planning.mailfolder import MailFolder

Function = TypeVar("Function", bound=Callable[..., Any])


class GivenPath(click.ParamType[Path]):
    """A file or folder that the system can name at all; whether it is there is for the command to say."""

    name = "path"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = Path(value)
        try:
            path.resolve().stat()
        except FileNotFoundError:
            pass
        except (OSError, ValueError, RuntimeError) as error:  # too long, NUL, links in a circle
            why = getattr(error, "strerror", None) or "no name of a file"
            self.fail(f"{str(value)[:60]!r}: {why}.", param, ctx)
        return path


PATH: Final = GivenPath()


def _named_before(ctx: click.Context, _parameter: click.Parameter, folder: Path) -> Path:
    """`mailer -C FOLDER status` is `mailer status -C FOLDER`; what stands last holds."""
    before: Path = ctx.find_root().params.get("folder", Path())
    return before if folder == Path() else folder


folder_option: Final = click.option(
    "-C",
    "folder",
    type=PATH,
    default=Path(),
    metavar="FOLDER",
    callback=_named_before,
    help="The mail folder, or one below it. Default: here.",
)
json_option: Final = click.option("--json", "as_json", is_flag=True, help="For a script: docs/json.md.")


def day_option(name: str, text: str, *, required: bool = False) -> Callable[[Function], Function]:
    """An option that takes a day as YYYY-MM-DD."""
    return click.option(name, type=DAY, required=required, metavar="DATE", help=text)


class Day(click.ParamType[Any]):
    """A day, as YYYY-MM-DD alone: 01/02/2027 means two different days."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a day; write it as YYYY-MM-DD, like 2027-01-01.", param, ctx)


DAY: Final = Day()


class MonthName(click.ParamType[Any]):
    """A month, as YYYY-MM: its first day."""

    name = "month"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from mailer.tomlfile import YEARS

        if isinstance(value, date):
            return value
        try:
            month = date.fromisoformat(f"{value}-01")
        except ValueError:
            self.fail(f"{value!r} is not a month; write it like 2026-12.", param, ctx)
        if month.year not in YEARS:
            self.fail(f"{value} is outside the years {YEARS[0]} to {YEARS[-1]}.", param, ctx)
        return month


MONTH: Final = MonthName()


def typed(words: str) -> str:
    """The words. Raises click's UsageError, after which a question is asked again, where they are no text."""
    if not is_text(words):
        raise click.UsageError(f"{words!r} is not UTF-8 text. Set the terminal to UTF-8.")
    return words


class SpokenText(click.ParamType[str]):
    """Words that go into the record: not empty, and text."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        words = " ".join(str(value).split())
        if not words:
            self.fail("it is empty; this goes into the record.", param, ctx)
        return typed(words)


SAID: Final = SpokenText()


class NamedClient(click.ParamType[str]):
    """One client, as people call it: a blank name would mean everybody."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        words = str(value).strip()
        if not words:
            self.fail("it is empty; name one client by number, e-mail or name.", param, ctx)
        return words


CLIENT: Final = NamedClient()


@contextmanager
def opened(folder: Path) -> Iterator[MailFolder]:
    """The mail folder of this command; says so where the day is fixed."""
    fixed = fixed_day()
    if fixed:
        note(f"REHEARSAL: {VARIABLE} fixes the day at {fixed}.")
    from mailer.mailservice.registry import tables
    from mailer.planning.mailfolder import open_folder

    with (
        _many_records(),
        open_folder(folder, fixed=fixed, database=database(), services=tables()) as mail,
    ):
        try:
            older = mail.store.older_copy()
            if older:
                note(f"OLDER COPY: nothing {older.since} is known here. Next:  mailer settle")
            _say_if_behind(mail)
            yield mail
        except Exception as error:
            from mailer.store.record.foreignvalues import MET

            if isinstance(error, MET):
                from mailer.standing.audit import require_readable, verify

                verify(mail)  # where a row holds what no mailer wrote, that is what is said
                require_readable(mail)
            raise


def _say_if_behind(mail: MailFolder) -> None:
    """A machine whose clock is a day and more behind the record counts notice from days long gone."""
    from mailer.store.record.events import last_recorded

    with mail.store.read() as session:
        last = last_recorded(session)
    now = mail.clock.now()
    if last and last > hours_after(now, 24):
        said, then = (spoken(one.astimezone(mail.clock.zone).date()) for one in (now, last))
        note(f"CLOCK: this machine's says {said}, and the record's last entry is of {then}.")
        note("Set the clock before anything is approved, sent or handed over: notice is counted by it.")


def database() -> str:
    """The address of the database, "" for the one in the mail folder."""
    return os.environ.get("MAILER_DATABASE_URL", "").strip()


@contextmanager
def _many_records() -> Iterator[None]:
    """Collect garbage seldom while a command runs: what was imported stays, and a list makes many small
    records that hold no circles.

    Undone at its end: what a process froze before its next command (a letter's pages, which refer to each
    other) would never be freed.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def actor() -> str:
    """Who runs the command, for the ledger."""
    named = os.environ.get("MAILER_ACTOR", "").encode(errors="replace").decode().strip()
    try:
        return named or getpass.getuser()
    except (KeyError, OSError):  # a container's user has no name (OSError since Python 3.13)
        return f"user {os.getuid()}"


def note(text: str) -> None:
    """A remark beside the result."""
    click.echo(text, err=True)


def sure(question: str, *, default: bool = False) -> None:
    """Ask before something is done: a no ends the command with exit code 1."""
    if not click.confirm("\n".join(wrapped(question, width() - len(" [y/N]: "))), default=default):
        note("Nothing was done.")
        raise click.exceptions.Exit(1)


def unbroken(text: str) -> None:
    """Print what another program reads: no line of it is broken."""
    getattr(sys.stdout, "whole", sys.stdout.write)(text)


def answer(record: object, *keys: str) -> dict[str, Any]:
    """A record's attributes under the keys of docs/json.md: "name", or "key=attribute", or "key=a.b"."""
    return {key: get(record) for key, get in _getters(keys)}


@lru_cache(maxsize=256)
def _getters(keys: tuple[str, ...]) -> tuple[tuple[str, Callable[[object], Any]], ...]:
    """Each key with what gets it: a long list asks for the same of every record."""
    pairs = (key.partition("=") for key in keys)
    return tuple((key, attrgetter(path or key)) for key, _, path in pairs)


def show_json(value: object) -> None:
    """Print what `answer` gave. Keys are documented in docs/json.md and stay."""
    unbroken(f"{json.dumps(value, indent=2, ensure_ascii=False, default=_plain)}\n")


def show_long_json(head: Callable[[], Mapping[str, object]], name: str, items: Iterator[object]) -> None:
    """As `show_json` of an object whose last key is a long list, which is never held: a line each.

    `head` gives the keys before it, once the list was gone through. Nothing is printed before all is there.
    """
    with _spooled(items) as lines:
        keys = "".join(f"{_ENCODE(key)}: {_ENCODE(value)},\n" for key, value in head().items())
        unbroken(f"{{\n{keys}{_ENCODE(name)}: ")
        for part in lines:
            unbroken(part)
        unbroken("\n}\n")


def show_json_list(items: Iterator[object]) -> None:
    """As `show_json` of a list, which is never held."""
    with _spooled(items) as lines:
        for part in lines:
            unbroken(part)
        unbroken("\n")


@contextmanager
def _spooled(items: Iterator[object]) -> Iterator[Iterator[str]]:
    """The list as JSON, a line each, written aside first: where something goes wrong nothing is printed."""
    with TemporaryFile("w+", encoding="utf-8", errors="surrogatepass") as whole:
        before = "["
        for item in items:
            whole.write(f"{before}\n{_ENCODE(item)}")
            before = ","
        whole.write("\n]" if before == "," else "[]")
        whole.seek(0)
        yield iter(lambda: whole.read(1 << 20), "")


_PLAIN: Final[dict[type, Callable[[Any], object]]] = {
    Decimal: plain,
    date: date.isoformat,
    datetime: datetime.isoformat,
    frozenset: sorted,
    UUID: str,
}


def _plain(value: object) -> object:
    """Money and identities as strings, days and moments as ISO texts, sets sorted, choices by value."""
    if isinstance(value, Enum):
        return value.value
    said = _PLAIN.get(type(value))
    if said is None:
        raise TypeError(f"{type(value)} is not in docs/json.md")
    return said(value)


_ENCODE: Final = json.JSONEncoder(ensure_ascii=False, default=_plain).encode  # in C, which `indent` forbids


@contextmanager
def progress() -> Iterator[Progress]:
    """A progress line that moves, on a terminal; a pipe gets the results alone."""
    last = ("", 0.0)

    def show(what: str, done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if what != last[0]:
            last = (what, now)
        of = f": {done:,} of {total:,}" if total else f": {done:,}" if done else " …"
        screen.move(f"{what}{of}{_left(now - last[1], done, total)}")

    screen: Any = sys.stderr
    if not isinstance(screen, Screen) or not screen.isatty():
        yield silent
        return
    try:
        yield show
    finally:
        if last[0]:
            screen.move("")


def _left(seconds: float, done: int, total: int) -> str:
    """How long it will go on, as far as that can be told."""
    if seconds < 2 or not 0 < done < total:
        return ""
    left = seconds / done * (total - done)
    return f", about {left:.0f} s left" if left < 100 else f", about {left / 60:.0f} min left"
