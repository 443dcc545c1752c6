"""Policies given by letter: who was given which version, when and by which letter; answers to one client."""

from __future__ import annotations

import pytest

from tests.support.office import FOUR, Office, page_texts

CONTACT = "2027-contact"
ALL_OF_IT = """{{ new.hours }}

{{ new.unaccepted }}

{{ new.online }}

Four points"""


def test_a_policy_is_given_by_a_letter_and_a_reminder_cites_the_day(office: Office) -> None:
    office.does("new", "communication-policy", CONTACT)
    office.does("approve", CONTACT, "--by", "Dana")
    office.does("print", CONTACT)
    office.on("2026-12-10").drops("2026-12-10 14:10", name=CONTACT)
    february = office.on("2027-02-02")
    known = february.does("policy", "who", "communication", "--json").json
    assert known["policy"] == "communication-2"
    assert known["without"] == 0
    assert {(one["version"], one["on"]) for one in known["clients"]} == {(2, "2026-12-10")}
    february.does("new", "reminder", "n-1", "--client", "N-1", "--effective", "2027-02-20")
    assert 'given = "December 10, 2026"' in (office.root / "campaigns/n-1/campaign.toml").read_text()
    stopped = february.does("approve", "n-1", exits=1).said
    assert "campaigns/n-1/campaign.toml: [facts] what_happened is still to be written." in stopped
    office.edit("campaigns/n-1/campaign.toml", 'what_happened = "…"', 'what_happened = "two text messages"')
    office.edit("campaigns/n-1/campaign.toml", "December 10, 2026", "October 1, 2025")
    stopped = february.does("approve", "n-1", exits=1).said
    known_day = "communication was given to this client on December 10, 2026, not on October 1, 2025"
    assert f"[facts] given: by the ledger {known_day}" in stopped
    office.edit("campaigns/n-1/campaign.toml", "October 1, 2025", "December 10, 2026")
    february.does("proof", "n-1")
    pages = " ".join(page_texts(office.root / "proofs/n-1/proof.pdf"))
    assert "On December 10, 2026 we sent you “How to reach us”" in pages
    assert "Social media: we post there and do not read requests" in pages  # the policy itself is enclosed
    office.does("ledger", "verify")
    office.edit("policies/communication-2.md", "How to reach us", "How to reach all of us")
    said = february.does("site", "build", exits=1).said
    assert "policies/communication-2.md: was edited after letters of 2027-contact gave it." in said


def test_who_was_given_a_policy_that_begins_later_and_what_was_given_before(office: Office) -> None:
    office.edit("policies/communication-1.md", "2024-01-01", "2027-01-10")
    for name, day in (("first", "2027-01-10"), ("second", "2027-02-01")):
        office.does("new", "communication-policy", name, "--effective", "2027-02-01")
        office.edit(f"campaigns/{name}/campaign.toml", "2027-02-01", day)
        office.edit(f"campaigns/{name}/campaign.toml", "house-30-day", "house-14-day")
        office.edit(f"campaigns/{name}/letter.md", "Four points", ALL_OF_IT)
        office.does("approve", name, "--by", "Dana")
        office.does("print", name)
        office.drops("2026-11-24 14:10", name=name)
    ran = office.does("policy", "who", "communication", "-v")
    assert "4 of 4 clients were given communication-1 or later, in force from Sun 10 Jan 2027;" in ran.said
    assert "before: version 1, Tue 24 Nov 2026 (first-L-0001)" in ran.said
    known = office.does("policy", "who", "communication", "--json").json
    assert [one["version"] for one in known["clients"][0]["before"]] == [1]
    said = office.does("policy", "show", "communication", exits=2).said
    assert "the first begins on Sun 10 Jan 2027" in said
    assert "mailer policy show communication --on 2027-01-10" in said


def test_a_policy_says_of_which_day_its_hours_are(office: Office) -> None:
    now = office.does("policy", "show", "communication").said
    assert "8:00 am to 5:30 pm" in now
    assert "as of" not in now
    later = office.on("2027-01-12")
    then = later.does("policy", "show", "communication").said
    assert "Hours, times and ways as of Tue 12 Jan 2027; its first day had others." in then
    assert "7:00 am to 6:00 pm" in then
    later.does("site", "build")
    page = (office.root / "site/policies/communication-1.html").read_text(encoding="utf-8")
    assert "In force since January 1, 2024; hours, times and ways as of January 12, 2027" in page


def test_what_a_client_could_still_ask_is_a_gap(office: Office) -> None:
    office.does("new", "communication-policy", CONTACT)
    profile = (office.root / "mailer.toml").read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(profile, 1) if text.startswith("[contact]"))
    office.edit("mailer.toml", "\nemergency = ", "\n# emergency = ")
    said = office.does("plan", CONTACT, exits=1).said
    assert f"mailer.toml:{line}: on 2027-02-01 the profile has a gap; add emergency: how" in said


def test_an_engagement_ends_on_the_day_that_notice_is_counted_to(office: Office) -> None:
    office.does("new", "disengagement", "end", "--client", "N-1", "--effective", "2027-02-01")
    definition = "campaigns/end/campaign.toml"
    assert 'last_day = "January 31, 2027"' in (office.root / definition).read_text(encoding="utf-8")
    office.edit(definition, 'last_day = "January 31, 2027"', 'last_day = "January 15, 2027"')
    office.edit(definition, 'hand_over_by = "…"', 'hand_over_by = "January 20, 2027"')
    office.edit(definition, 'contact = "…"', 'contact = "Sam Ortiz"')
    two = ("approve", "end", "--by", "Dana", "--second", "Sam")
    said = office.does(*two, exits=1).said
    assert (
        "the engagement ends on February 1, 2027, so its last day is January 31, 2027, not January 15" in said
    )
    office.edit(definition, "January 15, 2027", "January 31, 2027")
    office.does(*two)


def test_a_letter_to_one_client_names_one(office: Office) -> None:
    office.does("new", "decline", "no", "--client", "N-1")
    office.edit("campaigns/no/campaign.toml", 'only = ["N-1"]', 'only = ["N-1", "N-2"]')
    assert "a decline goes to one client alone" in office.does("plan", "no", exits=1).said


def test_an_answer_to_a_complaint_is_considered(office: Office) -> None:
    """Its words, two hours, a second person; then it goes, and an attorney is named where one is needed."""
    office.does("new", "complaint-response", "sorry", "--client", "N-1")
    definition = "campaigns/sorry/campaign.toml"
    office.edit(definition, "2026-11-24T09:00:00", "2999-01-01T09:00:00")
    office.edit(definition, 'url = "…"', 'url = "https://reviews.example/88"')
    office.edit(definition, 'said = "…"', 'said = "My lawyer will hear of this."')
    office.edit(definition, 'done = "…"', 'done = "a second technician is on call"')
    office.edit("campaigns/sorry/reply.md", "I will try", "Your invoice is open. I will try")
    said = office.does("approve", "sorry", exits=1).said
    assert "campaigns/sorry/reply.md: “Your invoice” tells of the client's own matters." in said
    office.edit("campaigns/sorry/reply.md", "Your invoice is open. ", "Dear Ash Street Bakery, ")
    said = office.does("approve", "sorry", exits=1).said
    assert "campaigns/sorry/reply.md: “Ash Street Bakery” names the client, for all to read." in said
    office.edit("campaigns/sorry/reply.md", "Dear Ash Street Bakery, ", "")
    assert "less than 2 hours ago" in office.does("approve", "sorry", exits=1).said
    waived = ("approve", "sorry", "--by", "Dana", "--waive", "it is read by many")
    assert "needs two people to approve it" in office.does(*waived, exits=1).said
    assert "Dana approves it already" in office.does(*waived, "--second", "dana", exits=1).said
    said = office.does(*waived, "--second", "Sam").said
    assert "An attorney should read this before it goes: it speaks of lawyer." in said
    office.edit(definition, "2999-01-01", "2020-01-01")
    office.does("approve", "sorry", "--by", "Dana", "--second", "Sam")
    office.does("print", "sorry")
    office.drops("2026-11-24 14:10", name="sorry")
    assert "sorry call the client" in office.does().said
    office.edit(definition, "# called", "called")
    assert "call the client" not in office.does().said


@pytest.mark.parametrize("picture", ["/etc/passwd", "../2026-12/post.png", "post.txt", "a/b.png"])
def test_the_picture_of_a_post_is_one_of_the_folder(office: Office, picture: str) -> None:
    """What is approved takes it in with its hash; from elsewhere it would not."""
    office.does("new", "complaint-response", "sorry", "--client", "N-1")
    office.edit("campaigns/sorry/campaign.toml", 'picture = ""', f'picture = "{picture}"')
    said = office.does("approve", "sorry", exits=1).said
    assert f"complaint.picture: '{picture}' is not a picture of the campaign's folder" in said


def test_a_client_who_joined_is_welcomed_once(office: Office) -> None:
    header, *rows = FOUR.splitlines()
    joined = [f"{header},Client Since", f"{rows[0]},2026-11-09", f"{rows[1]},2020-01-01"]
    office.imports("\n".join(joined) + "\n")
    said = office.does().said
    assert "2026-11-welcome welcome 1 client who joined" in said
    assert "Client since 2026-11-09" in office.does("clients", "show", "N-1").said
    office.does("new", "welcome", "2026-11-welcome")
    assert "who joined" not in office.does().said
    assert office.does("plan", "2026-11-welcome", "--json").json["clients"]["write"] == 1
    said = office.does("plan", "2026-11-welcome").said
    assert "letters handed to the post" in said
    assert "newsletter handed" not in said, "newsletter = none"


def test_repeated_exceptions_propose_a_reminder(office: Office) -> None:
    for day in ("2026-11-02", "2026-11-09", "2026-11-16"):
        said = (
            office.on(day)
            .does(
                "exception", "add", "N-1", "--policy", "communication", "--reason", "texted", "--until", day
            )
            .said
        )
    assert "Consider: mailer new reminder NAME --client N-1 --stage gentle" in said
