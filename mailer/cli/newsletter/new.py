"""`mailer newsletter new`: write the files of an issue."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from mailer.cli.new import begin
from mailer.cli.terminal import MONTH, folder_option


@click.command("new")
@click.argument("month", type=MONTH)
@folder_option
def new_issue(month: date, folder: Path) -> None:
    """Write the files of an issue: one Markdown file a section.

    MONTH is its month, like 2026-12; the issue is called that too.

    \b
    Example: mailer newsletter new 2026-12
    """
    begin("newsletter", f"{month:%Y-%m}", month, folder)
