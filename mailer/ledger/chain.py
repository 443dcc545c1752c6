"""The hash chain: an event's bytes, its hash, and whether a run of events is unbroken. Pure.

hash = SHA-256 of the canonical JSON of [seq, kind, version, subject, actor, recorded_at,
occurred_on, rehearsal, SHA-256 of payload, prev]; `payload` is canonical JSON text itself, kept as
hashed. So a payload can be withheld, and the chain still holds. Version 1 hashed the payload in its place.
Canonical: UTF-8, keys sorted, no white space, no floats. The first event's `prev` is 64 zeros.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Final

from mailer.errors import MailerError

FIRST_PREV: Final = "0" * 64
VERSION: Final = 2

Scalar = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Event:
    """One record. `seq` counts from 1; `recorded_at` is aware and in UTC; `occurred_on` is the
    firm's local day on which it happened in law. `withheld` is the SHA-256 of a payload that is not shown;
    `payload` is "" then.
    """

    seq: int
    kind: str
    version: int
    subject: str
    actor: str
    recorded_at: datetime
    occurred_on: date
    rehearsal: bool
    payload: str
    prev: str
    hash: str
    withheld: str = ""


class ChainBroken(MailerError):
    """The ledger does not hash to what it says: a record was changed, removed or put in."""


def canonical(payload: Mapping[str, Scalar]) -> str:
    """The JSON text that is stored and hashed. Raises TypeError for a float: money is a string."""
    for key, value in payload.items():
        if isinstance(value, float):
            raise TypeError(f"{key} is a float")
    return json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def event(
    seq: int,
    kind: str,
    subject: str,
    payload: Mapping[str, Scalar],
    *,
    actor: str,
    recorded_at: datetime,
    occurred_on: date,
    rehearsal: bool,
    prev: str,
) -> Event:
    """The next event of a chain whose last hash is `prev`. Raises ValueError for a naive `recorded_at`.

    The time is hashed in UTC, as a database gives it back.
    """
    if recorded_at.tzinfo is None:
        raise ValueError("a naive datetime cannot be recorded")
    recorded_at, text = recorded_at.astimezone(UTC), canonical(payload)
    unhashed = Event(seq, kind, VERSION, subject, actor, recorded_at, occurred_on, rehearsal, text, prev, "")
    return Event(
        seq, kind, VERSION, subject, actor, recorded_at, occurred_on, rehearsal, text, prev, digest(unhashed)
    )


def payload_hash(payload: str) -> str:
    """The SHA-256 of a payload's text."""
    return hashlib.sha256(payload.encode()).hexdigest()


def withheld(record: Event) -> Event:
    """The event without its payload, of which the hash is left. One of version 1 stays as it is."""
    if record.version == 1 or record.withheld:
        return record
    return replace(record, payload="", withheld=payload_hash(record.payload))


def digest(record: Event) -> str:
    """What `record.hash` must be."""
    fields = [
        record.seq,
        record.kind,
        record.version,
        record.subject,
        record.actor,
        record.recorded_at.isoformat(),
        record.occurred_on.isoformat(),
        record.rehearsal,
        record.payload if record.version == 1 else record.withheld or payload_hash(record.payload),
        record.prev,
    ]
    text = json.dumps(fields, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def check(events: Iterable[Event]) -> Iterator[Event]:
    """The same events, one by one, as long as each follows from the one before.

    Raises ChainBroken at the first that does not.
    """
    prev = FIRST_PREV
    for seq, record in enumerate(events, start=1):
        wrong = _wrong(record, seq, prev)
        if wrong:
            raise ChainBroken(
                wrong,
                where=f"ledger event {record.seq}",
                todo="Restore the database from a backup made before this; keep this copy as evidence.",
            )
        prev = record.hash
        yield record


def _wrong(record: Event, seq: int, prev: str) -> str:
    if record.seq != seq:
        return f"event {seq} is missing: a record was removed."
    if record.prev != prev:
        return "it does not follow from the event before: a record was changed, removed or put in."
    if record.withheld and (record.payload or record.version == 1):  # the hash would be of what is withheld
        return "it shows what it says that it withholds."
    if digest(record) != record.hash:
        return "its content was changed after it was recorded."
    return ""


def event_line(event: Event) -> str:
    """An event as a line of events.jsonl; its fields are in the order in which they are hashed."""
    fields = {
        "seq": event.seq,
        "kind": event.kind,
        "version": event.version,
        "subject": event.subject,
        "actor": event.actor,
        "recorded_at": event.recorded_at.isoformat(),
        "occurred_on": event.occurred_on.isoformat(),
        "rehearsal": event.rehearsal,
        "payload": event.payload,
        "prev": event.prev,
        "hash": event.hash,
        **({"withheld": event.withheld} if event.withheld else {}),
    }
    return json.dumps(fields, separators=(",", ":"), ensure_ascii=False) + "\n"
