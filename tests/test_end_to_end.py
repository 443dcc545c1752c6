"""The whole main job on real input: contacts as a spreadsheet exports them, some ZIPs without their zero.

Rates rise by 6% to whole dollars: $130.00 becomes $138.00. Nobody has a contract, so 30 days from deposit
hold for all: mailed on 24 November 2026 is in time for 1 January 2027.
"""

from __future__ import annotations

import os
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from mailer.pages.pagehash import piece_hashes
from tests.support.office import FIRST, RATES, Office, Ran, begin, page_texts, sha256

pytestmark = pytest.mark.long
LIST = Path(__file__).parent / "clients" / "data" / "us-500.csv"
MANY, LOST, STORED, LABELS = (500, 78, 1, 17) if os.environ.get("MAILER_LONG") else (120, 14, 1, 4)
"""Contacts, ZIPs that lost their zero, files of five hundred letters, sheets of thirty labels."""
DEFINITION = "campaigns/2027-rates/campaign.toml"


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> tuple[Office, dict[str, Ran]]:
    """Everything from an empty folder to the check, each command once; what each said."""
    office = begin(tmp_path_factory.mktemp("main") / "office")
    office.edit(DEFINITION, 'exclude = ["CF-1089"]', "exclude = []")
    lines = LIST.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    given = office.write("us.csv", "".join(lines[: MANY + 1]))
    said = {"import": office.mailer("clients", "import", str(given), "--set", "service.hourly-support=130")}
    for command in ("plan", "proof", "approve", "print"):
        said[command] = office.mailer(command, RATES)
    said["drop"] = office.mailer("drop", RATES, "--at", "2026-11-24 14:10", *FIRST)
    said["check"] = office.mailer("check", RATES)
    said["verify"] = office.mailer("ledger", "verify")
    return office, said


@pytest.fixture(scope="module")
def pages(job: tuple[Office, dict[str, Ran]]) -> list[str]:
    """Each page of letters.pdf, without blanks, so that a line break in a name does not matter."""
    return [text.replace(" ", "") for text in page_texts(job[0].job() / "letters.pdf")]


def test_every_step_succeeds(job: tuple[Office, dict[str, Ran]]) -> None:
    assert {command: ran.code for command, ran in job[1].items()} == dict.fromkeys(
        ("import", "plan", "proof", "approve", "print", "drop", "check", "verify"), 0
    )


def test_the_import_takes_all_and_mends_the_zip_codes(job: tuple[Office, dict[str, Ran]]) -> None:
    office, said = job
    assert f"{MANY} added, 0 updated, 0 unchanged, 0 rejected." in said["import"].said
    clients = office.does("clients", "list", "--json").json
    assert len(clients) == MANY
    assert all(len(client["address"]["zip"]) == 5 for client in clients)
    assert sum(client["address"]["zip"].startswith("0") for client in clients) == LOST


def test_the_plan_says_by_when(job: tuple[Office, dict[str, Ran]]) -> None:
    said = job[1]["plan"].said
    assert f"{MANY} gets a letter" in said
    assert "Wed 2 Dec 2026 letters handed to the post" in said


def test_the_manifest_lists_all_pieces_in_zip_order(job: tuple[Office, dict[str, Ran]]) -> None:
    rows = job[0].manifest()
    assert [row["place"] for row in rows] == [str(number) for number in range(1, MANY + 1)]
    assert len({row["piece"] for row in rows}) == MANY
    assert rows[0]["piece"] == "2027-rates-L-0001"
    zips = [row["zip"] for row in rows]
    assert zips == sorted(zips)
    assert sum(zip_code.startswith("0") for zip_code in zips) == LOST


def test_every_piece_starts_on_an_odd_page(job: tuple[Office, dict[str, Ran]], pages: list[str]) -> None:
    rows = job[0].manifest()
    starts = [int(row["first_page"]) for row in rows]
    assert all(start % 2 == 1 for start in starts)
    for (row, start), (_, following) in pairwise(zip(rows, starts, strict=True)):
        assert following == start + 2 * int(row["sheets"]), row["piece"]
    assert len(pages) == sum(2 * int(row["sheets"]) for row in rows)


def test_each_letter_names_its_client_and_nobody_else(
    job: tuple[Office, dict[str, Ran]], pages: list[str]
) -> None:
    rows = job[0].manifest()
    names = Counter(row["name"].replace(" ", "") for row in rows)
    for row in rows:
        own, first = row["name"].replace(" ", ""), int(row["first_page"])
        letter = "".join(pages[first - 1 : first - 1 + int(row["pages"])])
        named = {name for name in names if name in letter and name not in own}
        assert own in letter, row["piece"]
        assert not named, f"{row['piece']} to {row['name']} also names {named}"


def test_each_page_carries_its_place_and_its_address(
    job: tuple[Office, dict[str, Ran]], pages: list[str]
) -> None:
    for row in job[0].manifest():
        first = pages[int(row["first_page"]) - 1]
        assert f"{int(row['place']):04}/{MANY:04}" in first, row["piece"]
        for line in row["address"].split(" / "):
            assert line.replace(" ", "") in first, row["piece"]


def test_each_letter_states_the_new_rate_and_its_date(
    job: tuple[Office, dict[str, Ran]], pages: list[str]
) -> None:
    for row in job[0].manifest():
        first = pages[int(row["first_page"]) - 1]
        assert "$138.00" in first, row["piece"]
        assert "January1,2027" in first, row["piece"]


def test_what_is_printed_is_what_was_approved(job: tuple[Office, dict[str, Ran]]) -> None:
    office, _ = job
    fresh = {}
    for number, file, first, last in office.rows("SELECT number, file, first_page, last_page FROM piece"):
        stored = office.root / "files" / str(file)[:2] / str(file)
        (fresh[f"2027-rates-L-{number:04}"],) = piece_hashes(stored, [(int(first), int(last))])
    assert {row["piece"]: row["sha256"] for row in office.manifest()} == fresh


def test_every_stored_file_is_named_by_its_content(job: tuple[Office, dict[str, Ran]]) -> None:
    stored = job[0].stored()
    assert len(stored) == STORED  # up to five hundred letters to a file
    assert all(path.name == sha256(path) for path in stored)


def test_the_labels_and_the_checklist_hold_all(job: tuple[Office, dict[str, Ran]]) -> None:
    office, said = job
    labels = page_texts(office.job() / "labels.pdf")
    assert len(labels) == LABELS  # Avery 5160: thirty on a sheet
    on_labels = "".join(labels).replace(" ", "")
    checklist = " ".join(page_texts(office.job() / "checklist.pdf"))
    for row in office.manifest():
        assert row["name"].replace(" ", "")[:20] in on_labels, row["piece"]
        assert row["piece"] in checklist
    assert sha256(office.job() / "manifest.csv") in checklist.replace(" ", "")
    assert f"{MANY} pieces, {MANY} sheets" in said["print"].said
    assert "REHEARSAL" in checklist


def test_the_check_is_safe_for_all(job: tuple[Office, dict[str, Ran]]) -> None:
    office, said = job
    assert f"{MANY} running" in said["check"].said
    assert "Notice is safe for every client." in said["check"].said
    assert f"By the firm's own habit: {MANY} pending." in said["check"].said  # the newsletter is to come
    later = office.on("2027-01-04").does("check", RATES, "--json").json
    assert later["states"] == {"compliant": MANY}


@pytest.mark.parametrize(("worked_on", "rate"), [("2026-12-31", "130.00"), ("2027-01-04", "138.00")])
def test_the_rates_of_a_day(job: tuple[Office, dict[str, Ran]], worked_on: str, rate: str) -> None:
    found = job[0].does("rates", "--worked-on", worked_on, "--json").json
    billed = [service["rate"] for client in found["clients"] for service in client["services"]]
    assert billed == [rate] * MANY


def test_a_newsletter_to_each_of_them(job: tuple[Office, dict[str, Ran]], tmp_path: Path) -> None:
    office = job[0].copy(tmp_path / "office")
    for command in ("proof", "approve", "print"):
        office.does(command, "2026-12")
    rows = office.manifest("2026-12-job-1")
    assert len(rows) == MANY
    assert [row["zip"] for row in rows] == sorted(row["zip"] for row in rows)
    assert len({row["sha256"] for row in rows}) == 1  # the same pages for all; only the panel differs
    panels = [text.replace(" ", "") for text in page_texts(office.job("2026-12-job-1") / "newsletters.pdf")]
    for row in rows:
        last = panels[int(row["first_page"]) + int(row["pages"]) - 2]
        assert row["name"].replace(" ", "") in last, row["piece"]
    office.drops("2026-11-24 14:10", name="2026-12")
    checked = office.does("check", RATES, "--json").json
    assert checked["complete"] is True
    assert checked["house"] == {"kept": MANY}
