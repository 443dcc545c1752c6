"""`mailer newsletter new`: write the files of an issue."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from mailer.cli.new import begin
from mailer.cli.terminal import folder_option


@click.command("new")
@click.argument("month")
@folder_option
def new_issue(month: str, folder: Path) -> None:
    """Write the files of an issue: one Markdown file a section.

    MONTH is its month, like 2026-12; the issue is called that too.

    \b
    Example: mailer newsletter new 2026-12
    """
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise click.BadParameter(f"{month!r} is not a month; write it like 2026-12.") from None
    begin("newsletter", month, first, folder)
