"""Tables and paragraphs at 80 columns, and on terminals that are narrower."""

from __future__ import annotations

import pytest

from mailer.cli.tables import paragraph, records, table


@pytest.fixture(autouse=True)
def _columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")


def test_a_long_cell_wraps_and_is_whole(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [("7", "Ash", "the company's name has 41 characters"), ("12", "Birch", "state California → CA")]
    table(("Row", "Client", "What"), rows, right=(0,))
    assert capsys.readouterr().out == (
        "Row  Client  What\n"
        "────────────────────────────────────────\n"
        "  7  Ash     the company's name has 41\n"
        "             characters\n"
        " 12  Birch   state California → CA\n"
    )


def test_a_short_table_is_as_wide_as_its_cells(capsys: pytest.CaptureFixture[str]) -> None:
    table(("Status", "Pieces"), [("mailed", "83"), ("", "1")], right=(1,))
    assert capsys.readouterr().out == "Status  Pieces\n──────────────\nmailed      83\n             1\n"


def test_wide_characters_take_two_columns(capsys: pytest.CaptureFixture[str]) -> None:
    table(("Name", "Place"), [("日本語", "Davis"), ("Fir", "Davis")])
    records(("Name", "Place"), [(("日本語の長い名前の会社です東京都千代田区", "Davis"), ())], flexible=0)
    assert capsys.readouterr().out == (
        "Name    Place\n─────────────\n日本語  Davis\nFir     Davis\n"
        "Name                               Place\n────────────────────────────────────────\n"
        "日本語の長い名前の会社です東京都…  Davis\n"
    )


def test_the_name_of_a_piece_is_never_parted(capsys: pytest.CaptureFixture[str]) -> None:
    paragraph("printed anew in job 2 as the piece 2027-rates-L-0042", "  Tue 24 Nov 2026  ")
    assert capsys.readouterr().out == (
        "  Tue 24 Nov 2026  printed anew in job 2\n"
        "                   as the piece\n"
        "                   2027-rates-L-0042\n"
    )


@pytest.mark.parametrize("columns", ["1", "9", "20"])
def test_on_a_terminal_that_is_too_narrow(
    columns: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    table(("Row", "Client", "What"), [("7", "日本語", "a very long remark")])
    records(("Row", "Client", "What"), [(("7", "日本語", "a very long remark"), ("and a note",))])
    paragraph("a very long remark", "  Tue 24 Nov 2026  ")
    assert capsys.readouterr().out
