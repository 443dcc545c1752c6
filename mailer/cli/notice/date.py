"""`mailer notice date`: one question of dates, answered with its working."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from mailer.cli.terminal import day_option, folder_option
from mailer.errors import UsageProblem
from mailer.notice.closings import NO_CLOSINGS, Closings
from mailer.notice.counting import earliest_effective, latest_mailing, stricter_earliest
from mailer.notice.deadlines import arrival
from mailer.notice.mailingday import mailing_day
from mailer.notice.problems import RuleProblem
from mailer.notice.reasons import explain_earliest, explain_latest
from mailer.notice.rulebook import PRESETS, preset
from mailer.notice.rules import Rule
from mailer.notice.terms import contract_rule
from mailer.notice.words import plural, spoken


@click.command("date")
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
            days = plural(found.transit, "mailing day")
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
    try:
        if name in PRESETS:
            return preset(name)
        return contract_rule(name) if " " in name.strip() else preset(name)
    except RuleProblem as problem:
        raise UsageProblem(problem.what, where="--rule", todo=problem.todo) from None


def _closings(folder: Path) -> Closings:
    """The [[closings]] of the mail folder, none where there is no folder. -C must name one."""
    from mailer.settings import FILE, find_root, load_settings

    here = folder.resolve()
    if folder == Path() and not any((place / FILE).is_file() for place in (here, *here.parents)):
        return NO_CLOSINGS
    from mailer.mailservice.registry import tables
    from mailer.planning.mailfolder import closings_of

    root = find_root(here)
    return closings_of(load_settings(root, tables()), root)
