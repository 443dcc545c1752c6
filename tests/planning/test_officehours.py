"""New hours stand in campaign.toml and in mailer.toml: the two must agree."""

from __future__ import annotations

import pytest

from tests.support.office import Office, page_texts

HOURS = "2027-hours"
FRIDAY = 'friday = "7:00-17:00"'


@pytest.mark.parametrize("command", ["plan", "approve"])
def test_hours_that_agree_need_no_words(office: Office, command: str) -> None:
    assert "[[hours]]" not in office.does(command, HOURS).said


@pytest.mark.parametrize("command", ["plan", "approve"])
def test_other_hours_from_the_same_day_are_refused(office: Office, command: str) -> None:
    profile = (office.root / "mailer.toml").read_text(encoding="utf-8").splitlines()
    line = profile.index("from = 2027-01-11")  # the table's own line is the one above
    office.edit("mailer.toml", FRIDAY, 'friday = "7:00-16:00"')
    before = office.recorded()
    said = office.does(command, HOURS, exits=1).said
    assert (
        f"mailer.toml:{line}: [[hours]] from 2027-01-11 are Monday to Thursday, 7:00 am to 6:00 pm;" in said
    )
    assert "Friday, 7:00 am to 4:00 pm" in said
    assert "2027-hours announces" in said
    assert office.recorded() == before


def test_hours_that_are_missing_are_reminded_of(office: Office) -> None:
    """The campaign's date moved, and mailer.toml's did not."""
    office.edit(f"campaigns/{HOURS}/campaign.toml", "effective = 2027-01-11", "effective = 2027-01-18")
    for command in ("plan", "approve"):
        said = office.does(command, HOURS).said
        assert "mailer.toml has no [[hours]] from 2027-01-18: add the hours that 2027-hours announces" in said


def test_the_issue_of_the_month_in_which_hours_change_has_both(office: Office) -> None:
    office.does("newsletter", "new", "2027-01")
    office.does("proof", "2027-01")
    pages = " ".join(page_texts(office.root / "proofs/2027-01/proof.pdf"))
    assert "Monday to Friday, 8:00 am to 5:30 pm" in pages
    assert "From January 11: Monday to Thursday, 7:00 am to 6:00 pm; Friday, 7:00 am to 5:00 pm" in pages
