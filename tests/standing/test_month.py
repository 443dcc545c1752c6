"""`mailer month`: the issue and what is due with it, made, planned and proofed in one go; nothing approved.

The sample's December issue carries three notices. Four clients: two under no contract, one managed, one with
terms of its own.
"""

from __future__ import annotations

import pytest

from mailer.cli.month import has_screen
from tests.support.office import HEADINGS, RATES, Office

pytestmark = [pytest.mark.long]

ISSUE, DEFINITION = "campaigns/2026-12/campaign.toml", f"campaigns/{RATES}/campaign.toml"
CARRIES = 'carries = ["2027-rates", "2027-hours", "2027-remote-access"]'


@pytest.fixture
def office(office: Office) -> Office:
    return office.brief()


@pytest.mark.days
def test_it_shows_what_the_month_costs_and_when_it_must_go(office: Office) -> None:
    before = office.recorded()
    hints, _, shown = office.does("month").out.partition("Look at every page")
    assert "Address Service Requested" not in hints
    assert (
        shown
        == """ of these:
  proofs/2027-rates/proof.pdf
  proofs/2026-12/proof.pdf
  proofs/2027-hours/proof.pdf
  proofs/2027-remote-access/proof.pdf

Campaign            Pieces  Sheets   Cost  Hand over by     What stops it
─────────────────────────────────────────────────────────────────────────
2027-rates               4       4  $3.12  Sat 28 Nov 2026  nothing
2026-12                  4       4  $3.12  Wed 2 Dec 2026   nothing
2027-hours               4       4  $3.12  Tue 8 Dec 2026   nothing
2027-remote-access       2       2  $1.56  Mon 28 Dec 2026  nothing
"""
    )
    assert (office.root / "proofs" / RATES / "proof.pdf").is_file()
    assert office.recorded() == before  # it approves nothing
    assert "\nNext:  mailer go 2026-12 --by NAME\n" in office.does().out


def test_a_firm_whose_address_leaves_no_room_for_the_endorsement_hears_so_once(office: Office) -> None:
    """The issue's foot has no room for it either, which stops the issue."""
    office.edit("mailer.toml", "1480 Millrace Way", "A Lane of a Name " * 6)
    hints = office.does("month", exits=1).out
    assert hints.startswith(
        "Look at these:\n  mailer.toml:12: “Address Service Requested” finds no room below"
    )
    assert hints.count("mailer.toml:12") == 1  # of three campaigns


def test_a_missing_issue_is_made_and_its_texts_are_asked_for(office: Office) -> None:
    said = office.does("month", "2027-01", exits=1)
    assert "Made 8 files in campaigns/2027-01: write the texts there." in said.said
    assert "campaigns/2027-01/memo.md:2: “byline: Your name, owner” is still the example text" in said.said
    assert "2027-01 4 4 $3.12 Sat 2 Jan 2027 1 thing above" in said.said
    assert "Mend what is named above, then again: mailer month 2027-01" in said.said


def test_it_carries_what_is_due_in_it_and_in_no_issue_yet(office: Office) -> None:
    office.edit(DEFINITION, 'newsletter = "2026-12"', 'newsletter = "auto"')
    office.edit(ISSUE, CARRIES, 'carries = ["2027-hours", "2027-remote-access"]')
    office.does("new", "rate-notice", "2027-projects", "--effective", "2027-02-15")  # January's issue will do
    said = office.does("month")
    assert "Issue 2026-12 now carries 2027-rates." in said.said
    assert "2027-projects" not in said.out
    text = (office.root / ISSUE).read_text(encoding="utf-8")
    assert 'carries = ["2027-hours", "2027-remote-access", "2027-rates"]  # whose article.md' in text
    assert office.does("plan", RATES, "--json").json["article"]["issue"] == "2026-12"
    assert "Issue" not in office.does("month").out  # once


def test_a_letter_that_a_contract_wants_earlier_than_its_article_is_due_in_its_own_month(
    office: Office,
) -> None:
    """Rates of 15 March 2027 with 90 days: by 15 December; their article would do in February's issue."""
    office.does("new", "rate-notice", "2027-projects", "--effective", "2027-03-15")
    assert "2027-projects" not in office.does("month").out
    office.imports(
        f"{HEADINGS}\nN-5,Elm Court Cafe,El M,el@elm.example,5 Elm Court,Sacramento,CA,95814,own-terms,"
        "90 days from deposit,130.00\n"
    )
    assert "\n2027-projects" in office.does("month", exits=1).out
    assert "\n2027-projects" not in office.does("month", "2027-01", exits=1).out


def test_an_issue_that_states_a_price_is_not_for_the_client_page(office: Office) -> None:
    with (office.root / "campaigns/2026-12/lead.md").open("a", encoding="utf-8") as article:
        article.write("\nA drive is $140.00 this month.\n")
    price = f"{ISSUE}: it states a price, $140.00: the client page will leave this issue out."
    assert price not in office.does("month").said  # no client page is named
    with (office.root / "mailer.toml").open("a", encoding="utf-8") as profile:
        profile.write('\n[site]\nurl = "https://cedarfinch.example/"\n')
    assert price in office.does("month").said


def test_an_issue_that_a_campaign_asks_for_carries_it(office: Office) -> None:
    office.edit(ISSUE, CARRIES, "carries = []")
    assert (
        "Issue 2026-12 now carries 2027-hours, 2027-rates, 2027-remote-access." in office.does("month").said
    )


def test_a_price_that_is_missing_is_not_left_blank(office: Office) -> None:
    """No price of mail abroad is shipped: it hangs on the country."""
    abroad = "N-5,Claire Fontaine,,c@fontaine.example,12 Rue de Rivoli,Paris,,75004,none,,130.00,France"
    office.imports(f"{HEADINGS},Country\n{abroad}\n")
    assert "2027-hours 5 5 not known" in office.does("month").said


def test_what_needs_a_person_is_named_with_file_and_line(office: Office) -> None:
    office.imports(
        f"{HEADINGS},Rate Locked Until\n"
        "N-5,Elm Court Cafe,El M,el@elm.example,5 Elm Court,Sacramento,CA,95814,own-terms,"
        "contract-30-deposit,130.00,2027-06-30\n"
    )
    office.edit("campaigns/2027-hours/letter.md", "{{ effective | date }}", "{{ effectiv | date }}")
    said = office.does("month", exits=1).said
    assert (
        f"{DEFINITION}:6: 1 client gets no letter, the contract blocks the rise: N-5 Elm Court Cafe." in said
    )
    assert "campaigns/2027-hours/letter.md:" in said
    unknown = "letter.md:1: effectiv is not known; perhaps you meant 'effective'. (clients N-"
    assert f"campaigns/2027-hours/{unknown}" in said
    assert said.count("effectiv is not known") == 1
    assert "2027-hours Tue 8 Dec 2026 1 thing above" in said
    assert "Mend what is named above, then again: mailer month 2026-12" in said
    assert "What nothing stops may go: mailer go 2026-12 --by NAME" in said


def test_a_faulty_definition_is_named_and_keeps_nothing_else(office: Office) -> None:
    office.edit("campaigns/2027-hours/campaign.toml", "effective = 2027-01-11", 'effective = "soon"')
    said = office.does("month", exits=1).said
    assert "campaigns/2027-hours/campaign.toml:5: " in said
    assert "2027-rates 4 4 $3.12 Sat 28 Nov 2026 nothing" in said


def test_an_issue_waits_for_what_it_carries(office: Office) -> None:
    """Its article would be in every client's hands while the date may yet have to move."""
    office.edit(DEFINITION, "exclude = []", 'exclude = ["N-77"]')
    said = office.does("month", exits=1).said
    assert f"{DEFINITION}:1: [audience] names 'N-77', which is no client" in said
    assert f"{ISSUE}:12: carries 2027-rates, which is stopped." in said
    assert "2026-12 4 4 $3.12 Wed 2 Dec 2026 1 thing above" in said
    gone = office.does("go", "--yes", exits=1)
    assert "Left out, since something stopped it: 2027-rates, 2026-12. Mend it, then:" in gone.said
    assert "2027-hours-job-1" in gone.out


@pytest.mark.days
def test_what_is_behind_time_is_due_now(office: Office) -> None:
    """For 30 December the newsletter must be out by 30 November: too early for December's, of 1 December."""
    earlier = '[[hours]]\nfrom = 2026-12-30\nmonday = "9:00-12:00"\n\n'
    office.edit("mailer.toml", "[[hours]]\nfrom = 2027-01-11", f"{earlier}[[hours]]\nfrom = 2027-01-11")
    office.does("new", "business-hours", "new-years-hours", "--effective", "2026-12-30")
    said = office.does("month").said
    assert "campaigns/new-years-hours/campaign.toml:10: no newsletter carries its article in time" in said
    assert "the firm's own habit is missed" in said
    assert "would: mailer new newsletter 2026-11-special --effective 2026-11-30" in said
    assert "Effective from Thu 31 Dec 2026 on, the next regular issue does." in said
    assert "new-years-hours 4 4 $3.12 Tue 24 Nov 2026 nothing" in said


@pytest.mark.days
def test_a_month_that_is_past_is_refused(office: Office) -> None:
    assert "2026-10 is past. Write the month to come" in office.does("month", "2026-10", exits=2).said
    assert "write it like 2026-12" in office.does("month", "soon", exits=2).said


@pytest.mark.days
def test_the_next_month_comes_once_the_issue_is_in_the_post(issued: Office) -> None:
    assert "2026-12 4" not in issued.does("month").said  # printed: nothing to proof
    issued.drops("2026-11-24 15:00", name="2026-12")
    assert "begin its issue" in issued.does().said
    said = issued.does("month", exits=1).said
    assert "Made 8 files in campaigns/2027-01" in said
    assert "2027-rates 4 4 $3.12 Sat 28 Nov 2026 nothing" in said  # carried by December's, its letters not


@pytest.mark.parametrize(
    ("environ", "platform", "terminal", "opens"),
    [
        ({"DISPLAY": ":0"}, "linux", True, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True, True),
        ({}, "linux", True, False),
        ({"DISPLAY": ":10", "SSH_CONNECTION": "198.51.100.7 50000 198.51.100.8 22"}, "linux", True, False),
        ({}, "darwin", True, True),
        ({}, "win32", True, True),
        ({"DISPLAY": ":0"}, "linux", False, False),
    ],
)
def test_pages_are_opened_where_somebody_looks(
    environ: dict[str, str], platform: str, terminal: bool, opens: bool
) -> None:
    assert has_screen(environ, platform, terminal=terminal) is opens
