"""What `mailer print` and `mailer reprint` say of the folder that they made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mailer.notice.words import plural, spoken

if TYPE_CHECKING:
    from mailer.printroom.job import JobFolder


def show_job(job: JobFolder) -> None:
    click.echo(f"{job.folder}: {plural(job.pieces, 'piece')}, {plural(job.sheets, 'sheet')}")
    for file in job.files:
        click.echo(f"  {file}")
    for label in job.gone[:20]:
        click.echo(f"LEFT OUT  {label}: its client gets none any more.")
    if len(job.gone) > 20:
        click.echo(f"LEFT OUT  and {len(job.gone) - 20:,} more")
    if job.not_after:
        click.echo(f"Hand over by {spoken(job.not_after)}.")
    click.echo(f"Ledger head {job.chain_head}")
