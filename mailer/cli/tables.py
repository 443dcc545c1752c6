"""Tables and paragraphs at the terminal's width, 80 columns where there is none.

Widths are in columns of the terminal: a Chinese or Japanese character takes two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, zip_longest
from typing import Final

import click

from mailer.cli.lines import columns, width, wrapped
from mailer.spool import Spool

Row = tuple[Sequence[str], Sequence[str]]
"""The cells of a line, and the notes below it."""
Rows = Sequence[Row] | Spool[Row]
"""What may be long, and is read as often as need be."""

_GAP: Final = "  "
_NARROWEST: Final = 12  # columns to which the flexible one gives way


def paragraph(text: str, before: str = "") -> None:
    """Print the text behind `before`, its lines under one another."""
    click.echo("\n".join(wrapped(text, width(), before, " " * max(len(before), 2))))


def table(
    header: Sequence[str], rows: Sequence[Sequence[str]], *, flexible: int = -1, right: Sequence[int] = ()
) -> None:
    """Print rows under a header; a cell that is longer than its column wraps."""
    sizes = _shrunk(_widest(header, rows), flexible % len(header))
    lines = _head(header, sizes, right)
    for row in rows:
        cells = [wrapped(cell, size) for cell, size in zip(row, sizes, strict=True)]
        lines += (_line(parts, sizes, right) for parts in zip_longest(*cells, fillvalue=""))
    click.echo("\n".join(lines))


def records(header: Sequence[str], rows: Rows, *, flexible: int = 1, right: Sequence[int] = ()) -> None:
    """Print rows of short cells, each with notes below it that wrap to the line.

    The cells keep their own width; where the line would be too long `flexible` gives way, then the first,
    then the widest, whose cells then stand whole below. A first column that is empty in all rows, the
    clients' numbers where they have none, is left out.
    """
    lines = record_lines(header, rows, flexible=flexible, right=right)
    while part := list(islice(lines, 1_000)):
        click.echo("\n".join(part))


def record_lines(
    header: Sequence[str], rows: Rows, *, flexible: int = 1, right: Sequence[int] = ()
) -> Iterator[str]:
    """The lines that `records` prints: `rows` are read twice, and not held."""
    full, first = [columns(name) for name in header], 0
    for cells, _ in rows:
        full = list(map(max, full, map(len if "".join(cells).isascii() else columns, cells)))
        first += bool(cells[0])
    left_out = int(len(rows) > 0 and flexible > 0 and not first)
    header, full, flexible = header[left_out:], full[left_out:], flexible - left_out
    right = [at - left_out for at in right]
    flexible %= len(full)
    sizes = _shrunk(full, flexible, then=0)
    cut = [at for at, size in enumerate(sizes) if size < full[at] and at not in (0, flexible)]
    yield from _head(header, sizes, right)
    room = width() - 4
    for whole, notes in rows:
        cells = whole[left_out:]
        yield _line(cells, sizes, right)
        below = (*(cells[at] for at in cut if columns(cells[at]) > sizes[at]), *notes)
        yield from (f"    {part}" for note in below for part in wrapped(note, room) if part)


def _widest(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[int]:
    return [max(map(columns, column)) for column in zip(header, *rows, strict=True)]


def _shrunk(full: Sequence[int], flexible: int, then: int | None = None) -> list[int]:
    """The columns' sizes, on one line: `flexible` gives way first, next `then`, next the widest."""
    sizes, room = list(full), width() - len(_GAP) * (len(full) - 1)
    while sum(sizes) > room and max(sizes) > 1:
        at = flexible
        if sizes[flexible] <= _NARROWEST:  # an e-mail gives way before a verdict
            at = then if then is not None and sizes[then] > 16 else sizes.index(max(sizes))
        sizes[at] -= 1
    return sizes


def _head(header: Sequence[str], sizes: Sequence[int], right: Sequence[int]) -> list[str]:
    return [_line(header, sizes, right), "─" * (sum(sizes) + len(_GAP) * (len(sizes) - 1))]


def _line(cells: Sequence[str], sizes: Sequence[int], right: Sequence[int]) -> str:
    sized = list(map(_fitted, cells, sizes))
    for at in right:
        sized[at] = _fitted(cells[at], sizes[at], to_right=True)
    return _GAP.join(sized).rstrip()


def _fitted(cell: str, size: int, *, to_right: bool = False) -> str:
    if cell.isascii():
        cell = cell if len(cell) <= size else f"{cell[: size - 1]}…"
        return cell.rjust(size) if to_right else cell.ljust(size)
    if columns(cell) > size:
        cell = cell[: size - 1]
        while columns(cell) > size - 1:
            cell = cell[:-1]
        cell += "…"
    blanks = " " * (size - columns(cell))
    return blanks + cell if to_right else cell + blanks
