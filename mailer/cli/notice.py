"""`mailer notice`: the rules, one question of dates, and test vectors."""

from __future__ import annotations

from datetime import date
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mailer.cli.terminal import day_option, folder_option, table
from mailer.errors import MailerError, UsageProblem

if TYPE_CHECKING:
    from mailer.notice.closings import Closings
    from mailer.notice.rules import Rule


@click.group()
def notice() -> None:
    """List the rules of notice; answer one question of dates."""


@notice.command()
def rules() -> None:
    """List the shipped rules with their citations.

    \b
    Example: mailer notice rules
    """
    from mailer.notice.rulebook import PRESETS  # noqa: PLC0415

    rows = [
        (rule.id, rule.period, rule.delivery, rule.on_return.value, rule.citation)
        for rule in PRESETS.values()
    ]
    table(("Rule", "Period", "Counted from", "If returned", "Citation"), rows)


@notice.command("date")
@click.option("--rule", required=True, metavar="RULE", help="A shipped rule, or a contract's words.")
@day_option("--effective", "The effective date: by when must it be mailed?")
@day_option("--mailed", "The mailing day: from when may it apply?")
@folder_option
def date_(rule: str, effective: date | None, mailed: date | None, folder: Path) -> None:
    """Answer one question of dates with its working.

    In a mail folder it knows the [[closings]] of mailer.toml; it works without one as well.

    \b
    Example: mailer notice date --rule house-30-day --effective 2027-01-01
             mailer notice date --rule "45 days from deposit" --mailed 2026-11-24
    """
    from mailer.notice.counting import (  # noqa: PLC0415
        earliest_effective,
        latest_mailing,
        stricter_earliest,
    )
    from mailer.notice.deadlines import arrival  # noqa: PLC0415
    from mailer.notice.mailingday import mailing_day  # noqa: PLC0415
    from mailer.notice.reasons import explain_earliest, explain_latest  # noqa: PLC0415
    from mailer.notice.steps import counted, spoken  # noqa: PLC0415

    if (effective is None) == (mailed is None):
        raise click.UsageError("Give either --effective or --mailed.")
    found, closings = _rule(rule), _closings(folder)
    click.echo(f"{found.title} ({found.citation})")
    if effective is not None:
        latest = latest_mailing(effective, found, closings)
        for step in explain_latest(latest, effective, found, closings):
            click.echo(f"  {step}")
        if found.needs_receipt:
            click.echo(
                f"Mail by {spoken(latest.operational)}; by law it is received by {spoken(latest.legal)}, "
                "and the receipt must be proved."
            )
        else:
            click.echo(f"Mail by {spoken(latest.operational)}; by law {spoken(latest.legal)}.")
    elif mailed is not None:
        counts = mailing_day(mailed, found.mailing_calendar, closings)
        if counts.day != mailed:
            click.echo(f"  {counts.step}")
        start = arrival(counts.day, found, closings)
        if start != counts.day:
            days = counted(found.transit, "mailing day")
            click.echo(
                f"  {spoken(counts.day)}: mailed; {days} allowed for the post, the receipt must be proved"
            )
        for step in explain_earliest(start, found, closings):
            click.echo(f"  {step}")
        legal = earliest_effective(start, found, closings)
        later = stricter_earliest(start, found, closings)
        if later is None:
            click.echo(f"It may apply from {spoken(legal)}.")
        else:
            click.echo(f"Plan for {spoken(later)}; by law it may apply from {spoken(legal)}.")
    click.echo("Confirm with counsel; this is a calculation, not legal advice.")


def _rule(name: str) -> Rule:
    """The shipped rule, or that of a contract's words. A wrong one is a wrong command line."""
    from mailer.notice.problems import RuleProblem  # noqa: PLC0415
    from mailer.notice.rulebook import PRESETS, preset  # noqa: PLC0415
    from mailer.notice.terms import contract_rule  # noqa: PLC0415

    try:
        if name in PRESETS:
            return preset(name)
        return contract_rule(name) if " " in name.strip() else preset(name)
    except RuleProblem as problem:
        raise UsageProblem(problem.what, where="--rule", todo=problem.todo) from None


def _closings(folder: Path) -> Closings:
    """The [[closings]] of the mail folder, none where there is no folder. -C must name one."""
    from mailer.notice.closings import NO_CLOSINGS  # noqa: PLC0415
    from mailer.settings import FILE, find_root, load_settings  # noqa: PLC0415

    here = folder.resolve()
    if folder == Path() and not any((place / FILE).is_file() for place in (here, *here.parents)):
        return NO_CLOSINGS
    from mailer.mailservice.services import tables  # noqa: PLC0415
    from mailer.planning.mailfolder import closings_of  # noqa: PLC0415 (imports SQLAlchemy)

    root = find_root(here)
    return closings_of(load_settings(root, tables()), root)


@notice.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def verify(file: Path) -> int:
    """Run a file of test vectors; print each mismatch, and how many passed.

    \b
    Example: mailer notice verify notice-vectors.csv
    """
    from mailer.notice.problems import RuleProblem  # noqa: PLC0415
    from mailer.notice.vectors import verify as run  # noqa: PLC0415

    try:
        text = file.read_bytes().decode("utf-8-sig")
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
