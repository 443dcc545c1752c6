"""`mailer notice`: the rules, one question of dates, and test vectors."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from mailer.cli.terminal import day_option, table


@click.group()
def notice() -> None:
    """List the rules of notice; answer one question of dates."""


@notice.command()
def rules() -> None:
    """List the shipped rules with their citations.

    \b
    Example: mailer notice rules
    """
    from mailer.notice.presets import PRESETS  # noqa: PLC0415

    rows = [
        (rule.id, rule.period, rule.delivery, rule.on_return.value, rule.citation)
        for rule in PRESETS.values()
    ]
    table(("Rule", "Period", "Counted from", "If returned", "Citation"), rows)


@notice.command("date")
@click.option("--rule", required=True, metavar="RULE", help="A shipped rule, or a contract's words.")
@day_option("--effective", "The effective date: by when must it be mailed?")
@day_option("--mailed", "The mailing day: from when may it apply?")
def date_(rule: str, effective: date | None, mailed: date | None) -> None:
    """Answer one question of dates with its working.

    \b
    Example: mailer notice date --rule house-30-day --effective 2027-01-01
             mailer notice date --rule "45 days from deposit" --mailed 2026-11-24
    """
    from mailer.notice.counting import earliest_effective, latest_mailing  # noqa: PLC0415
    from mailer.notice.presets import PRESETS, preset  # noqa: PLC0415
    from mailer.notice.reasons import explain_earliest, explain_latest  # noqa: PLC0415
    from mailer.notice.steps import spoken  # noqa: PLC0415
    from mailer.notice.terms import contract_rule  # noqa: PLC0415

    if (effective is None) == (mailed is None):
        raise click.UsageError("Give either --effective or --mailed.")
    found = preset(rule) if rule in PRESETS else contract_rule(rule)
    click.echo(f"{found.title} ({found.citation})")
    if effective is not None:
        latest = latest_mailing(effective, found)
        for step in explain_latest(latest, effective, found):
            click.echo(f"  {step}")
        click.echo(f"Mail by {spoken(latest.operational)}; by law {spoken(latest.legal)}.")
    elif mailed is not None:
        for step in explain_earliest(mailed, found):
            click.echo(f"  {step}")
        click.echo(f"It may apply from {spoken(earliest_effective(mailed, found))}.")
    click.echo("Confirm with counsel; this is a calculation, not legal advice.")


@notice.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def verify(file: Path) -> int:
    """Run a file of test vectors; print each mismatch, and how many passed.

    \b
    Example: mailer notice verify notice-vectors.csv
    """
    from mailer.notice.vectors import verify as run  # noqa: PLC0415

    passed = failed = 0
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for result in run(lines):
            passed += result.ok
            failed += not result.ok
            if not result.ok:
                click.echo(f"{result.id}: expected {result.expected}, got {result.got or result.error}")
    click.echo(f"{passed} passed, {failed} failed")
    return 1 if failed else 0
