"""`mailer backup`: the mail folder as one archive."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from mailer.cli.terminal import actor, folder_option, note, opened, progress
from mailer.notice.words import plural

SHOWN: Final = 10  # damaged files that are named


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@folder_option
def backup(file: Path, folder: Path) -> None:
    """Write database, files, campaigns and letterhead into one ZIP file.

    Others may go on working. The archive is for you alone (0600) and is read again before it gets its name.
    Nothing is overwritten. Keys of mail services stay out of it. Exit 1: a stored file is missing or damaged.

    \b
    Example: mailer backup ../our-mail-2026-11-28.zip
    """
    from mailer.standing.backup import back_up

    with opened(folder) as mail, progress() as show:
        made = back_up(mail, file.absolute(), by=actor(), progress=show)
    click.echo(
        f"{file}: {plural(made.events, 'event')}, {plural(made.pieces, 'piece')}, "
        f"{plural(made.files, 'file')}, {made.size:,} bytes; the ledger holds, every hash was compared."
    )
    click.echo(f"Head {made.head}")
    for name in made.damaged[:SHOWN]:
        click.echo(f"DAMAGED  files/{name[:2]}/{name}: missing, or not what was stored.")
    note("It holds clients' names and addresses: keep it on another machine, and not where others read it.")
    note(f"Back from it:  mailer restore {file} NEW-FOLDER")
    if made.damaged:
        raise click.exceptions.Exit(1)
