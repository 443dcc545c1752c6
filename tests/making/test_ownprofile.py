"""`mailer init`: a folder of one's own has nothing of the sample in it; nothing goes out with a blank."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from mailer import shipped
from mailer.cli.main import run
from mailer.making.ownprofile import EXAMPLES, OwnFirm, own_profile
from mailer.settings import FILE, Settings
from mailer.tomlfile import parse
from tests.support.office import RATES, Office

ISSUE = "2026-12"


def test_a_new_folder_holds_nothing_of_the_samples(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "mail"
    assert run(["init", str(folder)]) == 0
    assert "mailer clients import FILE" in capsys.readouterr().err
    profile = (folder / FILE).read_text(encoding="utf-8")
    for word in ("Cedar", "Finch", "Dana", "Sacramento Valley", "1480", "916-555", "outage"):
        assert word not in profile
    assert not (folder / "campaigns").exists()
    assert len((folder / "clients.csv").read_text(encoding="utf-8").splitlines()) == 1
    assert run(["-C", str(folder)]) == 0
    assert "begin its issue" in capsys.readouterr().out


def test_what_was_asked_stands_in_the_profile() -> None:
    firm = OwnFirm(
        *("Ash & Birch “LLP”", "1 Elm Court", "Davis", "CA", "95616", "530-555-0100", "office@ash.example"),
        *("America/Los_Angeles", "Ada Byrd", "Partner", "Suite 4", "ash.example"),
    )
    text = own_profile((shipped.campaigns() / FILE).read_text(encoding="utf-8"), firm)
    profile = tomllib.loads(text)
    assert profile["firm"]["name"] == "Ash & Birch “LLP”"
    assert profile["firm"]["address"] | {"zip": "95616", "line2": "Suite 4"} == profile["firm"]["address"]
    assert profile["firm"]["web"] == "ash.example"
    assert profile["firm"]["time_zone"] == "America/Los_Angeles"
    assert profile["signature"] == {"name": "Ada Byrd", "title": "Partner", "image": ""}
    assert [entry["from"].year for entry in profile["hours"]] == [2020]
    begin, end = text.index("# [[holidays]]"), text.index("[newsletter]")
    uncommented = re.sub("^# ?", "", text[begin:end], flags=re.MULTILINE)
    assert uncommented.strip() == EXAMPLES.strip()
    parse(text[:begin] + uncommented + "\n\n" + text[end:], Settings, shown=FILE)
    assert EXAMPLES in Path("docs/policies.md").read_text(encoding="utf-8")


def test_each_answer_is_looked_at_when_it_is_asked_for(tmp_path: Path) -> None:
    """On a terminal: an answer that is none is asked for again, and the next question never gets it."""
    wrong_first = {
        "City": ("95616", "Davis"),
        "State": ("Kalifornia", "CA"),
        "ZIP": ("9561", "95616"),
        "Phone": ("office@ash.example", "530-555-HELP"),
        "E-mail": ("America/Denver", "office@ash.example"),
        "Web": ("none at all", "ash.example"),
        "Time zone": ("Davis", "America/Los_Angeles"),
        "Who signs": ("office@ash.example", "Ada Byrd"),
    }
    said = [
        "Ash & Birch",
        "1 Elm Court",
        "",
        *(one for pair in wrong_first.values() for one in pair),
        "Partner",
    ]
    here, there = pty.openpty()
    os.write(here, "".join(f"{line}\n" for line in said).encode())
    folder = tmp_path / "own"
    command = [sys.executable, "-m", "mailer", "init", str(folder)]
    with subprocess.Popen(command, stdin=there, stdout=there, stderr=there) as asking:
        os.close(there)
        shown = b""
        with contextlib.suppress(OSError):  # the end of a terminal
            while part := os.read(here, 4_096):
                shown += part
    os.close(here)
    assert asking.returncode == 0, shown
    for wrong, _ in wrong_first.values():
        assert f"'{wrong}' is no" in shown.decode()
    firm = tomllib.loads((folder / FILE).read_text(encoding="utf-8"))["firm"]
    assert (firm["phone"], firm["email"]) == ("530-555-HELP", "office@ash.example")
    assert (firm["web"], firm["time_zone"]) == ("ash.example", "America/Los_Angeles")
    assert (firm["address"]["city"], firm["address"]["state"]) == ("Davis", "CA")


def test_nothing_is_approved_while_something_is_not_filled_in(office: Office) -> None:
    office.edit(FILE, 'name = "Dana Whitcomb"', 'name = "FILL IN: who signs the letters"')
    office.edit(FILE, 'state = "CA"', 'state = "XX"')
    office.edit(FILE, 'phone = "916-555-0142" ', 'phone = "FILL IN: phone" ')
    said = office.does("approve", RATES, exits=1).said
    assert "mailer.toml:7: not filled in yet: [firm] phone, [firm.address] state, [signature] name." in said


def test_the_samples_articles_are_not_another_firms(office: Office) -> None:
    office.edit(FILE, 'name = "Cedar & Finch IT"', 'name = "Ash & Birch"')
    said = office.does("approve", ISSUE, exits=1).said
    assert "campaigns/2026-12/lead.md: is the sample firm's text." in said
