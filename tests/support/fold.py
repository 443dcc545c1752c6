"""All of a ledger folded at once."""

from __future__ import annotations

from collections.abc import Iterable

from mailer.ledger.chain import Event
from mailer.ledger.fold import folded
from mailer.ledger.kinds import Status


def fold(events: Iterable[Event]) -> dict[str, dict[int, Status]]:
    """The status of every piece after `events`, by its mailing's subject."""
    found = folded(events)
    return {subject: dict(found.statuses(subject)) for subject in found.mailings}
