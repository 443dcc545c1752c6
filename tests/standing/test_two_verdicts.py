"""`check`: `notice` is law and contract, `house` the habit of letter and newsletter; they are never mixed."""

from __future__ import annotations

import pytest

from tests.support.office import ASH, FIRST, RATES, Office, with_terms

pytestmark = pytest.mark.days

DEFINITION = "campaigns/2027-rates/campaign.toml"


def print_and_drop(office: Office, at: str, *options: str) -> None:
    for command in ("approve", "print"):
        office.does(command, RATES)
    office.drops(at, *FIRST, *options)


def test_a_missing_newsletter_is_pending_and_notice_is_safe(mailed: Office) -> None:
    checked = mailed.checked()
    assert checked[""]["exit"] == 0
    assert (checked[""]["all_safe"], checked[""]["complete"]) == (True, False)
    assert checked["N-1"]["house"]["state"] == "pending"
    assert checked["N-1"]["house"]["reason"] == "newsletter to be out by Wed 2 Dec 2026"
    assert mailed.rate("N-1", "2027-01-04") == "138.00"


def test_a_newsletter_never_sent_is_missed_and_notice_is_still_safe(mailed: Office) -> None:
    checked = mailed.on("2027-01-04").checked()
    assert checked[""]["house"] == {"missed": 4}
    assert checked[""]["states"] == {"compliant": 4}
    assert checked[""]["exit"] == 0


def test_the_newsletter_alone_is_no_notice(issued: Office) -> None:
    issued.drops("2026-11-24 14:10", name="2026-12")
    checked = issued.checked()
    assert checked[""]["states"] == {"due": 4}
    assert checked["N-1"]["newsletter"]["counts_on"] == "2026-11-24"
    assert issued.rate("N-1", "2027-01-04") == "130.00"


def test_both_out_in_time_is_complete(issued: Office) -> None:
    issued.drops("2026-11-24 15:00", name="2026-12")
    print_and_drop(issued, "2026-11-24 16:00")
    checked = issued.checked()
    assert checked[""]["complete"] is True
    assert checked["N-1"]["house"] == {"state": "kept", "reason": "letter and newsletter out in time"}


def test_a_newsletter_with_the_date_before_a_move_is_not_the_one_that_is_owed(issued: Office) -> None:
    issued.drops("2026-11-24 15:00", name="2026-12")
    issued.does("move", RATES, "--effective", "2027-02-01", "--yes")
    print_and_drop(issued, "2026-11-24 16:00")
    checked = issued.checked()
    assert checked["N-1"]["house"] == {"state": "pending", "reason": "newsletter to be out by Sat 2 Jan 2027"}
    assert checked[""]["complete"] is False


def test_who_opts_out_between_letter_and_newsletter_is_not_owed_it_any_more(issued: Office) -> None:
    print_and_drop(issued, "2026-11-24 14:10")
    assert issued.checked()["N-1"]["house"]["state"] == "pending"
    issued.does("clients", "mark", "N-1", "opted-out", "--reason", "asked by phone")
    assert issued.checked()["N-1"]["house"] == {"state": "kept", "reason": "letter out in time"}


def test_who_opted_out_is_not_owed_the_newsletter(office: Office) -> None:
    office.imports(with_terms(ASH, ",,,,,,no"))
    print_and_drop(office, "2026-11-24 14:10")
    checked = office.checked()
    assert checked["N-1"]["house"]["state"] == "kept"
    assert checked["N-4"]["house"]["state"] == "pending"
    office.does("approve", "2026-12")
    office.does("print", "2026-12")
    assert "Ash Street Bakery" not in [row["name"] for row in office.manifest("2026-12-job-1")]


def test_a_definition_that_asks_for_the_letter_alone(office: Office) -> None:
    office.edit(DEFINITION, 'newsletter = "2026-12"', 'media = ["letter"]')
    assert "Article" not in office.does("plan", RATES).said
    print_and_drop(office, "2026-11-24 14:10")
    checked = office.checked()
    assert checked["N-1"]["house"] == {"state": "kept", "reason": "letter out in time"}
    assert checked[""]["complete"] is True


def test_what_was_asked_for_when_a_letter_was_made_holds_once_it_is_mailed(printed: Office) -> None:
    """The newsletter was asked for; that nobody asks any more mends no letter that went without it."""
    printed.edit("mailer.toml", "require_all_media = true", "require_all_media = false")
    assert printed.checked()["N-1"]["house"]["reason"] == "letter to be out by Wed 2 Dec 2026"
    printed.drops("2026-11-24 14:10")
    after = printed.on("2026-12-05").checked()
    assert after["N-1"]["house"] == {"state": "missed", "reason": "newsletter not out by Wed 2 Dec 2026"}
    assert after["N-1"]["state"] == "running"  # by law and contract it binds all the same


def test_what_is_asked_for_later_reaches_no_letter_that_was_mailed(office: Office) -> None:
    office.edit("mailer.toml", "require_all_media = true", "require_all_media = false")
    print_and_drop(office, "2026-11-24 14:10")
    office.edit("mailer.toml", "require_all_media = false", "require_all_media = true")
    checked = office.on("2026-12-05").checked()
    assert checked["N-1"]["house"] == {"state": "kept", "reason": "letter out in time"}


@pytest.mark.parametrize(
    ("media", "told"),
    [
        ('["newsletter"]', 'must name "letter"'),
        ('["letter", "radio"]', "radio"),
        ('["letter", "newsletter"]\nnewsletter = "none"', "mend one"),
    ],
)
def test_media_that_cannot_be_asked_for(office: Office, media: str, told: str) -> None:
    office.edit(DEFINITION, 'newsletter = "2026-12"', f"media = {media}")
    refused = office.mailer("check", RATES)
    assert refused.code == 1
    assert told in refused.said


def test_only_the_letters_that_went_count(printed: Office) -> None:
    """Pieces 1 to 3 went; Davis comes first or last in ZIP order, so look by the piece."""
    printed.drops("2026-11-24 14:10", *FIRST, "--range", "1-3")
    checked = printed.checked()
    assert checked[""]["states"] == {"running": 3, "due": 1}
    (waiting,) = [one for number, one in checked.items() if number and one["state"] == "due"]
    assert waiting["letter"]["piece"] == "2027-rates-L-0004"
    assert waiting["letter"]["status"] == "produced"
    assert checked[""]["exit"] == 1
