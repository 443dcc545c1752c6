"""USPS Publication 28: a hundred streets, a hundred boxes and routes, and what must stay as it was given.

The expected forms are the Publication's (https://pe.usps.com/text/pub28), each row with its section.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from mailer.clients.addresses import same_place
from mailer.clients.publication28 import form_of
from mailer.clients.record import Address

DATA = Path(__file__).parent / "data"
HOME = ("Davis", "CA", "95616")


def rows(name: str) -> list[list[str]]:
    lines = (DATA / name).read_text("utf-8").splitlines()
    return [[cell.strip() for cell in line.split("|")] for line in lines if not line.startswith("# ")]


@pytest.mark.parametrize(("given", "form", "why"), rows("publication28-streets.txt"))
def test_a_street(given: str, form: str, why: str) -> None:
    found = form_of(Address(given, "", *HOME))
    assert found.address == Address(form, "", "DAVIS", "CA", "95616"), why
    assert all(change.reason for change in found.changes)
    assert form_of(found.address).address == found.address
    assert form_of(found.address).changes == ()


@pytest.mark.parametrize(("given", "form", "why"), rows("publication28-boxes.txt"))
def test_a_box_a_route_the_military_and_puerto_rico(given: str, form: str, why: str) -> None:
    line1, line2, city, state = (cell.strip() for cell in given.split(";"))
    found = form_of(Address(line1, line2, city, state, "00901"))
    address = found.address
    assert [address.line1, address.line2, address.city] == [cell.strip() for cell in form.split(";")], why
    assert all(change.reason for change in found.changes)
    assert form_of(address).changes == ()


def test_each_sort_has_a_hundred_cases() -> None:
    assert all(len(rows(f"publication28-{sort}.txt")) >= 100 for sort in ("streets", "boxes"))


@pytest.mark.parametrize(
    ("line1", "reason"),
    [
        ("12 Oak Street", "Publication 28, 234: the street's suffix"),
        ("12 Oak St Suite 3", "Publication 28, 213: the unit's designator"),
        ("12 North Oak St", "Publication 28, 233: the direction before the street"),
        ("Drawer 12", "Publication 28, 283: a PO box by another name"),
        ("RFD 4 Box 87A", "Publication 28, 244: a rural route"),
        ("Star Route 3 Box 98", "Publication 28, 254: a highway contract route"),
        ("CMR 830 Bx 51", "Publication 28, 238: a military address"),
        ("care of Ada Byrd", "by custom: C/O before the name of who passes it on"),
    ],
)
def test_each_change_names_its_section(line1: str, reason: str) -> None:
    assert [change.reason for change in form_of(Address(line1, "", *HOME)).changes] == [reason]


def test_a_street_stays_the_same_place() -> None:
    given = Address("123 North Main Street", "Suite 4", *HOME)
    assert same_place(form_of(given).address) == same_place(given)
    assert [(one.given, one.form) for one in form_of(given).changes] == [
        ("STREET", "ST"), ("NORTH", "N"), ("SUITE", "STE"),
    ]  # fmt: skip


def test_one_abroad_stays_as_it_is() -> None:
    abroad = Address("10 Downing Street", "", "London", "", "SW1A 2AA", "GB")
    assert form_of(abroad).address == abroad
