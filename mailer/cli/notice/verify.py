"""`mailer notice verify`: run a file of test vectors."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Final

import click

from mailer.errors import MailerError
from mailer.givenfile import read_given
from mailer.notice.problems import RuleProblem
from mailer.notice.vectors import verify as run

LARGEST: Final = 100_000_000  # bytes of a file of test vectors


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def verify(file: Path) -> int:
    """Run a file of test vectors; print each mismatch, and how many passed.

    \b
    Example: mailer notice verify notice-vectors.csv
    """
    try:
        text = read_given(file, LARGEST).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise MailerError(
            f"line {line:,} is not UTF-8 text.", where=str(file), todo="Save it as CSV in UTF-8."
        ) from None
    passed = failed = 0
    try:
        for result in run(StringIO(text, newline="")):
            passed += result.ok
            failed += not result.ok
            if not result.ok:
                click.echo(f"{result.id}: expected {result.expected}, got {result.got or result.error}")
    except RuleProblem as problem:
        raise RuleProblem(problem.what, where=str(file), todo=problem.todo) from None
    if not passed + failed:
        raise MailerError(
            "there are no test vectors below the first line.",
            where=str(file),
            todo="Write a row for each example.",
        )
    click.echo(f"{passed} passed, {failed} failed")
    return 1 if failed else 0
