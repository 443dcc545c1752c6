"""`mailer print`: the print room's job folder, queued at a printer where one is named."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mailer.cli.jobfolder import show_job
from mailer.cli.terminal import SAID, actor, folder_option, note, opened, progress, sure
from mailer.errors import UsageProblem

if TYPE_CHECKING:
    from mailer.printroom.printqueue import Queued


@click.command("print")
@click.argument("name")
@click.option("--remaining", is_flag=True, help="What the mail service refused or gave back, as new pieces.")
@click.option("--yes", is_flag=True, help="With --remaining in a restored folder: do not ask.")
@click.option("--to", "printer", type=SAID, metavar="PRINTER", help="Queue it at this CUPS printer too.")
@click.option("--tray", default="", metavar="TRAY", help="With --to: the paper's tray, for all sheets.")
@click.option("--copies", type=click.IntRange(1, 20), default=1, help="With --to: of every sheet.")
@click.option("--job", type=click.IntRange(1), help="With --to: a job that is printed already.")
@click.option("--again", is_flag=True, help="With --to: queue a second time.")
@folder_option
def print_(
    name: str,
    remaining: bool,
    yes: bool,
    printer: str | None,
    tray: str,
    copies: int,
    job: int | None,
    again: bool,
    folder: Path,
) -> None:
    """Make the print room's job folder: print files, labels, manifest, checklist.

    With --to its print files go to a printer's queue as well, on both sides of the paper; a job that
    is there already is taken as it is. Refuses (exit 3) a stale or late approval.

    \b
    Example: mailer print 2027-rates
             mailer print 2027-rates --to Office
             mailer print 2027-rates --remaining
    """
    from mailer.making.sincecopy import doubt
    from mailer.printroom.job import print_job
    from mailer.printroom.printqueue import PrintWish, queue_job
    from mailer.standing.missed import newcomers

    if printer and remaining:
        raise UsageProblem("--remaining makes the job; then queue it.", todo="Run it without --to first.")
    if yes and not remaining:
        raise UsageProblem("--yes goes with --remaining.")
    if printer is None and (tray or copies > 1 or job or again):
        raise UsageProblem("--tray, --copies, --job and --again go with --to PRINTER.")
    with opened(folder) as mail:
        if remaining and not yes and (question := doubt(mail, name)):
            sure(question)
        with progress() as show:
            if printer is None:
                show_job(print_job(mail, name, by=actor(), remaining=remaining, progress=show))
            else:
                wish = PrintWish(printer, copies, tray, job, again)
                _show_queued(queue_job(mail, name, wish, by=actor(), progress=show))
        new = newcomers(mail, name)
    if new is not None:
        note(f"{len(new.lines):,} {new.says}: {new.next_step}")
    note("Given to the post? Next:  mailer handed-over")


def _show_queued(queued: Queued) -> None:
    if queued.built:
        show_job(queued.built)
    click.echo(f"Queued at {queued.printer}:")
    for title, job in queued.documents:
        click.echo(f"  {job}  {title}")
    for label in queued.withdrawn:
        click.echo(f"TAKE OUT  {label}: it is void, and must not go. Destroy its sheets.")
    note(f"Not queued, for hand work: {', '.join(queued.by_hand)}")
    note("Queued is not printed: look at every sheet, then count them with `mailer scan`.")
