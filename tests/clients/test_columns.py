"""What headings are taken as, from the exports of systems that firms have, and the overrides."""

from __future__ import annotations

from typing import Any

import pytest

from mailer.clients.columns import choose, parse_maps, parse_sets
from mailer.clients.source import ListProblem
from mailer.errors import UsageProblem


def taken(headings: str, *maps: str) -> dict[str, str]:
    columns = choose([heading.strip() for heading in headings.split(",")], parse_maps(maps))
    return {column.heading: column.target for column in columns if column.target}


def test_quickbooks_online_customers() -> None:
    assert taken(
        "Name,Company name,Street Address,City,State,Country,Zip,Phone,Email,Attachments,Open Balance"
    ) == {
        "Name": "name", "Company name": "company", "Street Address": "line1", "City": "city",
        "State": "state", "Country": "country", "Zip": "zip", "Phone": "phone", "Email": "email",
    }  # fmt: skip


def test_quickbooks_desktop_customers() -> None:
    assert taken(
        "Active Status,Customer,Balance,Company,Mr./Ms./...,First Name,M.I.,Last Name,Main Phone,Fax,"
        "Main Email,Street1,Street2,City,State,Zip,Ship to 1"
    ) == {
        "Active Status": "status", "Customer": "name", "Company": "company", "Mr./Ms./...": "title",
        "First Name": "first-name", "Last Name": "last-name", "Main Phone": "phone", "Main Email": "email",
        "Street1": "line1", "Street2": "line2", "City": "city", "State": "state", "Zip": "zip",
    }  # fmt: skip


def test_hubspot_contacts() -> None:
    assert taken(
        "Record ID,First Name,Last Name,Company name,Email,Phone Number,Street Address,City,State/Region,"
        "Postal Code,Country/Region,Contact owner,Lead Status,Unsubscribed from all email"
    ) == {
        "Record ID": "number", "First Name": "first-name", "Last Name": "last-name",
        "Company name": "company", "Email": "email", "Phone Number": "phone", "Street Address": "line1",
        "City": "city", "State/Region": "state", "Postal Code": "zip", "Country/Region": "country",
    }  # fmt: skip


def test_connectwise_companies() -> None:
    assert taken(
        "CompanyRecID,Company Name,Status,Address Line 1,Address Line 2,City,State,Zip,Country,"
        "Phone Number,Primary Contact,Territory,Agreement Type"
    ) == {
        "CompanyRecID": "number", "Company Name": "company", "Status": "status", "Address Line 1": "line1",
        "Address Line 2": "line2", "City": "city", "State": "state", "Zip": "zip", "Country": "country",
        "Phone Number": "phone", "Primary Contact": "contact", "Agreement Type": "contract",
    }  # fmt: skip


def test_outlook_contacts_take_the_business_address_as_a_whole() -> None:
    assert taken(
        "Title,First Name,Last Name,Company,Job Title,Business Street,Business Street 2,Business City,"
        "Business State,Business Postal Code,Business Country/Region,Home Street,Home City,Home State,"
        "Home Postal Code,E-mail Address,Business Phone"
    ) == {
        "Title": "title", "First Name": "first-name", "Last Name": "last-name", "Company": "company",
        "Business Street": "line1", "Business Street 2": "line2", "Business City": "city",
        "Business State": "state", "Business Postal Code": "zip", "Business Country/Region": "country",
        "E-mail Address": "email", "Business Phone": "phone",
    }  # fmt: skip


def test_salesforce_mailing_address_wins_over_other_and_billing() -> None:
    assert taken(
        "AccountName,FirstName,LastName,BillingStreet,BillingCity,BillingState,BillingPostalCode,"
        "MailingStreet,MailingCity,MailingState,MailingPostalCode,OtherStreet"
    ) == {
        "AccountName": "company", "FirstName": "first-name", "LastName": "last-name",
        "MailingStreet": "line1", "MailingCity": "city", "MailingState": "state",
        "MailingPostalCode": "zip",
    }  # fmt: skip


def test_the_fuller_group_wins_and_groups_are_not_mixed() -> None:
    assert taken("Company,Mailing Street,Billing Street,Billing City,Billing State,Billing Zip") == {
        "Company": "company", "Billing Street": "line1", "Billing City": "city", "Billing State": "state",
        "Billing Zip": "zip",
    }  # fmt: skip
    assert taken("Company,Company Address,City,State,Zip")["Company Address"] == "line1"


def notes(headings: str, *maps: str) -> dict[str, str]:
    columns = choose(headings.split(","), parse_maps(maps))
    return {column.heading: column.note for column in columns if column.note}


MAILING = "Mailing Address,Mailing City,Mailing State,Mailing Zip"
BILLING = "Billing City,Billing State,Billing Zip"


def test_a_suite_is_not_taken_from_another_address(read: Any) -> None:
    found = read(
        f"Company,{MAILING},Billing Address,Billing Address 2,{BILLING},Billing Country\n"
        "Acme,100 Main St,Sacramento,CA,95814,PO Box 7,Attn Accounts Payable,Reno,NV,89501,Canada\n"
    )
    assert found.only.address.lines() == ("100 Main St", "Sacramento CA 95814")
    assert [c.note for c in found.opened.columns if c.heading == "Billing Address 2"] == [
        "of another address than “Mailing Address”; to take it: --map 'Billing Address 2=line2'"
    ]
    assert taken("Company,Address,City,State,Zip,Billing Address 2,Billing Country") == {
        "Company": "company", "Address": "line1", "City": "city", "State": "state", "Zip": "zip",
    }  # fmt: skip


def test_a_suite_is_not_taken_from_another_notice_address() -> None:
    found = taken("Company,Address,Notice Address,Notice City,Notice State,Notice Zip,Legal Address 2")
    assert "Legal Address 2" not in found


def test_columns_without_a_word_complete_the_only_street() -> None:
    plain = "City,State,Zip,Suite,Country"
    assert taken(f"Company,Mailing Address,{plain}") == {
        "Company": "company", "Mailing Address": "line1", "City": "city", "State": "state", "Zip": "zip",
        "Suite": "line2", "Country": "country",
    }  # fmt: skip
    assert notes(f"Company,Mailing Address,{plain}") == dict.fromkeys(
        plain.split(","), "completes “Mailing Address”"
    )
    assert taken(f"Company,{MAILING},Country")["Country"] == "country"


def test_where_two_streets_stand_columns_without_a_word_belong_to_neither() -> None:
    found = taken(f"Company,{MAILING},Billing Address,{BILLING},Suite,Country")
    assert found == {
        "Company": "company", "Mailing Address": "line1", "Mailing City": "city",
        "Mailing State": "state", "Mailing Zip": "zip",
    }  # fmt: skip


def test_a_city_is_not_taken_from_a_group_with_a_street_of_its_own() -> None:
    assert taken(f"Company,Mailing City,Mailing State,Mailing Zip,Billing Address,{BILLING}") == {
        "Company": "company", "Billing Address": "line1", "Billing City": "city",
        "Billing State": "state", "Billing Zip": "zip",
    }  # fmt: skip
    assert taken("Company,Address,City,State,Billing Address,Billing Zip").get("Billing Zip") is None


def test_a_zip_is_not_taken_from_a_group_that_names_another_city() -> None:
    found = taken("Company,Address,City,State,Billing City,Billing Zip")
    assert (found["City"], found.get("Billing Zip")) == ("city", None)
    assert taken("Company,Address,City,State,Billing Zip")["Billing Zip"] == "zip"


def test_a_mapped_street_draws_its_own_city() -> None:
    headings = f"Company,{MAILING},Billing Address,Billing Address 2,{BILLING}"
    assert taken(headings, "Billing Address=line1") == {
        "Company": "company", "Billing Address": "line1", "Billing Address 2": "line2",
        "Billing City": "city", "Billing State": "state", "Billing Zip": "zip",
    }  # fmt: skip


def test_contract_and_notice_address() -> None:
    assert taken(
        "Client,Plan Type,Notice Period,Price Lock,Cap,Min. months between,Only at renewal,Renewal date,"
        "Last rate increase,"
        "Notice Address,Notice Suite,Notice City,Notice State,Notice ZIP,Address,Opted out of marketing"
    ) == {
        "Client": "name", "Plan Type": "contract", "Notice Period": "notice",
        "Price Lock": "rate-locked-until", "Cap": "max-raise", "Min. months between": "min-months-between",
        "Only at renewal": "only-at-renewal", "Renewal date": "renewal", "Notice Address": "notice-line1",
        "Last rate increase": "last-raised",
        "Notice Suite": "notice-line2", "Notice City": "notice-city", "Notice State": "notice-state",
        "Notice ZIP": "notice-zip", "Address": "line1", "Opted out of marketing": "opted-out",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "target"),
    [
        ("service.hourly-support", "service.hourly-support"),
        ("Service: Hourly Support", "service.hourly-support"),
        ("rate: hourly support", "service.hourly-support"),
        ("Rate - Hourly Support", "service.hourly-support"),
        ("Hourly Support Rate", "service.hourly-support"),
        ("hourly_support_rate", "service.hourly-support"),
        ("HourlySupportRate", "service.hourly-support"),
        ("Hourly Support Rate ($/hr)", "service.hourly-support"),
        ("After-Hours Rate", "service.after-hours"),
        ("Tax Rate", ""),
        ("Rate", ""),
        ("Service", ""),
    ],
)
def test_rates(heading: str, target: str) -> None:
    assert taken(f"Company,Address,{heading}").get(heading, "") == target


def test_of_several_columns_the_better_one_is_taken_and_the_others_are_named() -> None:
    columns = choose(["Company", "Address", "Phone2", "Phone1", "Web"])
    assert [(column.heading, column.target, column.note) for column in columns[2:]] == [
        ("Phone2", "", "phone is taken from “Phone1”"),
        ("Phone1", "phone", ""),
        ("Web", "", ""),
    ]


def test_map_overrides_a_guess(read: Any) -> None:
    found = read(
        "Acct,Phone,Company,Address,City,State,Zip,Fee\nA=7,x,Acme,1 Main St,Sacramento,CA,95814,130\n",
        maps=["Acct=number", "phone=ignore", "Fee=service.hourly_support"],
    )
    assert found.only.number == "A=7"
    assert found.only.phone == ""
    assert [(service, str(amount)) for service, amount in found.only.rates] == [("hourly-support", "130")]
    assert [(column.heading, column.note) for column in found.opened.columns if column.note] == [
        ("Acct", "as mapped"),
        ("Phone", "as mapped"),
        ("Fee", "as mapped"),
    ]
    assert [one.heading for one in found.opened.columns if one.heading and not one.target] == ["Phone"]


def test_map_makes_unknown_headings_a_header(read: Any) -> None:
    found = read(
        "wer;wo;ort;bl;plz\nAcme;1 Main St;Sacramento;CA;95814\n",
        maps=["wer=company", "wo=line1", "ort=city", "bl=state", "plz=zip"],
    )
    assert found.opened.form == "text in UTF-8, separated by semicolons"
    assert found.only.address.lines() == ("1 Main St", "Sacramento CA 95814")


@pytest.mark.parametrize(
    ("maps", "words"),
    [
        (["Acct No=nmber"], "Perhaps you meant number."),
        (["Acct No"], "Write --map 'COLUMN=FIELD'"),
        (["Acct Nr=number"], "Perhaps you meant “Acct No”. Its columns are “Acct No”, “Company”"),
        (["Acct No=number", "Company=number"], "mapped twice"),
        (["Acct No=service.???"], "does not name a service"),
    ],
)
def test_maps_that_are_wrong(read: Any, maps: list[str], words: str) -> None:
    with pytest.raises(UsageProblem) as caught:
        read("Acct No,Company,Address,City,State,Zip\n1,A,1 Main St,Sacramento,CA,95814\n", maps=maps)
    assert words in str(caught.value)
    assert caught.value.exit_code == 2


def test_set_fills_what_is_lacking(read: Any) -> None:
    found = read(
        "Company,Address,City,Zip,Contract,Hourly Support Rate\n"
        "Acme,1 Main St,Sacramento,95814,,\n"
        "Borden,2 Main St,Davis,95616,managed,140\n",
        sets=["state=CA", "contract=none", "service.hourly-support=130"],
    )
    first, second = found.clients
    assert (first.address.state, first.contract.kind, first.rates[0][1]) == ("CA", "none", 130)
    assert (second.address.state, second.contract.kind, second.rates[0][1]) == ("CA", "managed", 140)
    assert found.opened.given >= {"state", "contract", "service.hourly-support", "company"}
    assert "newsletter" not in found.opened.given


@pytest.mark.parametrize(
    ("sets", "words"),
    [
        (["contract=mangaged"], "the contract “mangaged” is unknown"),
        (["service.hourly-support=lots"], "is not an amount"),
        (["since=1/1/26"], "is not a date"),
        (["zip=12"], "is not a ZIP code"),
        (["notice=soon"], "the notice term “soon” is unknown"),
        (["notice-country=Atlantis"], "is not a country"),
        (["colour=red"], "is not a field of a client"),
        (["contract="], "Write --set FIELD=VALUE"),
        (["contract=none", "contract=managed"], "is set twice"),
        (["ignore=1"], "cannot be set"),
    ],
)
def test_sets_that_are_wrong(read: Any, sets: list[str], words: str) -> None:
    with pytest.raises(UsageProblem) as caught:
        read("Company,Address,City,State,Zip\nA,1 Main St,Sacramento,CA,95814\n", sets=sets)
    assert words in str(caught.value)


def test_two_headings_alike_matter_only_where_they_are_used(read: Any) -> None:
    text = "Company,Address,City,State,Zip,Custom,Custom\nA,1 Main St,Sacramento,CA,95814,x,y\n"
    assert read(text).only.name == "A"
    with pytest.raises(ListProblem, match="“Zip” stands more than once"):
        read(text.replace("Custom,Custom", "Zip,Custom"))


def test_sets_and_maps_as_pairs() -> None:
    assert parse_maps(["A=b=Rate Locked Until"]) == (("A=b", "rate-locked-until"),)
    assert parse_sets(["notice=30 days=x"]) == (("notice", "30 days=x"),)
