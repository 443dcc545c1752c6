"""The print room's manifest and ticket, and how a job is split into files. No folder is needed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailer.printroom.jobsheet import (
    JobPiece,
    JobPieces,
    JobSheet,
    Lot,
    Placed,
    TrayPages,
    envelope_file,
    needs_ticket,
    print_files,
    ticket,
    trays,
    write_manifest,
)
from mailer.settings import Envelope, Firm, MailingClass, Mailroom, Paper, Stationery

FIRM = Firm.model_validate({
    "name": "Cedar & Finch IT", "phone": "916-555-0142", "email": "a@b.example",
    "time_zone": "America/Los_Angeles",
    "address": {"line1": "1480 Millrace Way", "city": "Sacramento", "state": "CA", "zip": "95814"},
})  # fmt: skip
PRE_PRINTED = Stationery(paper=Paper.PRE_PRINTED, first_tray="tray-1", next_tray="tray-2")
HEADINGS = [
    "place", "piece", "name", "address", "zip", "pages", "sheets", "file", "first_page", "sha256", "class",
]  # fmt: skip


def piece(number: int, *recipient: str, zip_code: str = "95814", pages: int = 1) -> JobPiece:
    lines = recipient or ("Ash Street Bakery", "1 Ash Street", f"Sacramento CA {zip_code}")
    return JobPiece(number, f"2027-rates-L-{number:04}", lines, zip_code, Path("f"), 1, pages, "ab" * 32)


def job(
    pieces: Sequence[JobPiece], *, newsletter: bool = False, stationery: Stationery | None = None
) -> JobSheet:
    in_order = JobPieces(sorted(pieces, key=lambda one: (one.zip, one.number)))
    return JobSheet(
        "2027-rates-job-1", "2027-rates", newsletter, FIRM, stationery or Stationery(), Mailroom(), None, "",
        rehearsal=False, ordinal=1, notice=not newsletter, pieces=in_order,
    )  # fmt: skip


def sheet(count: int, *, newsletter: bool = False) -> JobSheet:
    return job([piece(number) for number in range(1, count + 1)], newsletter=newsletter)


def manifest(placed: Sequence[Placed], mail_class: MailingClass = MailingClass.FIRST) -> bytes:
    target = io.BytesIO()
    write_manifest(target, placed, mail_class)
    return target.getvalue()


def read(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf"), "Excel reads é right only with the mark"
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_row_says_where_each_piece_lies() -> None:
    rows = read(
        manifest(
            [
                Placed(
                    1,
                    piece(7, "Café Noë", "1 Elm Court", "Davis CA 95616", zip_code="95616", pages=3),
                    "letters.pdf",
                    5,
                )
            ]
        )
    )
    assert rows == [
        HEADINGS,
        ["1", "2027-rates-L-0007", "Café Noë", "1 Elm Court / Davis CA 95616", "95616", "3", "2",
         "letters.pdf", "5", "ab" * 32, "first"],
    ]  # fmt: skip


def test_a_row_says_how_a_piece_goes() -> None:
    abroad = piece(3, "Yew", "1 Yonge Street", "Toronto ON M5E 1W7", "CANADA", zip_code="M5E 1W7")
    pieces = [piece(1), replace(piece(2), certified=True), abroad, replace(abroad, certified=True)]
    placed = [Placed(place, one, "letters.pdf", 2 * place - 1) for place, one in enumerate(pieces, 1)]
    assert [row[-1] for row in read(manifest(placed))[1:]] == [
        "first", "certified", "international", "international",
    ]  # fmt: skip
    assert read(manifest(placed[:1], MailingClass.MARKETING))[1][-1] == "marketing"


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


def test_pieces_of_one_number_of_sheets_share_a_file() -> None:
    """A folder and an inserter are set up for one number of sheets. Within a file the ZIP code decides."""
    pieces = [
        piece(1, zip_code="95899", pages=1),
        piece(2, zip_code="95814", pages=3),
        piece(3, zip_code="95616", pages=2),
        piece(4, zip_code="95616", pages=4),
    ]
    files = [(file, [one.number for one in pieces]) for file, pieces in print_files(job(pieces))]
    assert files == [("letters-1-sheet.pdf", [3, 1]), ("letters-2-sheets.pdf", [4, 2])]
    assert [envelope_file(file) for file, _ in files] == [
        "envelopes-1-sheet.pdf",
        "envelopes-2-sheets.pdf",
    ]


def test_a_long_group_is_divided_too() -> None:
    pieces = [piece(number) for number in range(1, 1_502)] + [piece(2_000, pages=3)]
    assert [(file, len(pieces)) for file, pieces in print_files(job(pieces))] == [
        ("letters-1-sheet-1.pdf", 1_000),
        ("letters-1-sheet-2.pdf", 501),
        ("letters-2-sheets.pdf", 1),
    ]


def test_mail_abroad_and_certified_mail_is_last_among_its_sheets() -> None:
    pieces = [
        replace(piece(5, zip_code="90001"), certified=True),
        piece(1, "Eibe Verlag", "Eibenweg 5", "10115 Berlin", "GERMANY", zip_code="10115"),
        piece(2),
        piece(3, "Yew", "1 Yonge Street", "Toronto ON M5E 1W7", "CANADA", zip_code="M5E 1W7", pages=3),
        piece(4, zip_code="95899", pages=3),
    ]
    sheet = job(pieces)
    assert [one.number for one in sheet.pieces] == [2, 5, 1, 4, 3]
    assert sheet.pieces.by_lot == {
        Lot(1): 1, Lot(1, certified=True): 1, Lot(1, abroad=True): 1, Lot(2): 1, Lot(2, abroad=True): 1,
    }  # fmt: skip


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(10_000, 10_020)), min_size=1, max_size=60))
def test_splitting_loses_and_doubles_none(made: list[tuple[int, int]]) -> None:
    pieces = [
        piece(number, pages=pages, zip_code=str(zip_code)) for number, (pages, zip_code) in enumerate(made, 1)
    ]
    files = list(print_files(job(pieces)))
    assert sorted(one.number for _, pieces in files for one in pieces) == list(range(1, len(made) + 1))
    assert len({file for file, _ in files}) == len(files)
    for _, kept in files:
        assert len({one.sheets for one in kept}) == 1
        assert [one.zip for one in kept] == sorted(one.zip for one in kept)


def test_plain_paper_comes_from_one_tray() -> None:
    assert trays(Stationery(), 3, 2) == ()
    assert trays(Stationery(first_tray="Tray1"), 3, 2) == (TrayPages("Tray1", "paper", "1-12"),)


def test_the_first_sheet_of_each_piece_is_letterhead() -> None:
    """Three pieces of two sheets are twelve pages: the first sheets' are 1-2, 5-6 and 9-10."""
    assert trays(PRE_PRINTED, 3, 1) == (TrayPages("tray-1", "letterhead", "1-6"),)
    assert trays(PRE_PRINTED, 3, 2) == (
        TrayPages("tray-1", "letterhead", "1-2,5-6,9-10"),
        TrayPages("tray-2", "continuation", "3-4,7-8,11-12"),
    )
    assert trays(PRE_PRINTED, 2, 3)[1].pages == "3-6,9-12"


@given(st.integers(1, 40), st.integers(1, 9))
def test_every_page_comes_from_one_tray(pieces: int, sheets: int) -> None:
    pages: list[int] = []
    for one in trays(PRE_PRINTED, pieces, sheets):
        for span in one.pages.split(","):
            first, last = map(int, span.split("-"))
            assert first % 2 == 1, "a sheet begins with its front"
            assert last % 2 == 0, "and ends with its back"
            pages += range(first, last + 1)
    assert sorted(pages) == list(range(1, pieces * sheets * 2 + 1))


def read_ticket(sheet: JobSheet, *files: tuple[str, int, int]) -> list[dict[str, Any]]:
    whole = json.loads(ticket(sheet, files))
    assert whole["job"] == "2027-rates-job-1"
    listed: list[dict[str, Any]] = whole["files"]
    return listed


def test_the_ticket_says_it_to_a_printer_and_to_lp() -> None:
    (file,) = read_ticket(job([piece(1, pages=3)], stationery=PRE_PRINTED), ("letters.pdf", 2, 2))
    assert file["sides"] == "two-sided-long-edge"
    assert file["media"] == "na_letter_8.5x11in"
    assert file["overrides"] == [
        {"pages": "1-2,5-6", "media-col": {"media-source": "tray-1"}},
        {"pages": "3-4,7-8", "media-col": {"media-source": "tray-2"}},
    ]
    common = "lp -d PRINTER -o media=Letter -o sides=two-sided-long-edge -o print-scaling=none"
    assert file["lp"] == [
        f"{common} -o InputSlot=tray-1 -P 1-2,5-6 letters.pdf",
        f"{common} -o InputSlot=tray-2 -P 3-4,7-8 letters.pdf",
    ]


def test_envelopes_are_on_the_ticket() -> None:
    stock = Stationery(envelope=Envelope.PRINTED, envelope_tray="Bypass Tray")
    _, envelopes = read_ticket(job([piece(1)], stationery=stock), ("letters.pdf", 1, 1))
    assert envelopes["file"] == "envelopes.pdf"
    assert envelopes["media"] == "na_number-10_4.125x9.5in"  # PWG 5101.1
    (command,) = envelopes["lp"]
    assert command == (
        "lp -d PRINTER -o media=Env10 -o sides=one-sided -o print-scaling=none "
        "-o InputSlot='Bypass Tray' envelopes.pdf"
    )


@pytest.mark.parametrize(
    ("stationery", "newsletter", "is_needed"),
    [
        (Stationery(), False, False),
        (Stationery(first_tray="Tray1"), False, True),
        (Stationery(paper=Paper.PRE_PRINTED), False, True),
        (Stationery(paper=Paper.PRE_PRINTED), True, False),  # newsletters are not printed on letterhead
        (Stationery(envelope_tray="Tray3"), False, False),  # no envelope is printed
        (Stationery(envelope_tray="Tray3", envelope=Envelope.PRINTED), False, True),
    ],
)
def test_a_ticket_where_there_is_something_to_say(
    stationery: Stationery, newsletter: bool, is_needed: bool
) -> None:
    assert needs_ticket(job([piece(1)], newsletter=newsletter, stationery=stationery)) is is_needed


@pytest.mark.parametrize(
    ("zip_code", "last_line", "found"),
    [
        ("95814", "Sacramento CA 95814", "95814"),
        ("95814-1234", "Sacramento CA 95814-1234", "95814-1234"),
        ("10115", "GERMANY", ""),
    ],
)
def test_a_zip_code_abroad_is_none(zip_code: str, last_line: str, found: str) -> None:
    assert replace(piece(1), zip=zip_code, recipient=("A", last_line)).domestic_zip == found
