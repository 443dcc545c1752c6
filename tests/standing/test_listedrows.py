"""A row that says of a client what is stored already is not read again: nobody may see a difference."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.office import FOUR, Office, begin

WHY = ("--reason", "they wrote", "--by", "Dana")
RISEN = FOUR.replace("130.00", "140.00")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    empty = begin(tmp_path / "office")
    empty.imports(FOUR)
    return empty


def change(office: Office, sql: str) -> None:
    with sqlite3.connect(office.root / "mailer.db") as database:
        database.execute(sql)


def marks(office: Office) -> list[str]:
    return [str(listed) for (listed,) in office.rows("SELECT listed FROM client ORDER BY number")]


def test_a_row_that_is_as_before_is_not_read(office: Office) -> None:
    change(office, "UPDATE client SET phone = '1' WHERE number = 'N-1'")  # which reading it would tell
    assert "0 updated, 4 unchanged" in office.imports(FOUR).out
    change(office, "UPDATE client SET phone = '1', listed = '' WHERE number = 'N-1'")
    assert "0 updated, 4 unchanged" in office.imports(FOUR).out  # the list has no phones
    change(office, "UPDATE client SET city = 'Reno', listed = '' WHERE number = 'N-1'")
    assert "1 updated, 3 unchanged" in office.imports(FOUR).out


def test_a_row_that_says_something_is_read_each_time(office: Office) -> None:
    short = FOUR.replace("95814", "9581")
    assert "Rejected (1)" in office.imports(short, exits=1).out
    repaired = FOUR.replace("Sacramento,CA,95814", "Sacramento,California,95814")
    for _ in range(2):
        assert "state California → CA" in office.imports(repaired).said
    assert marks(office)[0] == ""
    assert all(marks(office)[1:])


def _correct(office: Office) -> None:
    office.does("clients", "correct", "N-1", "--line1", "12 Ash Street", *WHY)


def _merge(office: Office) -> None:
    office.does("clients", "merge", "N-1", "N-4", *WHY)


def _unmerge(office: Office) -> None:
    _merge(office)
    office.imports(FOUR)
    office.does("clients", "merge", "--undo", "N-4", *WHY)


def _forget(office: Office) -> None:
    office.does("clients", "forget", "N-2", "--yes", *WHY)


def _end(office: Office) -> None:
    without = "\n".join(line for line in FOUR.splitlines() if not line.startswith("N-3"))
    office.imports(without, "--end-missing")


def _undo(office: Office) -> None:
    office.imports(FOUR.replace("3 Cedar Hill", "33 Cedar Hill").replace("125.00", "120.00"))
    office.does("clients", "import", "--undo")


def _lower(office: Office) -> None:
    office.imports(FOUR.replace("130.00", "120.00"))


def _other_columns(office: Office) -> None:
    office.imports(FOUR.replace("Hourly Support Rate", "After-Hours Rate"))


def _terms(office: Office) -> None:
    office.imports(FOUR.replace("contract-30-deposit", "contract-30-plus-3bd"))


def _late_terms(office: Office) -> None:
    office.imports(FOUR.replace("contract-30-deposit", "contract-30-plus-3bd"), "--terms-from", "2026-11-20")
    office.imports(FOUR, "--terms-from", "2026-11-10")


def _twice(office: Office) -> None:
    more = "N-2,Elm Court,Eve Elm,eve@elm.example,5 Elm Court,Davis,CA,95616,none,,130.00\n"
    office.imports(FOUR + more, exits=1)


CHANGES = (
    _correct,
    _merge,
    _unmerge,
    _forget,
    _end,
    _undo,
    _lower,
    _other_columns,
    _terms,
    _late_terms,
    _twice,
)


@pytest.mark.parametrize("change_by", CHANGES, ids=lambda one: one.__name__.strip("_"))
@pytest.mark.parametrize("options", [(), ("--end-missing",), ("--terms-from", "2026-11-20")], ids=" ".join)
def test_whatever_changed_a_client_the_import_says_and_does_the_same(
    office: Office, tmp_path: Path, change_by: Callable[[Office], None], options: tuple[str, ...]
) -> None:
    change_by(office)
    same_for_both(office, tmp_path, FOUR, *options)


@pytest.mark.parametrize("day", ["2026-12-15", "2027-01-15"])
def test_a_rate_that_rests_on_a_notice_is_told_each_time(office: Office, tmp_path: Path, day: str) -> None:
    office.edit("campaigns/2027-rates/campaign.toml", "exclude", "# exclude")
    office.does("approve", "2027-rates")
    office.does("print", "2027-rates")
    office.drops("2026-11-24 14:10")
    said = [same_for_both(office.on(day), tmp_path / str(n), FOUR) for n in range(2)]
    assert ("is the rate of before a notice" in said[1]) == (day == "2027-01-15")


def test_a_list_that_has_the_new_rates_is_read_once(office: Office, tmp_path: Path) -> None:
    """And once more when a letter comes back, or the rates are not in force yet."""
    office.edit("campaigns/2027-rates/campaign.toml", "exclude", "# exclude")
    office.does("approve", "2027-rates")
    office.does("print", "2027-rates")
    office.drops("2026-11-24 14:10")
    later = office.on("2027-01-15")
    new = FOUR.replace("130.00", "138.00").replace("125.00", "133.00").replace("150.00", "159.00")
    for n in range(2):
        said = same_for_both(later, tmp_path / str(n), new)
    assert "4 unchanged" in said
    change(later, "UPDATE client SET phone = '1' WHERE number = 'N-1'")
    assert "0 updated, 4 unchanged" in later.imports(new).out  # not read: the list has no phones
    assert [mark.split()[2] for mark in marks(later)] == [
        "hourly-support=138.00",
        "hourly-support=133.00",
        "hourly-support=159.00",
        "hourly-support=138.00",
    ]
    later.does("returned", "2027-rates-L-0001", "--reason", "address wrong", "--on", "2026-12-10")
    assert "Rejected (1)" in same_for_both(later, tmp_path / "returned", new)
    early = same_for_both(office.on("2026-12-15"), tmp_path / "early", new)
    assert "counts from 2027-01-01, by a notice that runs" in early


def test_a_number_that_another_client_has_by_now(mailed: Office) -> None:
    """The new client would have had the letter, and the rate, of the one who had its number before."""
    elm = "N-4,Elm Court Optics,Ed Lens,ed@elm.example,9 Elm Court,Davis,CA,95616,none,,130.00"
    listed = "\n".join([*FOUR.splitlines()[:-1], elm]) + "\n"
    said = mailed.on("2026-12-01").imports(listed, exits=1).said
    assert (
        "row 5, Elm Court Optics: N-4 is Dogwood Press here, and neither the name nor the contact or e-mail "
        "agrees. Give a new client a number of its own" in said
    )
    in_its_house = listed.replace("9 Elm Court,", "4 Dogwood Way,")
    assert "N-4 is Dogwood Press here" in mailed.on("2026-12-01").imports(in_its_house, exits=1).said
    assert mailed.checked()["N-4"]["name"] == "Dogwood Press"
    same = listed.replace("ed@elm.example", "di@dogwood.example")
    assert "1 updated" in mailed.on("2026-12-01").imports(same).said


def same_for_both(office: Office, place: Path, listed: str, *options: str) -> str:
    """What the import says, here and where every row is read; both leave the same behind."""
    place.mkdir(exist_ok=True)
    other = office.copy(place / "read")
    change(other, "UPDATE client SET listed = ''")
    path = office.write("list.csv", listed)
    ran, read = (each.mailer("clients", "import", str(path), *options) for each in (office, other))
    assert (ran.code, ran.out) == (read.code, read.out)
    of = "FROM client LEFT JOIN {0} ON {0}.client_id = client.id ORDER BY 1, {0}.id".format
    for sql in (
        "SELECT key, company, line1, zip, contract, notice_term, terms_from, active FROM client ORDER BY 1",
        f"SELECT key, service, amount, valid_from, is_rise, source {of('client_rate')}",
        f"SELECT key, valid_from, former_terms.contract, former_terms.notice_term {of('former_terms')}",
        "SELECT kind FROM event ORDER BY seq",
    ):
        assert office.rows(sql) == other.rows(sql)
    return ran.out
