"""`mailer proof`: the letters most likely to go wrong, as PDF and page images."""

from __future__ import annotations

from pathlib import Path

import click

from mailer.cli.reports import near
from mailer.cli.tables import paragraph
from mailer.cli.terminal import CLIENT, folder_option, note, opened, progress
from mailer.notice.words import plural


@click.command()
@click.argument("name")
@click.option("--client", type=CLIENT, metavar="TEXT", help="Only what this client gets.")
@folder_option
def proof(name: str, client: str | None, folder: Path) -> int:
    """Show the letters most likely to go wrong, as PDF and page images.

    Those with the longest name, the most address lines, the biggest change; the text of one that goes by
    e-mail. Exit 1 where a page can't be printed as it is.

    \b
    Example: mailer proof 2027-rates
             mailer proof 2027-rates --client CF-1001
    """
    from mailer.mailservice.sample import write_sample
    from mailer.making.proof import proof as make

    with opened(folder) as mail, progress() as show:
        made = make(mail, name, client=client or "", progress=show)
        email = write_sample(mail, name, made)
    for who, why in made.records:
        paragraph(f"{who}: {why}", "  ")
    for finding in made.findings:
        click.echo(f"preflight, page {finding.page}: {finding.message}")
    if made.strangers:
        named = ", ".join(f"“{one}”" for one in made.strangers[:10])
        click.echo(f"LOOK AT  {named}: in a letter, and no fact of the campaign. Does it contradict one?")
    for look in made.looks:
        paragraph(f"LOOK AT  {look}")
    click.echo(f"\n{near(made.pdf)}, and {plural(len(made.images), 'page image')} beside it")
    if made.email and email:
        click.echo(f"{' and '.join(str(near(path)) for path in email)}: the e-mail to {made.email.name}")
    note(f"Look at every page. Next:  mailer approve {name} --by NAME")
    return 1 if made.findings else 0
