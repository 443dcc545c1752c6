"""`mailer clients`: the client list; one file a command."""

from __future__ import annotations

import click

from mailer.cli.clients.correct import correct
from mailer.cli.clients.count import count
from mailer.cli.clients.export import export
from mailer.cli.clients.forget import forget
from mailer.cli.clients.import_ import import_
from mailer.cli.clients.list import list_
from mailer.cli.clients.mark import mark
from mailer.cli.clients.merge import merge
from mailer.cli.clients.quality import quality
from mailer.cli.clients.show import show
from mailer.cli.clients.verify import verify


@click.group(commands=[correct, count, export, forget, import_, list_, mark, merge, quality, show, verify])
def clients() -> None:
    """Import, list, count, show, care for and export the client list."""
