"""MAILER_TODAY fixes the day, says so in every output, and marks what is recorded under it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.office import FIRST, FOUR, RATES, Office, begin, page_texts

pytestmark = pytest.mark.days


@pytest.mark.parametrize(
    "words",
    [
        ("plan", RATES), ("proof", RATES), ("approve", RATES), ("check", RATES), ("status",),
        ("rates", "--worked-on", "2027-01-04"), ("clients", "list"), ("ledger", "verify"),
    ],
    ids=lambda words: words[0],
)  # fmt: skip
def test_every_command_says_so(office: Office, words: tuple[str, ...]) -> None:
    assert "REHEARSAL: MAILER_TODAY fixes the day at 2026-11-24." in office.mailer(*words).said
    assert "REHEARSAL" not in office.on("").mailer(*words).err.replace("recorded in a rehearsal", "")


def test_what_is_recorded_is_marked_and_carries_the_real_clock(mailed: Office) -> None:
    events = mailed.rows("SELECT rehearsal, occurred_on, recorded_at FROM event")
    assert len(events) == 8  # the import, four letters, their approval, the job, the drop
    assert {(bool(rehearsal), str(day)) for rehearsal, day, _ in events} == {(True, "2026-11-24")}
    times = [datetime.fromisoformat(recorded_at).replace(tzinfo=UTC) for *_, recorded_at in events]
    ago = [datetime.now(UTC) - time for time in times]
    assert timedelta(0) <= min(ago) <= max(ago) < timedelta(hours=6)
    said = mailed.does("ledger", "verify")
    assert "8 events were recorded in a rehearsal and prove nothing." in said.said


def test_the_paper_says_so(printed: Office) -> None:
    assert all("REHEARSAL" in text for text in page_texts(printed.job() / "checklist.pdf"))


def test_without_it_nothing_is_marked(tmp_path_factory: pytest.TempPathFactory) -> None:
    office = begin(tmp_path_factory.mktemp("real") / "office", today="")
    office.imports(FOUR)
    assert {bool(row[0]) for row in office.rows("SELECT rehearsal FROM event")} == {False}
    assert "rehearsal" not in office.does("ledger", "verify").out


def test_json_says_so_too(mailed: Office) -> None:
    assert mailed.does("rates", "--worked-on", "2027-01-04", "--json").json["rehearsal"] is True


def test_a_rehearsed_mailing_bills_nothing_on_a_real_day(mailed: Office) -> None:
    """Nothing was handed to the post: the paper of a rehearsal proves nothing."""
    assert mailed.on("").rate("N-1", "2027-01-04") == "130.00"


@pytest.mark.parametrize("day", ["tomorrow", "2026-13-01", "24.11.2026"])
def test_a_day_that_is_none(office: Office, day: str) -> None:
    ran = office.on(day).mailer("status")
    assert ran.code == 2
    assert "which is not a date" in ran.said
    assert "MAILER_TODAY=2026-11-24" in ran.err


@pytest.fixture
def real_list(tmp_path: Path) -> Office:
    """The list was imported on the real day; nothing else happened."""
    office = begin(tmp_path / "office", today="")
    office.edit("campaigns/2027-rates/campaign.toml", 'exclude = ["CF-1089"]', "exclude = []")
    office.imports(FOUR)
    return office


def test_a_rehearsal_changes_nothing_that_really_happened(real_list: Office) -> None:
    """A campaign of which nothing is on record may be rehearsed all the same."""
    day = datetime.now(UTC).date() + timedelta(days=90)
    definition = f"campaigns/{RATES}/campaign.toml"
    real_list.edit(definition, "effective = 2027-01-01", f"effective = {day}")
    real_list.edit(definition, 'newsletter = "2026-12"', 'newsletter = "auto"')
    mailed = day - timedelta(days=60)
    tried = real_list.on(str(mailed))
    lowered = tried.write("lower.csv", FOUR.replace("130.00", "120.00"))
    before = tried.recorded()
    refused = tried.does("clients", "import", str(lowered), exits=1)
    assert "what is on record of this folder really happened, and this is a rehearsal" in refused.said
    assert "Unset MAILER_TODAY; or rehearse in a folder of its own" in refused.said
    correct = ("clients", "correct", "N-1", "--line1", "9 Ash Street", "--reason", "moved")
    assert "really happened" in tried.mailer(*correct).said
    assert tried.recorded() == before
    tried.does("approve", RATES)
    tried.does("print", RATES)
    tried.drops(f"{mailed} 14:10", *FIRST)


def test_nor_a_campaign_that_was_really_approved(real_list: Office) -> None:
    definition = f"campaigns/{RATES}/campaign.toml"
    day = datetime.now(UTC).date() + timedelta(days=90)
    real_list.edit(definition, "effective = 2027-01-01", f"effective = {day}")
    real_list.edit(definition, 'newsletter = "2026-12"', 'newsletter = "auto"')
    real_list.does("approve", RATES)
    before, tried = real_list.recorded()["event"], real_list.on(str(day - timedelta(days=60)))
    later = str(day + timedelta(days=30))
    for words in (("move", RATES, "--effective", later, "--yes"), ("print", RATES)):
        assert "what is on record of 2027-rates really happened" in tried.does(*words, exits=1).said
    assert str(later) not in (real_list.root / definition).read_text()
    assert real_list.recorded()["event"] == before
    assert {status for _, status in real_list.pieces()} == {"approved"}
    real_list.does("print", RATES)
