"""What an import reports of its rows, and lists of clients who are known by their e-mail, at 80 columns."""

from __future__ import annotations

import pytest

from mailer.cli.tables import records
from tests.support.office import FOUR, Office

HEAD = "Client ID,Company,Address,City,State,Zip\n"
LONG = "maximiliana.featherstonehaugh@northwestern-territories.example"


def test_what_is_mended_and_what_is_to_be_looked_at_stand_apart(office: Office) -> None:
    ran = office.imports(
        f"{HEAD}N-8,{'A' * 41},1 Elm Court,Davis,California,95616\nN-9,Fir,2 Elm Court,Davis,TX,95616\n"
    )
    mended, _, look = ran.out.partition("\nCheck these (2):")
    assert "Corrected (1):" in mended
    assert "state California → CA" in mended
    assert "Lob takes" not in mended
    said = " ".join(look.split())
    assert "the company's name has 41 characters: Lob takes 40" in said
    assert "ZIP 95616 is not in TX: check the address" in said


def test_the_first_rows_are_shown_and_a_file_has_all(office: Office) -> None:
    rows = "".join(f"M-{n},Mill {n},{n} Mill Road,Boston,MA,2108\n" for n in range(1, 26))
    wrong = "".join(f"W-{n},,{n} Mill Road,Boston,MA,02108\n" for n in range(1, 53))
    few = office.narrow().imports(HEAD + rows + wrong, exits=1).out
    assert "Corrected (25):\n  row 2, Mill 1: ZIP 2108 → 02108" in few
    assert "… and 21 more" in few
    assert "Rejected (52):" in few
    assert "… and 48 more" in few
    assert len(few.splitlines()) < 36
    kept = (office.root / "reports" / "import.txt").read_text(encoding="utf-8")
    every = office.imports(HEAD + rows + wrong, "-v", exits=1).out
    for text in (kept, every):
        assert "Mill 25" in text
        assert "W-52" in text
        assert "… and" not in text


def by_email(listed: str) -> str:
    """The list without its numbers, and a client whose e-mail and name are long."""
    lines = [line.partition(",")[2] for line in listed.splitlines()]
    place = "8 Elm Court,Rancho Cucamonga,CA,91730"
    long = f"Featherstonehaugh & Cholmondeley Surveyors,,{LONG},{place},none,,130.00"
    return "\n".join([*lines, long, ""])


def test_a_long_e_mail_gives_way_and_one_client_is_one_line(office: Office) -> None:
    office.imports(by_email(FOUR))
    lines = office.narrow().does("clients", "list").out.splitlines()
    assert len(lines) == 2 + 5 + 1
    assert max(map(len, lines)) <= 80
    (long,) = [line for line in lines if "91730" in line]
    assert long.split("  ")[0].endswith("…")
    assert long.startswith("maximiliana.")
    assert long.endswith("Rancho Cucamonga CA 91730  none")


NOTICE = ("Client", "Name", "Notice", "Letter", "Newsletter")


def shown(capsys: pytest.CaptureFixture[str], *cells: str) -> list[str]:
    records(NOTICE, [(cells, ())])
    return capsys.readouterr().out.splitlines()[2:]


def test_a_verdict_keeps_its_day(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    name = "Featherstonehaugh & Cholmondeley Surveyors"
    assert shown(capsys, LONG, name, "running until 2027-01-01", "24 Nov", "24 Nov") == [
        "maximiliana.feather…  Featherston…  running until 2027-01-01  24 Nov  24 Nov"
    ]
    assert shown(capsys, "N-1", name, "running until 2027-01-01", "24 Nov", "24 Nov") == [
        "N-1     Featherstonehaugh & Cholm…  running until 2027-01-01  24 Nov  24 Nov"
    ]


def test_without_numbers_the_name_has_their_room(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    records(NOTICE, [(("", "Cholmondeley Surveyors Ltd", "due by 2026-12-02", "none", "none"), ())])
    assert capsys.readouterr().out.splitlines()[::2] == [
        "Name                        Notice             Letter  Newsletter",
        "Cholmondeley Surveyors Ltd  due by 2026-12-02  none    none",
    ]


def test_what_is_cut_all_the_same_stands_whole_below(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    verdict = "mailed, prove receipt by 2026-12-31, arguable"
    first, below = shown(capsys, LONG, "Featherstonehaugh Ltd", verdict, "24 Nov", "24 Nov")
    assert first == "maximiliana.fea…  Featherston…  mailed, prove receipt by 20…  24 Nov  24 Nov"
    assert below == f"    {verdict}"


def test_a_check_of_clients_without_numbers_keeps_its_columns(office: Office) -> None:
    office.imports(by_email(FOUR))
    ran = office.mailer("check", "2027-rates")
    (long,) = [line for line in ran.out.splitlines() if "Featherstonehaugh & Cholmondeley" in line]
    assert "due by 2026-" in long
    assert long.endswith("none    none")
