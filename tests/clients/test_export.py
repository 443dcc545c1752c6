"""An export is safe to open in a spreadsheet, and importing it again changes nothing."""

from __future__ import annotations

import csv
import io
import tempfile
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailer.clients.cells import guard, unguard
from mailer.clients.export import ENCODING, write_clients
from mailer.clients.reading import open_list
from mailer.clients.record import Client
from mailer.clients.row import ListRow

HEAD = [
    "Client ID", "Company", "Name", "Contact", "First Name", "Last Name", "Title", "Salutation",
    "Email", "Phone",
    "Address", "Address 2", "City", "State", "Zip", "Country", "Contract", "Notice Term", "Rate Locked Until",
    "Max Raise", "Min Months Between", "Only At Renewal", "Renewal", "Last Raised", "Tags", "Status",
    "Client Since", "Newsletter",
    "Notice Address", "Notice City", "Notice State", "Notice Zip",
    "service.hourly-support", "service.after-hours",
]  # fmt: skip


def rows_of(path: Path) -> list[ListRow]:
    opened = open_list(path, today=date(2026, 11, 24), check_term=lambda _: None)
    return [row for row in opened.rows() if isinstance(row, ListRow)]


def client_of(row: ListRow) -> Client:
    same = {one.name: getattr(row, one.name) for one in fields(Client) if one.name != "id"}
    return Client(id=UUID(int=row.row), **same)


def export(path: Path, rows: list[ListRow]) -> None:
    services = sorted({service for row in rows for service, _ in row.rates})
    with path.open("w", encoding=ENCODING, newline="") as stream:
        written = write_clients(stream, ((client_of(row), dict(row.rates)) for row in rows), services)
    assert written == len(rows)


WORDS = st.text(
    st.one_of(
        st.sampled_from("abcXYZ 019,.;:'\"=+-@&#*<>()/|~é ñü“\t\n\r"),
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    ),
    max_size=24,
)
DAYS = st.one_of(st.just(""), st.dates(date(1950, 1, 1), date(2150, 1, 1)).map(str))
PLACES = st.sampled_from([
    ("Sacramento", "CA", "95814", ""), ("Boston", "Massachusetts", "2108", "USA"),
    ("San Juan", "PR", "00926-1234", "US"), ("Ottawa", "ON", "K1A 0B1", "Canada"),
    ("Reno", "NV", "95814", ""),
])  # fmt: skip
CONTRACTS = st.sampled_from([
    ("none", ""), ("", ""), ("managed", "contract-30-deposit"), ("Own terms", "=45 days"), ("managed", ""),
])  # fmt: skip
EMAILS = st.sampled_from(["", "a@example.com", "b@example.com, c@example.com", "+x@example.com", "none"])
PEOPLE = st.one_of(
    WORDS, st.sampled_from(["Butt, James", "Dr. Ann Dee, DDS", "Attn: Accounts Payable", "=Jo", "'@x"])
)


@st.composite
def lines(draw: st.DrawFn) -> list[str]:
    city, state, zip_code, country = draw(PLACES)
    contract, notice = draw(CONTRACTS)
    has_notice_address = draw(st.booleans())
    return [
        draw(WORDS), draw(WORDS), draw(PEOPLE), draw(PEOPLE), draw(PEOPLE), draw(PEOPLE),
        draw(st.sampled_from(["", "Ms.", "Office Manager"])), draw(PEOPLE),
        draw(EMAILS),
        draw(st.one_of(WORDS, st.just("+1 916 555 0100"))),
        draw(WORDS) or "1 Main St", draw(WORDS), city, state, zip_code, country, contract, notice, draw(DAYS),
        draw(st.sampled_from(["", "5%", "0.125", "7.125 %", "100%"])),
        draw(st.sampled_from(["", "12", "6 months"])),
        draw(st.sampled_from(["", "x", "no"])), draw(DAYS), draw(DAYS), draw(WORDS),
        draw(st.sampled_from(["", "Ended", "active"])),
        draw(DAYS), draw(st.sampled_from(["", "no", "yes"])),
        *(("-9 Oak St", "Davis", "CA", "95616") if has_notice_address else ("", "", "", "")),
        draw(st.sampled_from(["", "130", "$1,130.5", "0.1234"])), draw(st.sampled_from(["", "0", "195.00"])),
    ]  # fmt: skip


@given(table=st.lists(lines(), min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_an_export_imports_unchanged(table: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "given.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([HEAD, *table])
        rows = rows_of(path)
        if not rows:
            return
        again = Path(folder) / "exported.csv"
        export(again, rows)
        # A row that was refused no longer shares an e-mail address: only such a key may differ.
        everything = len(rows) == len(table)
        for before, after in zip(rows, rows_of(again), strict=True):
            key = after.key if everything else before.key
            assert replace(after, row=before.row, repairs=before.repairs, key=key) == before


@given(text=st.text(max_size=12))
def test_the_formula_guard_is_undone(text: str) -> None:
    assert unguard(guard(text)) == text
    assert guard(text)[:1] not in tuple("=+-@\t\r")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_an_export_begins_a_formula(tmp_path: Path, start: str) -> None:
    assert guard(f"{start}1") == f"'{start}1"
    path = tmp_path / "list.csv"
    path.write_text(
        "Company,Address,City,State,Zip,Phone\n=cmd|' /C calc'!A0,1 Main St,Sacramento,CA,95814,+1 916\n"
    )
    (row,) = rows_of(path)
    stream = io.StringIO()
    write_clients(stream, [(client_of(row), {})], ["hourly-support"])
    assert (
        "\r\n,'=cmd|' /C calc'!A0,,To the team at =cmd|' /C calc'!A0,,'+1 916,1 Main St," in stream.getvalue()
    )


def test_the_columns(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "Company,Address,City,State,Zip,Contract,Notice Term,Max Raise,service.a,service.b\n"
        "Café,1 Main St,Sacramento,CA,95814,managed,contract-30-deposit,7.5%,140,\n"
    )
    export(tmp_path / "out.csv", rows_of(path))
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbfClient ID,")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert {name: cell for name, cell in row.items() if cell} == {
        "Company": "Café",
        "Salutation": "To the team at Café",
        "Address": "1 Main St",
        "City": "Sacramento",
        "State": "CA",
        "Zip": "95814",
        "Country": "US",
        "Contract": "managed",
        "Notice Term": "contract-30-deposit",
        "Max Raise": "7.5%",
        "Status": "active",
        "Newsletter": "yes",
        "service.a": "140.00",
    }
