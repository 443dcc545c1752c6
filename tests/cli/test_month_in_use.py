"""The month on the sample firm with its 92 clients: three commands, in few words."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.office import begin

pytestmark = pytest.mark.long
POST = ("--at", "2026-11-24 14:10", "--by", "Sam Ortiz", "--place", "Main Post Office, Sacramento")


def test_a_month_takes_three_commands_and_under_a_hundred_lines(tmp_path: Path) -> None:
    office = begin(tmp_path / "our-mail")
    office.does("clients", "import", str(office.root / "clients.csv"), exits=1)
    said = [
        office.does("month"),
        office.does("go", "--by", "Dana Whitcomb", "--yes"),
        office.does("handed-over", *POST, "--yes"),
    ]
    lines = [line for one in said for line in f"{one.out}\n{one.err}".splitlines()]
    assert len(lines) < 100
    assert [line for line in lines if len(line) > 80] == []
    assert [line.split()[:3] for line in said[0].out.splitlines()[-4:]] == [
        ["2027-hours", "91", "91"],
        ["2027-rates", "85", "85"],
        ["2026-12", "88", "176"],
        ["2027-remote-access", "40", "40"],
    ]
    assert "5 clients get no letter, the contract blocks the rise" in said[0].said
    assert office.rows("SELECT count(*) FROM piece WHERE status = 'mailed'") == [(304,)]
    assert "begin its issue" in office.does().out
    office.does("ledger", "verify")
