"""`mailer site`: the client page; one file a command."""

from __future__ import annotations

import click

from mailer.cli.site.build import build
from mailer.cli.site.fragment import fragment


@click.group(commands=[build, fragment])
def site() -> None:
    """Make the client page: hours, policies, closings, newsletters."""
