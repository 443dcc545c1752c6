"""The print room's manifest and how a job is split into files. Stateless, so no folder is needed."""

from __future__ import annotations

import csv
import io
from datetime import time
from pathlib import Path

import pytest

from mailer.delivery.print_room import JobPiece, JobSheet, Placed, manifest, print_files

HEADINGS = ["place", "piece", "name", "address", "zip", "pages", "sheets", "file", "first_page", "sha256"]


def piece(number: int, *recipient: str, zip_code: str = "95814", pages: int = 1) -> JobPiece:
    lines = recipient or ("Ash Street Bakery", "1 Ash Street", "Sacramento CA 95814")
    return JobPiece(number, f"2027-rates-L-{number:04}", lines, zip_code, Path("f"), 1, pages, "ab" * 32)


def sheet(count: int, *, newsletter: bool = False) -> JobSheet:
    pieces = tuple(piece(number) for number in range(1, count + 1))
    return JobSheet(
        "2027-rates-job-1", "2027-rates", newsletter, "Cedar & Finch IT", (), "avery-5160", "stamp", time(17),
        None, "", rehearsal=False, pieces=pieces,
    )  # fmt: skip


def read(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf"), "Excel reads é right only with the mark"
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_row_says_where_each_piece_lies() -> None:
    rows = read(
        manifest(
            [Placed(1, piece(7, "Café Noë", "1 Elm Court", "Davis CA 95616", pages=3), "letters.pdf", 5)]
        )
    )
    assert rows == [
        HEADINGS,
        ["1", "2027-rates-L-0007", "Café Noë", "1 Elm Court / Davis CA 95616", "95814", "3", "2",
         "letters.pdf", "5", "ab" * 32],
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(name: str) -> None:
    """OWASP, CSV injection: such a cell gets a leading apostrophe."""
    rows = read(manifest([Placed(1, piece(1, name, "=2+2", "Davis"), "letters.pdf", 1)]))
    assert rows[1][2] == f"'{name}"
    assert rows[1][3].startswith("'=2+2")


def test_commas_and_quotation_marks_survive() -> None:
    rows = read(manifest([Placed(1, piece(1, 'Smith, "Jr."', "1 A St", "Davis"), "letters.pdf", 1)]))
    assert rows[1][2] == 'Smith, "Jr."'


@pytest.mark.parametrize(("pages", "sheets"), [(1, 1), (2, 1), (3, 2), (4, 2)])
def test_two_pages_are_one_sheet(pages: int, sheets: int) -> None:
    assert piece(1, pages=pages).sheets == sheets


@pytest.mark.parametrize(
    ("count", "files"),
    [
        (1, [("letters.pdf", 1)]),
        (1_000, [("letters.pdf", 1_000)]),
        (1_001, [("letters-1.pdf", 1_000), ("letters-2.pdf", 1)]),
        (2_500, [("letters-1.pdf", 1_000), ("letters-2.pdf", 1_000), ("letters-3.pdf", 500)]),
    ],
)
def test_at_most_a_thousand_pieces_a_file(count: int, files: list[tuple[str, int]]) -> None:
    assert [(file, len(pieces)) for file, pieces in print_files(sheet(count))] == files


def test_newsletters_are_called_so() -> None:
    assert [file for file, _ in print_files(sheet(2, newsletter=True))] == ["newsletters.pdf"]
