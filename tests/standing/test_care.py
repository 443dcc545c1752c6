"""Marks and merges: who is written to no more, what is demanded all the same, and back again."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from mailer.cli.main import run
from tests.support.office import CEDAR, DROP, FOUR, RATES, Office

WHY = ("--reason", "her daughter called", "--by", "Dana")


def test_the_deceased_get_nothing_but_what_contract_or_law_demands(office: Office) -> None:
    office.does("clients", "mark", "N-1", "deceased", *WHY)  # no contract: the house rule alone
    office.does("clients", "mark", "N-3", "do-not-contact", *WHY)  # its contract wants thirty days
    office.does("clients", "mark", "N-4", "opted-out", *WHY)
    plan = office.does("plan", RATES, "--json").json
    assert plan["clients"] == {"write": 3, "unwritten": 1}
    assert plan["despite_mark"] == ["N-3 Cedar Hill Law (do-not-contact)"]
    said = office.does("plan", RATES).said
    assert "WRITTEN TO ALL THE SAME N-3 Cedar Hill Law (do-not-contact)" in " ".join(said.split())
    assert "marked deceased on Tue 24 Nov 2026" in " ".join(said.split())
    assert office.does("clients", "count", "--json").json[0]["readers"] == 1
    office.imports(FOUR)
    assert (
        "Marked         deceased on 2026-11-24 by Dana: her daughter called"
        in office.does("clients", "show", "N-1").out
    )
    assert office.checked()["N-1"]["state"] == "not written to"
    office.does("ledger", "verify")
    assert (
        "is marked deceased already" in office.does("clients", "mark", "N-1", "deceased", *WHY, exits=1).said
    )
    office.does("clients", "mark", "N-1", "none", *WHY)
    assert office.does("plan", RATES, "--json").json["clients"] == {"write": 4}
    office.does("ledger", "verify")


def test_a_mark_makes_stale_what_is_approved_and_not_printed(approved: Office) -> None:
    said = approved.does("clients", "mark", "N-1", "deceased", *WHY).said
    assert f"mailer approve {RATES} --by NAME" in said
    assert approved.mailer("print", RATES).code == 3
    approved.does("approve", RATES, "--by", "Dana Whitcomb")
    approved.does("print", RATES)
    assert len(approved.manifest()) == 3


def test_a_merge_keeps_history_and_is_undone(mailed: Office) -> None:
    before = mailed.does("clients", "show", "N-4").out
    mailed.does("clients", "merge", "N-1", "N-4", *WHY)
    assert "N-4" not in mailed.does("clients", "list").out
    shown = mailed.does("clients", "show", "N-1").out
    assert "Is also        N-4 Dogwood Press" in shown
    assert shown.count(f"{RATES}-L-") == 2
    assert "merged into another client: the row was not taken" in mailed.imports(FOUR).said
    assert mailed.does("clients", "count", "--json").json[0]["clients"] == 3
    mailed.does("ledger", "verify")
    assert "are one client already" in mailed.does("clients", "merge", "N-2", "N-2", *WHY, exits=1).said
    mailed.does("clients", "merge", "--undo", "N-4", *WHY)
    assert mailed.does("clients", "show", "N-4").out == before
    mailed.does("ledger", "verify")


def test_a_merge_that_is_taken_back_leaves_the_mark_of_before(office: Office) -> None:
    """Who had opted out, or died, was written to again."""
    office.does("clients", "mark", "N-4", "do-not-contact", *WHY)
    said = office.does("clients", "merge", "N-1", "N-4", *WHY).said
    assert (
        "It was marked do-not-contact, and N-1 is not. If that holds for both: mailer clients mark N-1"
        in said
    )
    said = office.does("clients", "merge", "--undo", "N-4", *WHY).said
    assert "Dogwood Press: a client of its own again, marked do-not-contact as before." in said
    assert "do-not-contact" in office.does("clients", "show", "N-4").said
    office.does("approve", RATES)
    assert office.live() == [1, 1, 1, 0]
    office.does("ledger", "verify")


def test_a_merge_tells_of_a_contract_that_the_kept_client_has_not(office: Office) -> None:
    """N-3 has a contract, N-1 and N-4 none."""
    said = office.does("clients", "merge", "N-1", "N-3", *WHY).said
    assert "Its contract (contract-30-deposit) is not that of N-1" in said
    assert "Its contract" not in office.does("clients", "merge", "N-1", "N-4", *WHY).said


def test_an_edited_mark_is_found(office: Office) -> None:
    office.does("clients", "mark", "N-1", "deceased", *WHY)
    with closing(sqlite3.connect(office.root / "mailer.db")) as database, database:
        database.execute("UPDATE care SET mark = 'none'")
    assert "care 1" in office.does("ledger", "verify", exits=1).said


def test_forgetting_drops_the_person_and_leaves_the_proof(mailed: Office) -> None:
    mailed.does("clients", "mark", "N-1", "moved", *WHY)
    correct = (
        "clients",
        "correct",
        "N-1",
        "--line1",
        "9 Ash Street",
        "--reason",
        "she wrote",
        "--by",
        "Dana",
    )
    mailed.does(*correct)
    mailed.does("evidence", RATES)
    (pack,) = (mailed.root / "evidence").glob(f"{RATES}-*")
    rates = mailed.does("rates", "--worked-on", "2027-01-04", "--json").json
    assert (
        "Forgotten: 1 client, and whose 1 letter were"
        in mailed.does("clients", "forget", "N-1", "--yes", "--reason", "asked for it", "--by", "Dana").out
    )
    with closing(sqlite3.connect(mailed.root / "mailer.db")) as database:
        dump = "\n".join(database.iterdump())
    for word in ("Ash Street", "Ada Byrd", "ada@ash.example", "her daughter called", "she wrote"):
        assert word not in dump
    mailed.does("ledger", "verify")
    assert run(["evidence", "verify", str(pack)]) == 0
    after = mailed.does("rates", "--worked-on", "2027-01-04", "--json").json
    assert [one for one in after["clients"] if one["number"]] == [
        one for one in rates["clients"] if one["number"] != "N-1"
    ]
    mailed.does("evidence", RATES, "--out", str(mailed.root / "again"))
    assert run(["evidence", "verify", str(mailed.root / "again")]) == 0
    assert "no client is called 'N-1'" in mailed.does("clients", "show", "N-1", exits=2).said


def test_a_pack_of_an_issue_that_two_shared_of_whom_one_was_forgotten(office: Office) -> None:
    """The address of the forgotten one was corrected before: nothing of that is in the pack, nor missed."""
    company = CEDAR.replace("Cedar Hill Law", "Ash Street Bakery")
    shared = company.replace("3 Cedar Hill,Sacramento,CA,95816", "1 Ash Street,Sacramento,CA,95814")
    office.brief().imports(FOUR.replace(CEDAR, shared))
    office.does("approve", "2026-12")
    office.does("print", "2026-12")
    office.drops("2026-11-24 14:10", *DROP, "--class", "marketing", name="2026-12")
    assert len(office.pieces("2026-12")) == 3
    office.does("clients", "correct", "N-3", "--line1", "9 Ash Street", "--reason", "a typing error")
    office.does("clients", "forget", "N-3", "--yes", "--reason", "asked for it")
    office.does("evidence", "2026-12", "--out", str(office.root / "pack"))
    assert run(["evidence", "verify", str(office.root / "pack")]) == 0


def test_whoever_is_to_get_a_letter_is_not_forgotten(approved: Office) -> None:
    ran = approved.does("clients", "forget", "N-1", "--yes", "--reason", "asked for it", exits=1)
    assert "is to get 2027-rates-L-" in ran.said
