"""`mailer go`: what the month showed is approved and leaves by its route, and nothing else."""

from __future__ import annotations

import io
import os
import sys

import pytest

from tests.fakes.lob import Handle
from tests.support.killing import killed
from tests.support.office import RATES, Office

pytestmark = pytest.mark.long

LETTER = f"campaigns/{RATES}/letter.md"
ALONE = ("2027-hours", "2027-remote-access")


@pytest.fixture
def two(office: Office) -> Office:
    """The office with the rate notice and the issue that carries it, and no other campaign."""
    office.brief()
    for name in ALONE:
        (office.root / "campaigns" / name).rename(office.root / name)
    office.edit(
        "campaigns/2026-12/campaign.toml",
        '["2027-rates", "2027-hours", "2027-remote-access"]',
        '["2027-rates"]',
    )
    return office


def test_what_the_month_showed_is_approved_and_printed(two: Office) -> None:
    two.does("month")
    ran = two.does("go", "--by", "Dana Whitcomb", "--yes")
    assert (
        ran.out
        == """Campaign    Pieces  Sheets  Hand over by     Folder in jobs/
─────────────────────────────────────────────────────────────
2027-rates       4       4  Sat 28 Nov 2026  2027-rates-job-1
2026-12          4       4  Wed 2 Dec 2026   2026-12-job-1
"""
    )
    assert "Handed to the post? mailer handed-over" in ran.said
    assert {status for name in (RATES, "2026-12") for _, status in two.pieces(name)} == {"produced"}
    assert two.rows("SELECT DISTINCT approved_by FROM mailing") == [("Dana Whitcomb",)]
    again = two.does("go", "2026-12", "--by", "Dana Whitcomb", "--yes")
    assert "2027-rates 4 4 Sat 28 Nov 2026 2027-rates-job-1" in again.said  # nothing is printed twice
    assert len(two.rows("SELECT * FROM job")) == 2
    two.does("ledger", "verify")


def test_it_may_go_on_a_later_day(two: Office) -> None:
    two.does("month")
    two.on("2026-11-25").does("go", "--yes")
    assert two.rows("SELECT DISTINCT dated FROM mailing WHERE campaign = '2027-rates'") == [("2026-11-25",)]


def test_the_last_day_of_what_is_printed_is_that_of_the_closings_known_by_now(two: Office) -> None:
    """As in tests/printroom/test_drop.py: with Monday the 30th closed, Wednesday the 25th is the last day."""
    two.does("month")
    two.does("go", "--by", "Dana Whitcomb", "--yes")
    with (two.root / "mailer.toml").open("a", encoding="utf-8") as profile:
        profile.write(
            '\n[[closings]]\ncalendar = "us_federal"\nday = 2026-11-30\nreason = "Day of Mourning"\n'
        )
    assert "2027-rates 4 4 Wed 25 Nov 2026 2027-rates-job-1" in two.does("go", "2026-12", "--yes").said


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (LETTER, "{{ effective | date }}", "all of {{ effective | date }}", f"{LETTER} changed."),
        ("campaigns/2026-12/lead.md", "##", "###", "campaigns/2026-12/lead.md changed."),
        (
            "mailer.toml",
            "Managing Partner",
            "Partner",
            "2027-rates: mailer.toml, the letterhead, a picture or",
        ),
    ],
)
def test_what_changed_since_is_said_and_nothing_is_approved(
    two: Office, file: str, old: str, new: str, says: str
) -> None:
    two.does("month")
    before = two.recorded()
    path = two.root / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    said = two.does("go", "--yes", exits=3).said
    assert "2026-12: it is not as it was shown on Tue 24 Nov 2026." in said
    assert says in said
    assert "Nothing was approved. Look at it again: mailer month 2026-12" in said
    assert two.recorded() == before
    two.does("month")
    two.does("go", "--yes")


def test_a_client_more_is_a_change(two: Office) -> None:
    two.does("month")
    headings = "Client ID,Company,Address,City,State,Zip,Contract,Hourly Support Rate"
    two.imports(f"{headings}\nN-9,Fir Court,9 Fir Court,Davis,CA,95616,none,130.00\n")
    said = two.does("go", "--yes", exits=3).said
    assert "2027-rates: the client list changed: 4 pieces then, 5 now." in said
    assert "2026-12: the client list changed: 4 pieces then, 5 now." in said


def test_without_a_month_shown_nothing_goes(two: Office) -> None:
    said = two.does("go", "--yes", exits=1).said
    assert "2026-12: nothing of it was shown, and only that goes. First: mailer month 2026-12" in said
    two.write("proofs/2026-12.month.json", "{}")
    assert "what was shown of the month can't be read" in two.does("go", "--yes", exits=1).said


def test_it_asks_once(two: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    two.does("month")
    before = two.recorded()
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))
    said = two.does("go", exits=1).said
    assert "Approve 2027-rates, 2026-12 as shown on Tue 24 Nov 2026, print 8 pieces here? [y/N]" in said
    assert two.recorded() == before
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    two.does("go")


def test_what_was_stopped_is_left_out_and_said(two: Office) -> None:
    two.edit("campaigns/2026-12/lead.md", "##", "## {{ frm.name }}")
    two.does("month", exits=1)
    ran = two.does("go", "--yes", exits=1)
    assert "2027-rates-job-1" in ran.out
    assert (
        "Left out, since something stopped it: 2026-12. Mend it, then:\n  mailer month 2026-12\n" in ran.out
    )


def test_what_forbids_one_campaign_does_not_keep_the_others(two: Office) -> None:
    """Nothing is said of permit imprints before the job is made: the post takes 200 pieces or 50 lb."""
    two.edit(
        "mailer.toml", 'postage = "stamp"', 'postage = "permit"\npermit_number = "1"\npermit_city = "X CA"'
    )
    two.does("month")
    said = two.does("go", "--yes", exits=1).said
    assert "2027-rates 4 Sat 28 Nov 2026 STOPPED" in said
    assert "a permit imprint needs at least 200 pieces or 50 lb of one weight" in said
    two.edit("mailer.toml", 'postage = "permit"', 'postage = "meter"')
    assert "2026-12-job-1" in two.does("go", "--yes").out


STEPS = ["before-commit:2", "before-rename:1", "after-commit:4", "before-commit:9"]


@pytest.mark.parametrize("step", STEPS if os.environ.get("MAILER_LONG") else STEPS[:2])
def test_killed_anywhere_the_same_command_goes_on(two: Office, step: str) -> None:
    two.does("month")
    killed(two, step, "go", "--yes")
    two.does("go", "--yes")
    assert [number for number, _ in two.pieces()] == [1, 2, 3, 4]
    assert {status for name in (RATES, "2026-12") for _, status in two.pieces(name)} == {"produced"}
    assert sorted(path.name for path in (two.root / "jobs").glob("[!.]*")) == [
        "2026-12-job-1",
        "2027-rates-job-1",
    ]
    two.does("ledger", "verify")


def test_letters_leave_by_the_mail_service_where_the_campaign_says_so(two: Office, fake_lob: Handle) -> None:
    fake_lob.tell(now="2026-11-24T10:00-08:00")
    two.edit(f"campaigns/{RATES}/campaign.toml", "effective =", 'route = "mail-service"\neffective =')
    by_lob = two.by_lob(fake_lob.base)
    shown = by_lob.does("month").said
    assert "2027-rates 4 4 $3.60 Wed 25 Nov 2026 nothing" in shown  # two mailing days before Saturday
    ran = by_lob.does("go", "--by", "Dana Whitcomb", "--yes")
    assert "2027-rates 4 Wed 25 Nov 2026 sent, $3.60" in ran.said
    assert "A test key: nothing is printed or charged." in ran.said
    assert "2026-12-job-1" in ran.out
    assert sum(fake_lob.copies().values()) == 4
    by_lob.does("go", "2026-12", "--yes")
    assert sum(fake_lob.copies().values()) == 4


def test_without_a_key_nothing_is_approved(two: Office) -> None:
    two.edit(f"campaigns/{RATES}/campaign.toml", "effective =", 'route = "mail-service"\neffective =')
    two.does("month")
    before = two.recorded()
    assert two.mailer("go", "--yes").code in (1, 4)
    assert two.recorded() == before
