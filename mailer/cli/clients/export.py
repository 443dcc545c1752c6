"""`mailer clients export`: the client list as CSV."""

from __future__ import annotations

from pathlib import Path

import click

from mailer.cli.terminal import folder_option, note, opened


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@folder_option
def export(file: Path, folder: Path) -> None:
    """Write the client list with its rates as CSV; importing it again changes nothing.

    \b
    Example: mailer clients export clients-backup.csv
    """
    from mailer.standing.clientlist import export as write

    with opened(folder) as mail:
        written = write(mail, file)
    note(f"{file}: {written} clients")
