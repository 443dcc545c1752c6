"""Files as spreadsheets and business systems write them, good and bad."""

from __future__ import annotations

import os
import tempfile
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mailer.clients.reading import open_list
from mailer.clients.row import Refusal
from mailer.clients.source import ListProblem
from mailer.errors import MailerError
from tests.hostile import inputs as hostile

PLAIN = "Company,Address,City,State,Zip\nAcme,1 Main St,Sacramento,CA,95814\n"


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (PLAIN.encode(), "text in UTF-8, separated by commas"),
        (PLAIN.encode("utf-8-sig"), "text in UTF-8, separated by commas"),
        (PLAIN.encode("utf-16"), "text in UTF-16, separated by commas"),
        (b"\xfe\xff" + PLAIN.encode("utf-16-be"), "text in UTF-16, separated by commas"),
        (PLAIN.replace(",", ";").encode(), "text in UTF-8, separated by semicolons"),
        (PLAIN.replace(",", "\t").encode(), "text in UTF-8, separated by tabs"),
        (PLAIN.replace(",", "|").encode(), "text in UTF-8, separated by bars"),
        (PLAIN.replace("\n", "\r\n").encode(), "text in UTF-8, separated by commas"),
        (PLAIN.replace("\n", "\r").encode(), "text in UTF-8, separated by commas"),
        (b"sep=;\n" + PLAIN.replace(",", ";").encode(), "text in UTF-8, separated by semicolons"),
        (PLAIN.encode() + b"\x1a", "text in UTF-8, separated by commas"),
    ],
)
def test_encodings_and_delimiters(read: Any, content: bytes, form: str) -> None:
    found = read(content)
    assert found.opened.form == form
    assert found.only.name == "Acme"
    assert found.only.address.lines() == ("1 Main St", "Sacramento CA 95814")


def test_windows_1252_is_read_where_it_is_not_utf_8(read: Any) -> None:
    found = read(
        "Company,Address,City,State,Zip\nCafé Peña “Ñ”,1 Main St,Sacramento,CA,95814\n".encode("cp1252")
    )
    assert found.opened.form == "text in Windows-1252, separated by commas"
    assert found.only.company == "Café Peña “Ñ”"


def test_semicolons_win_over_commas_inside_the_cells(read: Any) -> None:
    text = "Company;Address;City;State;Zip\nA, B, C and D;1 Main St, Rear, Left;Sacramento;CA;95814\n"
    assert read(text).only.company == "A, B, C and D"


@pytest.mark.parametrize("name", ["list.txt", "list.tsv", "LIST.CSV"])
def test_extensions_of_text(read: Any, name: str) -> None:
    assert read(PLAIN, name=name).only.name == "Acme"


def test_rows_are_numbered_as_the_spreadsheet_shows_them(read: Any) -> None:
    found = read(
        "Client report\n"
        "\n"
        "Printed 11/24/2026,,,,\n"
        "Company,Address,City,State,Zip\n"
        'Acme,"1 Main St\nSuite 4",Sacramento,CA,95814\n'
        ",,,,\n"
        "\n"
        " , ,\u00a0,,\n"
        "Borden,2 Main St,Sacramento,CA,95814\n"
    )
    assert found.opened.header_row == 4
    assert found.opened.total == 2
    assert [(row.row, row.name, row.address.line2) for row in found.clients] == [
        (5, "Acme", "Suite 4"),
        (9, "Borden", ""),
    ]


def test_a_workbook(workbook: Callable[..., Path], from_file: Any) -> None:
    path = workbook(
        Notes=[["How to use this list"], ["Ask Jo"]],
        Clients=[
            ["Clients of Cedar & Finch"],
            [],
            [None, "Client ID", "Company", "Address", "City", "State", "Zip", "Client Since", "Newsletter",
             "Hourly Support Rate", "Max Raise", "Rate Locked Until"],
            [None, 1001, "Beacon", "84 Beacon St", "Boston", "MA", 2108, datetime.fromisoformat("2020-03-14"),
             True, 130.5, 0.05, date(2027, 6, 30)],
            [],
            [None, "1002", "Hill", "1 Hill Rd", "Sacramento", "CA", 95814.0, "3/14/2020", False, "$95"],
        ],
    )  # fmt: skip
    found = from_file(path)
    assert found.opened.form == "workbook, sheet “Clients”"
    assert found.opened.header_row == 3
    first, second = found.clients
    assert (first.row, first.key, first.number) == (4, "id:1001", "1001")
    assert first.address.zip == "02108"
    assert first.since == date(2020, 3, 14)
    assert [str(amount) for _, amount in first.rates] == ["130.5"]
    assert str(first.contract.max_raise) == "0.05"
    assert first.contract.rate_locked_until == date(2027, 6, 30)
    assert first.newsletter
    assert first.repairs == (
        "ZIP 2108 → 02108 (a leading zero lost by the spreadsheet)",
        "max raise 0.05 → 5%",
    )
    assert (second.row, second.since, second.newsletter) == (6, date(2020, 3, 14), False)


def bad(path: Path) -> str:
    with pytest.raises(ListProblem) as caught:
        list(open_list(path, today=date(2026, 11, 24), check_term=lambda _: None).rows())
    message = str(caught.value)
    assert str(path) in message
    assert caught.value.todo
    return message


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("list.xls", b"\xd0\xcf\x11\xe0" + bytes(600), "“.xls” files are not read"),
        ("list.ods", b"PK\x03\x04", "“.ods” files are not read"),
        ("list.pdf", b"%PDF-1.7", "“.pdf” files are not read"),
        ("list.docx", b"PK\x03\x04", ".xlsx or as “CSV UTF-8”"),
        ("list", PLAIN.encode(), "no extension"),
        ("list.csv", b"", "the file is empty"),
        ("list.csv", b"\xef\xbb\xbf\r\n\r\n", "the file is empty"),
        ("list.xlsx", b"", "the file is empty"),
        ("list.xlsx", PLAIN.encode(), "it is called .xlsx but holds text"),
        ("list.csv", b"PK\x03\x04\x14\x00", "Rename it to .xlsx"),
        ("list.csv", b"%PDF-1.7", "it is called .csv but holds a PDF"),
        ("list.csv", b"<html><table><tr><td>Company", "holds a web page"),
        ("list.xlsx", b"\xd0\xcf\x11\xe0" + bytes(600), "protected by a password"),
        ("list.xlsx", b"PK\x03\x04" + bytes(600), "the workbook is damaged"),
        ("list.csv", b"Company,Address\n" + bytes(50), "NUL bytes"),
        ("list.csv", b"Company,Address\nA\x81\x8d\xff,1 Main", "not UTF-8 or Windows-1252 text"),
        ("list.csv", b"\xef\xbb\xbfCompany,Address\nA\xff,1 Main", "not UTF-8 text"),
        ("list.csv", b"Company,Address,City,State,Zip\n", "no rows below the headings"),
        ("list.csv", b"Company,Address,City,State,Zip\n,,,,\n", "no rows below the headings"),
        (
            "list.csv",
            b"Company,Company,Address,City\nA,B,C,D\n",
            "the heading “Company” stands more than once",
        ),
        (
            "list.csv",
            b"Acme,1 Main St,Sacramento,CA,95814\nB,2 Main St,Davis,CA,95616\n",
            "headings that are known",
        ),
        ("list.csv", b"Address,City,State,Zip\n1 Main St,Sacramento,CA,95814\n", "as a company or contact"),
        ("list.csv", b"Company,City,Email\nAcme,Sacramento,a@example.com\n", "as an address"),
        (
            "list.csv",
            PLAIN.encode() + b'"B,2 Main St,Davis,CA,95616\nC,3 Main St,Davis,CA,95616\n',
            "quotation mark",
        ),
        (
            "list.csv",
            PLAIN.encode() + b'"B" Sons,2 Main St,Davis,CA,95616\n',
            "list.csv, line 3: a quotation mark",
        ),
        ("list.csv", PLAIN.encode() + b'"' + b"B\n" * 100_000, "quotation mark"),
    ],
)
def test_what_cannot_be_read(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert words in bad(path)


def test_a_missing_file_a_folder_and_a_pipe(tmp_path: Path) -> None:
    assert "there is no such file" in bad(tmp_path / "missing.csv")
    (tmp_path / "folder.csv").mkdir()
    assert "it is a folder" in bad(tmp_path / "folder.csv")
    os.mkfifo(tmp_path / "pipe.csv")
    assert "not a regular file" in bad(tmp_path / "pipe.csv")


def test_an_open_document_in_a_zip_called_xlsx(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    assert "the workbook is damaged" in bad(path)


def test_a_line_of_100_mb_is_refused_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    with path.open("wb") as stream:
        stream.write(PLAIN.encode())
        for _ in range(100):
            stream.write(b"x" * 1_000_000)
    tracemalloc.start()
    message = bad(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert f"{path}, line 3: the line is longer than 1,000,000 characters" in message
    assert peak < 5_000_000


def test_a_long_line_between_others_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(PLAIN.encode() + b"x" * 1_000_500 + b"\n" + b"y,z\n")
    assert "line 3" in bad(path)


def test_a_sheet_with_a_stray_cell_at_its_far_end(workbook: Callable[..., Path]) -> None:
    assert "reaches to column 100 and row 900,002" in bad(
        workbook(Clients=[["Company", "Address"], *([[]] * 900_000), [None] * 99 + ["x"]])
    )


def test_a_far_cell_in_a_sheet_that_does_not_tell_its_size(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    with zipfile.ZipFile(BytesIO(WORKBOOK)) as given_book, zipfile.ZipFile(path, "w") as book:
        for name in given_book.namelist():
            content = given_book.read(name)
            if name.endswith("sheet1.xml"):
                assert b'<dimension ref="A1:E2"/>' in content
                content = content.replace(b'<dimension ref="A1:E2"/>', b"").replace(b"</sheetData>", far)
            book.writestr(name, content)
    assert "a sheet reaches to column 16,384 and row 1,048,576" in bad(path)


def test_sheets_that_are_too_much_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eighteen kilobytes, of fifty sheets just below the limit of one: ten seconds each."""
    path = tmp_path / "list.xlsx"
    reaching = b'<dimension ref="A1:Z600000"/>'
    with zipfile.ZipFile(BytesIO(WORKBOOK)) as given_book, zipfile.ZipFile(path, "w") as book:
        for name in given_book.namelist():
            content = given_book.read(name).replace(b'<dimension ref="A1:E2"/>', reaching)
            book.writestr(name, content)
            if name.endswith("sheet1.xml"):
                book.writestr("xl/worksheets/sheet2.xml", content)
    assert "a sheet reaches to column 26 and row 600,000" in bad(path)
    monkeypatch.setattr("mailer.clients.workbook.SECONDS", 0)
    assert "takes more memory or time to read than any list" in bad(
        hostile.workbook(path, hostile.far(hostile.cell("AB1048570")))
    )


def test_quotation_marks_are_not_guessed_at(tmp_path: Path) -> None:
    """csv.Sniffer takes the fourth power of their number: half a minute for these, hours for a page."""
    path = tmp_path / "list.csv"
    path.write_text("Company,Address,City,State,Zip\n" + '"a' * 400)
    assert "line 2: a quotation mark is not closed" in bad(path)


def test_a_list_that_changes_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(PLAIN)
    opened = open_list(path, today=date(2026, 11, 24), check_term=lambda _: None)
    path.write_text(PLAIN + "Borden,2 Main St,Davis,CA,95616\n")
    with pytest.raises(ListProblem, match="it changed while it was read"):
        list(opened.rows())


def test_memory_does_not_grow_with_the_rows_kept(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    with path.open("w") as stream:
        stream.write("Client ID,Company,Address,City,State,Zip\n")
        for number in range(20_000):
            stream.write(f"{number},Company {number} of the long list,{number} Main St,Sacramento,CA,95814\n")
    tracemalloc.start()
    opened = open_list(path, today=date(2026, 11, 24), check_term=lambda _: None)
    before = tracemalloc.get_traced_memory()[0]
    assert sum(1 for _ in opened.rows()) == 20_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak - before < 1_500_000


def is_answered(name: str, content: bytes) -> bool:
    """Whether every row is a client or is refused with a reason, or the whole with a message.

    Any other exception is the test's failure.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            rows = list(open_list(path, today=date(2026, 11, 24), check_term=lambda _: None).rows())
        except MailerError as error:
            return bool(error.what)
        return all(row.reason if isinstance(row, Refusal) else row.name for row in rows)


@given(content=st.binary(max_size=400))
@example(content=b"\xff\xfe\x00")
@settings(max_examples=300, deadline=None)
def test_random_bytes_give_a_message_never_a_traceback(content: bytes) -> None:
    assert is_answered("list.csv", content)


@given(
    tail=st.one_of(
        st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
    )
)
@settings(max_examples=300, deadline=None)
def test_random_bytes_below_a_header(tail: bytes) -> None:
    head = b"Client ID,Company,Contact,Email,Address,City,State,Zip,Country,Contract,Since,Service.a,Tags\n"
    assert is_answered("list.csv", head + tail)


@given(cells=st.lists(st.text(max_size=30), min_size=1, max_size=14))
@settings(max_examples=300, deadline=None)
def test_random_cells_below_a_header(cells: list[str]) -> None:
    head = (
        "Company,Contact,Email,Address,City,State,Zip,Country,Contract,Notice,Since,Service.a,Tags,Status\n"
    )
    row = ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    assert is_answered("list.csv", (head + row + "\n").encode("utf-8", "replace"))


def small_workbook() -> bytes:
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Clients")
        sheet.write_row(0, 0, ["Company", "Address", "City", "State", "Zip"])
        sheet.write_row(1, 0, ["Acme", "1 Main St", "Sacramento", "CA", 95814])
    return stream.getvalue()


WORKBOOK = small_workbook()


@given(
    changes=st.lists(
        st.tuples(st.integers(4, len(WORKBOOK) - 1), st.integers(0, 255)), min_size=1, max_size=12
    ),
    cut=st.integers(0, 200),
)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_damaged_workbook_gives_a_message(changes: list[tuple[int, int]], cut: int) -> None:
    content = bytearray(WORKBOOK)
    for position, value in changes:
        content[position] = value
    assert is_answered("list.xlsx", bytes(content[: len(content) - cut]))
