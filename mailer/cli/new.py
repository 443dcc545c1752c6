"""`mailer new`: write a commented campaign definition that loads."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from mailer.cli.terminal import day_option, folder_option, note
from mailer.clock import Clock, fixed_day


@click.command()
@click.argument("kind")
@click.argument("name")
@day_option("--effective", "The first day on which the change applies. Default: one that leaves time.")
@folder_option
def new(kind: str, name: str, effective: date | None, folder: Path) -> None:
    """Write a commented campaign definition that loads.

    KIND is rate-notice, policy-change, business-hours or newsletter.

    \b
    Example: mailer new rate-notice 2027-rates --effective 2027-01-01
    """
    begin(kind, name, effective, folder)


def begin(kind: str, name: str, effective: date | None, folder: Path) -> None:
    """Write the files of a campaign and name them."""
    from mailer.mailservice.registry import tables
    from mailer.making.starters import new as write
    from mailer.settings import find_root, load_settings

    root = find_root(folder.resolve())
    settings = load_settings(root, tables())
    clock = Clock(settings.firm.time_zone, fixed_day())
    started = write(root, settings, kind, name, effective=effective, today=clock.today())
    for file in started.written:
        click.echo(f"campaigns/{name}/{file}")
    note(f"Next: edit them, then  mailer plan {name}")
