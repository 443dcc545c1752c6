"""`mailer ledger verify`: every event hashed and folded again."""

from __future__ import annotations

import re
from pathlib import Path

import click

from mailer.cli.terminal import folder_option, opened, progress
from mailer.notice.words import plural


@click.command()
@click.option(
    "--head", default="", metavar="HASH", help="A ledger head from a signed paper, to be found again."
)
@folder_option
def verify(head: str, folder: Path) -> None:
    """Rehash and refold every event and compare it with the database.

    \b
    Example: mailer ledger verify
             mailer ledger verify --head HASH-FROM-THE-CHECKLIST
    """
    from mailer.standing.audit import verify as look

    if head and not re.fullmatch(r"[0-9a-f]{64}", head.strip()):
        raise click.BadParameter(
            "a ledger head is 64 hexadecimal digits; copy all of them.", param_hint="--head"
        )

    with opened(folder) as mail, progress() as show:
        found = look(mail, head=head.strip(), progress=show)
    click.echo(
        f"The ledger holds: {plural(found.events, 'event')}, {plural(found.pieces, 'piece')}, chain unbroken."
    )
    if found.rehearsals:
        click.echo(
            plural(
                found.rehearsals,
                "event was recorded in a rehearsal and proves",
                "events were recorded in a rehearsal and prove",
            )
            + " nothing."
        )
    if found.adopted:
        click.echo(
            plural(
                found.adopted,
                "of its records was made by an older mailer and is bound",
                "of its records were made by an older mailer and are bound",
            )
            + " from the day of the upgrade."
        )
    click.echo(f"Its head (the fingerprint of the whole record) {found.head}")
