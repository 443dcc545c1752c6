"""Which issue carries the article. By the house rule the newsletter for 1 January is out by 2 December."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.office import RATES, Office

DEFINITION = "campaigns/2027-rates/campaign.toml"
ISSUE = "campaigns/2026-12/campaign.toml"
CARRIES = 'carries = ["2027-rates", "2027-hours", "2027-remote-access"]'
ASKS = 'newsletter = "2026-12"'
JANUARY = "2027-01-01"
AUTO = 'newsletter = "auto"'


def article(office: Office, exits: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = office.does("plan", RATES, "--json", exits=exits).json["article"]
    return found


@pytest.mark.parametrize("asked", ["2026-12", "auto"])
def test_the_issue_that_carries_it_is_planned_for_its_month(office: Office, asked: str) -> None:
    office.edit(DEFINITION, ASKS, f'newsletter = "{asked}"')
    assert article(office) == {
        "asked": asked,
        "issue": "2026-12",
        "hand_over_by": "2026-12-02",
        "legal_latest": "2026-12-02",
        "carried_by": [
            {"issue": "2026-12", "state": "in time", "planned": "2026-12-01", "mailed": None},
        ],
        "proposed": None,
        "special_edition": False,
        "command": None,
        "missed": False,
        "problem": "",
    }
    said = office.does("plan", RATES).said
    assert "Article carried by 2026-12, planned for Tue 1 Dec 2026: in time" in said


def test_of_several_the_latest_in_time_is_the_one(office: Office) -> None:
    office.edit(DEFINITION, ASKS, AUTO)
    for month in ("2026-11", "2027-01"):
        office.does("newsletter", "new", month)
        office.edit(f"campaigns/{month}/campaign.toml", "carries = []", 'carries = ["2027-rates"]')
    found = article(office)
    assert found["issue"] == "2026-12"
    assert {one["issue"]: one["state"] for one in found["carried_by"]} == {
        "2026-11": "in time",
        "2026-12": "in time",
        "2027-01": "in time only if mailed before its month",
    }


def test_what_is_mailed_is_in_time_by_its_own_day(issued: Office) -> None:
    issued.drops("2026-11-24 15:00", name="2026-12")
    later = issued.on("2026-12-20")
    found = article(later, exits=3)
    assert (found["issue"], found["carried_by"][0]["state"]) == ("2026-12", "mailed in time")
    steps = {step["key"]: step for step in later.mailer("plan", RATES, "--json").json["steps"]}
    assert (steps["newsletter"]["done_on"], steps["newsletter"]["overdue"]) == ("2026-11-24", False)


def test_an_issue_mailed_too_late_does_not_serve(issued: Office) -> None:
    late = issued.on("2026-12-03")
    late.drops("2026-12-03 10:00", name="2026-12")
    found = article(late, exits=3)
    assert (found["issue"], found["carried_by"][0]["state"]) == (None, "mailed too late")


def test_an_issue_that_states_the_date_before_a_move_does_not_serve(issued: Office) -> None:
    """Readers of the December issue were told of 1 January."""
    issued.drops("2026-11-24 15:00", name="2026-12")
    for effective, expected in (
        ("2027-02-01", "printed with another date"),
        ("2027-01-01", "mailed in time"),
    ):
        issued.does("move", RATES, "--effective", effective, "--yes")
        found = issued.mailer("plan", RATES, "--json").json["article"]
        assert found["carried_by"][0]["state"] == expected
        assert found["issue"] == ("2026-12" if expected == "mailed in time" else None)


def test_an_issue_mailed_before_it_carried_the_article_does_not_serve(office: Office) -> None:
    office.brief()
    office.edit(DEFINITION, ASKS, AUTO)
    office.edit(ISSUE, CARRIES, "carries = []")
    for command in ("approve", "print"):
        office.does(command, "2026-12")
    office.drops("2026-11-24 15:00", name="2026-12")
    office.edit(ISSUE, "carries = []", CARRIES)
    found = article(office)
    assert (found["issue"], found["carried_by"][0]["state"]) == (None, "mailed without the article")


def test_an_issue_that_is_not_printed_yet_is_proposed(office: Office) -> None:
    office.edit(DEFINITION, ASKS, AUTO)
    office.edit(ISSUE, CARRIES, "carries = []")
    assert article(office)["proposed"] == "2026-12"
    said = office.does("plan", RATES).said
    assert 'add "2027-rates" to `carries` of issue 2026-12; it counts if handed over by Wed 2 Dec' in said


def test_a_special_edition_is_proposed_where_the_issue_is_printed(office: Office) -> None:
    """On 2 December the December issue is printed and November is over."""
    office.brief()
    office.edit(DEFINITION, ASKS, AUTO)
    office.edit(DEFINITION, "exclude = []", 'exclude = ["N-2"]')  # its contract would be late by now
    office.edit(ISSUE, CARRIES, "carries = []")
    for command in ("approve", "print"):
        office.does(command, "2026-12")
    today = office.on("2026-12-02")
    found = article(today)
    assert (found["issue"], found["proposed"], found["special_edition"]) == (None, None, True)
    assert found["command"] == "mailer new newsletter 2026-12-special --effective 2026-12-02"
    said = today.does("plan", RATES).said
    assert "Article: carried by no issue yet, to be handed over by Wed 2 Dec 2026" in said
    assert "A special edition, an issue between the regular ones, would: mailer new newsletter" in said
    # January's goes on Saturday the 2nd; 30 days later is 1 February
    assert "Effective from Mon 1 Feb 2027 on, the next regular issue does." in said
    today.does(*found["command"].split()[1:])
    office.edit("campaigns/2026-12-special/campaign.toml", "carries = []", 'carries = ["2027-rates"]')
    assert article(today)["issue"] == "2026-12-special"
    today.does("proof", "2026-12-special")


def test_the_next_issue_is_proposed_where_its_month_has_none(office: Office) -> None:
    office.edit(DEFINITION, ASKS, AUTO)
    (office.root / "campaigns" / "2026-12").rename(office.root / "old-2026-12")
    found = article(office)
    assert (found["command"], found["special_edition"]) == ("mailer newsletter new 2026-12", False)


def test_too_late_for_any_newsletter(office: Office) -> None:
    office.edit(DEFINITION, ASKS, AUTO)
    (office.root / "campaigns" / "2026-12").rename(office.root / "old-2026-12")
    late = office.on("2026-12-03")
    found = article(late, exits=3)
    assert (found["missed"], found["command"]) == (True, None)
    assert "too late for any newsletter" in late.mailer("plan", RATES).said


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (DEFINITION, ASKS, 'newsletter = "2027-01"', "there is no issue '2027-01'"),
        (DEFINITION, ASKS, 'newsletter = "../x"', "there is no issue '../x'"),
        (DEFINITION, ASKS, 'newsletter = "2027-hours"', "'2027-hours' is not an issue of the newsletter"),
        (ISSUE, CARRIES, "carries = []", "issue '2026-12' does not carry this campaign"),
        (ISSUE, "number = 47", "number = 0", "issue '2026-12' is faulty"),
    ],
)
def test_an_issue_that_is_named_must_carry_it(
    office: Office, file: str, old: str, new: str, says: str
) -> None:
    office.edit(file, old, new)
    ran = office.does("plan", RATES, exits=1)
    assert says in ran.said
    assert "campaigns/2027-rates/campaign.toml:13:" in ran.said
    assert "STOPPED" in ran.out
    assert says in article(office, exits=1)["problem"]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("2026-13", "there is no issue '2026-13'. Begin it: mailer newsletter new MONTH"),
        ("2027-hours", "'2027-hours' is not an issue of the newsletter"),
        ("2027-01", "issue '2027-01' does not carry this campaign"),
    ],
)
def test_a_wrongly_named_issue_is_refused_before_any_page(office: Office, asked: str, says: str) -> None:
    office.does("newsletter", "new", "2027-01")
    office.edit(DEFINITION, ASKS, f'newsletter = "{asked}"')
    before, stored = office.recorded(), office.stored()
    text = (office.root / DEFINITION).read_text(encoding="utf-8").splitlines()
    line = next(number for number, each in enumerate(text, 1) if each.startswith("newsletter"))
    said = office.does("approve", RATES, exits=1).err
    assert f"{DEFINITION}:{line}: {says}" in said
    assert (office.recorded(), office.stored()) == (before, stored)


def test_print_refuses_an_issue_that_is_gone_since(approved: Office) -> None:
    (approved.root / "campaigns" / "2026-12").rename(approved.root / "old-2026-12")
    assert "there is no issue '2026-12'" in approved.does("print", RATES, exits=1).said
    assert not approved.job().exists()


def test_a_follow_up_counts_the_newsletter_that_carried_its_original(issued: Office) -> None:
    """The newsletter went on 24 November: in time for 7 January too. All letters went on Monday the 30th, and
    Birch Lane's, received three business days later, is late for 1 January.
    """
    issued.drops("2026-11-24 15:00", name="2026-12")
    for command in ("approve", "print"):
        issued.does(command, RATES)
    late = issued.on("2026-11-30")
    late.drops("2026-11-30 14:10")
    mended = issued.on("2026-12-01")
    mended.does("remedy", RATES)
    for command in ("approve", "print"):
        mended.does(command, "2027-rates-2")
    mended.on("2026-12-03").drops("2026-12-03 10:00", name="2027-rates-2")
    line = mended.on("2026-12-03").checked(name="2027-rates-2")["N-2"]
    assert (line["state"], line["house"]["state"]) == ("running", "kept")
