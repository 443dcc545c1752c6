"""`mailer newsletter`: issues; one file a command."""

from __future__ import annotations

import click

from mailer.cli.newsletter.import_ import import_section
from mailer.cli.newsletter.new import new_issue


@click.group(commands=[new_issue, import_section])
def newsletter() -> None:
    """Begin an issue of the newsletter, take its texts from Word."""
