"""`mailer restore`: a mail folder again from a backup."""

from __future__ import annotations

from pathlib import Path

import click

from mailer.cli.terminal import database, note, progress
from mailer.notice.words import plural


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--over", is_flag=True, help="In place of a folder that is there; it is kept beside.")
def restore(file: Path, folder: Path, over: bool) -> None:
    """Make a mail folder again from a backup.

    The archive is verified first; a damaged one restores nothing. What went since the backup is not known to
    the restored folder: nothing can be recorded, printed or sent in it before `mailer settle`. End whatever
    else works in the old folder first.

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
    note("Keys of mail services are not in a backup: give them again, as before.")
    note(f"It does not know what went since then. First:  mailer settle -C {folder}")
