"""Importing client lists as a person does, twice and in other shapes, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tests.support.office import ASH, BIRCH, FOUR, HEADINGS, Office, begin, unlisted


@pytest.fixture
def office(tmp_path: Path, database: str) -> Office:
    return unlisted(tmp_path, database)


def client(office: Office, text: str) -> dict[str, Any]:
    (found,) = office.does("clients", "list", text, "--json", "--ended").json
    return dict(found)


def test_the_same_file_twice_changes_nothing(office: Office) -> None:
    assert office.counts(FOUR) == "4 added, 0 updated, 0 unchanged, 0 rejected."
    before = office.recorded()
    assert office.counts(FOUR) == "0 added, 0 updated, 4 unchanged, 0 rejected."
    assert office.recorded() == before


def test_an_updated_file_updates(office: Office) -> None:
    office.imports(FOUR)
    known = client(office, "N-1")["id"]
    moved = FOUR.replace("1 Ash Street,Sacramento,CA,95814", "9 Ash Street,Davis,CA,95616")
    assert office.counts(moved) == "0 added, 1 updated, 3 unchanged, 0 rejected."
    assert client(office, "N-1")["address"] == {
        "line1": "9 Ash Street", "line2": "", "city": "Davis", "state": "CA", "zip": "95616", "country": "US",
    }  # fmt: skip
    assert client(office, "N-1")["id"] == known


def test_a_rise_is_refused_and_the_rest_goes_in(office: Office) -> None:
    office.imports(FOUR)
    risen = FOUR.replace("130.00", "140.00").replace("2 Birch Lane,", "22 Birch Lane,")
    ran = office.imports(risen, exits=1)
    assert "hourly-support would rise from $130.00 to $140.00: an import does not raise rates" in ran.said
    assert '--noticed-elsewhere "N-1:hourly-support=REASON"' in ran.said
    assert ran.out.strip().endswith("0 added, 1 updated, 1 unchanged, 2 rejected.")
    assert client(office, "N-2")["address"]["line1"] == "22 Birch Lane"
    assert office.rate("N-1", "2026-12-01") == "130.00"


def test_a_rate_that_falls_is_taken(office: Office) -> None:
    office.imports(FOUR)
    lower = FOUR.replace("150.00", "145.00")
    assert (
        office.counts(lower, "--rates-from", "2026-12-01") == "0 added, 1 updated, 3 unchanged, 0 rejected."
    )
    assert (office.rate("N-3", "2026-11-30"), office.rate("N-3", "2026-12-01")) == ("150.00", "145.00")


def test_a_client_first_known_by_e_mail_then_by_number_is_one_client(office: Office) -> None:
    without = "\n".join(line.partition(",")[2] for line in FOUR.splitlines()) + "\n"
    assert office.counts(without) == "4 added, 0 updated, 0 unchanged, 0 rejected."
    known = {one["email"]: one["id"] for one in office.does("clients", "list", "--json").json}
    assert office.counts(FOUR) == "0 added, 4 updated, 0 unchanged, 0 rejected."
    after = office.does("clients", "list", "--json").json
    assert {one["email"]: one["id"] for one in after} == known
    assert sorted(one["number"] for one in after) == ["N-1", "N-2", "N-3", "N-4"]
    assert office.counts(without) == "0 added, 0 updated, 4 unchanged, 0 rejected."
    assert sorted(one["number"] for one in office.does("clients", "list", "--json").json) == [
        "N-1", "N-2", "N-3", "N-4",
    ]  # fmt: skip


def test_where_only_the_e_mail_agrees_the_row_is_refused(office: Office) -> None:
    without = "\n".join(line.partition(",")[2] for line in FOUR.splitlines()) + "\n"
    office.imports(without)
    ran = office.imports(f"{HEADINGS}\n{ASH.replace('Ash Street Bakery', 'Ashes & Co')}\n{BIRCH}\n", exits=1)
    assert "the e-mail or the name agrees, not both" in ran.said
    assert ran.out.strip().endswith("0 added, 1 updated, 0 unchanged, 1 rejected.")
    assert office.rows("SELECT count(*) FROM client") == [(4,)]


def test_columns_that_are_not_in_the_file_stay(office: Office) -> None:
    office.imports(FOUR)
    partial = (
        "Client ID,Company,Address,City,State,Zip\nN-2,Birch Lane Dental,22 Birch Lane,Sacramento,CA,95815\n"
    )
    assert office.counts(partial) == "0 added, 1 updated, 0 unchanged, 0 rejected."
    after = client(office, "N-2")
    assert after["address"]["line1"] == "22 Birch Lane"
    assert (after["contact"], after["email"]) == ("Bo Dent", "bo@birch.example")
    assert (after["contract"], after["notice"]) == ("managed", "contract-30-plus-3bd")
    assert office.rate("N-2", "2026-12-01") == "125.00"


def test_good_rows_go_in_and_two_are_refused(office: Office) -> None:
    nameless = "N-5,,,x@y.example,5 Elm Court,Davis,CA,95616,none,,130.00"
    nowhere = "N-6,Fir Tree Farm,,f@fir.example,,,,,none,,130.00"
    ran = office.imports(f"{FOUR}{nameless}\n{nowhere}\n", exits=1)
    assert "Rejected (2):" in ran.said
    assert "6" in ran.said
    assert "no name: neither a company nor a contact. Fill in one of them." in ran.said
    assert ran.out.strip().endswith("4 added, 0 updated, 0 unchanged, 2 rejected.")
    assert office.rows("SELECT count(*) FROM client") == [(4,)]
    office.does("ledger", "verify")


def test_a_file_of_refused_rows_alone_records_nothing(office: Office) -> None:
    before = office.recorded()
    office.imports(f"{HEADINGS}\nN-5,,,x@y.example,5 Elm Court,Davis,CA,95616,none,,130.00\n", exits=1)
    assert office.recorded() == before


def workbook(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Clients")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return path


def test_a_workbook_and_a_text_file_are_the_same_list(office: Office) -> None:
    """Excel keeps ZIP codes and rates as numbers."""
    office.imports(FOUR)
    rows: list[list[object]] = [list(line.split(",")) for line in FOUR.splitlines()]
    for row in rows[1:]:
        row[7], row[10] = int(str(row[7])), float(str(row[10]))
    path = workbook(office.root / "clients.xlsx", rows)
    ran = office.does("clients", "import", str(path))
    assert "workbook, sheet “Clients”" in ran.said
    assert ran.out.strip().endswith("0 added, 0 updated, 4 unchanged, 0 rejected.")


def test_columns_can_be_named(office: Office) -> None:
    odd = FOUR.replace("Client ID", "Acct").replace("Company", "Wer").replace("Hourly Support Rate", "Fee")
    ran = office.imports(
        odd, "--map", "Acct=number", "--map", "Wer=company", "--map", "Fee=ignore",
        "--set", "service.hourly-support=130",
    )  # fmt: skip
    assert ran.out.strip().endswith("4 added, 0 updated, 0 unchanged, 0 rejected.")
    assert office.rate("N-2", "2026-12-01") == "130.00"
    assert client(office, "N-2")["name"] == "Birch Lane Dental"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--map", "Nowhere=number"), "Nowhere"),
        (("--map", "Company=firm-name"), "firm-name"),
        (("--map", "Company"), "--map"),
        (("--set", "service.hourly-support=lots"), "lots"),
        (("--set", "shoe-size=46"), "shoe-size"),
        (("--rates-from", "1.12.2026"), "is not a day"),
    ],
)
def test_wrong_options_import_nothing(office: Office, options: tuple[str, ...], says: str) -> None:
    before = office.recorded()
    ran = office.imports(FOUR, *options, exits=2)
    assert says in ran.said
    assert office.recorded() == before


def test_what_is_exported_imports_to_the_same(office: Office) -> None:
    odd = 'N-5,*Smith* <b>,=1+1,s@x.example,"5 Elm Court, Rear",Davis,CA,95616,none,,99.95'
    office.imports(f"{FOUR}{odd}\n")
    path = office.root / "out.csv"
    office.does("clients", "export", str(path))
    assert "'=1+1" in path.read_text(encoding="utf-8-sig")  # Excel would run it
    ran = office.does("clients", "import", str(path))
    assert ran.out.strip().endswith("0 added, 0 updated, 5 unchanged, 0 rejected.")


def test_a_client_who_left_is_ended_and_comes_back(office: Office) -> None:
    listed = "Client ID,Company,Address,City,State,Zip,Status\nN-1,Ash,1 Ash Street,Davis,CA,95616,{}\n"
    office.imports(listed.format("active"))
    office.imports(listed.format("ended"))
    assert office.does("clients", "list", "--json").json == []
    assert client(office, "N-1")["active"] is False
    office.imports(listed.format("active"))
    assert client(office, "N-1")["active"] is True


def test_a_rate_that_notice_was_given_of_may_come_back_in_a_list(tmp_path: Path) -> None:
    """The billing program holds the new rates from January on; its export must still import."""
    office = begin(tmp_path / "again")
    office.edit("campaigns/2027-rates/campaign.toml", 'exclude = ["CF-1089"]', "exclude = []")
    office.imports(FOUR)
    for command in ("approve", "print"):
        office.does(command, "2027-rates")
    office.drops("2026-11-24 14:10")
    listed = FOUR.replace("130.00", "138.00").replace("125.00", "133.00").replace("150.00", "159.00")
    office.imports(listed.replace("1 Ash Street,", "9 Ash Street,"))  # in November the notice still runs
    office.on("2027-01-04").imports(listed.replace("1 Ash Street,", "9 Ash Street,"))
    assert office.rate("N-1", "2026-12-31") == "130.00"
    assert office.rate("N-1", "2027-01-04") == "138.00"


def test_a_rate_whose_notice_still_runs_is_left_and_the_rest_of_the_row_goes_in(mailed: Office) -> None:
    """The letters state 138.00 from 1 January 2027; the billing program holds it in November already."""
    listed = FOUR.replace("130.00", "138.00").replace("1 Ash Street,", "9 Ash Street,")
    ran = mailed.imports(listed)
    assert ran.out.strip().endswith("0 added, 1 updated, 3 unchanged, 0 rejected.")
    assert "Check these (2):" in ran.said
    left = "hourly-support $138.00 counts from 2027-01-01, by a notice that runs: rate left as it is"
    assert left in ran.said
    assert client(mailed, "N-1")["address"]["line1"] == "9 Ash Street"
    assert mailed.rate("N-1", "2026-12-31") == "130.00"
    assert mailed.rows("SELECT count(*) FROM client_rate") == [(4,)]
    other = listed.replace("138.00", "139.00").replace("9 Ash Street,", "99 Ash Street,")
    refused = mailed.imports(other, exits=1)
    assert "would rise from $130.00 to $139.00" in refused.said
    assert "nothing of this row was taken" in refused.said
    assert client(mailed, "N-1")["address"]["line1"] == "9 Ash Street"


def test_a_notice_that_was_printed_only_lets_no_rate_in(printed: Office) -> None:
    ran = printed.imports(FOUR.replace("130.00", "138.00"), exits=1)
    assert "would rise from $130.00 to $138.00" in ran.said


def test_a_list_that_is_behind_a_notice_is_told_so(mailed: Office) -> None:
    """It says $130.00 while $138.00 is in force by the letter."""
    assert "is the rate of before a notice" not in mailed.imports(FOUR).said
    ran = mailed.on("2027-01-04").imports(FOUR)
    assert "hourly-support $130.00 is the rate of before a notice: $138.00 is in force by it" in ran.said
    assert ran.out.strip().endswith("0 added, 0 updated, 4 unchanged, 0 rejected.")
    assert mailed.rate("N-1", "2027-01-04") == "138.00"


def test_a_dry_run_says_what_would_change_and_changes_nothing(office: Office) -> None:
    before = office.recorded()
    said = office.imports(FOUR, "--dry-run").said
    assert "4 added, 0 updated, 0 unchanged, 0 rejected. Nothing was changed: --dry-run." in said
    assert office.recorded() == before


def test_the_last_import_is_taken_back(office: Office) -> None:
    assert "nothing was imported yet" in office.does("clients", "import", "--undo", exits=1).said
    office.imports(FOUR)
    listed = ("clients", "list", "--json", "--ended")
    before = office.does(*listed).json
    changed = FOUR.replace("1 Ash Street", "9 Ash Street").replace("managed,contract-30-plus-3bd", "none,")
    changed = changed.replace("150.00", "155.00") + "N-5,Elm Court,Ed Fir,ed@elm.example,5 Elm Court,"
    changed += "Davis,CA,95616,none,,120.00\n"
    elsewhere = ("--noticed-elsewhere", "N-3:hourly-support=letter of 1 October")
    assert office.counts(changed, *elsewhere) == "1 added, 3 updated, 1 unchanged, 0 rejected."
    assert office.does(*listed).json != before
    office.counts(changed)  # changes nothing, and takes the place of none
    said = office.does("clients", "import", "--undo").said
    assert said.startswith("The import of Tue 24 Nov 2026 is taken back: 1 client removed, 3 as before.")
    assert office.does(*listed).json == before
    assert office.rate("N-3", "2026-12-01") == "150.00"
    office.does("ledger", "verify")
    assert office.rows("SELECT kind FROM event ORDER BY seq DESC LIMIT 1") == [("clients.import-undone",)]
    assert "is taken back already" in office.does("clients", "import", "--undo", exits=1).said
    assert office.counts(changed, *elsewhere) == "1 added, 3 updated, 1 unchanged, 0 rejected."
    office.does("ledger", "verify")


def test_an_import_on_which_something_rests_stays(office: Office) -> None:
    office.imports(FOUR)
    office.does("clients", "correct", "N-1", "--zip", "95811", "--reason", "they wrote")
    said = office.does("clients", "import", "--undo", exits=1).said
    assert "it stays, since a client's address was corrected on Tue 24 Nov 2026." in said
    office.does("ledger", "verify")


def test_who_is_not_in_the_file_is_named_and_ended_only_on_request(office: Office) -> None:
    office.imports(FOUR)
    three = "".join(line for line in FOUR.splitlines(keepends=True) if not line.startswith("N-2,"))
    before = office.recorded()
    said = office.imports(three).said
    assert "still a client (--end-missing ends these) (1):" in said
    assert "N-2" in said.partition("ends these)")[2]
    assert office.recorded() == before
    ran = office.imports(f"{three}N-9,,,,,,,,,,\n", "--end-missing", exits=2)
    assert "1 row rejected: who is missing from the list can't be told" in ran.said
    assert "Not in this file, and ended (1):" in office.imports(three, "--end-missing").said
    assert client(office, "N-2")["active"] is False
    assert "N-2" not in office.does("clients", "list").out
    assert "brings it back" in office.imports(FOUR).said
    office.does("ledger", "verify")
    office.does("clients", "import", "--undo")
    assert client(office, "N-2")["active"] is True
    office.does("ledger", "verify")
