"""`mailer completion`: let the shell complete commands, options and the names of campaigns."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import click
from click.shell_completion import get_completion_class

from mailer.cli.reports import near
from mailer.cli.terminal import unbroken
from mailer.errors import UsageProblem

_PLACES: Final = {
    "bash": ".local/share/bash-completion/completions/mailer",
    "zsh": ".zfunc/_mailer",
    "fish": ".config/fish/completions/mailer.fish",
}  # below the home folder, where each shell looks


@click.command()
@click.argument("shell", type=click.Choice(tuple(_PLACES)), required=False)
@click.option("--show", is_flag=True, help="Print it; write nothing.")
def completion(shell: str | None, show: bool) -> None:
    """Let the shell complete commands, options and the names of campaigns.

    Writes a small file where your shell looks for it; without SHELL for the one that you use.

    \b
    Example: mailer completion
             mailer completion zsh --show
    """
    from mailer.cli.main import cli
    from mailer.store.files import write_whole

    shell = shell or Path(os.environ.get("SHELL", "")).name
    made_by = get_completion_class(shell)
    if made_by is None or shell not in _PLACES:
        raise UsageProblem(
            f"{shell or 'this shell'} is not known here.", todo=f"Name one: {', '.join(_PLACES)}."
        )
    text = made_by(cli, {}, "mailer", "_MAILER_COMPLETE").source()
    if show:
        unbroken(text)
        return
    try:
        path = Path.home() / _PLACES[shell]
    except RuntimeError:  # no HOME, and nobody of that number
        raise UsageProblem("your home folder is not known.", todo="Set HOME, or add --show.") from None
    write_whole(path, text.encode())
    click.echo(f"{near(path)} is written; a new {shell} completes with the Tab key.")
    if shell == "zsh":
        click.echo("If it does not, put this before compinit in ~/.zshrc:\n  fpath=(~/.zfunc $fpath)")
