"""`mailer reprint`: print one piece anew."""

from __future__ import annotations

from pathlib import Path

import click

from mailer.cli.jobfolder import show_job
from mailer.cli.terminal import SAID, actor, folder_option, note, opened, progress, sure


@click.command()
@click.argument("piece")
@click.option("--reason", required=True, type=SAID, metavar="TEXT", help="Why, for the record.")
@click.option("--yes", is_flag=True, help="In a restored folder: do not ask whether it went again since.")
@folder_option
def reprint(piece: str, reason: str, yes: bool, folder: Path) -> None:
    """Print one piece anew, as a new piece with the same pages, to the client's address of now.

    For one that was spoiled (it becomes void), that came back, or was lost. Refuses one that a mail
    service has, or may have.

    \b
    Example: mailer reprint 2027-rates-L-0017 \\
               --reason "came back; the address is corrected"
    """
    from mailer.making.piecenames import campaign_of
    from mailer.making.sincecopy import doubt
    from mailer.printroom.job import reprint_job

    name = campaign_of(piece)
    with opened(folder) as mail:
        if not yes and (question := doubt(mail, name, piece)):
            sure(question)
        with progress() as show:
            job = reprint_job(mail, name, piece, reason, by=actor(), progress=show)
        show_job(job)
    note("Given to the post? Next:  mailer handed-over")
