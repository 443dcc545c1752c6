"""`mailer newsletter`: issues; one file a command."""

from __future__ import annotations

import click

from mailer.cli.newsletter.export import export_issue
from mailer.cli.newsletter.import_ import import_section
from mailer.cli.newsletter.messages import standing_messages
from mailer.cli.newsletter.new import new_issue


@click.group(commands=[new_issue, standing_messages, import_section, export_issue])
def newsletter() -> None:
    """Begin an issue of the newsletter, take its texts from Word, export it."""
