"""`mailer newsletter messages`: what is said again and again, and when it was last said."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from mailer.cli.tables import table
from mailer.cli.terminal import folder_option, json_option, note, opened, show_json


@click.command("messages")
@json_option
@folder_option
def standing_messages(folder: Path, *, as_json: bool) -> None:
    """Show when each standing message was last said, and when it is due.

    Each is a file of messages/; `mailer newsletter new` takes the one that is most overdue.

    \b
    Example: mailer newsletter messages
    """
    from mailer.newsletter.messages import load_messages
    from mailer.planning.saidbefore import said_before

    with opened(folder) as mail:
        messages = load_messages(mail.root)
        said = said_before(mail.root).messages
        this_month = mail.today.replace(day=1)
    if as_json:
        show_json(
            [
                {
                    "name": one.name,
                    "title": one.title,
                    "every_months": one.every,
                    "last_said": said.get(one.name),
                    "due": one.wanted(said.get(one.name)),
                }
                for one in messages
            ]
        )
        return
    if not messages:
        note("There are no standing messages. Write one as messages/tickets.md (docs/newsletter.md).")
        return
    rows = []
    for one in messages:
        last, due = said.get(one.name), one.wanted(said.get(one.name))
        late = due is None or due <= this_month
        rows.append(
            (
                one.name,
                one.title,
                "month" if one.every == 1 else f"{one.every} months",
                f"{_month(last)}{', to come' if last > this_month else ''}" if last else "never",
                "DUE" if late else f"{_month(due)}" if due else "",
            )
        )
    table(("Message", "What it says", "Every", "Last said", "Due"), rows, flexible=1)


def _month(day: date) -> str:
    return f"{day:%B %Y}"
