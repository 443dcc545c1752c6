"""What `mailer print` and `mailer reprint` say of the folder that they made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mailer.cli.reports import near, verbose
from mailer.notice.words import plural, some, spoken

if TYPE_CHECKING:
    from mailer.printroom.job import JobFolder


def show_job(job: JobFolder) -> None:
    click.echo(f"{near(job.folder)}: {plural(job.pieces, 'piece')}, {plural(job.sheets, 'sheet')}")
    click.echo(f"  {', '.join(job.files)}")
    if job.gone:
        click.echo(f"LEFT OUT  {some(job.gone)}: its client gets none any more.")
    if job.not_after:
        click.echo(f"Hand over by {spoken(job.not_after)}.")
    if verbose():
        click.echo(f"Ledger head {job.chain_head}")
