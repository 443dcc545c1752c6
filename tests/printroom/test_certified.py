"""`mailer certified`: the post's numbers, entered per piece, on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest

from tests.support.office import FIRST, RATES, Office

P1, P2 = "2027-rates-L-0001", "2027-rates-L-0002"
LABEL, BARCODE = "7019 2280 0001 2345 6789", "9400 1112 0108 0805 4830 16"
NUMBERS = "SELECT number, certified FROM piece WHERE certified IS NOT NULL ORDER BY number"
EVENTS = "SELECT subject, payload FROM event WHERE kind = 'piece.numbered' ORDER BY seq"


def test_a_number_is_entered_told_and_entered_once(both: Office) -> None:
    assert "1 number entered, 0 there already." in both.does("certified", P1, LABEL).said
    assert both.rows(NUMBERS) == [(1, "70192280000123456789")]
    assert both.rows(EVENTS) == [("2027-rates/letter", '{"number":"70192280000123456789","pieces":"1"}')]
    assert f"certified mail {LABEL}" in both.does("status", RATES, P1).said
    assert "0 numbers entered, 1 there already." in both.does("certified", P1, LABEL.replace(" ", "")).said
    assert len(both.rows(EVENTS)) == 1
    both.does("ledger", "verify")


def test_a_number_for_what_went_as_first_class_mail_is_said_to_be_odd(both: Office) -> None:
    both.drops("2026-11-24 14:10", *FIRST)
    said = both.does("certified", P1, LABEL).said
    assert (
        f"{P1} was not handed over as certified mail, and its evidence says both: is it that piece?" in said
    )


def test_a_mistyped_number_is_entered_again_and_the_record_keeps_both(both: Office) -> None:
    both.does("certified", P1, LABEL)
    again = both.does("certified", P1, BARCODE)
    assert f"{P1} had {LABEL} before." in again.said
    assert both.rows(NUMBERS) == [(1, "9400111201080805483016")]
    assert len(both.rows(EVENTS)) == 2


def test_a_file_with_the_numbers_of_several(both: Office) -> None:
    path = both.write("numbers.csv", f"\ufeffNumber;Piece\n{LABEL};{P1}\n\n{BARCODE};{P2}\n")
    assert "2 numbers entered" in both.does("certified", "--file", str(path)).said
    assert both.rows(NUMBERS) == [(1, "70192280000123456789"), (2, "9400111201080805483016")]


def test_all_that_is_wrong_in_a_file_is_said_at_once_and_nothing_is_entered(printed: Office) -> None:
    path = printed.write(
        "numbers.csv",
        "\n".join(
            (
                "piece,number",
                f"{P1},{LABEL}",
                f"{P2},{LABEL}",
                "2027-rates-L-0003,9400 1112 0108 0805 4830 17",
                "2027-rates-L-0099,7019 2280 0001 2345 6000",
                "a letter,7019 2280 0001 2345 6001",
                "2027-rates-L-0004,7.01923E+19",
                "2027-rates-L-0004",
            )
        ),
    )
    before = printed.recorded()
    said = printed.does("certified", "--file", str(path), exits=1).err
    assert f"{path}:2: {P1}: {LABEL} is there twice." in said
    assert f"{path}:3: {P2}: {LABEL} is there twice." in said
    assert f"{path}:4: '9400 1112 0108 0805 4830 17' is mistyped: its check digit is wrong." in said
    assert f"{path}:5: there is no piece 2027-rates-L-0099." in said
    assert f"{path}:6: 'a letter' is not a piece." in said
    assert f"{path}:7: '7.01923E+19' was shortened by a spreadsheet: format its column as text." in said
    assert f"{path}:8: '' is not a number." in said
    assert said.rstrip().endswith("Nothing was recorded.")
    assert printed.recorded() == before


def test_a_number_of_another_piece_is_refused(printed: Office) -> None:
    printed.does("certified", P1, LABEL)
    said = printed.does("certified", P2, LABEL, exits=1).err
    assert f"{LABEL} is the number of {P1} already." in said


def test_a_piece_must_be_on_paper(approved: Office) -> None:
    said = approved.does("certified", P1, LABEL, exits=1).err
    assert f"{P1} is neither printed nor mailed (it is approved)." in said


def test_a_mailed_piece_may_get_its_number_late(mailed: Office) -> None:
    mailed.does("certified", P1, LABEL)
    assert mailed.rows(NUMBERS) == [(1, "70192280000123456789")]


@pytest.mark.parametrize(
    ("words", "exits", "says"),
    [
        ((), 2, "give a piece and its number, or --file"),
        ((P1,), 2, "give a piece and its number, or --file"),
        ((P1, LABEL, "--file", "numbers.csv"), 2, "give a piece and its number, or --file"),
        (("--file", "nowhere.csv"), 1, "can't be read"),
        ((P1, "12"), 1, "has 2 digits"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    printed: Office, words: tuple[str, ...], exits: int, says: str
) -> None:
    assert says in printed.does("certified", *words, exits=exits).said


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "has no columns piece and number"),
        (b"label,code\n1,2\n", "has no columns piece and number"),
        (b"piece,number\n", "holds no number"),
        (b"piece,number\n\xff\xfe\n", "is not UTF-8 text"),
        (b"%PDF-1.7\n\x00", "has no columns piece and number"),
    ],
)
def test_a_file_that_is_no_list_of_numbers(printed: Office, content: bytes, says: str) -> None:
    path = printed.root / "numbers.csv"
    path.write_bytes(content)
    assert says in printed.does("certified", "--file", str(path), exits=1).said
    assert printed.rows(NUMBERS) == []


def test_a_dropped_job_keeps_its_numbers(printed: Office) -> None:
    printed.does("certified", P1, LABEL)
    printed.drops("2026-11-24 14:10", *FIRST)
    assert f"certified mail {LABEL}" in printed.does("status", RATES, P1).said
