"""`mailer notice rules`: the shipped rules with their citations."""

from __future__ import annotations

import click

from mailer.cli.reports import verbose
from mailer.cli.tables import records
from mailer.notice.rulebook import PRESETS
from mailer.notice.rules import Rule


@click.command()
def rules() -> None:
    """List the shipped rules with their sources.

    \b
    Example: mailer notice rules
             mailer notice rules -v
    """
    rows = [((rule.id, rule.period, rule.citation), _told(rule)) for rule in PRESETS.values()]
    records(("Rule", "Period", "Source"), rows, flexible=2)
    if not verbose():
        click.echo("What each asks for, and whole citations:  mailer notice rules -v")


def _told(rule: Rule) -> tuple[str, ...]:
    if not verbose():
        return ()
    return (f"{rule.title} ({rule.citation}). If it comes back: {rule.on_return.value}",)
