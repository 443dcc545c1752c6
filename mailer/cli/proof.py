"""`mailer proof`: the edge records as PDF and page images."""

from __future__ import annotations

from pathlib import Path

import click

from mailer.cli.tables import records
from mailer.cli.terminal import folder_option, note, opened, progress


@click.command()
@click.argument("name")
@folder_option
def proof(name: str, folder: Path) -> int:
    """Show the edge records as PDF and page images.

    Those are the letters most likely to go wrong: the longest name, the most address lines, the
    biggest change. Exit 1 where preflight finds something.

    \b
    Example: mailer proof 2027-rates
    """
    from mailer.making.proof import proof as make

    with opened(folder) as mail, progress() as show:
        made = make(mail, name, progress=show)
    records(("Shown",), [((name,), (f"has {why}",)) for name, why in made.records])
    for finding in made.findings:
        click.echo(f"preflight, page {finding.page}: {finding.message}")
    if made.strangers:
        named = ", ".join(f"“{one}”" for one in made.strangers[:10])
        click.echo(f"LOOK AT  {named}: in a letter, and no fact of the campaign. Does it contradict one?")
    click.echo(f"\n{made.pdf}\n{made.folder}: {len(made.images)} page images")
    note(f"Look at every page. Next:  mailer approve {name} --by NAME")
    return 1 if made.findings else 0
