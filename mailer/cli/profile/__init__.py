"""`mailer profile`: what follows from the firm's profile; one file a command."""

from __future__ import annotations

import click

from mailer.cli.profile.texts import texts


@click.group(commands=[texts])
def profile() -> None:
    """Draw texts from the firm's profile in mailer.toml."""
