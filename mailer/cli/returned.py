"""`mailer returned`: record pieces that came back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from mailer.cli.terminal import actor, day_option, folder_option, note, opened


@click.command()
@click.argument("pieces", nargs=-1, required=True, metavar="PIECE…")
@day_option("--on", "The day on which they came back.", required=True)
@click.option("--reason", default="", metavar="TEXT", help="What the post wrote on them.")
@folder_option
def returned(pieces: tuple[str, ...], on: date, reason: str, folder: Path) -> None:
    """Record pieces that came back.

    What that does to the notice is the rule's: under a deposit clause it stands, under a receipt rule it
    is undone. See `mailer check`.

    \b
    Example: mailer returned 2027-rates-L-0017 --on 2026-12-04 \\
               --reason "no such number"
    """
    from mailer.standing.returns import returned as record

    with opened(folder) as mail:
        done = record(mail, pieces, on=on, reason=reason, actor=actor())
    click.echo(f"{done.pieces} recorded as returned.")
    for campaign in done.campaigns:
        note(f"Next:  mailer check {campaign}")
