"""The declaration of mailing that goes with each hand-over."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mailer.evidence.pages.declaration import known_place
from mailer.printroom.drop import drop
from mailer.profile import FirmAddress
from tests.support.evidence import as_of_monday, at, handed, text_of
from tests.support.office import RATES, Office, page_texts


def test_the_declaration_of_mailing(pack: Path) -> None:
    """28 U.S.C. 1746(2); Cal. Code Civ. Proc. 1013a(1) and (3)."""
    said = text_of(pack / "declaration.pdf")
    for words in (
        "I declare under penalty of perjury that the foregoing is true and correct. Executed on",
        "I, Lee Ortiz, declare:",
        "I am over the age of 18 years and not a party to this matter.",
        "I am a resident of or employed in the County of Sacramento, State of California, where the mailing",
        "My business address is Cedar & Finch IT, 1480 Millrace Way, Suite 210, Sacramento CA 95814.",
        "On Tuesday, November 24, 2026, at 2:10 p.m., at Main Post Office, Sacramento, I mailed the letter",
        "titled “New rates for hourly work”, dated November 24, 2026, in 5 pieces, by First-Class Mail.",
        "Each envelope was sealed, with the postage on it fully prepaid",
        "each name and address there is as shown on the envelope",
        "(a) depositing the sealed envelopes with the United States Postal Service, with the postage thereon",
        "I am readily familiar with the business’ practice for collection and processing of correspondence",
        "that same day in the ordinary course of business",
        "Café Zoë Attn: Renée Müller 5 Elm Street, Unit 2 Sacramento CA 95819",
    ):
        assert words in said, words
    assert "may count as a party" not in said


def test_the_hour_stays_that_of_the_clock_by_which_it_was_recorded(unposted: Office) -> None:
    """2:10 p.m. in Sacramento is 4:10 p.m. in Chicago, where the firm has moved since."""
    with at(unposted, "2026-11-24 15:00") as mail:
        drop(mail, RATES, handed(None), actor="Ada")
    unposted.edit("mailer.toml", "America/Los_Angeles", "America/Chicago")
    folder = as_of_monday(unposted).folder
    hour = "On Tuesday, November 24, 2026, at 2:10 p.m., at Main Post Office"
    assert hour in text_of(folder / "declaration.pdf")
    assert "Tuesday, November 24, 2026, 2:10 p.m." in text_of(folder / "evidence.pdf")


def test_a_hand_over_by_the_owner_recorded_days_later_without_receipt(unposted: Office) -> None:
    with at(unposted, "2026-11-27 09:00") as mail:
        drop(mail, RATES, handed(None, by="Dana  WHITCOMB"), actor="Ada")
    folder = as_of_monday(unposted).folder
    said = text_of(folder / "evidence.pdf")
    assert "It was recorded on Fri 27 Nov 2026, not on the day of the hand-over" in said
    assert "No receipt of the post was recorded" in said
    assert "on Fri 27 Nov 2026, another day" in said
    assert "No approved issue carries this campaign’s article." in said
    warned = page_texts(folder / "declaration.pdf")
    assert (
        "Managing Partner, signs the firm’s letters and so may count as a party to the matter." in warned[0]
    )
    assert "Let another person of age, who handed the mail over or saw it handed over" in warned[0]
    assert "This sheet is not part of the declaration" in warned[0]
    assert "party to the matter" not in " ".join(warned[1:])


def test_two_hand_overs_have_a_declaration_each(unposted: Office) -> None:
    with at(unposted, "2026-11-24 15:00") as mail:
        drop(mail, RATES, replace(handed(None), only="1-3"), actor="Ada")
    folder = as_of_monday(unposted, out=unposted.root / "one").folder
    assert "Not mailed. 2 pieces (2027-rates-L-0004, 2027-rates-L-0005) were not handed over" in text_of(
        folder / "evidence.pdf"
    )
    assert "Booksellers" not in text_of(folder / "declaration.pdf")
    with at(unposted, "2026-11-30 09:30") as mail:
        drop(mail, RATES, handed(None, by="Kim Roe", when="2026-11-30 09:00"), actor="Ada")
    folder = as_of_monday(unposted, out=unposted.root / "two").folder
    second = text_of(folder / "declaration-2.pdf")
    assert "I, Kim Roe, declare:" in second
    assert "in 2 pieces" in second
    assert "Café Zoë" in second
    assert "Ash Street Bakery" not in second
    said = text_of(folder / "evidence.pdf")
    assert "too late, the earliest effective date is Sat 2 Jan 2027" in said
    assert "holds for 4 of 5 clients of the campaign" in said
    assert "Not every client. Notice is not proved for 1 client" in said


def test_a_county_that_is_not_known_is_a_line_to_fill_in(unposted: Office) -> None:
    """And a character that no font of the letterhead has is printed as its number."""
    unposted.edit("mailer.toml", 'county = "Sacramento"', 'county = ""')
    with at(unposted, "2026-11-24 15:00") as mail:
        drop(mail, RATES, replace(handed(None), place="Main ☃ annex, Sacramento"), actor="Ada")
    said = text_of(as_of_monday(unposted).folder / "declaration.pdf")
    assert "at Main [U+2603] annex, Sacramento, I mailed" in said
    assert "employed in the County of ______________________, State of California" in said
    assert "The county is not in mailer.toml: write it in." in said


def test_another_state_has_the_federal_form_alone(unposted: Office) -> None:
    unposted.edit("mailer.toml", 'state = "CA"', 'state = "OR"')
    with at(unposted, "2026-11-24 15:00") as mail:
        drop(mail, RATES, handed(None), actor="Ada")
    said = text_of(as_of_monday(unposted).folder / "declaration.pdf")
    assert "that the foregoing is true and correct. Executed on ______________________." in said
    assert "1013a" not in said
    assert "California" not in said


def test_a_hand_over_in_another_state_leaves_county_and_state_open(unposted: Office) -> None:
    """Code Civ. Proc. 1013a: resident of or employed in the county where the mailing occurs."""
    with at(unposted, "2026-11-24 15:00") as mail:
        drop(mail, RATES, replace(handed(None), place="Reno Main Post Office, Nevada"), actor="Ada")
    pages = page_texts(as_of_monday(unposted).folder / "declaration.pdf")
    said = " ".join(pages[1:])
    assert "at Reno Main Post Office, Nevada, I mailed the letter" in said
    assert "in the County of ______________________, State of ______________________, where the" in said
    assert "Executed on ______________________ at ______________________, ______________________" in said
    assert "County of Sacramento" not in said
    assert (
        "The record’s place, “Reno Main Post Office, Nevada”, does not end with Sacramento, the firm’s"
        in pages[0]
    )
    assert (
        "(b) if you left it for collection at the office: then paragraph 3 must name the office" in pages[0]
    )


@pytest.mark.parametrize(
    ("place", "known"),
    [
        ("Main Post Office, Sacramento", True),
        ("main post office, SACRAMENTO", True),
        ("2000 Royal Oaks Drive, Sacramento CA 95813", True),
        ("2000 Royal Oaks Drive, Sacramento, California, 95813-9998", True),
        ("Sacramento", True),
        ("Reno Main Post Office, Nevada", False),
        ("Sacramento, Kentucky", False),
        ("Main Post Office, West Sacramento", False),  # Yolo County
        ("Sacramento Street Station, San Francisco", False),
        ("the office", False),
        ("Main Post Office", False),
    ],
)
def test_a_place_that_is_known(place: str, *, known: bool) -> None:
    address = FirmAddress(line1="1480 Millrace Way", city="Sacramento", state="CA", zip="95814")
    assert known_place(place, address) is known


def test_a_title_that_was_changed_since_is_to_be_compared(unposted: Office) -> None:
    with at(unposted, "2026-11-24 15:00") as mail:
        drop(mail, RATES, handed(None), actor="Ada")
    kept = page_texts(as_of_monday(unposted, out=unposted.root / "one").folder / "declaration.pdf")[0]
    assert "Compare title, firm and address" not in kept
    unposted.edit("campaigns/2027-rates/campaign.toml", "New rates for hourly work", "Higher rates")
    folder = as_of_monday(unposted, out=unposted.root / "two").folder
    warned = page_texts(folder / "declaration.pdf")[0]
    assert "Compare title, firm and address in the declaration with the letter that was mailed." in warned
