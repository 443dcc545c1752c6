"""What an import makes of changed contract terms, on both databases: the day from which they hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.office import BIRCH, CEDAR, HEADINGS, RATES, Office, begin

HEADS = f"{HEADINGS},Rate Locked Until,Max Raise,Min Months Between,Last Raised"
FORMER = "SELECT valid_from, rate_locked_until, max_raise, min_months_between, last_raised FROM former_terms"


def listed(birch: str, cedar: str = ",,,") -> str:
    """N-2 and N-3 with lock, cap, months and last rise."""
    return f"{HEADS}\n{BIRCH},{birch}\n{CEDAR},{cedar}\n"


@pytest.fixture
def office(tmp_path: Path, database: str) -> Office:
    """A folder on each database; the list was imported on 24 November 2026."""
    begun = begin(tmp_path / "office", database=database)
    begun.imports(listed(",,,"))
    return begun


def days(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Each value as text, None as it is: SQLite keeps days as text."""
    return [tuple(None if value is None else str(value) for value in row) for row in rows]


def terms_from(office: Office, number: str = "N-2") -> str | None:
    found = dict(days(office.rows("SELECT number, terms_from FROM client")))
    return None if found[number] is None else str(found[number])


def former(office: Office) -> list[tuple[Any, ...]]:
    return days(office.rows(f"{FORMER} ORDER BY id"))


def test_changed_terms_hold_from_the_imports_day_and_the_former_ones_are_kept(office: Office) -> None:
    assert (terms_from(office), former(office)) == (None, [])
    ran = office.on("2026-12-01").imports(listed("2027-12-31,5%,,"))
    assert ran.out.strip().endswith("0 added, 1 updated, 1 unchanged, 0 rejected.")
    assert (terms_from(office), terms_from(office, "N-3")) == ("2026-12-01", None)
    assert former(office) == [(None, None, None, None, None)]
    office.on("2027-03-01").imports(listed("2028-12-31,,,"))
    assert terms_from(office) == "2027-03-01"
    assert former(office)[1:] == [("2026-12-01", "2027-12-31", "500", None, None)]
    office.does("ledger", "verify")


def test_unchanged_terms_change_nothing(office: Office) -> None:
    office.on("2026-12-01").imports(listed("2027-12-31,5%,12,2026-01-01"))
    before = office.recorded()
    for options in ((), ("--terms-from", "2026-12-15")):
        office.on("2027-01-04").imports(listed("2027-12-31,5%,12,2026-01-01"), *options)
    assert office.recorded() == before


def test_terms_that_were_stored_too_late_are_set_back(office: Office) -> None:
    office.on("2026-12-20").imports(listed("2027-12-31,,,"))
    ran = office.on("2027-01-04").imports(listed("2027-12-31,,,"), "--terms-from", "2026-12-01")
    assert "these terms were stored from 2026-12-20 on: they hold from 2026-12-01" in ran.said
    assert terms_from(office) == "2026-12-01"
    assert former(office) == [(None, None, None, None, None)]
    office.does("ledger", "verify")


def test_they_are_not_set_back_past_others(office: Office) -> None:
    office.on("2026-12-01").imports(listed("2027-06-30,,,"))
    office.on("2026-12-20").imports(listed("2027-12-31,,,"))
    office.on("2027-01-04").imports(listed("2027-12-31,,,"), "--terms-from", "2026-11-30", exits=1)
    assert terms_from(office) == "2026-12-20"


def test_a_second_import_on_one_day_takes_the_place_of_the_first(office: Office) -> None:
    office.imports(listed("2027-06-30,,,"))  # the day of the first import: what held from the beginning
    assert (terms_from(office), former(office)) == (None, [])
    for lock in ("2027-12-31", "2028-12-31"):
        office.on("2026-12-01").imports(listed(f"{lock},,,"))
    assert (terms_from(office), former(office)) == ("2026-12-01", [(None, "2027-06-30", None, None, None)])
    assert "2028-12-31" in office.does("clients", "show", "N-2").said


def test_terms_from_is_for_all_rows_that_changed(office: Office) -> None:
    office.on("2027-01-15").imports(listed("2027-12-31,,,", ",3%,,"), "--terms-from", "2026-12-10")
    assert (terms_from(office), terms_from(office, "N-3")) == ("2026-12-10", "2026-12-10")


def test_other_terms_for_the_day_of_the_stored_ones_are_refused(office: Office) -> None:
    later = office.on("2027-01-15")
    later.imports(listed("2027-12-31,,,"), "--terms-from", "2026-12-10")
    before = later.rows("SELECT * FROM client WHERE number = 'N-2'")
    ran = later.imports(listed("2028-12-31,,,", ",3%,,"), "--terms-from", "2026-12-10", exits=1)
    assert "its terms hold from 2026-12-10; others can't hold from 2026-12-10" in ran.said
    assert ran.out.strip().endswith("0 added, 1 updated, 0 unchanged, 1 rejected.")
    assert later.rows("SELECT * FROM client WHERE number = 'N-2'") == before
    assert terms_from(later, "N-3") == "2026-12-10"


def test_an_agreement_that_is_found_late_is_put_between(office: Office) -> None:
    """A lock of 10 December is stored; then that of 1 December turns up, which it replaced."""
    later = office.on("2027-01-15")
    later.imports(listed("2027-12-31,,,"), "--terms-from", "2026-12-10")
    ran = later.imports(listed(",3%,,"), "--terms-from", "2026-12-01")
    assert "the agreement of 2026-12-01 holds until that of 2026-12-10, which is stored" in ran.said
    assert ran.out.strip().endswith("0 added, 1 updated, 1 unchanged, 0 rejected.")
    assert terms_from(later) == "2026-12-10"
    assert former(later) == [(None, None, None, None, None), ("2026-12-01", None, "300", None, None)]
    before = later.recorded()
    later.imports(listed(",3%,,"), "--terms-from", "2026-12-01")
    later.imports(listed(",3%,,"), "--terms-from", "2026-12-05")  # as is stored of that day
    later.imports(listed(",,,"), "--terms-from", "2026-11-30")
    assert later.recorded() == before
    ran = later.imports(listed(",5%,,"), "--terms-from", "2026-12-01", exits=1)
    assert "other terms of its hold from 2026-12-01 already; two can't hold from one day" in ran.said
    later.does("ledger", "verify")


def test_terms_for_a_later_day_are_not_overtaken_by_an_import_without_one(office: Office) -> None:
    later = office.on("2026-12-01")
    later.imports(listed("2027-12-31,,,"), "--terms-from", "2027-01-01")
    ran = later.on("2026-12-05").imports(listed(",3%,,"), exits=1)
    assert "its terms hold from 2027-01-01; others can't hold from 2026-12-05" in ran.said


def test_a_first_import_holds_from_the_beginning_whatever_it_says(tmp_path: Path) -> None:
    begun = begin(tmp_path / "office")
    begun.imports(listed("2027-12-31,,,"), "--terms-from", "2026-12-10")
    assert (terms_from(begun), former(begun)) == (None, [])


def test_the_last_rise_is_a_column_and_an_option(office: Office) -> None:
    later = office.on("2026-12-01")
    later.imports(listed(",,12,", ",,12,7/1/2025"))
    without = "\n".join(line.rpartition(",")[0] for line in listed(",,12,", ",,12,").splitlines()) + "\n"
    later.imports(without, "--last-raised", "2026-03-01")
    sql = "SELECT last_raised FROM client ORDER BY number"
    assert days(later.rows(sql)) == [("2026-03-01",), ("2025-07-01",)]
    later.imports(without)
    assert days(later.rows(sql)) == [("2026-03-01",), ("2025-07-01",)]
    assert "Last raised 2026-03-01" in later.does("clients", "show", "N-2").said
    path = later.root / "out.csv"
    later.does("clients", "export", str(path))
    assert "Last Raised" in path.read_text(encoding="utf-8-sig")
    ran = later.on("2026-12-09").does("clients", "import", str(path))
    assert ran.out.strip().endswith("0 added, 0 updated, 2 unchanged, 0 rejected.")


def test_the_last_rise_of_who_has_no_months_between_stays_unknown(tmp_path: Path) -> None:
    begun = begin(tmp_path / "office")
    begun.imports(listed(",,12,", ",,,"), "--last-raised", "2026-03-01")
    sql = "SELECT last_raised FROM client ORDER BY number"
    assert days(begun.rows(sql)) == [("2026-03-01",), (None,)]


def test_a_plan_says_from_when_months_between_rises_are_counted(tmp_path: Path) -> None:
    begun = begin(tmp_path / "office")
    begun.edit(f"campaigns/{RATES}/campaign.toml", 'exclude = ["CF-1089"]', "exclude = []")
    begun.imports(listed(",,12,", ",,24,"))
    ran = begun.does("plan", RATES)
    assert ran.said.count("Months between rises: the last rise of 2 clients is unknown.") == 1
    assert (
        "Their rates are on record from Tue 24 Nov 2026, and no rise of before that is counted." in ran.said
    )
    assert "mailer clients import FILE --last-raised DATE" in ran.said
    found = begun.does("plan", RATES, "--json").json
    assert found["last_rise_unknown"] == {"clients": 2, "since": "2026-11-24"}
    assert found["clients"] == {"write": 2}
    begun.imports(listed(",,12,2026-03-01", ",,24,2024-12-31"))
    ran = begun.does("plan", RATES)
    assert "Months between rises" not in ran.said
    assert "Mon 1 Mar 2027: 12 months after the last rise on Sun 1 Mar 2026" in ran.said
    found = begun.does("plan", RATES, "--json").json
    assert (found["last_rise_unknown"], found["clients"]) == (None, {"write": 1, "blocked": 1})


@pytest.mark.parametrize("blank", ["", "  "])
def test_nobody_is_not_everybody(office: Office, blank: str) -> None:
    for words in (
        ("rates", "--worked-on", "2027-01-04", "--client", blank),
        ("evidence", RATES, "--client", blank),
        ("clients", "show", blank),
    ):
        ran = office.does(*words, exits=2)
        assert "it is empty; name one client by number, e-mail or name" in ran.said
        assert ran.out == ""


def test_a_name_that_two_clients_have_covers_one_of_them(tmp_path: Path) -> None:
    """Neither has a number or an e-mail address."""
    heads, begun = "Company,Address,City,State,Zip,Hourly Support Rate", begin(tmp_path / "office")
    twins = f"{heads}\nAsh,1 Ash Street,Davis,CA,95616,{{0}}\nAsh,2 Elm Court,Sacramento,CA,95814,{{0}}\n"
    begun.imports(twins.format("130.00"))
    reason = ("--noticed-elsewhere", "Ash:hourly-support=letter of 1 October")
    ran = begun.imports(twins.format("140.00"), *reason, exits=1)
    assert ran.out.strip().endswith("0 added, 1 updated, 0 unchanged, 1 rejected.")
