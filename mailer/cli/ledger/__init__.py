"""`mailer ledger`: the record of events; one file a command."""

from __future__ import annotations

import click

from mailer.cli.ledger.verify import verify


@click.group(commands=[verify])
def ledger() -> None:
    """Verify the record of events."""
