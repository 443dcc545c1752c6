"""`mailer newsletter export`: an issue for screens, as PDF, text and pictures."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from mailer.cli.reports import near
from mailer.cli.terminal import MONTH, folder_option, note, opened
from mailer.notice.words import plural


@click.command("export")
@click.argument("month", type=MONTH)
@folder_option
def export_issue(month: date, folder: Path) -> None:
    """Write an issue for screens: PDF without the mailing panel, text, page images.

    What was approved, where it was; else what stands in its files now.

    \b
    Example: mailer newsletter export 2026-12
    """
    from mailer.making.issuefiles import write_issue

    with opened(folder) as mail:
        made = write_issue(mail, f"{month:%Y-%m}")
    click.echo(f"{near(made.pdf)}, {made.text.name}, {plural(len(made.images), 'page image')}")
    if not made.approved:
        note(f"A draft. Next:  mailer approve {month:%Y-%m} --by NAME")
