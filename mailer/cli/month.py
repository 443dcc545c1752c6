"""`mailer month`: everything a month needs, made, planned and proofed; the short way's first command."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from mailer.cli.tables import paragraph, table
from mailer.cli.terminal import MONTH, folder_option, note, opened, progress
from mailer.money import people
from mailer.notice.words import plural, spoken

if TYPE_CHECKING:
    from mailer.standing.month import Month, MonthRow

SHOWN: Final = 4  # things to look at of one campaign


@click.command()
@click.argument("month", type=MONTH, required=False)
@click.option("--no-open", is_flag=True, help="Do not open the pages on the screen.")
@folder_option
def month(month: date | None, no_open: bool, folder: Path) -> int:
    """Make, plan and proof all that a month needs; approve nothing.

    The issue is made where it is missing and carries the campaigns that are due in it; then all of them
    are planned and proofed. MONTH is like 2027-01; without it the one that is due. Exit 1 where something
    stops a campaign. What it showed goes with `mailer go`.

    \b
    Example: mailer month
             mailer month 2027-01 --no-open
    """
    from mailer.standing.duemonth import month_due
    from mailer.standing.month import make_month

    with opened(folder) as mail, progress() as show:
        made = make_month(mail, month or month_due(mail), show)
        _show(made, mail.root)
    if not no_open and has_screen(os.environ, sys.platform, terminal=sys.stdout.isatty()):
        for row in made.rows:
            if row.pages:
                click.launch(str(row.pages))
    return 1 if any(row.stops for row in made.rows) else 0


def has_screen(environ: Mapping[str, str], platform: str, *, terminal: bool) -> bool:
    """Does a person sit before a screen that can show pages."""
    if not terminal or "SSH_CONNECTION" in environ:
        return False
    return platform in ("darwin", "win32") or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def _show(made: Month, root: Path) -> None:
    for folder, files in groupby(made.made, lambda path: path.rpartition("/")[0]):
        click.echo(f"Made {plural(len(list(files)), 'file')} in {folder}: write the texts there.")
    if made.carried:
        click.echo(f"Issue {made.name} now carries {', '.join(made.carried)}.")
    if made.packet:
        whom = plural(made.packet.clients, "client who joined has", "clients who joined have")
        paragraph(f"{whom} no welcome packet yet:  {made.packet.command}")
    if any(row.hints for row in made.rows):
        click.echo("Look at these:")
    for row in made.rows:
        for hint in row.hints[:SHOWN]:
            paragraph(f"{hint.where}: {hint.what}", "  ")
        if len(row.hints) > SHOWN:
            click.echo(
                f"  … and {len(row.hints) - SHOWN:,} more of {row.campaign}:  mailer proof {row.campaign}"
            )
    pages = [row.pages.relative_to(root) for row in made.rows if row.pages]
    if pages:
        click.echo("Look at every page of these:")
        for path in pages:
            click.echo(f"  {path}")
    click.echo("")
    header = ("Campaign", "Pieces", "Sheets", "Cost", "Hand over by", "What stops it")
    table(header, [_cells(row) for row in made.rows], right=(1, 2, 3))
    _next(made)


def _cells(row: MonthRow) -> tuple[str, ...]:
    counts = ("" if number is None else f"{number:,}" for number in (row.pieces, row.sheets))
    unknown = "" if row.pieces is None else "not known"  # prices.toml lacks one, such as letter_abroad
    cost = unknown if row.cost is None else people(row.cost)
    ready = "nothing, but OVERDUE" if row.overdue else "nothing"
    stops = f"{plural(row.stops, 'thing')} above" if row.stops else ready if row.ready else row.stage
    return (row.campaign, *counts, cost, spoken(row.by) if row.by else "", stops)


def _next(made: Month) -> None:
    """What to mend, and the one command to go on with."""
    stops, ready = any(row.stops for row in made.rows), any(row.ready for row in made.rows)
    if stops:
        note(f"Mend what is named above, then again:  mailer month {made.name}")
    if ready:
        first = "What nothing stops may go" if stops else "Nothing is approved yet. Next"
        note(f"{first}:  mailer go {made.name} --by NAME")
    elif not stops:
        note("Nothing is left to approve. Next:  mailer")
