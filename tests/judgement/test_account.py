"""What a day's work may be billed at: never a new rate without notice, nor against the contract or a statute.

Four clients got their letter on Tuesday 24 November 2026: 6% more from Friday 1 January 2027, 38 days later.
N-1 pays $130.00, which becomes $138.00.
"""

from __future__ import annotations

import pytest

from tests.fakes.lob import Handle
from tests.support.office import FOUR, RATES, Office

pytestmark = pytest.mark.days

DEFINITION = f"campaigns/{RATES}/campaign.toml"
BY_LAW = ('newsletter = "2026-12" ', 'statutes = ["california-rent"]\nnewsletter = "2026-12" ')
AT, AFTER = "2026-11-24 14:10", "2027-01-20"
L1, L2, L3, L4 = (f"2027-rates-L-000{number}" for number in range(1, 5))  # L2 is N-1's


def reason(office: Office, number: str, worked_on: str) -> str:
    found = office.does("rates", "--worked-on", worked_on, "--client", number, "--json").json
    (service,) = found["clients"][0]["services"]
    return " ".join([service["because"], *service["pending"]])


def with_terms(office: Office, column: str, value: str, *options: str) -> None:
    """The client list has this of N-1 now, and nothing of the others."""
    heads, first, *others = FOUR.splitlines()
    lines = [f"{heads},{column}", f"{first},{value}", *(f"{line}," for line in others)]
    office.imports("\n".join(lines) + "\n", *options, name="terms.csv")


def test_the_new_rate_from_its_day_on(mailed: Office) -> None:
    assert mailed.rate("N-1", "2026-12-31") == "130.00"
    assert mailed.rate("N-1", "2027-01-01") == "138.00"


def test_a_rise_over_the_contracts_cap_is_not_billed(mailed: Office) -> None:
    with_terms(mailed, "Max Raise", "5%", "--terms-from", "2026-11-25")
    assert mailed.rate("N-1", AFTER) == "130.00"
    assert "$130.00 to $138.00 is over the contract's cap of 5%" in reason(mailed, "N-1", AFTER)
    assert mailed.checked()["N-1"]["state"] == "blocked by contract"
    assert mailed.rate("N-4", AFTER) == "138.00"


def test_a_cut_needs_no_leave_of_the_contract(office: Office) -> None:
    """A price lock, a renewal day and a cap limit a rise; a lower rate that was promised counts."""
    with_terms(office, "Rate Locked Until", "2027-06-30")
    office.edit(DEFINITION, 'raise = "6%"                         # of', 'raise = "-6%"  # of')
    office.edit(DEFINITION, 'raise = "0% to 10%"', 'raise = "-50% to 10%"')
    office.does("approve", RATES)
    office.does("print", RATES)
    office.drops(AT)
    assert office.rate("N-1", AFTER) == "122.00"
    assert office.rate("N-4", AFTER) == "122.00"


def test_a_statute_that_is_added_later_makes_no_letter_late_that_was_mailed(printed: Office) -> None:
    """29 USC 2102: 60 days; the letter went 38 days before. Until it is handed over it is asked for."""
    printed.edit(DEFINITION, 'newsletter = "2026-12"', 'newsletter = "2026-12"\nstatutes = ["warn-60-day"]')
    assert printed.checked()["N-1"]["state"] == "late"
    printed.drops(AT)
    later = printed.on("2029-03-01")
    assert (later.checked()["N-1"]["safe"], later.rate("N-1", AFTER)) == (True, "138.00")


def test_a_client_who_moves_does_not_change_under_which_statute_the_letter_went(office: Office) -> None:
    """Civ. Code 827(b) asks for 35 days in California. The client was in Nevada when its letter went, 32
    days before.
    """
    ash, reno = "1 Ash Street,Sacramento,CA,95814", "1 Ash Street,Reno,NV,89510"
    office.edit(DEFINITION, *BY_LAW)
    office.imports(FOUR.replace(ash, reno))
    office.does("approve", RATES)
    office.does("print", RATES)
    later = office.on("2026-11-30")
    later.drops("2026-11-30 14:10")
    later.imports(FOUR)
    checked = later.checked()
    assert [rule["id"] for rule in checked["N-1"]["rules"]] == ["house-30-day"]
    assert (checked["N-1"]["state"], checked["N-4"]["state"]) == ("running", "late")
    assert (later.rate("N-1", AFTER), later.rate("N-4", AFTER)) == ("138.00", "130.00")


@pytest.mark.parametrize(
    ("place", "safe"),
    [
        ("Main Post Office, Sacramento", True),
        ("Main Post Office, Sacramento CA 95814", True),
        ("Main Post Office, Sacramento, California", True),
        ("Reno Main Post Office, Nevada", False),
        ("Main Post Office, Reno, NV 89510", False),
        ("Main Post Office, Reno NV 89510", False),
        ("Reno Nevada", False),
        ("Reno, NV, USA", False),
        ("(Reno NV, United States of America)", False),
        ("reno nv", False),
        ("Reno, NV, Vassar Station", False),
        ("Nevada City, CA", True),
        ("Nevada City Post Office", True),
        ("where Lee drops it in", True),
    ],
)
def test_mail_within_california_has_five_days_and_other_mail_ten(
    office: Office, place: str, safe: bool
) -> None:
    """Civ. Code 827(b) and CCP 1013(a): 30 days after 5, or 10 from another state: 35 and 40 of 38."""
    office.edit(DEFINITION, *BY_LAW)
    office.does("approve", RATES)
    office.does("print", RATES)
    office.drops(AT, "--by", "Lee", "--place", place, "--class", "first")
    assert office.checked()["N-1"]["safe"] is safe
    assert office.rate("N-1", AFTER) == ("138.00" if safe else "130.00")


def test_a_service_does_not_say_where_it_mails(office: Office, fake_lob: Handle) -> None:
    """In the post on Friday the 27th: 35 days, enough within California; 40 are needed of it."""
    office.edit(DEFINITION, *BY_LAW)
    office.does("approve", RATES)
    ran = office.by_lob(fake_lob.base).does("send", RATES, exits=3)
    assert "a statute adds days for mail from another state" in ran.said
    assert fake_lob.letters() == []


def again(office: Office) -> None:
    """A second rate notice of 6%, for 1 June 2027."""
    text = (office.root / DEFINITION).read_text()
    text = text.replace("effective = 2027-01-01", "effective = 2027-06-01")
    text = text.replace('newsletter = "2026-12"', 'newsletter = "auto"')
    folder = "campaigns/2027-again"
    office.write(f"{folder}/campaign.toml", text)
    for name in ("letter.md", "article.md"):
        office.write(f"{folder}/{name}", (office.root / f"campaigns/{RATES}/{name}").read_text())


def test_rises_of_twelve_months_count_together(office: Office) -> None:
    """Civ. Code 827(b)(3): over 10%, by itself or with any other rise in the 12 months before, 90 days."""
    office.edit(DEFINITION, *BY_LAW)
    again(office)
    office.does("approve", RATES)
    office.does("print", RATES)
    office.drops(AT)
    early, late = office.on("2027-02-01"), office.on("2027-04-20")
    assert early.rate("N-1", "2027-05-31") == "138.00"
    ran = late.does("plan", "2027-again", exits=3)  # 42 days to 1 June; 6% of 6% more is 12%
    assert "California rent rise above 10%" in ran.said
    said = early.does("plan", "2027-again", "-v").said  # 120 days; 95 are needed
    assert "California rent rise above 10%" in said


def test_a_proved_receipt_serves_the_new_date_too(office: Office) -> None:
    """20 days from receipt, received on 28 November: 49 days to 16 January."""
    office.imports(
        FOUR.replace(
            "Ada Byrd,ada@ash.example,1 Ash Street,Sacramento,CA,95814,none,,",
            "Ada Byrd,ada@ash.example,1 Ash Street,Sacramento,CA,95814,own-terms,20 days from receipt,",
        )
    )
    office.does("approve", RATES)
    office.does("print", RATES)
    office.drops(AT, "--by", "Lee", "--place", "Sacramento", "--class", "certified")
    december = office.on("2026-12-20")
    december.does("received", L2, "--on", "2026-11-28", "--proof", "card")
    move = december.does("move", RATES, "--effective", "2027-02-10", "--dry-run", "--json").json
    assert L2 not in [one["piece"] for one in move["not_serving"]]
    assert move["serving"] == "1-4"


def test_moved_after_billing_began_what_was_billed_is_at_risk(mailed: Office) -> None:
    february = mailed.on("2027-02-01")
    assert february.rate("N-1", AFTER) == "138.00"
    ran = february.does("move", RATES, "--effective", "2027-04-01", "--yes")
    assert "work since Fri 1 Jan 2027 may have been billed at the new rates" in ran.said
    assert february.rate("N-1", AFTER) == "130.00"
    assert "billed, at risk: $8.00 a unit. It was moved to Thu 1 Apr 2027 on Mon 1 Feb 2027" in reason(
        february, "N-1", AFTER
    )
    assert "at risk" not in reason(february, "N-1", "2027-02-15")
    assert february.rate("N-1", "2027-04-01") == "138.00"


def test_a_date_that_was_put_off_by_hand_counts(mailed: Office) -> None:
    mailed.edit(DEFINITION, "effective = 2027-01-01", "effective = 2027-03-01")
    assert mailed.rate("N-1", AFTER) == "130.00"
    assert mailed.rate("N-1", "2027-03-01") == "138.00"


def test_a_check_of_a_day_before_the_drop_knows_no_drop(mailed: Office) -> None:
    december = mailed.on("2026-12-01")
    said = december.does("check", RATES, "--on", "2026-11-23", exits=1).said
    assert "mailed" not in said
    assert "produced" in said


def test_what_if_it_took_effect_on_a_day_that_is_past(mailed: Office) -> None:
    ran = mailed.does("check", RATES, "--effective", "2026-11-01", exits=1)
    assert "Sun 1 Nov 2026 is in the past" in ran.said


STORM = '\n[[closings]]\ncalendar = "us_federal"\nday = 2026-11-30\nreason = "Day of Mourning"\n'


def with_storm(office: Office) -> None:
    profile = office.root / "mailer.toml"
    profile.write_text(profile.read_text(encoding="utf-8") + STORM, encoding="utf-8")


def test_a_closing_that_is_entered_later_makes_no_mailed_letter_late(printed: Office) -> None:
    """Mailed on Saturday 28 November, received three business days later: on 2 December, 30 days before; with
    Monday closed on 3 December.
    """
    later = printed.on("2026-11-28")
    later.drops("2026-11-28 09:10")
    with_storm(later)
    for day in ("2026-11-30", "2027-06-01"):
        assert later.on(day).checked()["N-2"]["safe"] is True
    assert later.rate("N-2", AFTER) == "133.00"


def test_one_that_is_entered_before_asks_for_a_new_approval(approved: Office) -> None:
    """Then it counts, and is frozen with the letter: taken out of the file again it still does."""
    office = approved
    profile = (office.root / "mailer.toml").read_text(encoding="utf-8")
    with_storm(office)
    assert "profile changed after it was approved" in office.does("print", RATES, exits=3).said
    office.does("approve", RATES)
    office.does("print", RATES)
    later = office.on("2026-11-28")
    later.drops("2026-11-28 09:10")
    office.write("mailer.toml", profile)
    assert later.checked()["N-2"]["state"] == "late"
    assert later.checked()["N-3"]["safe"] is True
