"""What a command says in few words, and where the rest of it is: in a file that it names, or with -v."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

import click

from mailer.cli.tables import Rows, record_lines, records

FOLDER: Final = "reports"  # in the mail folder
VERBOSE: Final = "mailer.verbose"


def verbose() -> bool:
    """Did the person ask for everything, with -v."""
    context = click.get_current_context(silent=True)
    return context is not None and bool(context.meta.get(VERBOSE))


def listed(
    header: Sequence[str],
    rows: Rows,
    most: int,
    *,
    first: Rows | None = None,
    file: Path | None = None,
    flexible: int = 1,
    right: Sequence[int] = (),
) -> None:
    """Print at most so many rows, of `first` where some matter more than others; with -v all.

    Where that leaves some out, `file` takes them all and is named; without a file -v is.
    """
    if verbose() or len(rows) <= most:
        records(header, rows, flexible=flexible, right=right)
        return
    chosen = rows if first is None else first
    if len(chosen):
        records(header, list(islice(chosen, most)), flexible=flexible, right=right)
        if len(chosen) > most:
            click.echo(f"… and {len(chosen) - most:,} more like these")
    if file is None:
        click.echo(f"All {len(rows):,}:  -v")
        return
    from mailer.store.files import whole_file

    with whole_file(file) as whole:
        for line in record_lines(header, rows, flexible=flexible, right=right):
            whole.write(f"{line}\n".encode())
    click.echo(f"All {len(rows):,} are in {near(file)}.")


def few(word: str, texts: Iterable[str], see: str, most: int = 5) -> None:
    """Print the first few behind `word`, with -v all; `see` is the command that shows the others."""
    known = list(texts)
    for text in known if verbose() else known[:most]:
        click.echo(f"{word}  {text}")
    if len(known) > most and not verbose():
        click.echo(f"{word}  and {len(known) - most:,} more; see  {see}")


def near(path: Path) -> Path:
    """The path as a person would type it here: short where it lies below this folder."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
