"""What `mailer print` and `mailer reprint` say of the folder that they made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mailer.notice.steps import counted, spoken

if TYPE_CHECKING:
    from mailer.printroom.job import Job


def show_job(job: Job) -> None:
    click.echo(f"{job.folder}: {counted(job.pieces, 'piece')}, {counted(job.sheets, 'sheet')}")
    for file in job.files:
        click.echo(f"  {file}")
    for label in job.gone[:20]:
        click.echo(f"LEFT OUT  {label}: its client gets none any more.")
    if len(job.gone) > 20:
        click.echo(f"LEFT OUT  and {len(job.gone) - 20:,} more")
    if job.not_after:
        click.echo(f"Hand over by {spoken(job.not_after)}.")
    click.echo(f"Ledger head {job.chain_head}")
