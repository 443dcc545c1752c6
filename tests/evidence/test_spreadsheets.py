"""addressees.csv and service.csv say nothing that the addresses and the ledger do not.

The lists are written out here as PS Form 3665 has its columns, and as docs/evidence.md describes them.
"""

from __future__ import annotations

import pytest

from mailer.evidence.verifier import verify
from tests.evidence.test_verifier import chain, person, piece
from tests.evidence.test_verifier import pack as of_the_firm
from tests.support.packs import LETTER, SALT, Memory, resealed, sha
from tests.support.service_packs import pack as of_a_service

FORM = (
    "Line,USPS Tracking Number / Firm-specific Identifier,Name,Street,City,State,ZIP Code,Postage,Fee,"
    "Special Handling,Parcel Airlift\r\n"
)
ASH = '1,2027-rates-L-0001,"Ash, Street \'Bakery",1 Ash Street,Davis,CA,95616,,,,\r\n'
SERVICE = (
    "Piece,Service,Service’s id,Name,Address,Certified number,Asked for (UTC),Accepted (UTC),"
    '"Custody, in the service’s words",Custody at,Counts as mailed,Delivered at,SHA-256 of what it got\r\n'
)
TWO = (
    "2027-rates-L-0002,Lob,ltr_2,Ash Street Bakery,1 Ash Street,9407 1118 9956 0000 0000,"
    "2026-11-26 22:10:00,2026-11-26 22:11:00,mailed,2026-11-24T23:00:00+00:00,2026-11-24,,"
    f"{sha(LETTER)}\r\n"
)


def with_form(text: str, lines: tuple[str, ...]) -> Memory:
    files = of_the_firm(chain(lines=lines), [piece(address=list(lines), person=person(lines))])
    files["addressees.csv"] = b"\xef\xbb\xbf" + text.encode()
    return resealed(files)


def with_service(text: str) -> Memory:
    files = of_a_service()
    files["service.csv"] = b"\xef\xbb\xbf" + text.encode()
    return resealed(files)


DOMESTIC = ("Ash, Street 'Bakery", "1 Ash Street", "Davis CA 95616")
ABROAD = ("Ash Street Bakery", "1 Ash Street", "Toronto ON M5V 2T6", "CANADA")
TORONTO = '1,2027-rates-L-0001,Ash Street Bakery,1 Ash Street,"Toronto ON M5V 2T6, CANADA",,M5V 2T6,,,,\r\n'


@pytest.mark.parametrize(("line", "address"), [(ASH, DOMESTIC), (TORONTO, ABROAD)])
def test_the_list_for_the_post_as_it_is_written(line: str, address: tuple[str, ...]) -> None:
    assert verify(with_form(FORM + line, address)).problems == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("1 Ash Street,", "2 Ash Street,", "line 1 is not the address of 2027-rates-L-0001"),
        ("Bakery", "Dairy", "line 1 is not the address of 2027-rates-L-0001"),
        ("95616", "95617", "line 1 is not the address of 2027-rates-L-0001"),
        ("L-0001", "L-0009", "line 1 is not 2027-rates-L-0001"),
        ("L-0001", "L-0001 (9400)", "line 1 is not 2027-rates-L-0001"),
        ("95616,,", "95616,0.78,", "line 1 states postage or a fee, which the ledger does not know"),
        (ASH, "", "it has 0 lines, and 1 pieces belong in it"),
        (ASH, ASH + ASH.replace("1,2027", "2,2027"), "it has 2 lines, and 1 pieces belong in it"),
        ("Postage", "Postage paid", "its headings are not those of a pack"),
        (",,,,\r", ",,,\r", "line 1 has 10 cells, not 11"),
    ],
)
def test_the_list_for_the_post_changed(old: str, new: str, says: str) -> None:
    assert old in FORM + ASH
    assert f"addressees.csv: {says}" in verify(with_form((FORM + ASH).replace(old, new), DOMESTIC)).problems


def test_the_list_of_what_a_service_took() -> None:
    assert verify(with_service(SERVICE + TWO)).problems == []


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("ltr_2", "ltr_3", "Service’s id"),
        ("9407 1118", "9407 1119", "Certified number"),
        ("22:10:00", "21:10:00", "Asked for (UTC)"),
        ("22:11:00", "21:11:00", "Accepted (UTC)"),
        (",mailed,", ",in_transit,", "Custody, in the service’s words"),
        ("2026-11-24T23", "2026-11-23T23", "Custody at"),
        (",2026-11-24,", ",2026-11-23,", "Counts as mailed"),
        ("24,,", "24,2026-11-27T10:00:00+00:00,", "Delivered at"),
        (sha(LETTER), sha(SALT), "SHA-256 of what it got"),
        (",Lob,", ",Bob,", "Service"),
        ("L-0002", "L-0003", "Piece"),
    ],
)
def test_the_list_of_what_a_service_took_changed(old: str, new: str, column: str) -> None:
    assert old in TWO
    problems = verify(with_service(SERVICE + TWO.replace(old, new))).problems
    assert problems == [f"service.csv: line 1: “{column}” of 2027-rates-L-0002 is not what the ledger says"]


def test_another_address_at_the_service() -> None:
    problems = verify(with_service(SERVICE + TWO.replace("1 Ash", "2 Ash"))).problems
    assert problems == ["service.csv: line 1 is not the address of 2027-rates-L-0002"]


def test_a_list_that_is_no_text() -> None:
    files = with_service(SERVICE + TWO)
    files["service.csv"] = b"\xff\xfe"
    assert any("not as this version writes it" in problem for problem in verify(resealed(files)).problems)
