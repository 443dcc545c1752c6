"""`mailer` alone: what is due, and the one command to go on with. One screen, whatever the folder holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from mailer.cli.tables import records
from mailer.cli.terminal import opened
from mailer.errors import MailerError
from mailer.notice.words import spoken

if TYPE_CHECKING:
    from mailer.standing.status import Due

SHOWN: Final = 8  # campaigns, so that with their notes they are on one screen
NOTE: Final = 72  # columns of a note: one line


def show_due(folder: Path) -> bool:
    """Show it; False outside a mail folder, where `folder` is none of the reader's own choice."""
    from mailer.settings import find_root
    from mailer.standing.agenda import agenda

    try:
        find_root(folder.resolve())
    except MailerError:
        if folder != Path():
            raise
        return False
    with opened(folder) as mail:
        found = agenda(mail)
        click.echo(f"{mail.settings.firm.name}, {spoken(mail.today)}\n")
    if found.due:
        records(("By", "Campaign", "What to do"), [(_cells(one), _notes(one)) for one in found.due[:SHOWN]])
        if len(found.due) > SHOWN:
            click.echo(f"… and {len(found.due) - SHOWN:,} more:  mailer status")
    else:
        click.echo("Nothing is due.")
    click.echo(f"\nNext:  {found.command}")
    return True


def _cells(due: Due) -> tuple[str, str, str]:
    by = spoken(due.by) if due.by else ""
    return f"{'OVERDUE ' if due.overdue else ''}{by}".strip(), due.campaign, due.next_step


def _notes(due: Due) -> tuple[str, ...]:
    """What stands in the way, as far as a line holds."""
    if not due.problem:
        return ()
    first = due.problem.splitlines()[0]
    return (first if len(first) <= NOTE else f"{first[: NOTE - 1]}…",)
