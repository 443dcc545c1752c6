"""`mailer word letters`: a campaign's letters as Word documents."""

from __future__ import annotations

from pathlib import Path

import click

from mailer.cli.terminal import CLIENT, folder_option, note, opened
from mailer.notice.words import plural


@click.command()
@click.argument("name")
@click.option("--client", type=CLIENT, metavar="CLIENT", help="Only this client's: number, e-mail or name.")
@click.option("--merge", is_flag=True, help="One mail-merge document, and its data as CSV.")
@folder_option
def letters(name: str, client: str | None, merge: bool, folder: Path) -> None:
    """Write a campaign's letters as Word documents.

    One document with a section for each client; they say what the PDF would say. Finish them in Word,
    export as PDF, and approve that: mailer approve NAME --pdf FILE.

    \b
    Example: mailer word letters 2027-rates
    """
    from mailer.making.wordfiles import write_word

    with opened(folder) as mail:
        made = write_word(mail, name, client=client or "", merge=merge)
    click.echo(f"{plural(made.letters, 'letter')}, a draft: nothing is approved.")
    for file in made.files:
        click.echo(str(file))
    todo = (
        "In Word: Mailings, Select Recipients, Use an Existing List, data.csv"
        if merge
        else "Finish it in Word"
    )
    note(f"{todo}; export as PDF. Next:  mailer approve {name} --pdf FILE")
