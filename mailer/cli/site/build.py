"""`mailer site build`: the client page as static files."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mailer.cli.terminal import actor, day_option, folder_option, note, opened
from mailer.errors import UsageProblem
from mailer.notice.words import plural, spoken, spoken_short, together

if TYPE_CHECKING:
    from mailer.policies.site.build import Coming


@click.command("build")
@day_option("--on", "The day as of which it is made. Default: today.")
@click.option("--deploy", metavar="PLACE", help="Put it there as well, whole or not at all.")
@folder_option
def build(on: date | None, deploy: str | None, folder: Path) -> None:
    """Make the client page in site/: how to reach the firm, policies, closed days, newsletters.

    A change to come stands on it once letters that announce it were mailed, an issue once it was mailed; an
    issue that states a price or names a client is left out. No page needs JavaScript or anything from
    elsewhere.

    \b
    Example: mailer site build
             mailer site build --deploy /srv/www/clients
             mailer site build --deploy sftp://firm@web.example/clients
    """
    from mailer.policies.site.build import build as make

    if on and deploy:
        raise UsageProblem("--deploy puts today's page before everybody.", todo="Leave --on out.")

    with opened(folder) as mail:
        places = [str(mail.root / "site"), *([deploy] if deploy else [])]
        made = make(mail, on or mail.today, places, by=actor() if deploy else "")
    content = made.content
    has = f"{plural(made.files, 'file')}, {made.size // 1000:,} kB, {plural(len(content.issues), 'issue')}"
    for place in places:
        click.echo(f"{place}: {has}")
    for name, what in made.left_out.items():
        note(f"{name} is left out: it {what}. Way out: a special edition (docs/policies.md).")
    if made.published:
        note(f"Announced there from today on: {', '.join(made.published)}.")
    for name in content.otherwise:
        note(f"{name}: the page no longer says what was mailed. See  mailer status {name}")
    if content.unannounced:
        note(f"The hours change on {spoken(content.unannounced)}, and no letter says so. See  mailer")
    if made.coming and (words := _words(made.coming)):
        note(f"Not on it yet: {words}; mailed as of {spoken_short(made.coming.day)}.")
    note(f"Next: open {Path(places[0]) / 'index.html'}")


def _words(coming: Coming) -> str:
    found = [plural(coming.issues, "issue")] if coming.issues else []
    found += ["new hours"] if coming.new_hours else []
    found += [plural(coming.policies, "policy", "policies")] if coming.policies else []
    return together(found)
