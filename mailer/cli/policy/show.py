"""`mailer policy show`: a policy as it reads on a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from mailer.cli.lines import width
from mailer.cli.terminal import day_option, folder_option, opened
from mailer.notice.words import spoken


@click.command("show")
@click.argument("name")
@day_option("--on", "The day on which it is read. Default: today.")
@folder_option
def show(name: str, on: date | None, folder: Path) -> None:
    """Show a policy as it reads on a day.

    \b
    Example: mailer policy show communication --on 2027-02-01
    """
    from mailer.making.documents import policy_text, reads_otherwise
    from mailer.pages.readable import readable
    from mailer.policies.register import version_on

    with opened(folder) as mail:
        day = on or mail.today
        found = version_on(mail, name, day)
        text = readable(policy_text(mail.settings, found, day).html)
        changed = reads_otherwise(mail.settings, found, day)
    click.echo(f"{found.title} (version {found.version}, from {spoken(found.effective)})")
    click.echo(f"Hours, times and ways as of {spoken(day)}; its first day had others.\n" if changed else "")
    for line in text.splitlines():
        click.echo(click.wrap_text(line, width(), "", "  " if line[:2] == "- " else "") if line else "")
