"""Lists are written as the real thing, CSV bytes or a workbook, and read back by `read`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from mailer.clients.postal import AddressLimits
from mailer.clients.reading import ClientList, open_list
from mailer.clients.row import ListRow, Refusal

TODAY = date(2026, 11, 24)
LIMITS = (AddressLimits("Lob", name=40, lines=50),)


def check_term(term: str) -> None:
    """Stands for mailer.notice: two presets and "N days from deposit"."""
    if term in ("contract-30-deposit", "contract-30-plus-3bd"):
        return
    days, _, rest = term.partition(" ")
    if not days.isdigit() or rest != "days from deposit":
        raise ValueError("write it like “45 days from deposit”.")


@dataclass(frozen=True)
class Read:
    opened: ClientList
    clients: list[ListRow]
    refusals: list[Refusal]

    @property
    def only(self) -> ListRow:
        assert not self.refusals, self.refusals
        (row,) = self.clients
        return row

    @property
    def refused(self) -> Refusal:
        assert not self.clients, self.clients
        (refusal,) = self.refusals
        return refusal


Reader = Callable[..., Read]


def read_file(path: Path, maps: Sequence[str] = (), sets: Sequence[str] = (), encoding: str = "") -> Read:
    opened = open_list(
        path, today=TODAY, check_term=check_term, limits=LIMITS, maps=maps, sets=sets, encoding=encoding
    )
    rows = list(opened.rows())
    return Read(
        opened,
        [row for row in rows if isinstance(row, ListRow)],
        [row for row in rows if isinstance(row, Refusal)],
    )


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    def write_and_read(
        content: str | bytes,
        *,
        name: str = "list.csv",
        maps: Sequence[str] = (),
        sets: Sequence[str] = (),
        encoding: str = "",
    ) -> Read:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_file(path, maps, sets, encoding)

    return write_and_read


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    def write(name: str = "list.xlsx", **sheets: Sequence[Sequence[Any]]) -> Path:
        path = tmp_path / name
        with xlsxwriter.Workbook(path, {"default_date_format": "m/d/yyyy"}) as book:
            for title, rows in sheets.items():
                sheet = book.add_worksheet(title)
                for number, row in enumerate(rows):
                    for column, cell in enumerate(row):
                        if cell is not None:
                            sheet.write(number, column, cell)
        return path

    return write


@pytest.fixture
def from_file() -> Reader:
    return read_file
