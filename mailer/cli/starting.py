"""`mailer init`, `mailer new`, `mailer newsletter new`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from mailer.cli.terminal import day_option, folder_option, note
from mailer.clock import Clock, fixed_day


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Make a mail folder: profile, campaigns, letterhead.

    \b
    Example: mailer init our-mail

    Files that are there already stay as they are, so it may be run again.
    """
    from mailer.making.starters import init as begin  # noqa: PLC0415

    started = begin(folder)
    click.echo(f"{folder}: {len(started.written)} files written, {len(started.kept)} kept as they were.")
    click.echo("Next: make mailer.toml your own, then  mailer clients import clients.csv")


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
    _new(kind, name, effective, folder)


def _new(kind: str, name: str, effective: date | None, folder: Path) -> None:
    from mailer.mailservice.services import tables  # noqa: PLC0415
    from mailer.making.starters import new as begin  # noqa: PLC0415
    from mailer.settings import find_root, load_settings  # noqa: PLC0415 (imports pydantic)

    root = find_root(folder.resolve())
    clock = Clock(load_settings(root, tables()).firm.time_zone, fixed_day())
    started = begin(root, kind, name, effective=effective, today=clock.today())
    for file in started.written:
        click.echo(f"campaigns/{name}/{file}")
    note(f"Next: edit them, then  mailer plan {name}")


@click.group()
def newsletter() -> None:
    """Begin an issue of the newsletter."""


@newsletter.command("new")
@click.argument("month")
@folder_option
def new_issue(month: str, folder: Path) -> None:
    """Write the files of an issue: one Markdown file a section.

    MONTH is its month, like 2026-12; the issue is called that too.

    \b
    Example: mailer newsletter new 2026-12
    """
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise click.BadParameter(f"{month!r} is not a month; write it like 2026-12.") from None
    _new("newsletter", month, first, folder)
