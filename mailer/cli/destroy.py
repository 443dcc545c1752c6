"""`mailer destroy`: record that a printed job was destroyed."""

from __future__ import annotations

from pathlib import Path

import click

from mailer.cli.terminal import SAID, actor, folder_option, note, opened
from mailer.notice.words import plural


@click.command()
@click.argument("name")
@click.option("--job", "number", type=click.IntRange(1), help="Which job, where there are several.")
@click.option("--reason", required=True, type=SAID, metavar="TEXT", help="Why, for the record.")
@folder_option
def destroy(name: str, number: int | None, reason: str, folder: Path) -> None:
    """Record that a printed job was destroyed, not mailed, so that its pieces may be produced again.

    \b
    Example: mailer destroy 2027-rates --reason "printed on the wrong stock"
    """
    from mailer.printroom.job import destroy as record

    with opened(folder) as mail:
        job, pieces = record(mail, name, number=number, reason=reason, by=actor())
    click.echo(f"{job}: {plural(pieces, 'piece is', 'pieces are')} approved again.")
    note(f"Destroy the paper. Next:  mailer print {name}")
