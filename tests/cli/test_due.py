"""`mailer` alone: what is due, and the one command to go on with; outside a mail folder, the help."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mailer.cli.main import run
from tests.support.office import FOUR, RATES, Office, begin

pytestmark = pytest.mark.days


def test_in_a_mail_folder_it_says_what_is_due_overdue_first(office: Office) -> None:
    said = office.on("2026-11-27").does().out
    assert (
        said
        == """Cedar & Finch IT, Fri 27 Nov 2026

By                       Campaign            What to do
───────────────────────────────────────────────────────
OVERDUE Wed 25 Nov 2026  2027-rates          approve
Tue 1 Dec 2026           2026-12             approve
Mon 7 Dec 2026           2027-hours          approve
Sat 26 Dec 2026          2027-remote-access  approve

Next:  mailer month 2026-12
"""
    )


def test_it_is_one_screen_whatever_the_folder_holds(office: Office) -> None:
    for number in range(1, 15):
        office.does("new", "rate-notice", f"rates-{number}", "--effective", "2027-05-01")
    office.write("campaigns/rates-1/campaign.toml", "kind = 3\ntitle = 4\n")
    said = office.narrow().does().out
    assert len(said.splitlines()) < 25
    assert all(len(line) <= 80 for line in said.splitlines())
    assert "… and 10 more:  mailer status" in said


@pytest.mark.parametrize(
    ("stage", "command"),
    [
        ("approved", "mailer print 2027-rates"),
        ("printed", "mailer handed-over\n"),
        ("issued", "mailer month 2026-12"),
    ],
)
def test_it_names_the_command_that_goes_on(stage: str, command: str, request: pytest.FixtureRequest) -> None:
    office: Office = request.getfixturevalue(stage)
    if stage != "issued":
        for other in ("2027-hours", "2026-12", "2027-remote-access"):
            (office.root / "campaigns" / other).rename(office.root / other)
    said = office.does().out
    assert f"\nNext:  {command}" in said


def test_without_clients_it_asks_for_the_list(tmp_path: Path) -> None:
    assert "\nNext:  mailer clients import FILE\n" in begin(tmp_path / "new").does().out


def test_outside_a_mail_folder_it_is_the_help_tour_and_init_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run([]) == 0
    said = capsys.readouterr().out
    commands = [line.split()[0] for line in said.partition("Begin:\n")[2].splitlines() if line]
    assert commands[:2] == ["tour", "init"]
    assert run(["-C", str(tmp_path / "elsewhere")]) == 1
    assert "is not in a mail folder" in capsys.readouterr().err


def test_the_folder_is_named_before_a_command_or_after_it(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (["-C", str(office.root), "status"], ["status", "-C", str(office.root)]):
        assert run(words) == 0
        assert RATES in capsys.readouterr().out


def test_it_loads_no_library_that_makes_pages(office: Office) -> None:
    """So that it answers in half a second."""
    heavy = (
        "pikepdf",
        "reportlab",
        "weasyprint",
        "PIL",
        "alembic",
        "jinja2",
        "sqlalchemy.dialects.postgresql",
    )
    script = f"import sys; from mailer.cli.main import run; run(['-C', {str(office.root)!r}]); "
    script += f"print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_what_repeats_is_said_before_it_is_missed_and_begun_by_the_month(tmp_path: Path) -> None:
    assert run(["init", str(tmp_path / "own")]) == 0
    office = Office(tmp_path / "own", "2026-12-31")
    rule = '\n[[repeats]]\nkind = "rate-notice"\nevery = "year"\nfirst = 2025-04-01\nname = "rates"\n'
    office.edit("mailer.toml", "[stationery]", f"{rule}\n[stationery]")
    office.imports(FOUR)
    said = office.does().out
    assert "Thu 31 Dec 2026  2027-01   begin its issue\n" in said
    assert "rates" not in said  # three months before is early enough
    assert "Mon 1 Feb 2027   2027-rates  begin it\n" in office.on("2027-01-01").does().out
    assert "OVERDUE Mon 1 Feb 2027  2027-rates  begin it\n" in office.on("2027-02-02").does().out
    office.edit("mailer.toml", 'every = "month" ', 'every = "quarter" ')
    said = office.on("2027-01-04").does("month", exits=1).said
    assert "campaigns/2027-04: write the texts there. Made 3 files in campaigns/2027-rates" in said
    office.edit("mailer.toml", 'kind = "rate-notice"', 'kind = "rates-notice"')
    assert "mailer.toml" in office.does(exits=1).err
