"""What a service's events make of a piece. Pure: events in, standing out.

The same events give the same standing in any order, told once or often, at once or one by one: a standing
is made of the earliest event of each sort, and a sort that weighs more is never undone by one that weighs
less. All datetimes are aware.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from enum import StrEnum
from typing import Final

from mailer.ledger.kinds import Status


class Meaning(StrEnum):
    """What an event means to us, whatever the service calls it."""

    CREATED = "created"
    NOTED = "noted"  # rendered, looked at: nothing happened to paper
    REJECTED = "rejected"  # it will not be printed
    CANCELLED = "cancelled"  # it was taken back, here or on the service's own pages
    POSTED = "posted"  # handed to the post, in the service's own words
    SENT = "sent"  # it left by wire: any day is a day for that
    IN_TRANSIT = "in_transit"
    LOCAL = "in_local_area"
    PROCESSED = "processed"  # greenlit for delivery
    PICKUP = "pickup"  # waits at a post office
    RE_ROUTED = "re_routed"
    EXITED = "exited"  # left the country
    DELIVERED = "delivered"
    RECEIVED = "received"  # delivered by certified mail, which proves the receipt
    RETURNED = "returned"
    ISSUE = "issue"  # the carrier says that something is wrong with it
    REPLY = "reply"  # the reply envelope that lay in it, never the piece itself
    UNKNOWN = "unknown"  # a name that is new to us


CUSTODY: Final = frozenset(
    {
        Meaning.IN_TRANSIT,
        Meaning.LOCAL,
        Meaning.PROCESSED,
        Meaning.PICKUP,
        Meaning.RE_ROUTED,
        Meaning.EXITED,
        Meaning.DELIVERED,
        Meaning.RECEIVED,
        Meaning.RETURNED,
    }
)
"""Scans of the post: whatever it scanned, it has, or had."""


@dataclass(frozen=True, slots=True)
class Report:
    """One thing that a service told of a piece.

    `event_id` is the same however often and by whichever way it is told; `send_key` is "" where it was
    not told; `provider_kind` is the service's own name, "in_transit"; `created_at` is when the service made
    the letter, where it says so.
    """

    event_id: str
    provider_id: str
    send_key: str
    provider_kind: str
    kind: Meaning
    occurred_at: datetime
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a piece is, and the event that each part of it rests on.

    `posted` is the service's own word that the post has it; without one it is the earliest scan, whose
    day is no earlier and so on the safe side. `delivered` and `received` are to the addressee: what was
    delivered after it was returned went to the sender. `received` is a delivery that proves receipt.
    """

    status: Status = Status.ACCEPTED
    posted: Report | None = None
    delivered: Report | None = None
    received: Report | None = None
    returned: Report | None = None
    rejected: Report | None = None
    cancelled: Report | None = None


def standing(told: Iterable[Report]) -> Whereabouts:
    """What one piece's events come to: accepted < cancelled < rejected < mailed < delivered < returned."""
    known = sorted(told, key=_order)
    returned = _first(known, Meaning.RETURNED)
    to_the_addressee = [one for one in known if returned is None or one.occurred_at < returned.occurred_at]
    posted = _first(known, Meaning.POSTED, Meaning.SENT) or _first(known, *CUSTODY)
    delivered = _first(to_the_addressee, Meaning.DELIVERED, Meaning.RECEIVED)
    rejected, cancelled = _first(known, Meaning.REJECTED), _first(known, Meaning.CANCELLED)
    status = Status.ACCEPTED
    if returned is not None:
        status = Status.RETURNED
    elif delivered is not None:
        status = Status.DELIVERED
    elif posted is not None:
        status = Status.MAILED
    elif rejected is not None:
        status = Status.REJECTED
    elif cancelled is not None:
        status = Status.CANCELLED
    received = _first(to_the_addressee, Meaning.RECEIVED)
    return Whereabouts(status, posted, delivered, received, returned, rejected, cancelled)


def day_of(at: datetime, zone: tzinfo) -> date:
    """The day of an event in `zone`.

    Exactly midnight UTC is taken for a day without an hour, and stays that day: west of Greenwich it would
    become the day before, and notice would count from too early.
    """
    try:
        local, utc = at.astimezone(zone).date(), at.astimezone(UTC)
    except OverflowError:  # in the first or the last hours of all years
        return at.date()
    return max(local, utc.date()) if _without_hour(at) else local


def lasts(at: datetime) -> float:
    """Seconds after `at` in which the event can have been: a day without an hour ends in the west, twelve
    hours after that of Greenwich.
    """
    return 36 * 3600.0 if _without_hour(at) else 0.0


def _without_hour(at: datetime) -> bool:
    return at.astimezone(UTC).time() == time()


def _first(known: Iterable[Report], *kinds: Meaning) -> Report | None:
    return next((one for one in known if one.kind in kinds), None)


def _order(one: Report) -> tuple[datetime, str, str]:
    return (one.occurred_at, one.event_id, one.provider_kind)
