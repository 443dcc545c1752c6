"""`mailer profile texts`: voice mail, automatic reply, door sign and social post of a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from mailer.cli.terminal import day_option, folder_option, note, opened
from mailer.notice.words import spoken


@click.command("texts")
@day_option("--on", "The day on which they are read. Default: today.")
@folder_option
def texts(on: date | None, folder: Path) -> None:
    """Write the voice mail, the automatic reply, the door sign and a social post of a day.

    They say what letter, newsletter and page say on that day: all of it stands in mailer.toml. New hours are
    named once letters that announce them were mailed.

    \b
    Example: mailer profile texts
             mailer profile texts --on 2026-12-25
    """
    from mailer.campaign.loading import loaded_campaigns
    from mailer.policies.greetings import greetings
    from mailer.standing.newhours import hours_to_come

    with opened(folder) as mail, mail.store.read() as session:
        day = on or mail.today
        coming = hours_to_come(session, mail, tuple(loaded_campaigns(mail.root)), day)
        made = greetings(mail.settings, day, [one.hours for one in coming])
    for one in made:
        click.echo(f"{one.place}, {spoken(day)}")
        for line in one.text.splitlines():
            click.echo(click.wrap_text(line, 78, "  ", "  ") if line else "")
        click.echo("")
    note("Change what is wrong in mailer.toml; every other text then changes with it.")
