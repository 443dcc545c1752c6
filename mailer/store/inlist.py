"""`column IN (many)` as one parameter: SQLAlchemy's own binds each of a chunk's thousands by itself."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Text,
    Uuid,
    bindparam,
    column,
    func,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session


def among(session: Session, key: Any, ids: Collection[UUID]) -> ColumnElement[bool]:
    """Whether the UUID column `key` is one of `ids`."""
    if session.get_bind().dialect.name == "postgresql":
        any_of: ColumnElement[bool] = key == func.any(bindparam(None, list(ids), ARRAY(Uuid)))
        return any_of
    words = bindparam(None, json.dumps([each.hex for each in ids]), Text)
    values = func.json_each(words).table_valued("value")
    found: ColumnElement[bool] = type_coerce(key, Text).in_(select(column("value")).select_from(values))
    return found


def worded(session: Session, key: Any, words: Collection[str]) -> ColumnElement[bool]:
    """Whether the text column `key` is one of `words`."""
    if session.get_bind().dialect.name == "postgresql":
        any_of: ColumnElement[bool] = key == func.any(bindparam(None, list(words), ARRAY(Text)))
        return any_of
    values = func.json_each(bindparam(None, json.dumps(list(words)), Text)).table_valued("value")
    found: ColumnElement[bool] = key.in_(select(column("value")).select_from(values))
    return found


def numbered(session: Session, key: Any, numbers: Collection[int]) -> ColumnElement[bool]:
    """Whether the whole-number column `key` is one of `numbers`, however many they are."""
    if session.get_bind().dialect.name == "postgresql":
        any_of: ColumnElement[bool] = key == func.any(bindparam(None, list(numbers), ARRAY(BigInteger)))
        return any_of
    values = func.json_each(bindparam(None, json.dumps(list(numbers)), Text)).table_valued("value")
    found: ColumnElement[bool] = key.in_(select(column("value")).select_from(values))
    return found
