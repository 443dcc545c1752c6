"""`mailer ledger verify` and `mailer database upgrade`."""

from __future__ import annotations

import os
import re
from pathlib import Path

import click

from mailer.cli.terminal import DATABASE, folder_option, note, opened, progress
from mailer.notice.steps import counted


@click.group()
def ledger() -> None:
    """Verify the record of events."""


@ledger.command()
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
    from mailer.standing.audit import verify as look  # noqa: PLC0415

    if head and not re.fullmatch(r"[0-9a-f]{64}", head.strip()):
        raise click.BadParameter(
            "a ledger head is 64 hexadecimal digits; copy all of them.", param_hint="--head"
        )

    with opened(folder) as mail, progress() as show:
        found = look(mail, head=head.strip(), progress=show)
    click.echo(
        f"The ledger holds: {counted(found.events, 'event')}, "
        f"{counted(found.pieces, 'piece')}, chain unbroken."
    )
    if found.rehearsals:
        click.echo(
            counted(
                found.rehearsals,
                "event was recorded in a rehearsal and proves",
                "events were recorded in a rehearsal and prove",
            )
            + " nothing."
        )
    click.echo(f"Head {found.head}")


@click.group()
def database() -> None:
    """Upgrade the database's schema."""


@database.command()
@folder_option
def upgrade(folder: Path) -> None:
    """Bring a PostgreSQL database to this version's schema. SQLite does it by itself.

    \b
    Example: mailer database upgrade
    """
    from mailer.settings import find_root  # noqa: PLC0415
    from mailer.store import schema  # noqa: PLC0415
    from mailer.store.engine import make_engine  # noqa: PLC0415

    url = os.environ.get(DATABASE, "").strip() or f"sqlite:///{find_root(folder.resolve()) / 'mailer.db'}"
    engine = make_engine(url)
    try:
        before = schema.revision(engine)
        schema.upgrade(engine)
    finally:
        engine.dispose()
    note(f"Schema {before or 'none'} → {schema.HEAD}.")
