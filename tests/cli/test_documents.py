"""The commands that the pages in docs/ show: they run, and what they are said to print is what they print.

A ```console block holds commands after `$ ` and, below each, its whole output where the page shows one. A
```sh block holds commands alone.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
from pathlib import Path

import pytest

from tests.support.forked import Forked
from tests.support.office import Office

pytestmark = pytest.mark.long

DOCS = Path(__file__).parents[2] / "docs"
_BLOCK = re.compile(r"^```(?:console|sh(?: no-run)?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def shown(page: str) -> list[tuple[str, str]]:
    """(command, output shown or "") in the order of the page."""
    found: list[tuple[str, str]] = []
    for block in _BLOCK.findall((DOCS / page).read_text(encoding="utf-8")):
        lines = block.replace("\\\n", " ").splitlines()
        if not any(line.startswith("$ ") for line in lines):
            found += [(line.split("  #")[0].strip(), "") for line in lines if line.strip()]
            continue
        for line in lines:
            if line.startswith("$ "):
                found.append((line[2:].strip(), ""))
            else:
                found[-1] = (found[-1][0], f"{found[-1][1]}{line}\n")
    return [(command, output) for command, output in found if command.startswith("mailer ")]


def assert_runs(office: Office, command: str) -> str:
    """What the real command prints; it must end with 0."""
    module, *words = shlex.split(command)
    with (
        contextlib.chdir(office.root),
        Forked(module, words, os.environ | office.narrow().variables()) as ran,
    ):
        out, err = ran.communicate()
    assert ran.returncode == 0, f"{command}\n{out}\n{err}"
    return out


def test_notice(office: Office) -> None:
    commands = shown("notice.md")
    assert len(commands) >= 2
    for command, output in commands:
        assert assert_runs(office, command) == output


@pytest.mark.parametrize(
    "command", [command for command, _ in shown("timeline.md") if "CF-1004" not in command]
)
def test_timeline(mailed: Office, command: str) -> None:
    if command.startswith("mailer move") and "--dry-run" not in command:
        command += " --yes"  # nobody is there to be asked
    assert_runs(mailed.on("2026-11-25"), command)


def test_the_exception_of_the_timeline_page(mailed: Office) -> None:
    (command,) = [command for command, _ in shown("timeline.md") if "CF-1004" in command]
    assert_runs(mailed, command.replace("CF-1004", "N-1"))
    assert "asked for 14 days in writing" in assert_runs(mailed, "mailer exception list")


def test_print_room(printed: Office) -> None:
    (printed.root / "receipt.pdf").write_bytes(b"%PDF-1.7 a scan")
    commands = [command for command, _ in shown("print-room.md")]
    assert any(command.startswith("mailer drop") for command in commands)
    for number, command in enumerate(commands):
        copy = printed.copy(printed.root.with_name(f"office-{number}"))
        assert_runs(copy, command)
