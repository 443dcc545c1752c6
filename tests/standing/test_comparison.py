"""`mailer rates --compare`: what another version answered, beside what this one does."""

from __future__ import annotations

import json

import pytest

from tests.support.office import HEADINGS, Office, Ran


@pytest.fixture
def before(mailed: Office) -> Office:
    """Another version said the same of three clients, and $140.00 of Ash Street."""
    told = mailed.does("rates", "--worked-on", "2027-01-04", "--json").out
    (ash,) = [one for one in json.loads(told)["clients"] if one["number"] == "N-1"]
    changed = json.loads(told)
    for one in changed["clients"]:
        if one["id"] == ash["id"]:
            one["services"][0] |= {"rate": "140.00", "because": "the letter of another version"}
        else:
            one["services"][0]["rate"] += "0"  # as an amount it is the same
    mailed.write("same.json", told)
    mailed.write("before.json", json.dumps(changed))
    return mailed


def compared(office: Office, name: str, *options: str, exits: int) -> Ran:
    return office.does("rates", "--compare", str(office.root / name), *options, exits=exits)


def test_two_versions_that_agree(before: Office) -> None:
    assert "None of 4 amounts are answered otherwise." in compared(before, "same.json", exits=0).said


def test_two_versions_that_do_not(before: Office) -> None:
    said = compared(before, "before.json", exits=1).said
    assert "N-1 Ash Street Bakery hourly-support $140.00 $138.00" in said
    assert "then: the letter of another version" in said
    assert "now: notice 2027-rates-L-0002 mailed Tue 24 Nov 2026 holds for Fri 1 Jan 2027" in said
    assert "1 of 4 amounts is answered otherwise." in said
    found = compared(before, "before.json", "--json", exits=1).json
    (one,) = found["differences"]
    assert (one["number"], one["then"]["rate"], one["now"]["rate"]) == ("N-1", "140.00", "138.00")
    assert list(one["now"]) == ["rate", "because", "pending"]
    assert compared(before, "before.json", "--client", "N-2", exits=0)


def test_a_client_whom_only_one_version_knows(before: Office) -> None:
    before.imports(f"{HEADINGS}\nN-5,Elm Row,El Row,el@elm.example,5 Elm Row,Davis,CA,95616,none,,99.00\n")
    said = compared(before.on("2026-11-25"), "same.json", exits=1).said
    assert "N-5 Elm Row hourly-support none $99.00" in said


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"worked_on": "soon", "clients": []}', '{"worked_on": 7}'])
def test_a_file_that_is_no_answer(office: Office, text: str) -> None:
    office.write("before.json", text)
    assert "is not what `mailer rates --json` writes" in compared(office, "before.json", exits=1).said
    assert "can't be read: No such file or directory" in compared(office, "absent.json", exits=1).said


def test_a_file_for_another_day(before: Office) -> None:
    said = compared(before, "same.json", "--worked-on", "2027-01-05", exits=2).said
    assert "it has the rates for work done on 2027-01-04, not 2027-01-05" in said
    assert "of which day?" in before.does("rates", exits=2).said
