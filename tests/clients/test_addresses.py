"""Address blocks as printed, the order of the mail, and what is one place."""

from __future__ import annotations

import pytest

from mailer.clients.addresses import block, same_place
from mailer.clients.record import Address


def test_a_company_with_a_contact() -> None:
    address = Address("901 Howe Avenue", "Suite 210", "Sacramento", "CA", "95825-1234")
    assert block("American River Surveying", "Tom Okafor", address) == (
        "American River Surveying",
        "Attn: Tom Okafor",
        "901 Howe Avenue",
        "Suite 210",
        "Sacramento CA 95825-1234",
    )


def test_a_person_is_not_told_to_attend_to_himself() -> None:
    address = Address("PO BOX 318", "", "Woodland", "CA", "95776")
    assert block("Jo Dee", "Jo Dee", address) == ("Jo Dee", "PO BOX 318", "Woodland CA 95776")


def test_long_lines_are_continued() -> None:
    name = "River City Association of Independent Landscape Contractors"
    lines = block(name, "", Address("1 K St", "", "Sacramento", "CA", "95814"), width=40)
    assert lines == (
        "River City Association of Independent",
        "Landscape Contractors",
        "1 K St",
        "Sacramento CA 95814",
    )
    assert all(
        len(line) <= 20 for line in block("x" * 55, "", Address("1 K St", "", "A", "CA", "95814"), width=20)
    )


def test_mail_abroad_ends_with_the_country_in_capitals() -> None:
    assert block("Acme", "", Address("111 Wellington St", "", "Ottawa", "ON", "K1A 0A9", "CA")) == (
        "Acme",
        "111 Wellington St",
        "OTTAWA ON K1A 0A9",
        "CANADA",
    )
    assert block("Acme", "", Address("Hauptstr. 5", "", "Berlin", "", "10115", "DE"))[-2:] == (
        "10115 BERLIN",
        "GERMANY",
    )


@pytest.mark.parametrize(
    ("line1", "line2", "same"),
    [
        ("22 Main Street", "Suite 4", True),
        ("22 MAIN ST.", "Ste. 4", True),
        ("22 Main St, Unit 4", "", True),
        ("22 Main St #4", "", True),
        ("22 Main St", "# 4", True),
        ("22 Main St", "Suite 5", False),
        ("22 Main St", "", False),
        ("22 Maine St", "Suite 4", False),
    ],
)
def test_one_place_in_two_spellings(line1: str, line2: str, same: bool) -> None:
    key = same_place(Address("22 Main St", "Suite 4", "Winters", "CA", "95694"))
    assert (same_place(Address(line1, line2, "winters", "CA", "95694-1234")) == key) is same


def test_another_city_or_country_is_another_place() -> None:
    places = {
        same_place(Address("22 Main St", "", "Winters", "CA", "95694")),
        same_place(Address("22 Main St", "", "Madison", "CA", "95694")),
        same_place(Address("22 Main St", "", "Winters", "CA", "95694", "DE")),
    }
    assert len(places) == 3
