"""`mailer handed-over`: the few questions of a drop, once for all jobs that wait for the post."""

from __future__ import annotations

import io
import sys

import pytest

from tests.support.office import RATES, Office

pytestmark = pytest.mark.days

SAID = ("--at", "2026-11-24 14:10", "--by", "Sam Ortiz", "--place", "Main Post Office, Sacramento")
DROPS = "SELECT dropped_by, place, mail_class, pieces FROM mail_drop ORDER BY id"


@pytest.fixture
def both(printed: Office) -> Office:
    """The letters and the newsletter that carries their article are printed."""
    for command in ("approve", "print"):
        printed.does(command, "2026-12")
    return printed


def test_all_jobs_that_wait_are_recorded_at_once(both: Office) -> None:
    assert (
        both.does("handed-over", *SAID, "--yes").out
        == """Job               Pieces  Class  In time until
────────────────────────────────────────────────
2027-rates-job-1       4  first  Sat 28 Nov 2026
2026-12-job-1          4  first  Wed 2 Dec 2026
2027-rates-job-1: 4 pieces handed over, counts as mailed Tue 24 Nov 2026.
2026-12-job-1: 4 pieces handed over, counts as mailed Tue 24 Nov 2026.
"""
    )
    assert both.rows(DROPS) == [("Sam Ortiz", "Main Post Office, Sacramento", "first", "1-4")] * 2
    assert both.does("handed-over", "--yes").out == "No printed job waits for the post.\n"
    assert both.checked()["N-1"]["state"] == "running"


def test_a_closing_that_was_entered_since_the_printing_shortens_the_time(both: Office) -> None:
    """Three business days after Saturday the 28th end a day later with Monday closed (test_drop.py)."""
    with (both.root / "mailer.toml").open("a", encoding="utf-8") as profile:
        profile.write(
            '\n[[closings]]\ncalendar = "us_federal"\nday = 2026-11-30\nreason = "Day of Mourning"\n'
        )
    assert "2027-rates-job-1 4 first Wed 25 Nov 2026" in both.does("handed-over", *SAID, "--yes").said


def test_each_answer_is_checked_where_it_is_asked_and_what_was_said_last_is_the_default(
    both: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    when = "12/1/2026 2pm\n2026-11-25 09:00\n2026-11-23 16:00\n2026-11-24 14:10"
    answers = f"y\nn\n{when}\nSam Ortiz\nMain Post Office, Sacramento\ny\n"
    monkeypatch.setattr(sys, "stdin", io.StringIO(answers))
    said = both.does("handed-over").said
    assert "2027-rates-job-1 went? [Y/n]" in said
    assert "'12/1/2026 2pm' is not a day and an hour; write it like 2026-12-01 14:00." in said
    assert "2026-11-25 09:00 is in the future." in said
    assert "2026-11-23 16:00 is before it was printed (" in said
    assert "By whom [Dana Whitcomb]:" in said  # who approved it
    assert "1 job, handed over 2026-11-24 14:10 by Sam Ortiz, Main Post Office, Sacramento." in said
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n\n\n\n"))
    said = both.does("handed-over").said
    assert "By whom [Sam Ortiz]: Where [Main Post Office, Sacramento]:" in said
    assert both.rows(DROPS) == [("Sam Ortiz", "Main Post Office, Sacramento", "first", "1-4")] * 2


def test_who_does_not_want_to_record_it_records_nothing(
    both: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = both.recorded()
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\nn\n"))
    assert "Nothing was recorded." in both.does("handed-over").said
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))
    both.does("handed-over", *SAID, "--job", "2026-12-job-1", exits=1)
    assert both.recorded() == before


def test_certified_letters_are_recorded_apart(office: Office) -> None:
    office.edit(f"campaigns/{RATES}/campaign.toml", "[notice]", "[letter]\ncertified = true\n\n[notice]")
    for command in ("approve", "print"):
        office.does(command, RATES)
    said = office.does("handed-over", *SAID, "--yes").said
    assert "2027-rates-job-1 4 certified Sat 28 Nov 2026" in said
    assert "Enter the labels' numbers: mailer certified 2027-rates-L-0001 NUMBER" in said
    assert office.rows("SELECT mail_class FROM mail_drop") == [("certified",)]


def test_a_hand_over_that_is_late_is_recorded_and_said(printed: Office) -> None:
    later = printed.on("2026-11-30")
    said = later.does("handed-over", "--at", "2026-11-30 09:00", *SAID[2:], "--yes").said
    assert "LATE for 1 of 4 clients: the approval was good until Sat 28 Nov 2026" in said


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        (
            ("--at", "2026-11-25 09:00", *SAID[2:]),
            1,
            "STOPPED 2027-rates-job-1: 2027-rates: 2026-11-25 09:00 is in the",
        ),
        ((*SAID, "--job", "2027-rates-job-7"), 2, "no job '2027-rates-job-7' waits for the post."),
        ((), 2, "--yes: who handed it over, or where, is not known. Add --by NAME and --place"),
    ],
)
def test_what_cannot_be_true_is_refused(
    printed: Office, options: tuple[str, ...], code: int, says: str
) -> None:
    before = printed.recorded()
    assert says in printed.does("handed-over", *options, "--yes", exits=code).said
    assert printed.recorded() == before
