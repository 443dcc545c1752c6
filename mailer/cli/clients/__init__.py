"""`mailer clients`: the client list; one file a command."""

from __future__ import annotations

import click

from mailer.cli.clients.correct import correct
from mailer.cli.clients.count import count
from mailer.cli.clients.export import export
from mailer.cli.clients.import_ import import_
from mailer.cli.clients.list import list_
from mailer.cli.clients.quality import quality
from mailer.cli.clients.show import show
from mailer.cli.clients.verify import verify


@click.group(commands=[correct, count, export, import_, list_, quality, show, verify])
def clients() -> None:
    """Import, list, count, show, correct and export the client list."""
