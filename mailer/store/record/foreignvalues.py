"""Values of a kind that no mailer stores. SQLite keeps whatever it is given, in a column of any type; a day
of PostgreSQL's may be infinity.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.exc import DataError, IntegrityError

from mailer import errors
from mailer.store.engine import Session
from mailer.store.tables import Base

UNREADABLE: Final = (ValueError, LookupError, TypeError, ArithmeticError, AttributeError, DataError)
"""What a column raises that holds no value of its type."""
MET: Final = (*UNREADABLE, IntegrityError)
"""What a command may raise that met one, or reckoned with it: the next of such a number is no other."""


def with_bytes(session: Session) -> Iterator[str]:
    """The columns, "table.column", of which a row holds bytes. No mailer stores any."""
    if session.get_bind().dialect.name != "sqlite":
        return  # PostgreSQL's columns hold what their type says
    for table in Base.metadata.sorted_tables:
        names = [column.name for column in table.columns]
        found = session.execute(select(*(func.max(func.typeof(table.c[name]) == "blob") for name in names)))
        yield from (f"{table.name}.{name}" for name, odd in zip(names, found.one(), strict=True) if odd)


def unreadable(session: Session) -> str:
    """The first column of which a row holds no value of its type, and what that says; "" for none."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            try:
                for _ in session.execute(select(column).execution_options(yield_per=1_000)):
                    pass
            except UNREADABLE as error:
                return f"{table.name}.{column.name}: {in_words(error)}"
    return ""


def in_words(error: Exception) -> str:
    """What one of UNREADABLE says, without the statement that SQLAlchemy adds."""
    return errors.in_words(getattr(error, "orig", error))
