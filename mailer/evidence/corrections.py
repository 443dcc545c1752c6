"""Addresses that were corrected, of the clients whom a mailing is for: before and after, and the event."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from mailer.clients.record import Address
from mailer.evidence.case import CorrectedAddress
from mailer.ledger.chain import Event
from mailer.ledger.clientevents import ClientCorrected
from mailer.ledger.salt import salted
from mailer.store.engine import Session
from mailer.store.listed.corrections import AddressCorrection, corrections_of
from mailer.store.record.binding import LIST
from mailer.store.record.events import happened


@dataclass(frozen=True, slots=True)
class ProvedCorrection:
    """A correction and the client whom it is of; `line` is that of corrections.jsonl."""

    client: UUID
    correction: CorrectedAddress
    line: str


def proved_corrections(session: Session, clients: Collection[UUID]) -> list[ProvedCorrection]:
    """The corrections of these clients' addresses, oldest first."""
    rows = [row for row in corrections_of(session, clients) if row.salt]  # none of whoever was forgotten
    if not rows:
        return []
    events = {one.client: event for event, one in happened(session, LIST, ClientCorrected)}
    return list(_matched(rows, events))


def _matched(rows: Sequence[AddressCorrection], events: dict[str, Event]) -> Iterator[ProvedCorrection]:
    for row in rows:
        event = events.get(salted(row.salt, str(row.client_id)))
        seq = event.seq if event else 0
        fields = {
            "event": seq,
            "client": str(row.client_id),
            "notice": row.notice,
            "before": row.before,
            "after": row.after,
            "reason": row.reason,
            "by": row.corrected_by,
            "on": row.corrected_on.isoformat(),
            "wrong_since": row.wrong_since.isoformat() if row.wrong_since else None,
            "salt": row.salt,
        }
        line = json.dumps(fields, ensure_ascii=False, separators=(",", ":")) + "\n"
        made = CorrectedAddress(
            row.corrected_on,
            row.corrected_by,
            row.reason,
            row.notice,
            _lines(row.before),
            _lines(row.after),
            seq,
            row.wrong_since,
        )
        yield ProvedCorrection(row.client_id, made, line)


def _lines(address: dict[str, Any] | None) -> tuple[str, ...] | None:
    return Address(**address).lines() if address else None
