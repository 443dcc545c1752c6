"""Statements compiled once for a whole run of tests.

SQLAlchemy keeps a compiled statement with its engine and dialect. A command opens the database anew, and in
one process hundreds of commands would compile the same statements again: a sixth of the tests' time. Here all
engines of a kind have the dialect and the statements of the first of them that connected.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine

from mailer.store import engine as store_engine


@contextmanager
def compiled_once() -> Iterator[None]:
    """Within it the store's engines share them."""
    first: dict[str, tuple[Engine, dict[Any, Any]]] = {}

    def make(url: Any) -> Engine:
        made = create_engine(url)
        known, statements = first.setdefault(made.dialect.name, (made, {}))
        if getattr(known.dialect, "server_version_info", None):  # it knows its server
            made.dialect = known.dialect
            made.update_execution_options(compiled_cache=statements)
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store_engine, "create_engine", make)
        yield
