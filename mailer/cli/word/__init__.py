"""`mailer word`: letters to Word and texts from it; one file a command."""

from __future__ import annotations

import click

from mailer.cli.word.import_ import import_
from mailer.cli.word.letters import letters


@click.group(commands=[letters, import_])
def word() -> None:
    """Write letters for Word, and take texts from it."""
