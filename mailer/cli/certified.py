"""`mailer certified`: enter the post's numbers of certified mail."""

from __future__ import annotations

from pathlib import Path

import click

from mailer.cli.terminal import PATH, actor, folder_option, note, opened
from mailer.errors import UsageProblem
from mailer.notice.words import plural


@click.command()
@click.argument("piece", required=False)
@click.argument("number", required=False)
@click.option("--file", type=PATH, help="A CSV file with the columns piece,number.")
@folder_option
def certified(piece: str | None, number: str | None, file: Path | None, folder: Path) -> None:
    """Enter the post's number of certified mail, per piece.

    The 20 digits on the label (they begin with 7), or 22 that begin with 9; spaces are allowed. All of a
    file is entered, or none of it. A mistyped number is entered again; the record keeps both.

    \b
    Example: mailer certified 2027-rates-L-0017 "7019 2280 0001 2345 6789"
             mailer certified --file numbers.csv
    """
    from mailer.printroom import certified as certifying

    if (file is None) == (piece is None or number is None) or (file is not None and piece is not None):
        raise UsageProblem("give a piece and its number, or --file.", todo="See `mailer certified --help`.")
    given = (
        certifying.read_file(file)
        if file is not None
        else [certifying.Given("certified", 0, str(piece), str(number))]
    )
    with opened(folder) as mail:
        done = certifying.enter(mail, given, by=actor())
    click.echo(f"{plural(done.pieces, 'number')} entered, {done.unchanged:,} there already.")
    for label, before in done.instead:
        click.echo(f"{label} had {before} before.")
    for label in done.uncertified:
        note(f"{label} was not handed over as certified mail, and its evidence says both: is it that piece?")
    for campaign in done.campaigns:
        note(f"Next:  mailer status {campaign}")
