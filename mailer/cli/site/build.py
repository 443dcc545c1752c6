"""`mailer site build`: the client page as static files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from mailer.cli.terminal import PATH, day_option, folder_option, note, opened
from mailer.notice.words import plural


@click.command("build")
@day_option("--on", "The day as of which it is made. Default: today.")
@click.option("--deploy", type=PATH, metavar="FOLDER", help="Put it there as well, whole or not at all.")
@folder_option
def build(on: date | None, deploy: Path | None, folder: Path) -> None:
    """Make the client page in site/: how to reach the firm, policies, closed days, newsletters.

    A change to come stands on it once letters that announce it were mailed, an issue once it was mailed.
    Prices and clients' names are refused. No page needs JavaScript or anything from elsewhere.

    \b
    Example: mailer site build
             mailer site build --deploy /srv/www/clients
    """
    from mailer.policies.site.build import build as make

    with opened(folder) as mail:
        made = [make(mail, on or mail.today, place) for place in (mail.root / "site", deploy) if place]
    for one in made:
        size = f"{one.size // 1000:,} kB"
        click.echo(f"{one.folder}: {plural(one.files, 'file')}, {size}, {plural(one.issues, 'issue')}")
    note(f"Next: open {made[0].folder / 'index.html'}")
