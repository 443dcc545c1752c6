"""All of a ledger folded at once."""

from __future__ import annotations

from collections.abc import Iterable

from mailer.ledger.chain import Event
from mailer.ledger.fold import Statuses, apply


def fold(events: Iterable[Event]) -> Statuses:
    """The status of every piece after `events`."""
    statuses: Statuses = {}
    for event in events:
        apply(statuses, event)
    return statuses
