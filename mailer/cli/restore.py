"""`mailer restore`: a mail folder again from a backup."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from mailer.cli.terminal import database, note, progress
from mailer.notice.words import plural

SHOWN: Final = 10  # damaged files that are named


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--over", is_flag=True, help="In place of a folder that is there; it is kept beside.")
def restore(file: Path, folder: Path, over: bool) -> None:
    """Make a mail folder again from a backup.

    The archive is verified first; a damaged one restores nothing. What went since the backup is not known to
    the restored folder: nothing can be recorded, printed or sent in it before `mailer settle`. End whatever
    else works in the old folder first. Exit 1: it is restored, and stored files are missing in the archive.

    \b
    Example: mailer restore our-mail-2026-11-28.zip our-mail
             mailer restore our-mail-2026-11-28.zip our-mail --over
    """
    from mailer.standing.restore import restore as bring_back

    with progress() as show:
        done = bring_back(file, folder, over=over, database=database(), progress=show)
    click.echo(
        f"{done.folder}: {plural(done.events, 'event')}, {plural(done.pieces, 'piece')}, "
        f"as it was backed up at {done.made_at}."
    )
    if done.before:
        click.echo(f"The folder that was there is kept as {done.before}.")
    for name in done.missing[:SHOWN]:
        click.echo(f"DAMAGED  files/{name[:2]}/{name}: not in the archive, or not what was stored.")
    if len(done.missing) > SHOWN:
        click.echo(f"… and {len(done.missing) - SHOWN:,} more.")
    note("Keys of mail services are not in a backup: give them again, as before.")
    if done.missing:
        note("What these show can't be proved, printed or sent. Copy them there from an older backup.")
    note(f"It does not know what went since then. First:  mailer settle -C {folder}")
    if done.missing:
        raise click.exceptions.Exit(1)
