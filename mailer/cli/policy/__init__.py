"""`mailer policy`: the firm's policies; one file a command."""

from __future__ import annotations

import click

from mailer.cli.policy.list import list_
from mailer.cli.policy.show import show
from mailer.cli.policy.who import who


@click.group(commands=[list_, show, who])
def policy() -> None:
    """List the firm's policies, show one, say who was given it."""
