"""By what the next import knows a client again, and when two rows cannot be told apart."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterable
from typing import Any

from mailer.clients.identity import Census, Identity, mend_email

HEAD = "Client ID,Company,Contact,Email,Address,City,State,Zip\n"


def rest(line: str) -> str:
    return f"{line} Main St,Sacramento,CA,95814\n"


def test_number_then_e_mail_then_name_and_zip(read: Any) -> None:
    found = read(
        HEAD
        + rest("A-7,Acme,,ACME@Example.com,1")
        + rest(",Borden,,Jo@Example.com,2")
        + rest(",Cole  & Son,,,3")
        + ",,Ann Dee,,4 Main St,Trenton,NJ,8601\n"
    )
    assert [client.key for client in found.clients] == [
        "id:a-7",
        "email:jo@example.com",
        "name:cole & son|95814",
        "name:ann dee|08601",
    ]
    assert [client.number for client in found.clients] == ["A-7", "", "", ""]


def test_the_four_digits_behind_a_zip_are_no_part_of_it(read: Any) -> None:
    found = read("Company,Address,City,State,Zip\nAcme,1 Main St,Sacramento,CA,95814-1234\n")
    assert found.only.key == "name:acme|95814"
    found = read('Company,Address\nAcme,"1 Main St, Sacramento, CA 95814-1234"\n')
    assert found.only.key == "name:acme|95814"


def test_a_shared_e_mail_address_is_no_identity(read: Any) -> None:
    found = read(
        HEAD
        + rest(",Acme,,info@example.com,1")
        + rest(",Borden,,INFO@example.com,2")
        + rest(",Cole,,c@example.com,3")
    )
    assert [client.key for client in found.clients] == [
        "name:acme|95814",
        "name:borden|95814",
        "email:c@example.com",
    ]
    assert found.clients[0].email == "info@example.com"


def test_two_rows_of_one_number_are_both_refused(read: Any) -> None:
    found = read(HEAD + rest("7,Acme,,,1") + rest("8,Borden,,,2") + rest(" 7 ,Acme Two,,,3"))
    assert [(refusal.row, refusal.reason) for refusal in found.refusals] == [
        (2, "ambiguous: the same number as row 4"),
        (4, "ambiguous: the same number as row 2"),
    ]
    assert [client.name for client in found.clients] == ["Borden"]


def test_two_rows_of_one_name_and_zip_are_both_refused(read: Any) -> None:
    found = read(HEAD + rest(",Acme,,i@example.com,1") + rest(",ACME,,i@example.com,2") + rest(",acme,,,3"))
    assert [(refusal.row, refusal.reason) for refusal in found.refusals] == [
        (2, "ambiguous: the same name and ZIP code as rows 3, 4"),
        (3, "ambiguous: the same name and ZIP code as rows 2, 4"),
        (4, "ambiguous: the same name and ZIP code as rows 2, 3"),
    ]


def test_two_contacts_of_one_company_with_addresses_of_their_own_are_two(read: Any) -> None:
    found = read(HEAD + rest(",Acme,Jo,jo@example.com,1") + rest(",Acme,Al,al@example.com,1"))
    assert [client.key for client in found.clients] == ["email:jo@example.com", "email:al@example.com"]


def test_of_many_rows_of_one_number_the_first_few_are_named() -> None:
    census, same = Census(), Identity("n-9", "", "", "")
    for row in range(2, 1_002):
        census.add(row, same)
    assert census.key_of(1_001, same) == ("id:n-9", (2, 3, 4, 5, 6, 7))


def test_an_address_without_end_is_none() -> None:
    assert mend_email("a@" + "b." * 500_000 + "c") == (
        "",
        "e-mail of 1,000,003 characters left out: it is not an address",
    )


def held_and_peak(rows: Iterable[Identity]) -> tuple[int, int]:
    """Bytes that a census of these rows holds once a key was asked for, and at most before."""
    tracemalloc.start()
    census = Census()
    for row, known in enumerate(rows):
        census.add(row, known)
    census.key_of(0, Identity("n-0", "", "", ""))
    now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return now, most


def test_a_census_holds_what_rows_share_and_no_row() -> None:
    numbers = (Identity(f"n-{row}", "", "", "") for row in range(30_000))
    emails = (Identity("", f"p{row}@example.com", "ash", "95814") for row in range(30_000))
    for rows in (numbers, emails):
        held, most = held_and_peak(rows)
        assert held < 20_000  # less than a byte a row
        assert most < 30_000 * 60  # 16 or 24 bytes a row, in arrays with room to grow


def test_rows_that_share_an_address_in_any_order_go_by_their_names() -> None:
    census = Census()
    rows = {
        2: Identity("", "info@example.com", "ash", "95814"),
        3: Identity("", "", "ash", "95814"),
        4: Identity("", "info@example.com", "birch", "95814"),
        5: Identity("", "own@example.com", "birch", "95814"),
    }
    for row, known in rows.items():
        census.add(row, known)
    assert {row: census.key_of(row, known) for row, known in rows.items()} == {
        2: ("name:ash|95814", (3,)),
        3: ("name:ash|95814", (2,)),
        4: ("name:birch|95814", ()),
        5: ("email:own@example.com", ()),
    }
