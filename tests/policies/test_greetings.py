"""What is said where nobody answers. Thanksgiving 2026 is Thursday, November 26, and Friday is bridged."""

from __future__ import annotations

from datetime import date

import pytest

from mailer.policies.greetings import greetings
from mailer.profile import Contact
from mailer.settings import Settings
from mailer.shipped import campaigns
from mailer.tomlfile import read
from tests.support.office import Office

pytestmark = pytest.mark.days


def said(day: date) -> dict[str, str]:
    settings = read(campaigns() / "mailer.toml", Settings)
    coming = [one for one in settings.hours if one.since > day]
    return {one.place: one.text for one in greetings(settings, day, coming)}


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (date(2026, 11, 25), "Our hours are Monday to Friday, 8:00 am to 5:30 pm."),
        (
            date(2026, 11, 26),
            "Today, Thursday, November 26, 2026, we are closed for Thanksgiving. We open again on Mon",
        ),
        (
            date(2027, 1, 10),  # the Sunday before the new hours
            "Today, Sunday, January 10, 2027, we are closed. We open again on Monday, January 11, 2027, at",
        ),
    ],
)
def test_voice_mail(day: date, first: str) -> None:
    assert said(day)["Voice mail"].startswith(f"You have reached Cedar & Finch IT. {first}")


def test_new_hours_are_announced_until_they_begin() -> None:
    new = "From January 11, 2027, our hours are Monday to Thursday, 7:00 am to 6:00 pm; Friday, 7:00 am"
    assert all(new in text for place, text in said(date(2027, 1, 10)).items() if place != "Social post")
    assert new not in said(date(2027, 1, 11))["Voice mail"]
    assert "Monday to Thursday, 7:00 am to 6:00 pm\n" in said(date(2027, 1, 11))["Door sign"]


@pytest.mark.parametrize(
    ("emergency", "ends"),
    [
        ("In an emergency, call 555-0100.", "call 555-0100.\n\nOtherwise leave your name, your number"),
        ("", "5:30 pm.\n\nPlease leave your name, your number and what has happened."),
    ],
)
def test_without_an_emergency_number_nothing_is_otherwise(emergency: str, ends: str) -> None:
    settings = read(campaigns() / "mailer.toml", Settings)
    contact = Contact.model_validate({"emergency": emergency})
    texts = greetings(settings.model_copy(update={"contact": contact}), date(2026, 11, 25), [])
    assert ends in texts[0].text


def test_a_change_of_hours_is_the_profile_and_one_command(office: Office) -> None:
    """Profile edited, campaign begun: letter, article and every greeting say the same."""
    office.edit("mailer.toml", "from = 2027-01-11", "from = 2027-04-05")
    office.edit("mailer.toml", 'friday = "7:00-17:00"', 'friday = "7:00-15:00"')
    assert (
        "no [[hours]] begin on 2027-05-03"
        in office.does("new", "business-hours", "later", "--effective", "2027-05-03", exits=1).said
    )
    office.does("new", "business-hours", "spring-hours")
    assert "effective = 2027-04-05" in (office.root / "campaigns/spring-hours/campaign.toml").read_text()
    assert "Mon 5 Apr 2027" in office.does("plan", "spring-hours").said
    assert "Friday, 7:00 am to 3:00 pm" in office.does("profile", "texts", "--on", "2027-04-05").said
    stopped = office.does("plan", "2027-hours", exits=1).said
    assert (
        "no [[hours]] begin on 2027-01-11, the effective date; give the new ones from = 2027-01-11" in stopped
    )


def test_hours_that_are_announced_are_not_announced_again(office: Office) -> None:
    """The sample announces those of 11 January; the ones after them are next."""
    spring = '\n[[hours]]\nfrom = 2027-03-01\nmonday = "7:00-15:00"\n'
    office.edit("mailer.toml", "\n[newsletter]", f"{spring}\n[newsletter]")
    office.does("new", "business-hours", "spring-hours")
    assert "effective = 2027-03-01" in (office.root / "campaigns/spring-hours/campaign.toml").read_text()
