"""Client lists as Excel workbooks: .xlsx, .xlsm, read by python-calamine in a process of its own.

A sheet is held in memory while it is read (a workbook has at most 1,048,576 rows), so what it says of its
size is looked at first, and the process that reads it is bounded whatever it says (mailer.clients.sheets).
Formulas give the value Excel stored last. Hidden sheets come after the visible ones.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from math import prod
from pathlib import Path
from time import monotonic
from typing import IO, Final

from mailer.clients import sheets
from mailer.clients.source import SAVE_AGAIN, ListProblem, Source
from mailer.errors import in_words
from mailer.givenfile import DAMAGED_ZIP

LARGEST: Final = 1 << 30  # bytes unpacked
MOST_CELLS: Final = 30_000_000  # of all sheets
SECONDS: Final = 60  # to read all of them
MOST_SHEETS: Final = 50  # each is a process of its own
_CELL: Final = re.compile(rb'<c [^>]{0,16}?r="([A-Z]{1,3})([0-9]{1,7})"')
_DIMENSION: Final = re.compile(rb'<dimension[^>]*\bref="[A-Z]+\d+:([A-Z]{1,3})(\d{1,7})"')


def sources(path: Path) -> Iterator[Source]:
    """Each worksheet in workbook order, the visible ones first."""
    _look_at_size(path)
    until = monotonic() + SECONDS
    (names,) = _read(until, path)
    for number, name in enumerate(json.loads(names)):
        if number == MOST_SHEETS:
            raise ListProblem(
                f"none of its first {MOST_SHEETS} sheets has headings that are known.",
                where=f"{path}",
                todo="Move the list to the front, or save it as CSV and import that.",
            )
        yield Source(path, f"workbook, sheet “{name}”", _SheetRows(until, path, name))


class _SheetRows:
    """Passes over one sheet, which is read once."""

    def __init__(self, until: float, path: Path, name: str) -> None:
        self.until, self.path, self.name = until, path, name
        self.lines: list[bytes] | None = None

    def __call__(self) -> Iterator[tuple[int, list[str]]]:
        if self.lines is None:
            self.lines = _read(self.until, self.path, self.name)
        for number, line in enumerate(self.lines, start=1):
            yield number, json.loads(line)


def _read(until: float, path: Path, *sheet: str) -> list[bytes]:
    """The lines that `sheets` says of the workbook, by that time (of `monotonic`). Raises ListProblem."""
    seconds = max(1, round(until - monotonic()))
    command = [sys.executable, "-P", sheets.__file__, str(seconds), str(path.absolute()), *sheet]
    try:
        ran = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 (our own)
    except ValueError as error:  # a NUL in a sheet's name
        raise _unreadable(path, in_words(error)) from None
    if ran.returncode == sheets.PASSWORD:
        raise ListProblem(
            "the workbook is protected by a password.",
            where=f"{path}",
            todo="Save a copy without the password and import that.",
        )
    if ran.returncode == sheets.DAMAGED:
        raise _unreadable(path, ran.stderr.decode(errors="replace").strip().rpartition("\n")[2][:300])
    if ran.returncode:
        raise ListProblem(
            "the workbook takes more memory or time to read than any list.",
            where=f"{path}",
            todo="Delete the empty rows and columns behind the list, or save it as CSV.",
        )
    return ran.stdout.splitlines()


def _unreadable(path: Path, why: str) -> ListProblem:
    return ListProblem(f"the workbook is damaged ({why}).", where=f"{path}", todo=SAVE_AGAIN)


def _look_at_size(path: Path) -> None:
    """Refuse what would not fit into memory: calamine holds every cell up to the last one used."""
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > LARGEST:
                raise ListProblem(
                    f"the workbook unpacks to more than {LARGEST >> 20:,} MB.",
                    where=f"{path}",
                    todo="Save the list as CSV and import that.",
                )
            extents = [(0, 0)]
            for name in archive.namelist():
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    with archive.open(name) as stream:
                        extents.append(_extent(stream))
    except DAMAGED_ZIP as error:
        raise _unreadable(path, in_words(error)) from None
    if sum(map(prod, extents)) > MOST_CELLS:
        columns, rows = max(extents, key=prod)
        raise ListProblem(
            f"a sheet reaches to column {columns:,} and row {rows:,}.",
            where=f"{path}",
            todo="Delete the empty rows and columns behind the list, or save it as CSV.",
        )


def _extent(stream: IO[bytes]) -> tuple[int, int]:
    """Columns and rows of a sheet's XML: as it says itself, else by its cells."""
    chunk = stream.read(4_096)
    if found := _DIMENSION.search(chunk):
        return _column(found[1]), int(found[2])
    columns, last_row, rest = set[bytes](), 0, b""
    while chunk:
        text = rest + chunk
        for letters, row in _CELL.findall(text):
            columns.add(letters)
            last_row = max(last_row, int(row))
        rest, chunk = text[-40:], stream.read(1 << 20)
    return max(map(_column, columns), default=0), last_row


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
