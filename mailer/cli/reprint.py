"""`mailer reprint`: print one piece anew."""

from __future__ import annotations

from pathlib import Path

import click

from mailer.cli.jobfolder import show_job
from mailer.cli.terminal import SAID, actor, folder_option, note, opened, progress


@click.command()
@click.argument("piece")
@click.option("--reason", required=True, type=SAID, metavar="TEXT", help="Why, for the record.")
@folder_option
def reprint(piece: str, reason: str, folder: Path) -> None:
    """Print one piece anew, as a new piece with the same pages, to the client's address of now.

    For one that was spoiled (it becomes void), that came back, or was lost. Refuses one that a mail
    service has, or may have.

    \b
    Example: mailer reprint 2027-rates-L-0017 \\
               --reason "came back; the address is corrected"
    """
    from mailer.making.piecenames import campaign_of
    from mailer.printroom.job import reprint_job

    name = campaign_of(piece)
    with opened(folder) as mail, progress() as show:
        show_job(reprint_job(mail, name, piece, reason, by=actor(), progress=show))
    note("Given to the post? Next:  mailer handed-over")
