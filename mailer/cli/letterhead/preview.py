"""`mailer letterhead preview`: letter, envelope and newsletter in the firm's brand, with every zone."""

from __future__ import annotations

from pathlib import Path

import click

from mailer.cli.terminal import folder_option, note, opened


@click.command()
@folder_option
def preview(folder: Path) -> int:
    """Show letter, envelope and newsletter with every route's zones on millimetre paper.

    Takes logo, colors and typefaces from [brand] in mailer.toml: change them and look again. Exit 1
    where a color is too light for words.

    \b
    Example: mailer letterhead preview
    """
    from mailer.making.preview import preview as make

    with opened(folder) as mail:
        made = make(mail)
    for remark in made.remarks:
        click.echo(f"LOOK AT  {remark}")
    click.echo(f"{made.pdf}\n{made.pdf.parent}: {made.images} page images")
    note("Change [brand] in mailer.toml and look again; docs/make-it-yours.md tells what goes where.")
    return 1 if made.remarks else 0
