"""Addresses that were corrected, of the clients whom a mailing is for: before and after, and the event."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from mailer.clients.record import Address
from mailer.evidence.case import Correction
from mailer.evidence.packlists import salted
from mailer.ledger.chain import Event
from mailer.ledger.kinds import EventKind
from mailer.standing.correction import SUBJECT
from mailer.store.among import among
from mailer.store.events import events_of, payload_of
from mailer.store.tables import CorrectionRow


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction and the client whom it is of; `line` is that of corrections.jsonl."""

    client: UUID
    correction: Correction
    line: str


def corrections_of(session: Session, clients: Collection[UUID]) -> list[Corrected]:
    """The corrections of these clients' addresses, oldest first."""
    rows = list(
        session.execute(
            select(CorrectionRow)
            .where(among(session, CorrectionRow.client_id, sorted(clients, key=str)))
            .order_by(CorrectionRow.id)
        ).scalars()
    )
    if not rows:
        return []
    events = {
        payload_of(event)["client"]: event
        for event in events_of(session, SUBJECT)
        if event.kind == EventKind.CORRECTED
    }
    return list(_matched(rows, events))


def _matched(rows: Sequence[CorrectionRow], events: dict[Any, Event]) -> Iterator[Corrected]:
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
            "salt": row.salt,
        }
        line = json.dumps(fields, ensure_ascii=False, separators=(",", ":")) + "\n"
        made = Correction(
            row.corrected_on,
            row.corrected_by,
            row.reason,
            row.notice,
            _lines(row.before),
            _lines(row.after),
            seq,
        )
        yield Corrected(row.client_id, made, line)


def _lines(address: dict[str, Any] | None) -> tuple[str, ...] | None:
    return Address(**address).lines() if address else None
