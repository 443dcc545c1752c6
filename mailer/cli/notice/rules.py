"""`mailer notice rules`: the shipped rules with their citations."""

from __future__ import annotations

import click

from mailer.cli.tables import records
from mailer.notice.rulebook import PRESETS


@click.command()
def rules() -> None:
    """List the shipped rules with their citations.

    \b
    Example: mailer notice rules
    """
    records(
        ("Rule", "Period", "If returned"),
        [
            ((rule.id, rule.period, rule.on_return.value), (f"{rule.title} ({rule.citation})",))
            for rule in PRESETS.values()
        ],
    )
