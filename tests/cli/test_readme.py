"""The shell blocks of README.md run, in order, as a reader types them.

Each line that makes a mail folder begins a part, in a shell of its own; a part's lines run in one shell.
A block that begins with ```sh is run, line by line. What stands after `#` is a remark; `# exit 3` says how
the line ends (0 where it says nothing). A block that begins with ```sh no-run is skipped (`make …`, a
printer, a network); one that begins with ```sh cups needs a printer called Office. `$ ` before a command is
allowed; lines of output stand in ```text blocks.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fakes.lob import running
from tests.support.forked import install
from tests.support.office import Office
from tests.support.printers import running_cups

pytestmark = pytest.mark.long
LOB = "http://127.0.0.1:8130/v1"  # where `make fake-lob` listens
README = Path(__file__).parents[2] / "README.md"
_BLOCK = re.compile(r"^```(?:sh|shell|bash|console)[ \t]*$\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)
_INIT = re.compile(r"mailer init (\S+)")
PRINTING = shutil.which("lpadmin") is not None
_EXIT = re.compile(r"\s#.*\bexit (\d)\b")


@dataclass(frozen=True)
class Line:
    """One command of README.md with the code it ends with; `at` is its line there."""

    at: int
    command: str
    exits: int


def lines_of(text: str) -> list[Line]:
    found: list[Line] = []
    for block in _BLOCK.finditer(text):
        at = text.count("\n", 0, block.start(1)) + 1
        whole = ""
        for offset, line in enumerate(block[1].splitlines()):
            whole += line.removeprefix("$ ") if not whole else line
            if whole.endswith("\\"):
                whole = f"{whole[:-1]} "
                continue
            if whole.strip() and not whole.lstrip().startswith("#"):
                code = _EXIT.search(whole)
                found.append(Line(at + offset, whole.strip(), int(code[1]) if code else 0))
            whole = ""
    return found


def parts_of(lines: list[Line]) -> list[list[Line]]:
    """The lines from each `mailer init` to the next one."""
    parts: list[list[Line]] = []
    for line in lines:
        if _INIT.match(line.command) or not parts:
            parts.append([])
        parts[-1].append(line)
    return parts


def readme() -> dict[str, list[Line]]:
    """README's parts by their mail folders; without CUPS the lines that need it are left out.

    What stands before the first folder, the day, holds for all.
    """
    text = README.read_text(encoding="utf-8")
    kept = text.replace("```sh cups", "```sh" if PRINTING else "```sh no-run")
    before, *parts = parts_of(lines_of(kept))
    named = {found[1]: part for part in parts if (found := _INIT.match(part[0].command))}
    return {name: [*before, *part] for name, part in named.items()}


PARTS = readme()
NEXT = "--- the next line of README.md ---"


def test_the_commands_are_found() -> None:
    text = "# A\n\n```sh\n$ mailer init x\nmailer plan y \\\n  --json   # refused: exit 3\n\n"
    text += "# only a remark\n```\n"
    text += "```sh no-run\nmake run\n```\n```text\nmailer no\n```\n```\nmailer no\n```\n"
    assert lines_of(text) == [
        Line(4, "mailer init x", 0),
        Line(6, "mailer plan y    --json   # refused: exit 3", 3),
    ]


@pytest.mark.skipif(PRINTING, reason="CUPS is here")
def test_the_lines_to_a_printer() -> None:
    pytest.skip("no CUPS here: README's lines to a printer were not run")


def test_the_parts_of_the_readme() -> None:
    """Every line is in one of them; letters are sent in one, and printed by CUPS in one where it is here."""
    text = README.read_text(encoding="utf-8").replace("```sh cups", "```sh" if PRINTING else "```sh no-run")
    assert list(PARTS) == ["our-month", "../our-mail", "../by-lob"]
    assert {line.at for part in PARTS.values() for line in part} == {line.at for line in lines_of(text)}
    assert [name for name, part in PARTS.items() if sends(part)] == ["../by-lob"]
    assert [name for name, part in PARTS.items() if prints(part)] == (["../by-lob"] if PRINTING else [])


def sends(part: list[Line]) -> bool:
    return any(line.command.startswith("mailer send ") for line in part)


def prints(part: list[Line]) -> bool:
    return any(" --to " in line.command for line in part)


def few_words(said: dict[str, str]) -> None:
    """A month of 92 clients is said in fewer than a hundred lines."""
    lines = [line for verb in ("month", "go", "handed-over") for line in said[verb].splitlines()]
    assert len(lines) < 100
    for verb in ("month", "go"):  # campaign, pieces, sheets: what is shown is what is made
        table = [line.split()[:3] for line in said[verb].splitlines()]
        assert [row for row in table if row[-1:] and row[-1].isdigit()] == [
            ["2027-hours", "91", "91"],
            ["2027-rates", "85", "85"],
            ["2026-12", "88", "176"],
            ["2027-remote-access", "40", "41"],
        ]
    assert "5 clients get no letter, the contract blocks the rise" in " ".join(said["month"].split())


@pytest.mark.parametrize("name", PARTS)
def test_every_command_of_the_readme_runs(name: str, tmp_path: Path) -> None:
    """A part's in one shell, so that `cd` and `export` last; `set -x`-like marks tell which line failed.

    The fake Lob and the printer that the page speaks of are there.
    """
    part, reader = PARTS[name], tmp_path / "reader"
    reader.mkdir()
    install(tmp_path)
    with running() as lob, running_cups() if PRINTING else nullcontext() as printer:
        script = ['mark() { test $? -eq $1 || { echo "README.md:$2 did not end with $1" >&2; exit 99; }; }']
        for line in part:
            script += [f"echo '{NEXT}'", line.command.replace(LOB, lob.base), f"mark {line.exits} {line.at}"]
        environ = {name: value for name, value in os.environ.items() if not name.startswith("MAILER_")}
        environ |= {"MAILER_TODAY": "2026-11-24", "COLUMNS": "80", "MAILER_LOB_RATE": "off"}
        environ["PATH"] = f"{tmp_path}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{environ['PATH']}"
        if printer is not None:
            environ["CUPS_SERVER"] = printer.socket
        done = subprocess.run(
            ["bash", "-c", "\n".join(script)],
            cwd=reader,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-4000:]
        said = done.stdout.split(f"{NEXT}\n")[1:]
        for line, text in zip(part, said, strict=True):
            if "--json" not in line.command:
                assert [wide for wide in text.splitlines() if len(wide) > 80] == [], line.command
                assert len(text.splitlines()) < 36, line.command
        if name == "our-month":
            few_words({line.command.split()[1]: text for line, text in zip(part, said, strict=True)})
            office = Office(reader / name)
            assert office.rows("SELECT count(*) FROM piece WHERE status = 'mailed'") == [(304,)]
            assert "begin its issue" in office.does().said
            office.does("ledger", "verify")
        if printer is not None and prints(part):
            assert printer.kept(), "nothing came out of the printer"
        assert len(lob.letters()) == (84 if sends(part) else 0)
