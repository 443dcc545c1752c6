"""QuickBooks' Customer Contact List as it comes: titles above it, the whole address in one cell."""

from __future__ import annotations

from typing import Any

from mailer.clients.record import Address

TITLES = [["Cedar & Finch IT"], ["Customer Contact List"], ["November 24, 2026"], [""]]
HEAD = ["Customer full name", "Email", "Full name", "Bill to", "Ship to"]


def test_a_customer_contact_list(workbook: Any, from_file: Any) -> None:
    alder = ["Alder Dental", "", "Pia Ram", "Alder Dental\n2 Alder St, Suite 3\nDavis, CA 95616\nUSA"]
    birch = ["Birch Law (deleted)", "", "Bo Dent", "Birch Law (deleted)\n2 Birch Lane\nDavis CA  95616"]
    cedar = ["Cedar Hill (Inactive)", "", "Cy Lex", "Cy Lex\nCedar Hill\n3 Cedar Rd.\nDavis, CA 95616 US"]
    elm = ["Elm Works", "", "", "Elm Works\nAttn: Eve Elm\n5 Elm St\nUnit 4\nDavis, California 95616"]
    found = from_file(workbook(Sheet1=[*TITLES, HEAD, alder, birch, cedar, elm]))
    assert found.refusals == []
    assert [(one.name, one.address, one.active) for one in found.clients] == [
        ("Alder Dental", Address("2 Alder St", "Suite 3", "Davis", "CA", "95616"), True),
        ("Birch Law", Address("2 Birch Lane", "", "Davis", "CA", "95616"), False),
        ("Cedar Hill", Address("3 Cedar Rd.", "", "Davis", "CA", "95616"), False),
        ("Elm Works", Address("5 Elm St", "Unit 4", "Davis", "CA", "95616"), True),
    ]
    assert "marked “deleted”: not active" in found.clients[1].repairs
    assert [one.contact for one in found.clients] == ["Pia Ram", "Bo Dent", "Cy Lex", "Eve Elm"]


def test_who_stands_above_the_street_is_not_lost(read: Any) -> None:
    head = "Customer full name,Full name,Bill to"
    fir = '"Fir Co\nc/o Bo Dent\n1 Fir Rd\nDavis, CA 95616"'
    ash = '"Ash Inc\nAttn: Accounts Payable\n2 Ash St\nDavis, CA 95616"'
    found = read(f"{head}\nFir Co,,{fir}\nAsh Inc,Jo Ash,{ash}\n")
    assert [(one.contact, one.address.line1, one.address.line2) for one in found.clients] == [
        ("", "c/o Bo Dent", "1 Fir Rd"),
        ("Jo Ash", "2 Ash St", ""),
    ]
    assert "“Attn: Accounts Payable” is left out: the contact is Jo Ash" in found.clients[1].repairs


def test_a_list_of_quickbooks_desktop(read: Any) -> None:
    """The address stands in five columns, a line in each, from the name down."""
    head = (
        "Account No.,Customer,Company,First Name,Last Name,Bill to 1,Bill to 2,Bill to 3,Bill to 4,Bill to 5"
    )
    rows = (
        'A-1,Elm Works,Elm Works,Eve,Elm,Elm Works,Eve Elm,5 Elm St,"Davis, CA 95616",',
        'A-2,Jo Ash,,Jo,Ash,Jo Ash,c/o Bo Dent,2 Ash St,"Davis, CA 95616",USA',
        "A-3,Al Oak,,Al,Oak,Al Oak,12 Rue de Rivoli,75004 Paris,France,",
    )
    found = read("\n".join((head, *rows)) + "\n")
    assert [(one.name, one.contact, one.address) for one in found.clients] == [
        ("Elm Works", "Eve Elm", Address("5 Elm St", "", "Davis", "CA", "95616")),
        ("Jo Ash", "Jo Ash", Address("c/o Bo Dent", "2 Ash St", "Davis", "CA", "95616")),
    ]
    assert [one.row for one in found.refusals] == [4]
    assert [one.heading for one in found.opened.columns if one.target == "line1"] == [
        f"Bill to {number}" for number in range(1, 6)
    ]


def test_city_state_and_zip_in_one_cell(read: Any) -> None:
    head = "Name,Address,City/State/Zip,Rate,Rate/hr"
    found = read(f'{head}\nFir Co,1 Fir Rd,"West Sacramento, CA 95605-1234",130,140\n')
    assert found.only.address == Address("1 Fir Rd", "", "West Sacramento", "CA", "95605-1234")
    # Of which service a bare rate is, only a person knows: it is named as not used, and asked for.
    unused = [(one.heading, one.note) for one in found.opened.columns if not one.target]
    asked = 'a rate: say of which service, --map "{}=service.hourly-support"'
    assert unused == [(head, asked.format(head)) for head in ("Rate", "Rate/hr")]
