"""`mailer move`: the date in the file, the record, the approval, and the letters that went already.

As in tests/support/office.py today is Tuesday 24 November 2026, the letters are for 1 January.
"""

from __future__ import annotations

import json
import random
import time
from datetime import date
from pathlib import Path

import pytest

from mailer.ledger.moves import Moved
from mailer.store.engine import open_store
from mailer.store.record.moves import moved
from tests.support.office import FIRST, FOUR, RATES, TUESDAY, Office, begin

DEFINITION = "campaigns/2027-rates/campaign.toml"
MOVE = ("move", RATES, "--effective", "2027-02-01", "--yes")
OLD, NEW = b"effective = 2027-01-01 ", b"effective = 2027-02-01 "


@pytest.fixture
def both(tmp_path: Path, database: str) -> Office:
    """The four clients, on SQLite and on PostgreSQL."""
    office = begin(tmp_path / "both", database=database)
    office.edit(DEFINITION, 'exclude = ["CF-1089"]', "exclude = []")
    office.imports(FOUR)
    return office


def definition(office: Office) -> bytes:
    return (office.root / DEFINITION).read_bytes()


def moves(office: Office) -> list[dict[str, str]]:
    sql = "SELECT payload FROM event WHERE kind = 'campaign.moved' ORDER BY seq"
    return [json.loads(payload) for (payload,) in office.rows(sql)]


def test_only_the_date_in_the_definition_changes(office: Office) -> None:
    before = definition(office)
    assert before.count(OLD) == 1
    said = office.does(*MOVE).said
    assert "2027-rates: from Fri 1 Jan 2027 to Mon 1 Feb 2027" in said
    assert definition(office) == before.replace(OLD, NEW)
    assert moves(office) == [{"before": "2027-01-01", "after": "2027-02-01"}]
    assert office.rows("SELECT subject, actor, occurred_on FROM event WHERE kind = 'campaign.moved'") == [
        (RATES, "Ada", TUESDAY)
    ]
    assert office.does("plan", RATES, "--json").json["effective"] == "2027-02-01"


def test_a_file_from_windows_stays_one(office: Office) -> None:
    path = office.root / DEFINITION
    before = b"\xef\xbb\xbf" + definition(office).replace(b"\n", b"\r\n")
    path.write_bytes(before)
    path.chmod(0o640)
    office.does(*MOVE)
    assert definition(office) == before.replace(OLD, NEW)
    assert path.stat().st_mode & 0o777 == 0o640


def test_the_approval_is_void(approved: Office) -> None:
    found = approved.does(*MOVE, "--json").json
    assert (found["moved"], found["voided"], found["serving"], found["destroy"]) == (True, "1-4", "", [])
    assert approved.pieces() == [(number, "void") for number in (1, 2, 3, 4)]
    assert "the approval is stale" in approved.does("print", RATES, exits=3).said
    approved.does("approve", RATES)
    assert approved.pieces()[4:] == [(number, "approved") for number in (5, 6, 7, 8)]
    approved.does("print", RATES)
    approved.does("ledger", "verify")


def test_moved_back_it_must_be_approved_again(approved: Office) -> None:
    before = definition(approved)
    approved.does(*MOVE)
    approved.does("move", RATES, "--effective", "2027-01-01", "--yes")
    assert definition(approved) == before
    assert "the approval is stale" in approved.does("print", RATES, exits=3).said
    assert [one["after"] for one in moves(approved)] == ["2027-02-01", "2027-01-01"]


def test_mailed_letters_serve_a_later_date(mailed: Office) -> None:
    found = mailed.does(*MOVE, "--json").json
    assert (found["voided"], found["serving"], found["not_serving"]) == ("", "1-4", [])
    assert mailed.checked()[""]["all_safe"] is True
    assert {status for _, status in mailed.pieces()} == {"mailed"}


def test_a_later_date_makes_a_late_letter_serve(printed: Office) -> None:
    """Mailed on Monday 30 November, Birch Lane's letter counts as received on Thursday 3 December: too late
    for 1 January, in time for the 2nd (docs/notice.md, worked example).
    """
    monday = printed.on("2026-11-30")
    monday.drops("2026-11-30 14:10", *FIRST)
    assert monday.checked()["N-2"]["state"] == "late"
    found = monday.does("move", RATES, "--effective", "2027-01-02", "--yes", "--json").json
    assert found["serving"] == "1-4"
    assert monday.checked()[""]["all_safe"] is True


def test_mailed_letters_do_not_serve_an_earlier_date(mailed: Office) -> None:
    """They state 1 January. A letter to Birch Lane mailed today is in time for 30 December, not the 29th."""
    refused = mailed.does("move", RATES, "--effective", "2026-12-29", "--yes", exits=3)
    assert "too near: notice mailed now is late for Birch Lane Dental" in refused.said
    assert "mailer move 2027-rates --effective 2026-12-30" in refused.said
    said = mailed.does("move", RATES, "--effective", "2026-12-30", "--yes").said
    assert "4 mailed letters do not" in said
    assert "Birch Lane Dental: it states Fri 1 Jan 2027, a later date" in said
    assert "2027-rates-2 is made: a follow-up for 4 clients" in said
    told = mailed.does("check", RATES, exits=1).said
    assert "2027-rates-2 follows it up, and is checked by itself: mailer check 2027-rates-2" in told
    mailed.edit("campaigns/2027-rates-2/campaign.toml", "kind", "kinds")
    told = mailed.does("check", RATES, exits=1).said
    assert "campaigns/2027-rates-2: can't be read, and may be a follow-up already" in told


def test_a_letter_that_came_back_under_a_receipt_rule_does_not_serve(office: Office) -> None:
    office.imports(FOUR.replace("own-terms,contract-30-deposit", "own-terms,30 days from receipt"))
    for command in ("approve", "print"):
        office.does(command, RATES)
    office.drops("2026-11-24 14:10")
    later = office.on("2026-12-10")
    (piece,) = [one["letter"]["piece"] for one in later.checked().values() if one.get("number") == "N-3"]
    later.does("returned", piece, "--on", "2026-12-04")
    found = later.does(*MOVE, "--json").json
    assert [(one["number"], one["piece"]) for one in found["not_serving"]] == [("N-3", piece)]
    assert "came back" in found["not_serving"][0]["why"]


def test_printed_letters_must_be_destroyed(printed: Office) -> None:
    said = printed.does(*MOVE).said
    assert "4 printed letters state another date. Destroy 2027-rates-job-1:" in said
    assert 'mailer destroy 2027-rates --job 1 --reason "moved"' in said
    assert {status for _, status in printed.pieces()} == {"produced"}
    printed.does("destroy", RATES, "--job", "1", "--reason", "moved")
    printed.does("print", RATES, exits=3)
    printed.does("approve", RATES)
    assert printed.pieces() == [
        *((number, "void") for number in (1, 2, 3, 4)),
        *((number, "approved") for number in (5, 6, 7, 8)),
    ]
    printed.does("ledger", "verify")


def test_an_issue_that_was_printed_with_the_old_date_is_named(issued: Office) -> None:
    found = issued.does(*MOVE, "--json", "--dry-run").json
    assert found["issues"] == [{"issue": "2026-12", "stage": "produced"}]
    assert "Issue 2026-12 is printed with 2027-01-01: destroy it" in issued.does(*MOVE).said


def test_new_hours_in_the_profile_are_remembered(office: Office) -> None:
    title = 'title = "Hours from January 2027"'
    office.edit("campaigns/2027-hours/campaign.toml", 'title = "New business hours"', title)
    said = office.does("move", "2027-hours", "--effective", "2027-02-01", "--yes", exits=1).said
    assert "to be done by hand: mailer.toml:" in said
    assert "campaigns/2027-hours: the title says January 2027" in said
    assert "no [[hours]] begin on 2027-02-01, the effective date; give the new ones from = 2027-02-01" in said


@pytest.mark.parametrize(
    ("words", "exits", "says"),
    [
        (("2026-12", "--effective", "2027-02-01", "--yes"), 1, "is an issue of the newsletter"),
        ((RATES, "--effective", "2026-11-23", "--yes"), 1, "Mon 23 Nov 2026 is in the past"),
        ((RATES, "--effective", "2026-12-15", "--yes"), 3, "The earliest date for all is 2026-12-30"),
        ((RATES, "--effective", "2027-02-01"), 2, "Say --yes, or look with --dry-run"),
        ((RATES, "--effective", "1 February"), 2, "write it as YYYY-MM-DD"),
        (("nothing", "--effective", "2027-02-01", "--yes"), 2, "there is no campaign 'nothing'"),
        ((RATES, "--effective", "2027-02-01", "--dry-run"), 0, "Nothing was changed."),
        ((RATES, "--effective", "2027-01-01", "--yes"), 0, "on 2027-01-01 already; nothing was changed"),
    ],
)
def test_nothing_is_written(approved: Office, words: tuple[str, ...], exits: int, says: str) -> None:
    files, rows = definition(approved), approved.recorded()
    assert says in approved.does("move", *words, exits=exits).said
    assert definition(approved) == files
    assert approved.recorded() == rows


def test_the_last_move_is_known_to_billing(both: Office) -> None:
    """A letter that states an earlier date counts from the later of the two."""
    for day in ("2027-02-01", "2027-03-01"):
        both.does("move", RATES, "--effective", day, "--yes")
    store = open_store(both.root, both.database)
    with store.read() as session:
        on = date.fromisoformat(both.today)
        assert moved(session, [RATES, "2027-hours"]) == {RATES: Moved(date(2027, 3, 1), on)}
        assert moved(session, []) == {}
    store.close()


def test_killed_between_the_record_and_the_file_it_completes(approved: Office) -> None:
    """What is recorded and not yet written is the state that such a kill leaves."""
    before = definition(approved)
    approved.does(*MOVE)
    (approved.root / DEFINITION).write_bytes(before)
    approved.does("print", RATES, exits=3)
    approved.does("ledger", "verify")
    approved.does(*MOVE)
    assert definition(approved) == before.replace(OLD, NEW)
    assert len(moves(approved)) == 1
    approved.does("ledger", "verify")


def test_killed_at_any_moment_it_completes(approved: Office) -> None:
    before = definition(approved)
    undisturbed = approved.copy(approved.root.parent / "undisturbed")
    chance = random.Random(4)  # noqa: S311
    for _ in range(4):
        with approved.start(*MOVE) as process:
            begun = time.monotonic()
            until = begun + chance.uniform(0.3, 0.9)
            while process.poll() is None and time.monotonic() < until and not moves(approved):
                time.sleep(0.002)
            process.kill()
            process.communicate()
        assert definition(approved) in (before, before.replace(OLD, NEW))
        assert not list((approved.root / "campaigns").rglob("*.part")) or moves(approved)
        approved.does("ledger", "verify")
    approved.does(*MOVE)
    undisturbed.does(*MOVE)
    assert definition(approved) == definition(undisturbed)
    assert moves(approved) == moves(undisturbed)
    assert approved.pieces() == undisturbed.pieces()


def test_on_both_databases(both: Office) -> None:
    both.does("approve", RATES)
    found = both.does(*MOVE, "--json").json
    assert found["voided"] == "1-4"
    assert moves(both) == [{"before": "2027-01-01", "after": "2027-02-01"}]
    assert {status for _, status in both.pieces()} == {"void"}
    both.does("ledger", "verify")
