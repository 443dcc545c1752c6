"""`mailer received`: record that pieces were received, with what proves it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from mailer.cli.terminal import SAID, actor, day_option, folder_option, note, opened


@click.command()
@click.argument("pieces", nargs=-1, required=True, metavar="PIECE…")
@day_option("--on", "The day on which they were received.", required=True)
@click.option("--proof", required=True, type=SAID, metavar="TEXT", help="What proves it: the card's number.")
@folder_option
def received(pieces: tuple[str, ...], on: date, proof: str, folder: Path) -> None:
    """Record that pieces were received, with what proves it.

    A rule that counts receipt is met by this day alone; other rules do not need it.

    \b
    Example: mailer received 2027-rates-L-0017 --on 2026-11-27 \\
               --proof "certified mail 9407 1118 9956 0000 0000 00"
    """
    from mailer.standing.returns import received as record

    with opened(folder) as mail:
        done = record(mail, pieces, on=on, proof=proof, actor=actor())
    click.echo(f"{done.pieces} recorded as received.")
    for conflict in done.conflicts:
        note(conflict)
    for campaign in done.campaigns:
        note(f"Next:  mailer check {campaign}")
