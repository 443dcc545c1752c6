"""`mailer word import`: a text written in Word, as a campaign's letter, article or section."""

from __future__ import annotations

from pathlib import Path

import click

from mailer.cli.reports import few
from mailer.cli.terminal import PATH, folder_option, note, opened
from mailer.notice.words import plural


@click.command("import")
@click.argument("file", type=PATH)
@click.argument("name")
@click.option("--part", default="letter", metavar="PART", help="letter (the default) or article.")
@click.option("--replace", is_flag=True, help="Write over a text that is there.")
@folder_option
def import_(file: Path, name: str, part: str, replace: bool, folder: Path) -> None:
    """Take a text from a Word document.

    Headings, lists, tables, pictures with captions, bold, italics and footnotes come over; what does
    not is listed. Macros and links to other files are refused.

    \b
    Example: mailer word import letter.docx 2027-rates
    """
    take(file, name, part, replace=replace, folder=folder)


def take(file: Path, name: str, part: str, *, replace: bool, folder: Path) -> None:
    """Import it and say what came over; `mailer newsletter import` does the same for a section."""
    from mailer.making.wordimport import import_word

    with opened(folder) as mail:
        made = import_word(mail, file, name, part, replace=replace)
    click.echo(f"{made.file}: {plural(made.words, 'word')}, {plural(len(made.pictures), 'picture')}")
    for picture in made.pictures:
        click.echo(str(picture))
    few("LOST", made.lost, "-v", most=15)
    facts = "" if made.is_section else "; write its facts as fields"
    note(f"Read it through{facts}. Next:  mailer proof {name}")
