"""`mailer notice rules`: the shipped rules with their citations."""

from __future__ import annotations

import click

from mailer.cli.tables import table
from mailer.notice.rulebook import PRESETS


@click.command()
def rules() -> None:
    """List the shipped rules with their citations.

    \b
    Example: mailer notice rules
    """
    rows = [
        (rule.id, rule.period, rule.delivery, rule.on_return.value, rule.citation)
        for rule in PRESETS.values()
    ]
    table(("Rule", "Period", "Counted from", "If returned", "Citation"), rows)
