"""Client lists as Excel workbooks: .xlsx, .xlsm, read by python-calamine.

A sheet is held in memory while it is read (a workbook has at most 1,048,576 rows), so its size is
looked at first. Formulas give the value Excel stored last. Hidden sheets come after the visible ones.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from mailer.clients.source import SAVE_AGAIN, ListProblem, Source

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

LARGEST: Final = 1 << 30  # bytes unpacked
MOST_CELLS: Final = 60_000_000
_CELL: Final = re.compile(rb'<c [^>]{0,16}?r="([A-Z]{1,3})([0-9]{1,7})"')
_DIMENSION: Final = re.compile(rb'<dimension[^>]*\bref="[A-Z]+\d+:([A-Z]{1,3})(\d{1,7})"')


def sources(path: Path) -> Iterator[Source]:
    """Each worksheet in workbook order, the visible ones first."""
    from python_calamine import (  # noqa: PLC0415 - loaded only where a workbook is read
        CalamineError,
        CalamineWorkbook,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    _look_at_size(path)
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        sheets = [sheet for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    except PasswordError:
        raise ListProblem(
            "the workbook is protected by a password.",
            where=f"{path}",
            todo="Save a copy without the password and import that.",
        ) from None
    except (CalamineError, OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    sheets.sort(key=lambda sheet: sheet.visible != SheetVisibleEnum.Visible)
    for sheet in sheets:
        yield Source(path, f"workbook, sheet “{sheet.name}”", _SheetRows(path, workbook, sheet.name))


class _SheetRows:
    """Passes over one sheet, which is parsed once."""

    def __init__(self, path: Path, workbook: CalamineWorkbook, name: str) -> None:
        self.path, self.workbook, self.name = path, workbook, name
        self.sheet: CalamineSheet | None = None

    def __call__(self) -> Iterator[tuple[int, list[str]]]:
        from python_calamine import CalamineError  # noqa: PLC0415 - as above

        try:
            if self.sheet is None:
                self.sheet = self.workbook.get_sheet_by_name(self.name)
            for number, row in enumerate(self.sheet.iter_rows(), start=1):
                yield number, [cell if type(cell) is str else _text(cell) for cell in row]
        except (CalamineError, ValueError) as error:
            raise _unreadable(self.path, error) from None


def _text(cell: Any) -> str:
    match cell:
        case bool():
            return "true" if cell else "false"
        case int() | float():
            # Excel itself keeps 15 significant digits: 0.1 + 0.2 is shown as 0.3.
            whole = float(cell).is_integer() and abs(cell) < 1e15
            return str(int(cell)) if whole else format(cell, ".15g")
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
        case date():
            return cell.isoformat()
        case _:
            return str(cell)


def _unreadable(path: Path, error: Exception) -> ListProblem:
    return ListProblem(f"the workbook is damaged ({error}).", where=f"{path}", todo=SAVE_AGAIN)


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
            for name in archive.namelist():
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    with archive.open(name) as stream:
                        columns, rows = _extent(stream)
                    if columns * rows > MOST_CELLS:
                        raise ListProblem(
                            f"a sheet reaches to column {columns:,} and row {rows:,}.",
                            where=f"{path}",
                            todo="Delete the empty rows and columns behind the list, or save it as CSV.",
                        )
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError) as error:
        raise _unreadable(path, error) from None


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
