"""`mailer database upgrade`: bring a PostgreSQL database to this version's schema."""

from __future__ import annotations

from pathlib import Path

import click

from mailer.cli.terminal import database, folder_option, note


@click.command()
@folder_option
def upgrade(folder: Path) -> None:
    """Bring a PostgreSQL database to this version's schema. SQLite does it by itself.

    \b
    Example: mailer database upgrade
    """
    from mailer.settings import find_root
    from mailer.store import schema
    from mailer.store.engine import DATABASE, make_engine

    engine = make_engine(database() or DATABASE, find_root(folder.resolve()))
    try:
        before = schema.revision(engine)
        schema.upgrade(engine)
    finally:
        engine.dispose()
    note(f"Schema {before or 'none'} → {schema.HEAD}.")
