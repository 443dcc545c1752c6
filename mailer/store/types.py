"""Column types that keep what the product promises: aware UTC times and exact amounts."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID, SafeUUID

from sqlalchemy import CHAR, JSON, BigInteger, DateTime, Enum, Text, Uuid
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from mailer.errors import MailerError
from mailer.ledger.stated import KnownClosing, KnownClosings, Stated, closings_as_text, closings_of_text
from mailer.money import from_stored, to_stored


def word(kind: type[StrEnum]) -> Enum:
    """A column of one of an enum's words, kept as its value in a VARCHAR(20)."""
    return Enum(kind, native_enum=False, length=20, values_callable=lambda each: [one.value for one in each])


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, stored in UTC. SQLite gives naive ones back; this makes them aware again."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Amount(TypeDecorator[Decimal]):
    """A Decimal stored as whole ten-thousandths."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else to_stored(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        return None if value is None else from_stored(value)


class Key(TypeDecorator[UUID]):
    """A UUID. SQLite keeps its 32 hex digits; they are read without the checks of UUID(), which cost
    a fifth of the planning of a long list.
    """

    impl = Uuid
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return CHAR(32) if dialect.name == "sqlite" else Uuid()

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> Any:
        return value.hex if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> UUID | None:  # noqa: ARG002
        return None if value is None else key_of(value)


def key_of(raw: Any) -> UUID:
    """The UUID of what the database gives: PostgreSQL's driver a UUID, SQLite 32 hex digits."""
    if not isinstance(raw, str):
        made: UUID = raw
        return made
    made = object.__new__(UUID)
    try:
        object.__setattr__(made, "int", int(raw, 16))
    except ValueError:
        raise MailerError(
            f"holds the key {raw!r:.60}, which no mailer wrote.",
            where="the database",
            todo="Keep a copy of it as it is, and restore the last backup: see mailer restore --help.",
        ) from None
    object.__setattr__(made, "is_safe", SafeUUID.unknown)
    return made


class StatedFacts(TypeDecorator[Stated]):
    """What a letter states, kept as JSON. What many state alike is read once, and is one object."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Stated | None, dialect: Dialect) -> dict[str, Any] | None:  # noqa: ARG002
        return None if value is None else value.written()

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Stated | None]:  # noqa: ARG002
        return _stated


def _stated(raw: Any) -> Stated | None:
    """From what the database gives: SQLite text, PostgreSQL's driver what it read of it."""
    if raw is None:
        return None
    return _of_text(raw) if isinstance(raw, str) else _one(Stated.read(raw))


@lru_cache(maxsize=4_096)
def _of_text(raw: str) -> Stated:
    return Stated.read(json.loads(raw))


@lru_cache(maxsize=4_096)
def _one(stated: Stated) -> Stated:
    return stated


class ClosingsKnown(TypeDecorator[KnownClosings]):
    """Closings known at a hand-over, kept as text; NULL for none."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: KnownClosings | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return closings_as_text(value) if value else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> KnownClosings:  # noqa: ARG002
        try:
            return closings_of_text(value) if value else ()
        except (TypeError, ValueError):  # no mailer wrote that: it is like nothing that was recorded
            return (KnownClosing(value or "", date.min, ""),)


class Words(TypeDecorator[tuple[str, ...]]):
    """A few words, such as tags, one a line; none of them holds a line break."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else "\n".join(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...] | None:  # noqa: ARG002
        return None if value is None else tuple(value.split("\n")) if value else ()
