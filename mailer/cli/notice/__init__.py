"""`mailer notice`: the rules of notice; one file a command."""

from __future__ import annotations

import click

from mailer.cli.notice.date import date_
from mailer.cli.notice.rules import rules
from mailer.cli.notice.verify import verify


@click.group(commands=[date_, rules, verify])
def notice() -> None:
    """List the rules of notice; answer one question of dates."""
