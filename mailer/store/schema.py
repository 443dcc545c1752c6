"""Is the database's schema ours and current? One SELECT; alembic is imported only to change it.

A new database is set up by itself. An older SQLite file is copied beside itself and upgraded;
an older PostgreSQL database waits for `mailer database upgrade`, since others may be using it.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.orm import Session

from mailer.clock import real_now
from mailer.errors import MailerError
from mailer.store.writelock import WRITES, lock_writes

HEAD: Final = "0012"
ADOPTED: Final = "0005"
"""What an older schema held is bound by events from this one on."""
_OURS: Final = frozenset({"alembic_version", "client", "event", "mailing", "piece"})  # of every revision
_HERE: Final = Path(__file__).parent / "migrations"
_REVISION: Final = re.compile(r"(?!0000)[0-9]{4}")


def address(engine: Engine) -> str:
    """Where the database is, as a person writes it: no driver, and no password, before the host or after."""
    plain = engine.url.set(drivername=engine.url.get_backend_name(), query={})
    return plain.render_as_string(hide_password=True)


def bring_up_to_date(engine: Engine) -> None:
    """Make the tables, or upgrade them, where that may be done unasked. Raises MailerError otherwise."""
    current = revision(engine)
    if current == HEAD:
        return
    if current is None:
        upgrade(engine)
    elif engine.dialect.name == "sqlite":
        back_up(engine, current)
        upgrade(engine)
    else:
        raise MailerError(
            f"has the older schema {current}.",
            where=address(engine),
            todo="Back it up, then run `mailer database upgrade`.",
        )


def revision(engine: Engine) -> str | None:
    """The schema's revision; None for an empty database. Raises MailerError for a stranger's, or a newer."""
    with engine.connect() as connection:
        return _revision(connection)


def _revision(connection: Connection) -> str | None:
    found = inspect(connection)
    versioned = (
        {"alembic_version"} if found.has_table("alembic_version") else set()
    )  # a view of that name, too
    names = versioned.union(found.get_table_names())
    others = sorted(names - {"alembic_version"})
    if others and not _OURS.issubset(names):  # others use alembic too
        raise MailerError(
            f"holds tables that are not mailer's ({', '.join(others[:3])}, …).",
            where=address(connection.engine),
            todo="Name an empty database.",
        )
    said = [] if not names else connection.execute(text("SELECT * FROM alembic_version")).scalars().all()
    if not others and not said:
        return None
    if not others or len(said) != 1 or not _REVISION.fullmatch(str(said[0])):
        raise MailerError(
            "does not say which schema it has.",
            where=address(connection.engine),
            todo="It was changed by something other than mailer: restore a backup, and keep this copy.",
        )
    if (current := str(said[0])) > HEAD:
        raise MailerError(
            f"was made by a newer mailer (schema {current}, this one knows {HEAD}).",
            where=address(connection.engine),
            todo="Install that version of mailer; nothing was changed.",
        )
    return current


def back_up(engine: Engine, current: str) -> Path:
    """Copy a SQLite database beside itself, consistently even while it is being read."""
    path = Path(str(engine.url.database))
    copy = path.with_name(f"{path.name}.{current}.backup")
    beside = copy.with_name(f".{copy.name}.part")
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(beside)) as target:
        source.backup(target)
    beside.replace(copy)
    return copy


def upgrade(engine: Engine, to: str = HEAD) -> None:
    """Bring the schema to `to` in one transaction; alembic does nothing where another command was faster."""
    from alembic import command  # noqa: PLC0415 (importing it costs 0.4 s)
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_HERE))
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        lock_writes(connection)
        before = _revision(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, to)
        if before is not None and before < ADOPTED <= to:
            from mailer.store.record.adoption import adopt  # noqa: PLC0415 (it needs the tables as they are now)

            with Session(bind=connection, join_transaction_mode="rollback_only") as session:
                adopt(session, real_now())
                session.flush()
