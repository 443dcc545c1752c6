"""USPS Publication 28: the forms as its own sections print them, and what must stay as it was given."""

from __future__ import annotations

import pytest

from mailer.clients.addresses import same_place
from mailer.clients.publication28 import form_of
from mailer.clients.record import Address

HOME = ("Davis", "CA", "95616")


@pytest.mark.parametrize(
    ("line1", "form"),
    [
        # PO boxes (281)
        ("P.O. Box 12", "PO BOX 12"), ("Post Office Box 12", "PO BOX 12"), ("PO Box #12", "PO BOX 12"),
        ("p. o. box 12-A", "PO BOX 12-A"), ("POB 12", "PO BOX 12"), ("PO Box 12", "PO BOX 12"),
        ("Drawer 12", "DRAWER 12"),
        # rural routes (241) and highway contracts (251)
        ("Rural Route 2, Box 152", "RR 2 BOX 152"), ("RFD Route 4, #87A", "RR 4 BOX 87A"),
        ("R.R. 2 Box 18", "RR 2 BOX 18"), ("RR 2 BOX 152", "RR 2 BOX 152"),
        ("Highway Contract Route 68 Box 23A", "HC 68 BOX 23A"), ("HCR 68, Box 45", "HC 68 BOX 45"),
        ("Star Route 3 Box 98", "HC 3 BOX 98"), ("H.C. 68 Box 98", "HC 68 BOX 98"),
        # care of
        ("c/o Ada Byrd", "C/O ADA BYRD"), ("care of Ada Byrd", "C/O ADA BYRD"),
        ("% Ada Byrd", "C/O ADA BYRD"),
        # streets: suffix (234), directions (233), units (213)
        ("12 Oak Street", "12 OAK ST"), ("12 Oak St.", "12 OAK ST"),
        ("12 Oak Street, Suite 3", "12 OAK ST STE 3"),
        ("123 North Main Street Apartment 4B", "123 N MAIN ST APT 4B"),
        ("12 Main Street North", "12 MAIN ST N"),
        ("1234 1/2 S Street NW", "1234 1/2 S ST NW"), ("5 St. John's Court", "5 ST JOHNS CT"),
        ("12 Northwest Bay Drive West", "12 NW BAY DR W"), ("12 Oak Street #4", "12 OAK ST #4"),
        ("39.2 Road", "39.2 ROAD"),
        # never another place: what is a name stays one
        ("100 Avenue B", "100 AVENUE B"), ("789 Avenue of the Americas", "789 AVENUE OF THE AMERICAS"),
        ("12 North Street", "12 NORTH ST"), ("12 Street Road", "12 STREET RD"), ("12 Court", "12 COURT"),
        ("12 Saint Charles Street", "12 SAINT CHARLES ST"), ("1300 County Road 42", "1300 COUNTY ROAD 42"),
        ("450 State Highway 12", "450 STATE HIGHWAY 12"), ("12 Broadway", "12 BROADWAY"),
        ("12 West End Avenue", "12 W END AVE"), ("One Capitol Mall", "ONE CAPITOL MALL"),
        ("W245 N6201 Lisbon Road", "W245 N6201 LISBON ROAD"), ("12 Avenue North", "12 AVENUE NORTH"),
        ("The Suite Shop", "THE SUITE SHOP"), ("12-14 Oak Lane", "12-14 OAK LN"),
    ],
)  # fmt: skip
def test_the_form(line1: str, form: str) -> None:
    found = form_of(Address(line1, "", *HOME))
    assert found.address == Address(form, "", "DAVIS", "CA", "95616")
    assert all(change.reason for change in found.changes)
    assert form_of(found.address) == type(found)(found.address, ())


@pytest.mark.parametrize(
    ("line1", "line2", "city", "state", "form"),
    [
        ("P.S.C. 802, Box 74", "", "A.P.O.", "AE", ("PSC 802 BOX 74", "", "APO")),
        ("Unit 2050, Box 4190", "", "APO", "AP", ("UNIT 2050 BOX 4190", "", "APO")),
        ("CMR 830 Bx 51", "", "apo", "AE", ("CMR 830 BOX 51", "", "APO")),
        ("Unit 9900 Box 500", "", "D.P.O.", "AE", ("UNIT 9900 BOX 500", "", "DPO")),
        ("Urb. Las Gladiolas", "150 Calle A", "San Juan", "PR",
         ("URB LAS GLADIOLAS", "150 CALLE A", "SAN JUAN")),
        ("Urbanización Royal Oak", "123 Calle 1", "Bayamón", "PR",
         ("URB ROYAL OAK", "123 CALLE 1", "BAYAMÓN")),
        ("Apartado 12", "", "Ponce", "PR", ("PO BOX 12", "", "PONCE")),
        ("1 Calle Street", "", "Ponce", "PR", ("1 CALLE STREET", "", "PONCE")),
    ],
)  # fmt: skip
def test_the_military_and_puerto_rico(
    line1: str, line2: str, city: str, state: str, form: tuple[str, str, str]
) -> None:
    found = form_of(Address(line1, line2, city, state, "09499")).address
    assert (found.line1, found.line2, found.city) == form


def test_abroad_stays_and_a_street_stays_the_same_place() -> None:
    abroad = Address("10 Downing Street", "", "London", "", "SW1A 2AA", "GB")
    assert form_of(abroad).address == abroad
    given = Address("123 North Main Street", "Suite 4", *HOME)
    assert same_place(form_of(given).address) == same_place(given)
    assert [(one.given, one.form) for one in form_of(given).changes] == [
        ("STREET", "ST"), ("NORTH", "N"), ("SUITE", "STE"),
    ]  # fmt: skip
