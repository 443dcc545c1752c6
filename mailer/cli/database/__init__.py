"""`mailer database`: its schema; one file a command."""

from __future__ import annotations

import click

from mailer.cli.database.upgrade import upgrade


@click.group(commands=[upgrade])
def database() -> None:
    """Upgrade the database's schema."""
