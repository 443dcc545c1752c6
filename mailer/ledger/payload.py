"""The payload of an event: a frozen record written as canonical JSON keys, and read back. Pure.

Days are ISO 8601, moments too and aware, money is plain numbers as text. Only `mailer.ledger` reads payloads.
"""

from __future__ import annotations

from dataclasses import MISSING, Field, dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Final, Self

from mailer.errors import MailerError
from mailer.ledger.chain import Scalar
from mailer.ledger.kinds import EventKind, ReturnReason
from mailer.ledger.stated import closings_as_text, closings_of_text


class Malformed(MailerError):
    """An event's payload is not what its kind says."""


class Unmoved:
    """A day that an event did not touch; None is a day that it took away."""


UNMOVED: Final = Unmoved()


OMIT: Final = {"omit": True}  # its key is left out while it has its default
KIND: Final = {"key": "kind"}
CLASS: Final = {"key": "class"}


@dataclass(frozen=True, slots=True)
class Said:
    """What an event records. `kind` is its kind."""

    kind: ClassVar[EventKind]

    @property
    def concerns(self) -> str:
        """The pieces that it is about, "" where it is about none."""
        return str(getattr(self, "pieces", ""))

    def payload(self) -> dict[str, Scalar]:
        """As it is hashed."""
        found: dict[str, Scalar] = {}
        for name, key, omit, default, _ in _plan(type(self)):
            value = getattr(self, name)
            if not (omit and value == default):
                found[key] = _written(value)
        return found

    @classmethod
    def read(cls, payload: dict[str, Any]) -> Self:
        """From its payload. Raises Malformed."""
        values: dict[str, Any] = {}
        for name, key, _, default, convert in _plan(cls):
            if key not in payload:
                if default is MISSING:
                    raise Malformed(f"a {cls.kind.value} event says no {key!r}.", todo=RESTORE)
                continue
            raw = payload[key]
            try:
                values[name] = None if raw is None else convert(raw)
            except (TypeError, ValueError, ArithmeticError):
                raise Malformed(f"a {cls.kind.value} event says {key}: {raw!r}.", todo=RESTORE) from None
        return cls(**values)


RESTORE: Final = "Restore the record from a backup."


def _written(value: object) -> Scalar:
    match value:
        case ReturnReason():
            return value.value
        case tuple():
            return closings_as_text(value)
        case None | bool() | int() | str():
            return value
        case date():  # a datetime too
            return value.isoformat()
        case Decimal():
            return str(value)
    raise TypeError(f"{value!r} cannot be recorded")


def _whole(raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise TypeError
    return raw


def _flag(raw: object) -> bool:
    if not isinstance(raw, bool):
        raise TypeError
    return raw


def _text(raw: object) -> str:
    if not isinstance(raw, str):
        raise TypeError
    return raw


_READERS: Final = {
    "str": _text,
    "int": _whole,
    "bool": _flag,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "Decimal": Decimal,
    "ReturnReason": ReturnReason,
    "KnownClosings": closings_of_text,
}


_PLANS: Final[dict[type, tuple[tuple[str, str, bool, Any, Any], ...]]] = {}


def _plan(cls: Any) -> tuple[tuple[str, str, bool, Any, Any], ...]:
    """(field, key, left out by default, default, reader) of each field, made once a class."""
    if cls not in _PLANS:
        _PLANS[cls] = tuple(_planned(one) for one in fields(cls))
    return _PLANS[cls]


def _planned(one: Field[Any]) -> tuple[str, str, bool, Any, Any]:
    reader = _READERS[str(one.type).partition(" | ")[0]]
    return one.name, one.metadata.get("key", one.name), one.metadata.get("omit", False), one.default, reader
