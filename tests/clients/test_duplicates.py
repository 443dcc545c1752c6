"""Who may be in the list twice, who only lives at the same address, and what is odd in a row."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from mailer.clients.duplicates import Alike, of_one_email, pairs
from mailer.clients.oddities import oddities
from mailer.clients.record import Address, Client


def client(name: str, line1: str, line2: str = "", zip_code: str = "95814", email: str = "") -> Client:
    place = Address(line1, line2, "Sacramento", "CA", zip_code)
    return Client(uuid4(), f"name:{name}", "", name, "A. Person", "", email, "916-555-0100", place)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (("Benton Dental, Inc.", "12 Oak Street"), ("BENTON DENTAL", "12 Oak St."), Alike.CLIENT),
        (("Benton", "12 Oak Street"), ("Benton Dental LLC", "12 Oak Street"), Alike.CLIENT),
        (("Ash & Birch Law", "1 Elm Court"), ("Birch and Ash Law, PC", "9 Fir Road"), Alike.CLIENT),
        (("Rivermark Dental", "1 Elm Court"), ("Rivermarc Dental", "9 Fir Road"), Alike.CLIENT),
        (("Benton Dental", "12 Oak Street"), ("Ash Street Bakery", "12 Oak Street"), Alike.ADDRESS),
        (("Store 12", "12 Oak Street"), ("Store 14", "12 Oak Street"), Alike.ADDRESS),
        (("Benton Dental", "12 Oak Street", "Suite 4"), ("Ash Bakery", "12 Oak Street", "#5"), None),
        (("Sacramento Dental", "12 Oak Street"), ("Sacramento Rental Cars", "9 Fir Road"), None),
    ],
)
def test_the_same_client_twice_is_not_the_same_address_twice(
    one: tuple[str, ...], other: tuple[str, ...], alike: Alike | None
) -> None:
    found = pairs([client(*one), client(*other)])
    assert [pair.alike for pair in found] == ([alike] if alike else [])


def test_of_a_crowd_each_is_put_beside_a_few() -> None:
    """20,000 rows with the address of one agent were 200 million pairs."""
    found = pairs([client("Benton Dental", "12 Oak Street") for _ in range(300)])
    assert len(found) == 290 * 10 + 45  # the last ten have fewer after them
    assert len(pairs([client("Benton Dental", "12 Oak Street") for _ in range(100)])) == 4_950


def test_a_country_without_postal_codes_is_no_square(monkeypatch: pytest.MonkeyPatch) -> None:
    """100,000 clients in one ZIP code took four minutes: each is put beside those that begin alike."""
    monkeypatch.setattr("mailer.clients.duplicates.REACH", 2)
    names = ["Rivermark Dental", "Ash Bakery", "Birch Law", "Cedar Press", "Rivermarc Dental"]
    found = pairs([client(name, f"{at} Elm Court") for at, name in enumerate(names)])
    assert [(pair.one.name, pair.other.name) for pair in found] == [("Rivermark Dental", "Rivermarc Dental")]


def test_an_e_mail_brings_together_only_names_alike() -> None:
    benton = client("Benton Dental", "12 Oak Street")
    assert of_one_email(benton, client("Benton Dental Inc", "9 Fir Road", zip_code="95616")) is not None
    assert of_one_email(benton, client("Ash Street Bakery", "9 Fir Road", zip_code="95616")) is None


@pytest.mark.parametrize(
    ("line1", "zip_code", "said"),
    [
        ("12 Oak Street", "95814", []),
        ("P.O. Box 12", "95814", []),
        ("General Delivery", "95814", []),
        ("One Capitol Mall", "95814", []),
        ("Oak Street", "95814", ["the address has no number: “Oak Street”"]),
        ("PO Box", "95814", ["the address's box has no number"]),
        ("12 Oak Street", "10001", ["ZIP 10001 is not in CA"]),
        ("unknown", "95814", [
            "the address has words in place of a street or city", "the address has no number: “unknown”",
        ]),
    ],
)  # fmt: skip
def test_what_looks_undeliverable(line1: str, zip_code: str, said: list[str]) -> None:
    assert [what for _, what in oddities(client("Benton Dental", line1, zip_code=zip_code))] == said


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (("10 Downing Street", "", "London", "", "SW1A 2AA", "GB"), []),
        (("1 Elm Street", "", "Toronto", "ON", "M5V 2T6", "CA"), []),
        (("1-1 Chiyoda", "", "Chiyoda-ku", "Tokyo", "100-0001", "JP"), []),
        (("Hauptstr. 1", "", "Berlin", "", "1011", "DE"), ["“1011” is no postal code of Germany"]),
        (("1 rue Rivoli", "", "Paris", "", "", "FR"),
         ["the address has no postal code, which France asks for"]),
        (("1 Main Street", "", "Dublin", "", "", "IE"), []),
    ],
)  # fmt: skip
def test_abroad(place: tuple[str, ...], said: list[str]) -> None:
    whole = replace(client("Benton Dental", "12 Oak Street"), address=Address(*place))
    assert [what for _, what in oddities(whole)] == said
