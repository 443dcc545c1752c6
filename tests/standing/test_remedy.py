"""`mailer remedy`: for whom, from when, and that nobody gets two.

Mailed on Monday 30 November, the letter to Birch Lane (received three business days later) is late for
1 January. Mended on Tuesday 1 December, with a day for approval and a day for printing, the next letter goes
on Thursday the 3rd, counts as received on Tuesday the 8th, and thirty days later is 7 January.
"""

from __future__ import annotations

import contextlib
import random
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from mailer.store.commandlock import FOLLOWING, alone
from tests.support.office import ASH, BIRCH, FIRST, FOUR, HEADINGS, RATES, Office, begin

AGAIN = "2027-rates-2"
SINCE = f"{HEADINGS},Client Since\n"


@pytest.fixture
def late(printed: Office) -> Office:
    """It is 1 December, and all four letters went a day ago."""
    printed.on("2026-11-30").drops("2026-11-30 14:10", *FIRST)
    return printed.on("2026-12-01")


def definition(office: Office, name: str = AGAIN) -> dict[str, Any]:
    return tomllib.loads((office.root / "campaigns" / name / "campaign.toml").read_text(encoding="utf-8"))


def remedied(office: Office, *options: str, exits: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = office.does("remedy", RATES, "--json", *options, exits=exits).json
    return found


def test_one_follow_up_is_made_at_a_time(late: Office) -> None:
    with alone(late.root, FOLLOWING, "making a follow-up"):
        assert "another command is making a follow-up here" in late.does("remedy", RATES, exits=1).said
    assert not (late.root / "campaigns" / AGAIN).exists()
    late.does("remedy", RATES)


def whys(found: dict[str, Any]) -> dict[str, str]:
    return {one["number"]: one["why"] for one in found["clients"]}


def test_the_late_get_a_campaign_of_their_own(late: Office) -> None:
    said = late.does("remedy", RATES).said
    assert "2027-rates-2: makes 2027-rates good for 1 of its clients, effective Thu 7 Jan 2027" in said
    # Mailed today it would count as received on Friday 4 December; thirty days later is 3 January.
    assert "N-2 Birch Lane Dental late 2027-01-03" in said
    assert "2027-rates-L-" in said
    assert "was mailed on Mon 30 Nov 2026" in said
    made, original = definition(late), definition(late, RATES)
    assert (made["follows"], made["audience"]) == ([RATES], {"only": ["N-2"]})
    assert str(made["effective"]) == "2027-01-07"
    assert (made["rates"], made["limits"], made["title"]) == (
        original["rates"], original["limits"], original["title"],
    )  # fmt: skip
    folder = late.root / "campaigns"
    for text in ("letter.md", "article.md"):
        assert (folder / AGAIN / text).read_bytes() == (folder / RATES / text).read_bytes()
    assert not (late.root / ".remedy.part").exists()


def test_it_plans_and_goes_the_whole_way(late: Office) -> None:
    late.does("remedy", RATES)
    plan = late.does("plan", AGAIN, "--json").json
    assert (plan["clients"], plan["late"], plan["stopped"]) == ({"write": 1}, 0, False)
    late.does("approve", AGAIN)
    late.does("print", AGAIN)
    thursday = late.on("2026-12-03")
    thursday.drops("2026-12-03 14:10", name=AGAIN)
    assert thursday.checked(name=AGAIN)[""]["all_safe"] is True
    assert thursday.rate("N-2", "2027-01-06") == "125.00"
    assert thursday.rate("N-2", "2027-01-07") == "133.00"  # 6% of 125.00, to the nearest dollar
    assert thursday.rate("N-1", "2027-01-01") == "138.00"
    thursday.does("ledger", "verify")


def test_run_again_nobody_is_written_to_twice(late: Office) -> None:
    late.does("remedy", RATES)
    again = remedied(late)
    assert (again["follow_up"], again["clients"], again["already"]) == (None, [], {AGAIN: 1})
    assert "Nothing to remedy" in late.does("remedy", RATES).said
    assert not (late.root / "campaigns" / "2027-rates-3").exists()


def test_a_follow_up_that_is_late_too_has_one(late: Office) -> None:
    late.does("remedy", RATES)
    late.does("approve", AGAIN)
    late.does("print", AGAIN)
    late.on("2026-12-10").drops("2026-12-10 14:10", name=AGAIN)
    made = late.on("2026-12-11").does("remedy", AGAIN, "--json").json
    assert (made["follow_up"], made["campaign"]) == ("2027-rates-3", AGAIN)
    assert definition(late, "2027-rates-3")["follows"] == [RATES, AGAIN]
    late.on("2026-12-11").does("plan", "2027-rates-3")


def test_nothing_to_remedy(mailed: Office) -> None:
    before = sorted((mailed.root / "campaigns").rglob("*"))
    assert (
        "nobody else is late, returned, corrected or new. Nothing to remedy."
        in mailed.does("remedy", RATES).said
    )
    assert sorted((mailed.root / "campaigns").rglob("*")) == before


def test_the_returned_and_what_a_person_must_do_first(mailed: Office) -> None:
    later = mailed.on("2026-12-10")
    piece = later.checked()["N-1"]["letter"]["piece"]
    later.does("returned", piece, "--on", "2026-12-04")
    (ash,) = remedied(later, "--dry-run")["clients"]
    assert (ash["number"], ash["why"], ash["because"]) == (
        "N-1", "returned", f"{piece} came back on Fri 4 Dec 2026",
    )  # fmt: skip
    assert ash["caution"] == "the address is still the one it came back from: correct it first"
    later.imports(f"{HEADINGS}\n{ASH.replace('1 Ash Street', '100 Ash Street')}\n")
    (ash,) = remedied(later)["clients"]
    assert (ash["why"], ash["caution"]) == ("returned", "")


def test_a_follow_up_states_the_rise_once(mailed: Office) -> None:
    """The notice to Ash Street stands although it came back, so the new rate counts from 1 January all the
    same: the second letter states $138.00 again, not 6% more.
    """
    later = mailed.on("2026-12-10")
    later.does("returned", later.checked()["N-1"]["letter"]["piece"], "--on", "2026-12-04")
    remedied(later)
    (ash,) = later.mailer("check", AGAIN, "--json").json["clients"]
    assert ash["rates"] == [{"service": "hourly-support", "old": "130.00", "new": "138.00"}]


def test_the_corrected_while_the_notice_runs(mailed: Office) -> None:
    later = mailed.on("2026-12-10")
    later.imports(f"{HEADINGS}\n{ASH.replace('1 Ash Street', '100 Ash Street')}\n")
    later.imports(f"{HEADINGS}\n{BIRCH.replace('2 Birch Lane,', '2 Birch Ln.,')}\n")
    found = remedied(later, "--dry-run")
    assert whys(found) == {"N-1": "corrected"}, "another spelling is no other place"
    assert "if it only moved since, the notice stands" in found["clients"][0]["caution"]
    assert remedied(mailed.on("2027-01-04"), "--dry-run")["clients"] == [], "in effect: it moved since"


def test_the_new_who_joined_after_the_mailing(mailed: Office) -> None:
    elm = "N-5,Elm Court Title,El Mar,el@elm.example,5 Elm Court,Davis,CA,95616,none,,130.00,2026-12-01"
    later = mailed.on("2026-12-10")
    later.imports(f"{SINCE}{elm}\n")
    found = remedied(later)
    assert whys(found) == {"N-5": "new"}
    assert "joined Tue 1 Dec 2026, after the mailing" in found["clients"][0]["because"]
    assert "take it out of `only`" in found["clients"][0]["caution"]
    later.does("plan", AGAIN)


def test_a_date_of_ones_own(late: Office) -> None:
    refused = late.does("remedy", RATES, "--effective", "2027-01-02", exits=3)
    assert "The earliest date for all is 2027-01-03; unhurried, 2027-01-07." in refused.said
    early = late.does("remedy", RATES, "--effective", "2026-12-31", exits=1)
    assert "is before Fri 1 Jan 2027, on which 2027-rates takes effect" in early.said
    assert not (late.root / "campaigns" / AGAIN).exists()
    assert remedied(late, "--effective", "2027-02-01", "--as", "rates-again")["follow_up"] == "rates-again"
    assert str(definition(late, "rates-again")["effective"]) == "2027-02-01"


def test_it_never_begins_before_the_original(mailed: Office) -> None:
    """On Saturday 28 November a letter is ready by Tuesday: thirty days later is 31 December."""
    later = mailed.on("2026-11-28")
    later.does("returned", later.checked()["N-1"]["letter"]["piece"], "--on", "2026-11-27")
    assert remedied(later)["effective"] == "2027-01-01"


def test_after_a_move_the_letters_serve(late: Office) -> None:
    late.does("move", RATES, "--effective", "2027-03-01", "--yes")
    assert remedied(late)["clients"] == []


def test_dates_written_out_are_named(late: Office) -> None:
    late.edit("campaigns/2027-rates/letter.md", "Thank you", "From January 1, 2027, thank you")
    late.edit(
        "campaigns/2027-rates/campaign.toml",
        'title = "New rates for hourly work"',
        'title = "Rates from January 2027"',
    )
    found = remedied(late, "--effective", "2027-02-01")
    assert found["look_at"] == ["letter.md says January 1, 2027"]
    assert definition(late)["title"] == "Rates from February 2027"


def test_a_client_without_a_number_is_named_by_its_address_or_key(office: Office) -> None:
    headings = HEADINGS.replace("Client ID,", "")
    office.edit(
        "campaigns/2027-rates/campaign.toml", "exclude = []", 'exclude = ["N-1", "N-2", "N-3", "N-4"]'
    )
    office.imports(
        f"{headings}\nElm Court,El Mar,el@elm.example,5 Elm Court,Davis,CA,95616,none,,130.00\n"
        "Fir Row,Fi Row,,6 Fir Row,Davis,CA,95616,none,,130.00\n"
    )
    office.does("approve", RATES)
    office.does("print", RATES)
    office.on("2026-12-05").drops("2026-12-05 09:00")
    office.on("2026-12-07").does("remedy", RATES)
    assert sorted(definition(office)["audience"]["only"]) == ["el@elm.example", "name:fir row|95616"]
    assert office.on("2026-12-07").does("plan", AGAIN, "--json").json["clients"] == {"write": 2}


@pytest.mark.parametrize(
    ("words", "exits", "says"),
    [
        ((RATES, "--as", "2027-hours"), 1, "there is a campaign of that name already"),
        ((RATES, "--as", "../x"), 2, "is not a campaign's name"),
        (("2026-12",), 1, "is an issue of the newsletter"),
        (("nothing",), 2, "there is no campaign 'nothing'"),
        (("2027-hours",), 1, "mailer move 2027-hours --effective DATE"),
        ((RATES, "--dry-run"), 0, "Nothing was written."),
    ],
)
def test_nothing_is_written(late: Office, words: tuple[str, ...], exits: int, says: str) -> None:
    before = sorted((late.root / "campaigns").rglob("*"))
    assert says in late.does("remedy", *words, exits=exits).said
    assert sorted((late.root / "campaigns").rglob("*")) == before


def test_a_campaign_that_can_not_be_read_may_be_a_follow_up(late: Office) -> None:
    late.does("remedy", RATES)
    late.edit("campaigns/2027-rates-2/campaign.toml", "follows", "folows")
    assert "so that nobody is written to twice" in late.does("remedy", RATES, exits=1).said


def test_killed_at_any_moment_it_completes(late: Office) -> None:
    folder = late.root / "campaigns" / AGAIN
    names = ["article.md", "campaign.toml", "letter.md"]
    chance = random.Random(5)  # noqa: S311
    for _ in range(4):
        with late.start("remedy", RATES) as process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(chance.uniform(0.3, 0.8))
            process.kill()
            process.communicate()
        assert not folder.exists() or sorted(path.name for path in folder.iterdir()) == names
    late.does("remedy", RATES)
    assert sorted(path.name for path in folder.iterdir()) == names
    late.does("plan", AGAIN)


def test_on_both_databases(tmp_path: Path, database: str) -> None:
    office = begin(tmp_path / "office", database=database)
    office.edit("campaigns/2027-rates/campaign.toml", 'exclude = ["CF-1089"]', "exclude = []")
    office.imports(FOUR)
    for command in ("approve", "print"):
        office.does(command, RATES)
    office.on("2026-11-30").drops("2026-11-30 14:10")
    assert whys(remedied(office.on("2026-12-01"))) == {"N-2": "late"}
    office.on("2026-12-01").does("plan", AGAIN)
    assert office.on("2026-12-01").does("status", "--json").json[0]["overdue"] is False
