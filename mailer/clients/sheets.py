"""Reads a workbook in a process of its own, bounded in memory and time; mailer.clients.workbook runs it.

    python sheets.py SECONDS FILE          a line of JSON: the names of its worksheets, the visible ones first
    python sheets.py SECONDS FILE NAME     a line of JSON a row: its cells as text

What a workbook says of its size need not be true, and one whose single cell lies at XFD1048576 takes whatever
memory there is. Here it ends this process alone. Exit 3: a password; 4: damaged, and stderr says how.
Imports nothing of the house, so that it starts at once.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, Final

PASSWORD, DAMAGED = 3, 4
MEMORY: Final = 3 << 29  # bytes: a million rows of a dozen columns, and a third more
LONGEST: Final = 32_767  # characters of a cell, as in Excel itself
LARGEST: Final = 1 << 28  # characters of all cells: one text may stand in every cell of a sheet


def bound(seconds: int) -> None:
    """This process takes no more than that, or than the shell's own limit; Windows knows no such limits."""
    try:
        import resource  # noqa: PLC0415 (not on Windows)
    except ImportError:
        return
    for limit, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, seconds)):
        hard = resource.getrlimit(limit)[1]
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(limit, (least, least))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def lines(path: str, name: str | None) -> Iterator[object]:
    """The names, or the rows of one sheet."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415

    workbook = CalamineWorkbook.from_path(path)
    if name is not None:
        for row in workbook.get_sheet_by_name(name).iter_rows():
            cells = [cell if type(cell) is str else text(cell) for cell in row]
            if max(map(len, cells), default=0) > LONGEST:
                raise ValueError("a cell holds more text than Excel lets in")
            yield cells
        return
    sheets = [sheet for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    sheets.sort(key=lambda sheet: sheet.visible != SheetVisibleEnum.Visible)
    yield [sheet.name for sheet in sheets]


def text(cell: Any) -> str:
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


def write(said: Iterator[object]) -> None:
    written = 0
    for line in said:
        written += sys.stdout.write(f"{json.dumps(line)}\n")
        if written > LARGEST:
            raise ValueError("its cells hold more text than any list")


def main(seconds: str, path: str, name: str | None = None) -> int:
    bound(int(seconds))
    from python_calamine import PasswordError  # noqa: PLC0415

    try:
        write(lines(path, name))
    except PasswordError:
        return PASSWORD
    except Exception as error:  # noqa: BLE001 (calamine's are many)
        sys.stderr.write(str(error) or "it can't be read")
        return DAMAGED
    except BaseException:  # noqa: BLE001 (a panic of calamine's)
        sys.stderr.write("it can't be read")
        return DAMAGED
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
