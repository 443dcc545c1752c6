"""Single rows: what is mended, what is noted, what is refused, in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from mailer.agreement import ContractKind
from mailer.clients.record import Address

BASE = {"Company": "Acme", "Address": "1 Main St", "City": "Sacramento", "State": "CA", "Zip": "95814"}


def row(read: Any, **cells: str) -> Any:
    """Read one row: BASE with `cells` over it, "_" in a name standing for a space."""
    all_cells = BASE | {name.replace("_", " "): cell for name, cell in cells.items()}
    quoted = (",".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in
              (all_cells.keys(), all_cells.values()))  # fmt: skip
    return read("\n".join(quoted) + "\n")


@pytest.mark.parametrize(
    ("state", "given", "zip_code", "note"),
    [
        ("CA", "95814", "95814", ()),
        ("CA", "95814-1234", "95814-1234", ()),
        ("NJ", "8014", "08014", ("ZIP 8014 → 08014 (a leading zero lost by the spreadsheet)",)),
        ("NJ", "8014.0", "08014", ("ZIP 8014.0 → 08014 (a leading zero lost by the spreadsheet)",)),
        ("PR", "901", "00901", ("ZIP 901 → 00901 (leading zeros lost by the spreadsheet)",)),
        ("CA", "958141234", "95814-1234", ("ZIP 958141234 → 95814-1234",)),
        ("CA", "95814 1234", "95814-1234", ("ZIP 95814 1234 → 95814-1234",)),
        ("CA", "95814–1234", "95814-1234", ("ZIP 95814–1234 → 95814-1234",)),
        (
            "MA",
            "21081234",
            "02108-1234",
            ("ZIP 21081234 → 02108-1234 (a leading zero lost by the spreadsheet)",),
        ),
        (
            "MA",
            "2108-1234",
            "02108-1234",
            ("ZIP 2108-1234 → 02108-1234 (a leading zero lost by the spreadsheet)",),
        ),
        ("CA", "'95814", "95814", ("ZIP '95814 → 95814",)),
        ("NV", "95814", "95814", ("ZIP 95814 is not in NV: check the address",)),
    ],
)
def test_zip_codes(read: Any, state: str, given: str, zip_code: str, note: tuple[str, ...]) -> None:
    found = row(read, State=state, Zip=given).only
    assert found.address.zip == zip_code
    assert found.repairs == note


@pytest.mark.parametrize(
    ("given", "code", "notes"),
    [
        ("New Jersey", "NJ", 1),
        ("new  jersey", "NJ", 1),
        ("N.J.", "NJ", 1),
        ("nj", "NJ", 1),
        ("N J", "NJ", 1),
        ("NJ", "NJ", 0),
    ],
)
def test_states(read: Any, given: str, code: str, notes: int) -> None:
    found = row(read, State=given, Zip="07302").only
    assert found.address.state == code
    assert len(found.repairs) == notes


@pytest.mark.parametrize(
    "address",
    [
        Address("PSC 1234 Box 9999", "", "APO", "AE", "09204"),
        Address("USS Nimitz", "", "FPO", "AP", "96620"),
        Address("Unit 8400 Box 0000", "", "DPO", "AA", "34023"),
        Address("PO BOX 318", "", "Woodland", "CA", "95776"),
        Address("Urb Las Gladiolas", "150 Calle A", "San Juan", "PR", "00926"),
        Address("RR 2 Box 152", "", "Galt", "CA", "95632"),
    ],
)
def test_addresses_that_are_right_as_they_are(read: Any, address: Address) -> None:
    found = row(
        read,
        Address=address.line1,
        Suite=address.line2,
        City=address.city,
        State=address.state,
        Zip=address.zip,
    ).only
    assert found.address == address
    assert found.repairs == ()


@pytest.mark.parametrize("country", ["US", "usa", "U.S.A.", "United States", "united states of america", ""])
def test_the_united_states(read: Any, country: str) -> None:
    assert row(read, Country=country).only.address.country == "US"


@pytest.mark.parametrize(
    ("country", "code"),
    [("Canada", "CA"), ("CAN", "CA"), ("ca", "CA"), ("England", "GB"), ("Germany", "DE"), ("Türkiye", "TR")],
)
def test_addresses_abroad_keep_their_postal_code(read: Any, country: str, code: str) -> None:
    found = row(read, Country=country, State="ON", Zip="K1A 0B1", City="Ottawa").only
    assert found.address == Address("1 Main St", "", "Ottawa", "ON", "K1A 0B1", code)


def test_puerto_rico_as_a_country(read: Any) -> None:
    found = row(read, Country="Puerto Rico", State="", City="San Juan", Zip="926").only
    assert (found.address.country, found.address.state, found.address.zip) == ("US", "PR", "00926")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (
            "123 Main St, Suite 4, Springfield, IL 62701",
            Address("123 Main St", "Suite 4", "Springfield", "IL", "62701"),
        ),
        (
            "123 Main St, Springfield, IL 62701-1234",
            Address("123 Main St", "", "Springfield", "IL", "62701-1234"),
        ),
        ("123 Main St, Springfield IL 62701", Address("123 Main St", "", "Springfield", "IL", "62701")),
        ("123 Main St\nSpringfield, IL 62701", Address("123 Main St", "", "Springfield", "IL", "62701")),
        (
            "9 Elm St, Unit 2\nSanta Fe, New Mexico 87501\nUSA",
            Address("9 Elm St", "Unit 2", "Santa Fe", "NM", "87501"),
        ),
        (
            "123 Main St, Springfield, Illinois, 62701",
            Address("123 Main St", "", "Springfield", "IL", "62701"),
        ),
        ("1 K St, Washington, D.C. 20001", Address("1 K St", "", "Washington", "DC", "20001")),
    ],
)
def test_an_address_in_one_cell(read: Any, cell: str, expected: Address) -> None:
    found = row(read, Address=cell, City="", State="", Zip="").only
    assert found.address == expected
    assert found.repairs == ("the address was split from one cell",)


@pytest.mark.parametrize(
    "cell",
    [
        "123 Main St Springfield IL 62701",
        "Acme Inc, 123 Main St, Suite 4, Springfield, IL 62701",
        "123 Main St, Springfield, Atlantis 62701",
        "123 Main St, Rear, Springfield",
    ],
)
def test_an_address_in_one_cell_that_is_not_certain(read: Any, cell: str) -> None:
    assert (
        "cannot be split with certainty" in row(read, Address=cell, City="", State="", Zip="").refused.reason
    )


def test_a_street_cell_of_two_lines(read: Any) -> None:
    found = row(read, Address="1 Main St\r\nSuite 4\r\nSacramento, CA 95814").only
    assert found.address == Address("1 Main St", "Suite 4", "Sacramento", "CA", "95814")


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"Company": ""}, "no name: neither a company nor a contact"),
        ({"Company": "N/A"}, "no name: neither a company nor a contact"),
        ({"Address": ""}, "the address has no street or PO box"),
        ({"Address": "-"}, "the address has no street or PO box"),
        ({"City": "", "Zip": ""}, "the address has no city and no ZIP code"),
        ({"Address": "", "City": "", "State": "", "Zip": ""}, "no address"),
        ({"State": "Calfornia"}, "“Calfornia” is not a state"),
        ({"State": "ON", "Zip": "K1A 0B1"}, "“ON” is not a state"),
        ({"Zip": "9581"}, "ZIP 9581 lacks digits, and 09581 is not in CA"),
        ({"Zip": "12"}, "“12” is not a ZIP code"),
        ({"Zip": "123"}, "“123” is not a ZIP code: none begins with 001"),
        ({"Zip": "9581A"}, "“9581A” is not a ZIP code"),
        ({"Zip": "\uff19\uff15\uff18\uff11\uff14"}, "is not a ZIP code"),
        ({"Country": "Atlantis"}, "“Atlantis” is not a country"),
        ({"Country": "Canada", "City": ""}, "the address in CA has no city"),
        ({"Hourly Support Rate": "lots"}, "the rate of hourly-support: 'lots' is not an amount of money"),
        ({"Hourly Support Rate": "-5"}, "the rate of hourly-support: '-5' is negative"),
        ({"Contract": "gold"}, "the contract “gold” is unknown"),
        ({"Contract": "none", "Notice Term": "30 days from deposit"}, "the contract is “none” but there is"),
        ({"Contract": "managed", "Notice Term": "soon"}, "the notice term “soon” is unknown: write it like"),
        ({"Client Since": "6/30/21"}, "“6/30/21” is not a date"),
        ({"Client Since": "13/5/2021"}, "“13/5/2021” is not a date"),
        ({"Client Since": "2021-02-30"}, "“2021-02-30” is not a date"),
        ({"Client Since": "44377"}, "“44377” is not a date"),
        ({"Max Raise": "5"}, "the largest raise '5' is not a percentage"),
        ({"Min months between": "a year"}, "“a year” is not a number of months"),
        ({"Newsletter": "perhaps"}, "“perhaps” is neither yes nor no"),
        ({"Status": "Prospect"}, "the status “Prospect” is unknown"),
        ({"Notice City": "Davis"}, "the notice address has no street or PO box and no state and no ZIP code"),
        ({"Company": "#REF!"}, "a cell holds the spreadsheet's error #REF!"),
        ({"Company": "x" * 201}, "the company has more than 200 characters"),
        ({"Notice Attention": "x" * 201}, "the notice attention has more than 200 characters"),
        ({"Address": "x" * 201}, "the address has lines of more than 200 characters"),
        (
            {"Company": "Total", "Address": "", "City": "", "State": "", "Zip": ""},
            "it is a total, not a client",
        ),
        ({"Company": "Total: 12 clients", "Address": "", "City": ""}, "it is a total, not a client"),
    ],
)
def test_rows_that_are_refused(read: Any, cells: dict[str, str], reason: str) -> None:
    refusal = row(read, **cells).refused
    assert refusal.row == 2
    assert reason in refusal.reason
    assert refusal.todo.endswith(".")


def test_a_row_with_more_cells_than_headings(read: Any) -> None:
    found = read(
        "Company,Address,City,State,Zip\nAcme, Inc,1 Main St,Sacramento,CA,95814\n"
        "Borden,2 Main St,Davis,CA,95616,,\nCole,3 Main St,Davis,CA\n"
    )
    assert [(refusal.row, refusal.reason) for refusal in found.refusals] == [
        (2, "the row has 6 cells under 5 headings, so its cells may be shifted"),
        (4, "the address has no ZIP code"),
    ]
    assert found.refusals[0].text == "Acme · Inc · 1 Main St · Sacramento · CA · 95814".replace(
        " Inc", "  Inc"
    )
    assert [client.name for client in found.clients] == ["Borden"]


@pytest.mark.parametrize(
    ("given", "day"),
    [
        ("2021-06-30", date(2021, 6, 30)),
        ("2021-06-30 14:05:00", date(2021, 6, 30)),
        ("2021-06-30T00:00:00Z", date(2021, 6, 30)),
        ("6/30/2021", date(2021, 6, 30)),
        ("06-03-2021", date(2021, 6, 3)),
        ("6/30/2021 0:00", date(2021, 6, 30)),
        ("June 30, 2021", date(2021, 6, 30)),
        ("Jun. 3rd 2021", date(2021, 6, 3)),
        ("30 June 2021", date(2021, 6, 30)),
        ("30-Jun-2021", date(2021, 6, 30)),
    ],
)
def test_days(read: Any, given: str, day: date) -> None:
    assert row(read, Client_Since=given).only.since == day


def test_contracts(read: Any) -> None:
    found = row(
        read,
        Contract="Own terms",
        Notice_Term="45 days from deposit",
        Rate_Locked_Until="6/30/2027",
        Max_Raise="5%",
        Min_months_between="12 months",
        Only_at_renewal="x",
        Renewal="2020-07-01",
        Last_Raised="7/1/2025",
    ).only
    contract = found.contract
    assert contract.kind is ContractKind.OWN_TERMS
    assert contract.notice == "45 days from deposit"
    assert contract.rate_locked_until == date(2027, 6, 30)
    assert contract.max_raise == Decimal("0.05")
    assert contract.min_months_between == 12
    assert contract.only_at_renewal
    assert contract.renewal == date(2020, 7, 1)
    assert contract.last_raised == date(2025, 7, 1)
    assert found.repairs == ()


def test_a_cap_is_kept_to_a_hundredth_of_a_per_cent(read: Any) -> None:
    assert row(read, Max_Raise="7.12%").only.contract.max_raise == Decimal("0.0712")
    assert row(read, Max_Raise="7.125%").refused.reason == (
        "the largest raise “7.125%” has more than two decimals of a per cent"
    )


def test_contracts_that_are_noted(read: Any) -> None:
    assert row(read, Contract="managed").only.repairs == (
        "contract managed without a notice term: what needs notice will stop at this client",
    )
    found = row(read, Contract="", Notice_Term="contract-30-deposit").only
    assert found.contract.kind is ContractKind.OWN_TERMS
    assert found.repairs == ("a notice term without a contract: taken as own-terms",)
    assert row(read).only.contract.kind is ContractKind.NONE


def test_rates(read: Any) -> None:
    found = row(
        read, **{"service.b": "$1,240.50", "service.a": "0", "service.c": "", "service.d": "n/a"}
    ).only
    assert found.rates == (("a", Decimal(0)), ("b", Decimal("1240.50")))


@pytest.mark.parametrize(
    ("status", "ended", "active"),
    [
        ("Active", "", True),
        ("", "", True),
        ("Ended", "", False),
        ("former", "", False),
        ("FALSE", "", False),
        ("Active", "2026-11-23", False),
        ("Active", "2026-11-24", True),
        ("Active", "yes", False),
    ],
)
def test_active(read: Any, status: str, ended: str, active: bool) -> None:
    assert row(read, Status=status, Ended=ended).only.active is active


@pytest.mark.parametrize(
    ("column", "cell", "newsletter"),
    [
        ("Newsletter", "", True),
        ("Newsletter", "Yes", True),
        ("Newsletter", "no", False),
        ("Newsletter", "Unsubscribed", False),
        ("Opt out", "x", False),
        ("Opt out", "", True),
        ("Opted out of marketing", "FALSE", True),
    ],
)
def test_newsletter(read: Any, column: str, cell: str, newsletter: bool) -> None:
    assert row(read, **{column: cell}).only.newsletter is newsletter


def test_e_mail_addresses_and_what_is_no_phone(read: Any) -> None:
    assert row(read, Email="jo@example.com").only.email == "jo@example.com"
    found = row(read, Email="jo at example.com", Phone="N/A").only
    assert (found.email, found.phone) == ("", "")
    assert found.repairs == ("e-mail “jo at example.com” left out: it is not an address",)
    found = row(read, Email="Jo <jo@example.com>; al@example.com").only
    assert found.email == "jo@example.com"
    assert found.repairs == ("e-mail “Jo <jo@example.com>; al@example.com” → jo@example.com",)


def test_spaces_and_invisible_characters(read: Any) -> None:
    found = row(read, Company="\u00a0Acme \u2003 Inc\u200b ", City="Sacra\x07mento").only
    assert found.company == "Acme Inc"
    assert found.address.city == "Sacramento"
    assert found.repairs == (
        "invisible characters removed from “Acme Inc”",
        "invisible characters removed from “Sacramento”",
    )
    assert row(read, Company="Cafe\u0301").only.company == "Café"
    assert row(read, Company="ACME  INC").only.company == "ACME INC"


def test_values_are_text_never_markup(read: Any) -> None:
    found = row(read, Company="Brackets <b> & Sons", Contact="*Smith* <b>").only
    assert (found.company, found.contact) == ("Brackets <b> & Sons", "*Smith* <b>")
    assert row(read, Company="[x](http://y)").only.company == "[x](http://y)"


def test_what_a_print_and_mail_service_cuts_is_noted(read: Any) -> None:
    found = row(read, Company="A" * 41, Address="1 Long Street Name " + "x" * 20, Suite="Suite 12345678").only
    assert found.repairs == (
        "the address's street lines have 53 characters: Lob takes 50",
        "the company's name has 41 characters: Lob takes 40",
    )


def test_tags_are_lower_case_and_a_notice_address_is_apart(read: Any) -> None:
    found = row(
        read, Tags="VIP; medical,Long  Name|x", Notice_Address="9 Oak St", Notice_City="Davis",
        Notice_State="CA", Notice_Zip="95616",
    ).only  # fmt: skip
    assert found.tags == {"vip", "medical", "long name", "x"}
    assert found.notice_address == Address("9 Oak St", "", "Davis", "CA", "95616")
