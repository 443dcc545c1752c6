"""`mailer exception`: recorded deviations from the firm's own policy; one file a command."""

from __future__ import annotations

import click

from mailer.cli.exception.add import add
from mailer.cli.exception.list import list_


@click.group(commands=[add, list_])
def exception() -> None:
    """Record a deviation from the firm's own policy for one client."""
