"""Preflight before approval: what a printer would send back is named, and nothing is approved."""

from __future__ import annotations

import pytest

from tests.support.office import FOUR, RATES, Office

STREET = "Internationale Handelshochschule Unter den Linden Haus 14 Aufgang C Geschoss 4 Ost"
BERLIN = (
    f"N-5,Berlin GmbH,Eva Baum,eva@berlin.example,{STREET},{{second}},Berlin,,10115,none,,130.00,Germany\n"
)


def abroad(office: Office, name: str = "Berlin GmbH", second: str = "") -> None:
    """A fifth client in Berlin, whose street has 82 characters."""
    heading, rest = FOUR.split("\n", 1)
    rows = "".join(",".join(insert(line.split(","))) + ",\n" for line in rest.splitlines())
    heading = ",".join(insert(heading.split(","), "Address 2"))
    berlin = BERLIN.format(second=second).replace("Berlin GmbH", name)
    office.imports(f"{heading},Country\n{rows}{berlin}", name="abroad.csv")


def insert(cells: list[str], cell: str = "") -> list[str]:
    return [*cells[:5], cell, *cells[5:]]


def test_ink_in_the_window_stops_the_approval(office: Office) -> None:
    office.edit("letterhead/letter.css", "@page", "body::before { content: 'SALE'; position: absolute;"
                " top: -0.4in; left: 0; }\n@page")  # fmt: skip
    ran = office.does("approve", RATES, exits=1)
    assert "campaigns/2027-rates/campaign.toml: Dogwood Press, page 1: Ink in the address area:" in ran.said
    assert "the text “" in ran.said
    assert "Nothing was approved." in ran.said
    assert [status for _, status in office.pieces()] in ([], ["prepared"] * 4)
    assert "is not approved" in office.does("print", RATES, exits=1).said


def test_an_address_that_has_no_place_stops_the_approval(office: Office) -> None:
    """Eight lines: name, person, street and second line on two each, town, country."""
    abroad(office, second=STREET)
    before = office.recorded()
    ran = office.does("approve", RATES, exits=1)
    assert (
        "campaigns/2027-rates/campaign.toml: client N-5 Berlin GmbH: address window: the address does not "
        "fit 4 x 1 in at 8 pt: Berlin GmbH / Attn: Eva Baum / Internationale Handelshochschule Unter den"
        in ran.said
    )
    assert "Shorten the name or the address in the client list." in ran.said
    assert ran.said.count("does not fit") == 1
    assert office.recorded() == before
    abroad(office)
    office.does("approve", RATES)
    office.does("print", RATES)


def test_a_label_may_be_too_small_for_what_a_window_holds(office: Office) -> None:
    """Avery 5160 is 2 5/8 in wide: a name of 46 wide letters has no blank to be broken at."""
    heading, rest = FOUR.split("\n", 1)
    office.imports(f"{heading}\n{rest.replace('Ash Street Bakery', 'MAGNA-' * 7)}")
    ran = office.does("approve", RATES, exits=1)
    assert f"client N-1 {'MAGNA-' * 7}: label: the address does not fit" in ran.said
    office.edit("mailer.toml", 'labels = "avery-5160"', 'labels = "avery-5163"')
    office.does("approve", RATES)
    office.does("print", RATES)


def test_a_printed_envelope_needs_no_label(office: Office) -> None:
    heading, rest = FOUR.split("\n", 1)
    office.imports(f"{heading}\n{rest.replace('Ash Street Bakery', 'MAGNA-' * 7)}")
    office.edit("mailer.toml", 'envelope = "double-window"', 'envelope = "printed"')
    office.does("approve", RATES)
    office.does("print", RATES)
    assert [status for _, status in office.pieces()] == ["produced"] * 4


@pytest.mark.parametrize("name", [RATES, "2026-12"])
def test_an_address_that_no_font_prints_stops_the_approval(office: Office, name: str) -> None:
    """The letter itself says nothing of the company: only its address block does."""
    heading, rest = FOUR.split("\n", 1)
    office.imports(f"{heading}\n{rest.replace('Ash Street Bakery', '東京')}")
    ran = office.does("approve", name, exits=1)
    assert "東京: the address has characters that the letterhead's fonts do not have: 京 (U+4EAC" in ran.said
    assert "is not approved" in office.does("print", name, exits=1).said


def test_a_newsletter_needs_its_panel_and_its_label(office: Office) -> None:
    abroad(office, second=STREET)
    ran = office.does("approve", "2026-12", exits=1)
    assert "client Berlin GmbH: panel address: the address does not fit 4 x 1.15 in at 8 pt" in ran.said
    assert "Nothing was approved." in ran.said


def test_what_was_mailed_already_needs_no_place(mailed: Office) -> None:
    """Birch Lane has its letter; a name too long for a window comes with a later list."""
    mailed.imports(FOUR.replace("Birch Lane Dental", "MAGNA-" * 7))
    mailed.does("approve", RATES)
    assert [status for _, status in mailed.pieces()] == ["mailed"] * 4
