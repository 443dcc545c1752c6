"""`mailer clients export`: the client list as CSV."""

from __future__ import annotations

from pathlib import Path

import click

from mailer.cli.terminal import PATH, folder_option, note, opened, sure
from mailer.givenfile import require_new


@click.command()
@click.argument("file", type=PATH)
@click.option("--yes", is_flag=True, help="Do not ask before a file is overwritten.")
@folder_option
def export(file: Path, yes: bool, folder: Path) -> None:
    """Write the client list with its rates as CSV; importing it again changes nothing.

    \b
    Example: mailer clients export clients-backup.csv
    """
    from mailer.standing.clientlist import export as write

    with opened(folder) as mail:
        if not require_new(file, ".csv", mail.root) and not yes:
            sure(f"{file} is there. Overwrite it?")
        written = write(mail, file)
    note(f"{file}: {written} clients")
