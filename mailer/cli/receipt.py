"""`mailer receipt`: add the post's receipt to a hand-over afterwards."""

from __future__ import annotations

from pathlib import Path

import click

from mailer.cli.reports import verbose
from mailer.cli.terminal import PATH, actor, folder_option, note, opened
from mailer.notice.words import spoken


@click.command()
@click.argument("name")
@click.argument("file", type=PATH)
@click.option("--drop", type=click.IntRange(1), help="Which hand-over, in the order of recording.")
@click.option("--job", type=click.IntRange(1), help="Which job's hand-over, where it has one.")
@folder_option
def receipt(name: str, file: Path, drop: int | None, job: int | None, folder: Path) -> None:
    """Add the scan of the post's receipt to a hand-over that was recorded without one.

    A receipt is never replaced. Evidence says that this one was added later, and when.

    \b
    Example: mailer receipt 2027-rates scan.pdf
             mailer receipt 2027-rates --drop 2 scan.pdf
    """
    from mailer.printroom.receipt import add_receipt

    with opened(folder) as mail:
        done = add_receipt(mail, name, file, drop=drop, job=job, actor=actor())
    click.echo(
        f"{file.name} added to hand-over {done.number} of {spoken(done.handed_over)}, pieces {done.pieces}."
    )
    click.echo(f"SHA-256 {done.sha256}")
    if verbose():
        click.echo(f"Ledger head {done.chain_head}")
    note(f"Next:  mailer evidence {name}")
