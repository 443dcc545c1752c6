"""What `plan`, `approve` and `print` refuse.

Notice of 30 days for 1 January 2027 must be deposited by Wednesday 2 December 2026; where a letter counts as
received three business days later, by Saturday 28 November (docs/notice.md, worked example).
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.support.office import CEDAR, FOUR, RATES, Office, page_texts

DEFINITION = "campaigns/2027-rates/campaign.toml"
LETTER = "campaigns/2027-rates/letter.md"


@pytest.mark.parametrize("command", ["plan", "proof", "approve"])
def test_a_date_that_is_too_near_is_refused_with_the_earliest(office: Office, command: str) -> None:
    """Mailed today, Tuesday 24 November, a letter to Birch Lane counts as received on Monday the 30th
    (Thursday is Thanksgiving); thirty days later is 30 December.
    """
    office.edit(DEFINITION, "effective = 2027-01-01", "effective = 2026-12-15")
    before = office.recorded()
    ran = office.does(command, RATES, exits=3)
    assert "Tue 15 Dec 2026 is too near" in ran.said
    assert "30 Dec 2026" in ran.said or "2026-12-30" in ran.said
    assert office.recorded() == before
    assert office.stored() == []


def test_after_the_last_collection_of_the_last_day_it_is_too_late(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Saturday 28 November is the last day for Birch Lane; what goes after 5 p.m. counts on Monday."""

    def at(hour: int, minute: int) -> None:
        moment = datetime(2026, 11, 28, hour, minute, tzinfo=ZoneInfo("America/Los_Angeles"))
        monkeypatch.setattr("mailer.clock.real_now", lambda: moment.astimezone(UTC))

    at(16, 30)
    office = office.on("")
    office.does("approve", RATES)
    at(17, 1)
    said = office.does("print", RATES, exits=3).said
    assert "hand-over until Sat 28 Nov 2026, and the post would have it on Mon 30 Nov 2026" in said
    assert "Fri 1 Jan 2027 is too near" in office.does("plan", RATES, exits=3).said
    assert "late for Birch Lane Dental" in office.does("approve", RATES, exits=3).said
    at(16, 59)
    office.does("print", RATES)


def test_an_e_mail_knows_no_last_collection(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty days from e-mail to 1 January end on 2 December, whatever the hour."""
    evening = datetime(2026, 12, 2, 17, 30, tzinfo=ZoneInfo("America/Los_Angeles"))
    monkeypatch.setattr("mailer.clock.real_now", lambda: evening.astimezone(UTC))
    office.imports(FOUR.replace("contract-30-deposit", "30 days from e-mail"))
    office.edit(DEFINITION, "exclude = []", 'only = ["N-3"]\nexclude = []')
    office.edit("mailer.toml", "[lead_times]", '[smtp]\nhost = "127.0.0.1"\nsign_in = "none"\n\n[lead_times]')
    wired = office.on("")
    assert "1 gets it by e-mail" in wired.does("plan", RATES).said
    assert "Hand over by Wed 2 Dec 2026" in wired.does("approve", RATES).said


def test_what_if_asks_the_same_without_an_edit(office: Office) -> None:
    refused = office.does("plan", RATES, "--effective", "2026-12-15", exits=3)
    assert "The earliest date for all is Wed 30 Dec 2026." in refused.said
    office.does("plan", RATES, "--effective", "2026-12-30")
    office.does("plan", RATES, "--effective", "2026-12-29", exits=3)


@pytest.mark.parametrize(
    ("day", "code"),
    [("2026-11-27", 0), ("2026-11-28", 0), ("2026-11-29", 3), ("2026-11-30", 3)],
    ids=["Friday", "Saturday", "Sunday", "Monday"],
)
def test_saturday_the_28th_is_the_last_day_for_birch_lane(office: Office, day: str, code: int) -> None:
    office.on(day).does("plan", RATES, exits=code)
    ran = office.on(day).does("approve", RATES, exits=code)
    assert ("Birch Lane Dental" in ran.err) == (code == 3)
    assert "Ash Street Bakery" not in ran.said


@pytest.mark.parametrize(
    ("day", "code"),
    [("2026-12-02", 0), ("2026-12-03", 3)],
    ids=["Wednesday", "Thursday"],
)
def test_wednesday_the_2nd_is_the_last_day_from_deposit(office: Office, day: str, code: int) -> None:
    office.edit(DEFINITION, "exclude = []", 'exclude = ["N-2"]')
    ran = office.on(day).does("approve", RATES, exits=code)
    assert ("is too near" in ran.said) == (code == 3)
    assert len(office.pieces()) == (0 if code else 3)


def test_nothing_is_printed_before_an_approval(office: Office) -> None:
    refused = office.does("print", RATES, exits=1)
    assert "is not approved; nothing is printed or sent that was not" in refused.said
    office.does("proof", RATES)
    office.does("print", RATES, exits=1)


def test_the_proof_shows_the_edge_records(office: Office) -> None:
    shown = office.does("proof", RATES)
    assert "Birch Lane Dental: the biggest change" in shown.said
    pages = page_texts(office.root / "proofs" / RATES / "proof.pdf")
    images = sorted((office.root / "proofs" / RATES).glob("page-*.png"))
    assert len(images) == len(pages)
    assert "Cedar Hill Law" in " ".join(pages)  # the highest amount
    assert office.stored() == []


def test_an_issue_that_would_be_late_for_its_articles_is_refused(office: Office) -> None:
    """By the firm's own habit the newsletter must be out by 2 December for 1 January."""
    office.on("2026-12-02").does("plan", "2026-12")
    refused = office.on("2026-12-03").does("approve", "2026-12", exits=3)
    assert "2027-rates (to be handed over by Wed 2 Dec 2026)" in refused.said
    office.on("2026-12-03").does("plan", "2026-12", exits=3)
    office.edit("mailer.toml", "require_all_media = true", "require_all_media = false")
    office.on("2026-12-03").does("approve", "2026-12")


def test_an_exclusion_that_names_no_client_stops_plan_and_approval(office: Office) -> None:
    """A misspelled exclusion would send a letter to somebody who should get none."""
    office.edit(DEFINITION, "exclude = []", 'exclude = ["N-22"]')
    for command in ("plan", "approve"):
        ran = office.does(command, RATES, exits=1)
        assert "'N-22'" in ran.said
    assert office.pieces() == []


def test_the_root_is_found_from_a_folder_below(office: Office) -> None:
    below = Office(office.root / "campaigns" / "2027-rates")
    assert "4 clients" in below.does("clients", "list").said


def test_a_folder_without_a_profile_is_refused(tmp_path: Path) -> None:
    refused = Office(tmp_path).does("plan", RATES, exits=1)
    assert "there is no mailer.toml here or above" in refused.said
    assert "mailer init FOLDER" in refused.said


def test_an_issue_that_nobody_wrote_is_not_approved(office: Office) -> None:
    """Its sections still say what `mailer newsletter new` wrote, and it goes on from the number before."""
    office.does("newsletter", "new", "2027-02")
    assert "number = 48" in (office.root / "campaigns/2027-02/campaign.toml").read_text()
    before = office.recorded()
    ran = office.does("approve", "2027-02", exits=1)
    assert "campaigns/2027-02/memo.md:2: “byline: Your name, owner” is still the example text" in ran.said
    assert office.recorded() == before
    office.write("campaigns/2027-02/memo.md", "## Snow\n\nWe are open on every day that the roads are.\n")
    office.does("approve", "2027-02")


def test_a_policy_that_nobody_wrote_is_not_approved(office: Office) -> None:
    office.does("new", "policy-change", "2027-remote", "--effective", "2027-03-01")
    ran = office.does("approve", "2027-remote", exits=1)
    assert "campaigns/2027-remote/campaign.toml: [policy] is still the example" in ran.said


def test_an_issue_for_nobody_is_not_approved(office: Office) -> None:
    office.edit("campaigns/2026-12/campaign.toml", "[audience]", '[audience]\ntags = ["nobody"]')
    before = office.recorded()
    ran = office.does("approve", "2026-12", exits=1)
    assert "nobody would get this issue" in ran.said
    assert office.recorded() == before


def test_a_plan_for_nobody_says_so(office: Office) -> None:
    office.edit(
        "campaigns/2027-rates/campaign.toml", 'services = ["hourly-support", "after-hours"]', 'tags = ["x"]'
    )
    ran = office.does("plan", RATES, exits=1)
    assert "STOPPED: no client would get a letter: nobody is in the audience" in ran.said
    assert "there is nothing to check" in office.does("check", RATES, exits=1).said
    office.does("new", "rate-notice", "2027-repairs", "--effective", "2027-02-01")
    office.edit("campaigns/2027-repairs/campaign.toml", '"hourly-support"', '"repairs"')
    for command in ("plan", "proof"):
        said = office.does(command, "2027-repairs", exits=1).said
        assert "the client list has no rates of repairs. It has rates of hourly-support." in said
        assert "mailer clients import FILE --set service.repairs=130" in said


def test_a_new_issue_is_due_on_days_on_which_the_firm_works(office: Office) -> None:
    """1 January 2027, a Friday, is a holiday; the post works on Saturday the 2nd, and one mailing day before
    it, for printing, is Thursday 31 December.
    """
    office.does("newsletter", "new", "2027-01")
    (due,) = [one for one in office.does("status", "--json").json if one["campaign"] == "2027-01"]
    assert (due["stage"], due["by"]) == ("draft", "2026-12-31")


def test_a_letter_that_contradicts_its_facts_is_shown(office: Office) -> None:
    assert "LOOK AT" not in office.does("proof", RATES).said
    letter = office.root / LETTER
    letter.write_text(
        letter.read_text() + "\nThe rates apply from February 1, 2027; a visit costs $999.00.\n"
    )
    said = office.does("proof", RATES).said
    assert "LOOK AT “February 1, 2027”, “$999.00”: in a letter, and no fact of the campaign." in said


def test_a_contract_that_asks_for_more_notice_since_makes_the_approval_stale(office: Office) -> None:
    """The checklist said 2 December: for 36 days it is the day before Thanksgiving."""
    office.edit(DEFINITION, "exclude = []", 'exclude = ["N-2"]')
    assert "Hand over by Wed 2 Dec 2026." in office.does("approve", RATES).said
    listed = (office.root / "list.csv").read_text(encoding="utf-8")
    longer = listed.replace("contract-30-deposit", "36 days from deposit")
    assert longer != listed
    office.does("clients", "import", str(office.write("longer.csv", longer)), "--terms-from", "2026-11-24")
    refused = office.does("print", RATES, exits=3).said
    assert "by now it must be in the post by Wed 25 Nov 2026, not by Wed 2 Dec 2026." in refused
    assert "Hand over by Wed 25 Nov 2026." in office.does("approve", RATES).said
    office.does("print", RATES)


def test_a_term_that_was_corrected_is_what_the_letter_is_approved_under(office: Office) -> None:
    """No word of the letter changes: it was called unchanged, and judged under the term of before."""
    office.does("approve", RATES)
    listed = (office.root / "list.csv").read_text(encoding="utf-8")
    other = listed.replace("contract-30-plus-3bd", "contract-30-deposit")
    assert other != listed
    office.does("clients", "import", str(office.write("other.csv", other)), "--terms-from", "2026-01-01")
    assert "Approved 1 piece" in office.does("approve", RATES).said
    office.does("print", RATES)
    later = office.on("2026-12-03")
    later.drops("2026-12-02 10:00")
    checked = later.checked()
    assert {checked[one]["state"] for one in ("N-2", "N-3")} == {"running"}


def test_what_the_letters_template_prints_of_the_profile_is_approved_with_it(office: Office) -> None:
    office.edit("letterhead/letter.html.j2", "{{ firm.phone }}<br>", "{{ firm.phones[0].number }}<br>")
    office.does("approve", RATES)
    profile = (office.root / "mailer.toml").read_text(encoding="utf-8")
    number = profile.partition("[[phones]]")[2].partition('number = "')[2].partition('"')[0]
    office.edit("mailer.toml", number, "916-555-0177")
    assert "letterhead or profile changed after it was approved" in office.does("print", RATES, exits=3).said


def test_letters_to_an_address_that_was_wrong_and_letters_that_go_twice_are_named(mailed: Office) -> None:
    """A letter came back, nobody corrected the address, and the next campaign goes there again."""
    later = mailed.on("2026-12-05")
    later.does("returned", "2027-rates-L-0002", "--on", "2026-12-05", "--reason", "address wrong")
    later.imports(FOUR + CEDAR.replace("N-3", "N-9").replace("cy@", "cy2@") + "\n")
    said = later.does("approve", "2027-hours", "--by", "Dana Whitcomb").said
    assert (
        "goes to the address from which 2027-rates-L-0002 came back on Sat 5 Dec 2026: it gives no notice if "
        "that is wrong. Correct it" in said
    )
    assert "1 letter goes to a name and address that has one already: 2027-hours-L-000" in said
