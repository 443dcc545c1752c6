"""`mailer --help`, the help of every command, mistyped ones, and exit codes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from mailer.cli.main import COMMANDS, cli, run

HEAVY = (
    "sqlalchemy",
    "weasyprint",
    "pikepdf",
    "pydantic",
    "jinja2",
    "alembic",
    "reportlab",
    "holidays",
)


def _commands() -> Iterator[tuple[str, ...]]:
    """Every command that a person can type."""
    context = click.Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        if isinstance(command, click.Group):
            yield from ((name, below) for below in command.commands)
        else:
            yield (name,)


EVERY = tuple(_commands())


def shown(*words: str) -> str:
    done = CliRunner().invoke(cli, [*words, "--help"], prog_name="mailer")
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_the_help_of_every_command_has_an_example(words: tuple[str, ...]) -> None:
    text = shown(*words)
    assert f"Usage: mailer {' '.join(words)}" in text
    assert f"mailer {' '.join(words)}" in text.partition("Example:")[2]
    assert all(len(line) <= 80 for line in text.splitlines())


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_an_example_uses_options_that_exist(words: tuple[str, ...]) -> None:
    text = shown(*words)
    example, _, options = text.partition("Example:")[2].partition("Options:")
    for word in example.split():
        if word.startswith("-"):
            assert word in options.replace(",", " ").split(), word


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_a_command_is_in_the_file_of_its_name(words: tuple[str, ...]) -> None:
    """`mailer clients show` is mailer/cli/clients/show.py; an underscore where Python has the word."""
    command: click.Command = cli
    for word in words:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), word)
        assert found is not None
        command = found
    assert command.callback is not None
    named = ".".join(("mailer", "cli", *words)).replace("-", "_")
    assert command.callback.__module__.removesuffix("_") == named


def test_every_command_of_the_main_help_has_a_summary() -> None:
    text = shown()
    assert all(name in text for name in COMMANDS)
    assert len(text.splitlines()) < 66
    for name in (
        "init",
        "clients",
        "new",
        "plan",
        "proof",
        "approve",
        "print",
        "drop",
        "check",
        "rates",
        "status",
    ):
        assert name in COMMANDS


def test_help_imports_nothing_heavy() -> None:
    """So that it answers at once; `make bench` tells how fast."""
    code = "import sys; from mailer.cli.main import run; run(['--help']); "
    code += f"print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("chek", "check"), ("aprove", "approve"), ("rate", "rates"), ("newsleter", "newsletter")],
)
def test_a_mistyped_command_is_guessed(typed: str, meant: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([typed]) == 2
    assert f"No such command '{typed}'. Perhaps you meant '{meant}'." in capsys.readouterr().err


def test_a_command_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["telegram"]) == 2
    said = capsys.readouterr().err
    assert "No such command 'telegram'." in said
    assert "Perhaps" not in said


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("plan",), "Missing argument 'NAME'"),
        (("rates",), "Write --worked-on 2027-01-04."),
        (("rates", "--worked-on", "01/04/2027"), "write it as YYYY-MM-DD, like 2027-01-01"),
        (("plan", "2027-rates", "--colour"), "No such option"),
        (("drop", "2027-rates"), "Missing option '--at'"),
        (("destroy", "2027-rates"), "Missing option '--reason'"),
        (("new", "rate-notise", "2027-rates"), "perhaps you meant 'rate-notice'"),
        (("newsletter", "new", "2026-13"), "is not a month; write it like 2026-12"),
        (("notice", "date", "--rule", "house-30-day"), "Give either --effective or --mailed."),
        (
            ("notice", "date", "--rule", "house-30-days", "--mailed", "2026-11-27"),
            "There is no notice rule 'house-30-days'. Perhaps you meant 'house-30-day'.",
        ),
        (
            ("notice", "date", "--rule", "30 dys", "--mailed", "2026-11-27"),
            "The contract's notice term '30 dys' cannot be read. Write for example '45 days from deposit'",
        ),
    ],
)
def test_wrong_words_end_with_2(
    words: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:  # fmt: skip
    folder = tmp_path_factory.mktemp("words")
    assert run(["init", str(folder), "--sample"]) == 0
    monkeypatch.chdir(folder)
    assert run(list(words)) == 2
    assert says in " ".join(capsys.readouterr().err.split())


def test_the_program_itself_exits_with_the_code() -> None:
    environ = os.environ | {"MAILER_TODAY": "2026-11-24"}
    for words, code in ((["--version"], 0), (["chek"], 2), (["plan", "2027-rates", "-C", "/nonexistent"], 1)):
        done = subprocess.run(
            [sys.executable, "-m", "mailer", *words], env=environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr


def test_a_reader_that_goes_away_is_no_error() -> None:
    """`mailer notice rules | head -1`"""
    shell = f"{sys.executable} -m mailer notice rules | head -1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", shell], capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--rule", "house-30-day", "--effective", "2027-01-01"), "Mail by Wed 2 Dec 2026"),
        (("--rule", "contract-30-plus-3bd", "--effective", "2027-01-01"), "Mail by Sat 28 Nov 2026"),
        (("--rule", "contract-30-plus-3bd", "--mailed", "2026-11-30"), "It may apply from Sat 2 Jan 2027"),
        (("--rule", "45 days from deposit", "--mailed", "2026-11-24"), "It may apply from Fri 8 Jan 2027"),
        # Sunday 29 November counts as Monday's: 30 days from then.
        (("--rule", "house-30-day", "--mailed", "2026-11-29"), "Sun 29 Nov 2026 is no mailing day (Sunday)"),
        (("--rule", "house-30-day", "--mailed", "2026-11-29"), "It may apply from Wed 30 Dec 2026"),
        (("--rule", "house-30-day", "--mailed", "2026-11-26"), "It may apply from Sun 27 Dec 2026"),
        (("--rule", "warn-60-day", "--effective", "2027-03-01"), "by law it is received by Thu 31 Dec 2026"),
        # Six mailing days after Wednesday the 23rd, Christmas closed, is Thursday the 31st; 60 days more.
        (("--rule", "warn-60-day", "--mailed", "2026-12-23"), "It may apply from Mon 1 Mar 2027"),
    ],
)
def test_one_question_of_dates(options: tuple[str, ...], says: str) -> None:
    done = CliRunner().invoke(cli, ["notice", "date", *options])
    assert done.exit_code == 0
    assert says in done.output
    assert "Confirm with counsel" in done.output


def test_in_a_mail_folder_its_closings_count(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With Wednesday 2 December closed, the last day of 30 for New Year is Tuesday the 1st."""
    assert run(["init", str(tmp_path / "mail"), "--sample"]) == 0
    with (tmp_path / "mail" / "mailer.toml").open("a", encoding="utf-8") as profile:
        profile.write('\n[[closings]]\ncalendar = "usps"\nday = 2026-12-02\nreason = "ice storm"\n')
    asked = ["notice", "date", "--rule", "house-30-day", "--effective", "2027-01-01"]
    for where, folder, says in (
        (tmp_path / "mail" / "campaigns", [], "Mail by Tue 1 Dec 2026"),
        (tmp_path, ["-C", str(tmp_path / "mail")], "Wed 2 Dec 2026 is no mailing day (ice storm)"),
        (tmp_path, [], "Mail by Wed 2 Dec 2026"),
    ):
        monkeypatch.chdir(where)
        assert run([*asked, *folder]) == 0
        assert says in " ".join(capsys.readouterr().out.split())
    assert run([*asked, "-C", str(tmp_path)]) == 1
    assert "is not in a mail folder" in " ".join(capsys.readouterr().err.split())


def test_the_rules_come_with_their_citations() -> None:
    done = CliRunner().invoke(cli, ["notice", "rules"])
    assert done.exit_code == 0
    for word in ("house-30-day", "contract-30-deposit", "contract-30-plus-3bd"):
        assert word in done.output
