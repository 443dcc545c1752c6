"""An event's record of any kind, for tests that care about few of its fields."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from mailer.ledger.events import KINDS
from mailer.ledger.kinds import EventKind
from mailer.ledger.payload import Said

FILL: dict[str, object] = {
    "str": "", "int": 1, "bool": False, "date": "2026-11-25", "datetime": "2026-11-25T14:10:00-08:00",
    "Decimal": "1.00", "ReturnReason": "refused", "KnownClosings": "[]",
}  # fmt: skip


def happening(kind: EventKind, **said: Any) -> Said:
    """What is not said is filled in. `said` are the payload's keys."""
    record = KINDS[kind]
    filled = {
        one.metadata.get("key", one.name): FILL[str(one.type).partition(" | ")[0]] for one in fields(record)
    }
    return record.read(filled | said)
