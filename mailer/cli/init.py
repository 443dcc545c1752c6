"""`mailer init`: make a mail folder."""

from __future__ import annotations

from pathlib import Path

import click

from mailer.cli.terminal import PATH


@click.command()
@click.argument("folder", type=PATH)
def init(folder: Path) -> None:
    """Make a mail folder: profile, campaigns, letterhead.

    \b
    Example: mailer init our-mail

    Files that are there already stay as they are, so it may be run again.
    """
    from mailer.making.starters import init as begin

    started = begin(folder)
    click.echo(f"{folder}: {len(started.written)} files written, {len(started.kept)} kept as they were.")
    click.echo("Next: make mailer.toml your own, then  mailer clients import clients.csv")
