"""`mailer clients correct`: what is recorded, what follows, and that no import undoes it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.office import ASH, FIRST, FOUR, HEADINGS, RATES, Office, begin

CORRECTIONS = "SELECT before, after, reason, corrected_by, notice, salt FROM correction ORDER BY id"
EVENTS = "SELECT subject, actor, payload FROM event WHERE kind = 'client.corrected' ORDER BY seq"
WHY = ("--reason", "the client told us")
OLD = {"line1": "1 Ash Street", "line2": "", "city": "Sacramento", "state": "CA", "zip": "95814",
       "country": "US"}  # fmt: skip


@pytest.fixture
def both(tmp_path: Path, database: str) -> Office:
    """The four clients, on SQLite and on PostgreSQL."""
    office = begin(tmp_path / "both", database=database)
    office.imports(FOUR)
    return office


def client(office: Office, text: str = "N-1") -> dict[str, Any]:
    (found,) = office.does("clients", "list", text, "--json").json
    return dict(found)


def correct(office: Office, *words: str, exits: int = 0) -> str:
    return office.does("clients", "correct", *words, *WHY, exits=exits).said


def test_what_is_given_replaces_the_old_parts(both: Office) -> None:
    said = correct(both, "N-1", "--line1", "12 Ash Street", "--line2", "Suite 4", "--by", "Dana Whitcomb")
    assert "N-1 Ash Street Bakery: address corrected." in said
    assert "before 1 Ash Street, Sacramento CA 95814" in said
    assert "after 12 Ash Street, Suite 4, Sacramento CA 95814" in said
    assert client(both)["address"] == OLD | {"line1": "12 Ash Street", "line2": "Suite 4"}
    correct(both, "N-1", "--line2", "")
    assert client(both)["address"] == OLD | {"line1": "12 Ash Street"}


def test_both_addresses_are_kept_and_the_ledger_holds_only_salted_hashes(both: Office) -> None:
    correct(both, "N-1", "--line1", "12 Ash Street", "--by", "Dana Whitcomb")
    ((before, after, reason, by, notice, salt),) = both.rows(CORRECTIONS)
    assert [one if isinstance(one, dict) else json.loads(one) for one in (before, after)] == [
        OLD,
        OLD | {"line1": "12 Ash Street"},
    ]
    assert (reason, by, bool(notice)) == ("the client told us", "Dana Whitcomb", False)
    ((subject, actor, text),) = both.rows(EVENTS)
    payload = json.loads(text)
    assert (subject, actor) == ("clients", "Dana Whitcomb")
    assert set(payload) == {"client", "notice", "before", "after", "reason"}
    assert "Ash" not in text
    assert "told us" not in text
    assert payload["reason"] == hashlib.sha256(f"{salt}\0the client told us".encode()).hexdigest()
    old = json.dumps(OLD, sort_keys=True, separators=(",", ":"))
    assert payload["before"] == hashlib.sha256(f"{salt}\0{old}".encode()).hexdigest()
    both.does("ledger", "verify")


def test_it_is_mended_as_on_import(both: Office) -> None:
    said = correct(both, "N-1", "--state", "Massachusetts", "--zip", "2134", "--city", "Boston")
    assert client(both)["address"] == OLD | {"city": "Boston", "state": "MA", "zip": "02134"}
    assert "2134" in said
    assert "02134" in said


def test_a_notice_address_is_given_corrected_and_taken_away(both: Office) -> None:
    said = correct(both, "N-1", "--notice", "--line1", "PO Box 9", "--city", "Davis", "--state", "CA",
                   "--zip", "95616")  # fmt: skip
    assert "before none: notices go to the mailing address" in said
    correct(both, "N-1", "--notice", "--line1", "PO Box 19")
    box = {"line1": "PO Box 19", "line2": "", "city": "Davis", "state": "CA", "zip": "95616", "country": "US"}
    assert (client(both)["address"], client(both)["notice_address"]) == (OLD, box)
    correct(both, "N-1", "--clear-notice")
    assert client(both)["notice_address"] is None
    assert len(both.rows(CORRECTIONS)) == 3


@pytest.mark.parametrize(
    ("words", "exits", "says"),
    [
        (("N-1",), 2, "nothing to correct was given"),
        (("N-1", "--line1", "1 Ash Street"), 1, "has this address already"),
        (("N-1", "--clear-notice"), 1, "has no notice address of its own"),
        (("N-1", "--clear-notice", "--line1", "2 Ash Street"), 2, "takes no parts of an address"),
        (("N-1", "--line1", ""), 2, "no street or PO box"),
        (("N-1", "--line1", "n/a"), 2, "no street or PO box"),
        (("N-1", "--zip", "9"), 2, "ZIP"),
        (("N-1", "--state", "Atlantis"), 2, "Atlantis"),
        (("N-1", "--country", "Atlantis"), 2, "Atlantis"),
        (("N-1", "--country", "Canada"), 2, "Give the whole address"),
        (("N-1", "--line1", "x" * 300), 2, "lines of more than 200 characters"),
        (("N-1", "--notice", "--line1", "PO Box 9"), 2, "Give the whole address"),
        (("N-9", "--line1", "2 Ash Street"), 2, "no client is called 'N-9'"),
        (("e", "--line1", "2 Ash Street"), 2, "could be"),
    ],
)
def test_nonsense_is_refused_and_nothing_recorded(
    office: Office, words: tuple[str, ...], exits: int, says: str
) -> None:
    before = office.recorded()
    assert says in correct(office, *words, exits=exits)
    assert office.recorded() == before


def test_a_reason_is_required(office: Office) -> None:
    assert "--reason" in office.does("clients", "correct", "N-1", "--line1", "2 Ash Street", exits=2).err
    words = ("clients", "correct", "N-1", "--line1", "2 Ash Street", "--reason", " ")
    assert "it is empty" in office.does(*words, exits=2).said


def test_abroad_the_whole_address_is_given(office: Office) -> None:
    correct(office, "N-1", "--line1", "1 Rue Test", "--city", "Montreal", "--state", "QC", "--zip", "H2X 1Y4",
            "--country", "Canada")  # fmt: skip
    assert client(office)["address"] == {
        "line1": "1 Rue Test", "line2": "", "city": "Montreal", "state": "QC", "zip": "H2X 1Y4",
        "country": "CA",
    }  # fmt: skip


def test_an_import_with_the_old_address_does_not_bring_it_back(both: Office) -> None:
    correct(both, "N-1", "--line1", "12 Ash Street", "--zip", "95818")
    for _ in range(2):
        said = both.imports(FOUR).out
        assert "Kept as corrected by hand, though the file has an older address (1):" in said
        assert "Ash Street Bakery" in said
        assert said.strip().endswith("0 added, 0 updated, 4 unchanged, 0 rejected.")
        assert client(both)["address"] == OLD | {"line1": "12 Ash Street", "zip": "95818"}


def test_nor_does_one_with_the_old_address_in_another_spelling(office: Office) -> None:
    correct(office, "N-1", "--line1", "12 Ash Street")
    office.imports(FOUR.replace("1 Ash Street,", "1 ASH ST.,"))
    assert client(office)["address"]["line1"] == "12 Ash Street"


def test_a_correction_of_spelling_alone_stays_too(office: Office) -> None:
    correct(office, "N-1", "--line1", "1 Ash St")
    office.imports(FOUR)
    assert client(office)["address"]["line1"] == "1 Ash St"


def test_the_rest_of_such_a_row_is_taken(office: Office) -> None:
    correct(office, "N-1", "--line1", "12 Ash Street")
    said = office.imports(FOUR.replace("Ada Byrd", "Ada Lovelace")).out
    assert said.strip().endswith("0 added, 1 updated, 3 unchanged, 0 rejected.")
    assert (client(office)["contact"], client(office)["address"]["line1"]) == (
        "Ada Lovelace",
        "12 Ash Street",
    )


def test_a_new_address_in_a_list_is_taken(office: Office) -> None:
    correct(office, "N-1", "--line1", "12 Ash Street")
    said = office.imports(FOUR.replace("1 Ash Street,", "99 Elm Street,")).out
    assert "Kept as corrected" not in said
    assert client(office)["address"]["line1"] == "99 Elm Street"


def test_after_two_corrections_neither_of_the_old_ones_comes_back(office: Office) -> None:
    correct(office, "N-1", "--line1", "12 Ash Street")
    correct(office, "N-1", "--line1", "14 Ash Street")
    for line in ("1 Ash Street,", "12 Ash Street,"):
        office.imports(FOUR.replace("1 Ash Street,", line))
        assert client(office)["address"]["line1"] == "14 Ash Street"


def test_corrected_back_to_what_it_was(office: Office) -> None:
    correct(office, "N-1", "--line1", "12 Ash Street")
    correct(office, "N-1", "--line1", "1 Ash Street")
    assert "Kept as corrected" not in office.imports(FOUR).said
    assert client(office)["address"] == OLD


def test_a_cleared_notice_address_does_not_come_back(office: Office) -> None:
    more = ",Notice Address,Notice City,Notice State,Notice Zip"
    listed = f"{HEADINGS}{more}\n{ASH},PO Box 1,Davis,CA,95616\n"
    office.imports(listed)
    correct(office, "N-1", "--clear-notice")
    assert (
        "Kept as corrected by hand, though the file has an older address (1)" in office.imports(listed).said
    )
    assert client(office)["notice_address"] is None


def test_a_client_known_by_name_and_zip_is_not_doubled(both: Office) -> None:
    """Without number and e-mail the ZIP code is part of who a client is."""
    listed = "Company,Address,City,State,Zip\nAspen Yoga,5 Aspen Way,Davis,CA,95616\n"
    both.imports(listed)
    correct(both, "Aspen Yoga", "--zip", "95618")
    assert both.imports(listed).out.strip().endswith("0 added, 0 updated, 1 unchanged, 0 rejected.")
    assert client(both, "Aspen Yoga")["address"]["zip"] == "95618"
    mended = listed.replace("95616", "95618")
    assert both.imports(mended).out.strip().endswith("0 added, 0 updated, 1 unchanged, 0 rejected.")


def test_a_piece_that_is_not_printed_is_approved_anew(approved: Office) -> None:
    said = correct(approved, "N-1", "--line1", "12 Ash Street")
    assert "2027-rates is not printed yet and has the old address: mailer approve 2027-rates" in said
    assert "the approval is stale" in approved.does("print", RATES, exits=3).said
    approved.does("approve", RATES)
    assert [status for _, status in approved.pieces()].count("void") == 1
    approved.does("print", RATES)
    ((recipient,),) = approved.rows("SELECT recipient FROM piece WHERE number = 5")
    assert "12 Ash Street" in str(recipient)


def test_a_printed_piece_is_reprinted(printed: Office) -> None:
    said = correct(printed, "N-1", "--line1", "12 Ash Street")
    assert 'mailer reprint 2027-rates-L-0002 --reason "address corrected"' in said


def test_a_letter_that_went_to_the_old_address_is_asked_about(mailed: Office) -> None:
    """Its notice stands unless we were wrong: `check` and what is proposed must not seem to differ."""
    said = correct(mailed, "N-1", "--line1", "12 Ash Street")
    assert "2027-rates-L-0002 went to the old address. Its notice stands if that was right then" in said
    assert "went to the old address" not in correct(mailed, "N-1", "--was-wrong-since", "2026-11-01")


def test_a_wrong_address_counts_from_the_receipt_in_whichever_order_both_are_known(mailed: Office) -> None:
    """Thirty days before 1 January are 2 December: received on the 5th it is late, whatever its deposit."""
    later = mailed.on("2026-12-10")
    receipt = ("received", "2027-rates-L-0002", "--on", "2026-12-05", "--proof", "signed card")
    wrong = ("N-1", "--line1", "12 Ash Street", "--was-wrong-since", "2026-11-01")
    later.does(*receipt)
    assert later.checked()["N-1"]["state"] == "running"
    correct(later, *wrong)
    assert later.checked()["N-1"]["state"] == "late"


def test_a_piece_that_came_back_goes_again_to_the_new_address(mailed: Office) -> None:
    later = mailed.on("2026-11-27")
    later.does(
        "returned",
        "2027-rates-L-0002",
        "--on",
        "2026-11-27",
        "--reason",
        "address wrong",
        "--note",
        "no such number",
    )
    said = correct(later, "N-1", "--line1", "12 Ash Street")
    assert 'mailer reprint 2027-rates-L-0002 --reason "address corrected"' in said
    assert "mailer remedy 2027-rates" in said
    later.does("reprint", "2027-rates-L-0002", "--reason", "address corrected")
    later.drops("2026-11-27 14:10", *FIRST, "--job", "2")
    story = later.does("status", RATES, "5").said
    assert "2027-rates-L-0005 Ash Street Bakery (N-1): mailed" in story
    assert "made to repeat 2027-rates-L-0002: address corrected" in story
    assert "repeated as 2027-rates-L-0005: address corrected" in later.does("status", RATES, "2").said
    ((recipient,),) = later.rows("SELECT recipient FROM piece WHERE number = 5")
    assert "12 Ash Street" in str(recipient)


def test_letters_go_to_the_notice_address_so_the_mailing_address_does_not_touch_them(office: Office) -> None:
    correct(office, "N-1", "--notice", "--line1", "PO Box 9", "--city", "Davis", "--state", "CA",
            "--zip", "95616")  # fmt: skip
    office.does("approve", RATES)
    assert "has the old address" not in correct(office, "N-1", "--line1", "12 Ash Street")
    assert "has the old address" in correct(office, "N-1", "--notice", "--line1", "PO Box 10")
