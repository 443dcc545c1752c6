"""What a command line has in common: -C, --json, who does it, progress, and tables at 80 columns.

Results go to stdout, progress and warnings to stderr.
"""

from __future__ import annotations

import gc
import getpass
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from mailer.clock import VARIABLE, fixed_day

if TYPE_CHECKING:
    from mailer.planning.mailfolder import MailFolder

Function = TypeVar("Function", bound=Callable[..., Any])
DATABASE: Final = "MAILER_DATABASE_URL"

folder_option: Final = click.option(
    "-C",
    "folder",
    type=click.Path(path_type=Path),
    default=Path(),
    metavar="FOLDER",
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
        from datetime import date  # noqa: PLC0415

        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a day; write it as YYYY-MM-DD, like 2027-01-01.", param, ctx)


DAY: Final = Day()


class Said(click.ParamType[str]):
    """Words that go into the record: not empty, and text."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        words = " ".join(str(value).split())
        if not words:
            self.fail("it is empty; this goes into the record.", param, ctx)
        return words


SAID: Final = Said()


@contextmanager
def opened(folder: Path) -> Iterator[MailFolder]:
    """The mail folder of this command; says so where the day is fixed."""
    from mailer.mailservice.services import tables  # noqa: PLC0415
    from mailer.planning.mailfolder import open_folder  # noqa: PLC0415 (imports SQLAlchemy)

    fixed = fixed_day()
    if fixed:
        note(f"REHEARSAL: {VARIABLE} fixes the day at {fixed}.")
    gc.freeze()  # what was imported stays, and
    gc.set_threshold(100_000, 50, 50)  # a list makes many small records that hold no circles
    database = os.environ.get(DATABASE, "").strip()
    with open_folder(folder, fixed=fixed, database=database, services=tables()) as mail:
        yield mail


def actor() -> str:
    """Who runs the command, for the ledger."""
    return os.environ.get("MAILER_ACTOR", "").encode(errors="replace").decode().strip() or getpass.getuser()


def note(text: str) -> None:
    """A remark beside the result."""
    click.echo(text, err=True)


def show_json(value: object) -> None:
    """Money as strings, dates as ISO text; keys are documented in docs/json.md and stay."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=_plain))


def _plain(value: object) -> object:
    from datetime import date  # noqa: PLC0415

    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def width() -> int:
    """The terminal's columns; 80 where there is none."""
    import shutil  # noqa: PLC0415

    return min(shutil.get_terminal_size((80, 24)).columns, 120)


def table(
    header: Sequence[str], rows: Sequence[Sequence[str]], *, wrap: int = -1, right: Sequence[int] = ()
) -> None:
    """Print rows under a header. The column `wrap` takes what is left of the line and wraps."""
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    shown = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1), show_edge=False)
    flexible = wrap % len(header)
    for number, title in enumerate(header):
        shown.add_column(
            title, no_wrap=number != flexible, justify="right" if number in right else "left", overflow="fold"
        )
    for row in rows:
        shown.add_row(*(Text(cell) for cell in row))
    Console(file=sys.stdout, width=width(), highlight=False, soft_wrap=False).print(shown)


def records(
    header: Sequence[str],
    rows: Iterable[tuple[Sequence[str], Sequence[str]]],
    *,
    right: Sequence[int] = (),
    flexible: int = 1,
) -> None:
    """Print rows of short cells, each with notes below it that wrap to the line.

    The cells keep their own width; where the line would be too long `flexible` gives way, then the first,
    then the widest, whose cells then stand whole below.
    """
    from textwrap import wrap  # noqa: PLC0415

    from rich.cells import cell_len, set_cell_size  # noqa: PLC0415

    def length(cell: str) -> int:
        return len(cell) if cell.isascii() else cell_len(cell)

    known = list(rows)
    sizes = [max(map(length, column)) for column in zip(header, *(cells for cells, _ in known), strict=True)]
    full, room = list(sizes), width() - 2 * (len(sizes) - 1)
    flexible %= len(sizes)
    while sum(sizes) > room:
        longest = 0 if sizes[0] > 16 else sizes.index(max(sizes))  # an e-mail gives way before a verdict
        sizes[flexible if sizes[flexible] > 12 else longest] -= 1

    def fitted(cell: str, size: int, *, to_right: bool) -> str:
        missing = size - length(cell)
        if missing < 0:
            return f"{set_cell_size(cell, size - 1)}…"
        return " " * missing + cell if to_right else cell + " " * missing

    def line(cells: Sequence[str]) -> str:
        sized = [
            fitted(cell, size, to_right=at in right)
            for at, (cell, size) in enumerate(zip(cells, sizes, strict=True))
        ]
        return "  ".join(sized).rstrip()

    cut = [at for at, size in enumerate(sizes) if size < full[at] and at not in (0, flexible)]
    click.echo(line(header))
    click.echo("─" * min(sum(sizes) + 2 * (len(sizes) - 1), width()))
    room = width() - 4
    for begin in range(0, len(known), 1_000):
        lines = []
        for cells, notes in known[begin : begin + 1_000]:
            lines.append(line(cells))
            below = (*(cells[at] for at in cut if length(cells[at]) > sizes[at]), *notes)
            lines += (f"    {part}" for note_ in below for part in wrap(note_, room))
        click.echo("\n".join(lines))


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """A progress line on stderr: one that moves on a terminal, a line per stage elsewhere."""
    terminal = sys.stderr.isatty()
    last = {"what": "", "shown": 0}

    def show(what: str, done: int, total: int) -> None:
        of = f"{done:,} of {total:,}" if total else f"{done:,}"
        if terminal:
            sys.stderr.write(f"\r\x1b[K{what}: {of}")
            sys.stderr.flush()
        elif what != last["what"] or done == total:
            note(f"{what}: {of}")
        last["what"] = what

    try:
        yield show
    finally:
        if terminal and last["what"]:
            sys.stderr.write("\n")
