"""`mailer letterhead`: how the firm's pages look; one file a command."""

from __future__ import annotations

import click

from mailer.cli.letterhead.preview import preview


@click.group(commands=[preview])
def letterhead() -> None:
    """Look at the firm's letterhead and brand."""
