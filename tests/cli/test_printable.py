"""The line that moves while long work goes on gives way to whatever is said next, on either stream."""

from __future__ import annotations

import io
import sys

import click
import pytest

from mailer.cli.printable import screens
from mailer.cli.terminal import progress

ERASE = "\r\x1b[K"


class Terminal(io.StringIO):
    """A terminal that keeps what was written to it."""

    def isatty(self) -> bool:
        return True


def on_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Both streams on one terminal."""
    monkeypatch.setenv("NO_COLOR", "1")
    both = Terminal()
    monkeypatch.setattr(sys, "stdout", both)
    monkeypatch.setattr(sys, "stderr", both)
    return both


def test_a_message_stands_on_a_line_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_terminal(monkeypatch)
    with screens(), progress() as show:
        show("laying out", 3, 40)
        click.echo("Made 8 files.")
    assert terminal.getvalue() == f"{ERASE}laying out: 3 of 40{ERASE}Made 8 files.\n{ERASE}"


def test_so_does_a_question(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_terminal(monkeypatch)
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    with screens(), progress() as show:
        show("laying out", 40, 40)
        assert click.confirm("Print them here?")
    assert terminal.getvalue().startswith(f"{ERASE}laying out: 40 of 40{ERASE}Print them here? [y/N]:")


def test_a_pipe_gets_the_results_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with screens(), progress() as show:
        show("laying out", 3, 40)
        click.echo("Made 8 files.")
    assert capsys.readouterr() == ("Made 8 files.\n", "")
