"""The fold of events to the status of every piece. Pure: events in, statuses out.

A stored status is only a copy of what this fold gives; `mailer ledger verify` compares the two.
"""

from __future__ import annotations

import json

from mailer.errors import MailerError
from mailer.ledger.chain import Event
from mailer.ledger.kinds import TRANSITIONS, EventKind, Status
from mailer.ledger.numbers import numbers

Statuses = dict[str, dict[int, Status]]
"""mailing (the event's subject) → piece number → status"""


class IllegalTransition(MailerError):
    """An event that cannot follow what was recorded before it."""


def apply(statuses: Statuses, event: Event) -> None:
    """Bring `statuses` to what they are after `event`. Raises IllegalTransition."""
    try:
        kind = EventKind(event.kind)
    except ValueError:
        raise IllegalTransition(
            f"{event.kind!r} is no kind of event that this version knows.",
            where=f"ledger event {event.seq}",
            todo="It was recorded by a newer mailer: verify it with that one.",
        ) from None
    transition = TRANSITIONS.get(kind)
    if transition is None:
        return
    pieces = statuses.setdefault(event.subject, {})
    for number in numbers(json.loads(event.payload)["pieces"]):
        before = pieces.get(number)
        if before not in transition.before:
            raise IllegalTransition(
                f"{kind.value} is recorded for piece {number} of {event.subject}, "
                f"which was {before.value if before else 'not there'}.",
                where=f"ledger event {event.seq}",
                todo="The ledger holds an impossible order of events; restore a backup and report it.",
            )
        pieces[number] = transition.after
