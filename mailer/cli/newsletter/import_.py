"""`mailer newsletter import`: a section of an issue, written in Word."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from mailer.cli.terminal import MONTH, PATH, folder_option
from mailer.cli.word.import_ import take


@click.command("import")
@click.argument("file", type=PATH)
@click.argument("month", type=MONTH)
@click.option("--section", required=True, metavar="SECTION", help="Which one: lead, how-to, …")
@click.option("--replace", is_flag=True, help="Write over a section that is there.")
@folder_option
def import_section(file: Path, month: date, section: str, replace: bool, folder: Path) -> None:
    """Take a section of an issue from a Word document, with its pictures.

    What does not come over is listed. Macros and links to other files are refused.

    \b
    Example: mailer newsletter import article.docx 2026-12 --section how-to
    """
    take(file, f"{month:%Y-%m}", section, replace=replace, folder=folder)
