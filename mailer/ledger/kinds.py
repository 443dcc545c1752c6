"""What can happen, and what it does to a piece. Statuses and the one table of legal transitions.

prepared → approved → produced → mailed → delivered | returned; submitting, accepted, unknown and
rejected are a mail service's; cancelled and void end a piece. Re-mailing is a new piece.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Status(StrEnum):
    """Where a piece is."""

    PREPARED = "prepared"  # rendered and stored; nobody has approved it
    APPROVED = "approved"  # may be printed or sent
    PRODUCED = "produced"  # printed; "printed" is not "mailed"
    MAILED = "mailed"  # handed to the post
    RETURNED = "returned"  # came back; what that does to the notice is the rule's `on_return`
    VOID = "void"  # its client or its inputs changed before it was mailed


class EventKind(StrEnum):
    """What an event records. The comment names its subject and payload."""

    CLIENTS_IMPORTED = "clients.imported"  # list; file's SHA-256, counts
    RATES_RECORDED = "rates.recorded"  # list; a rise noticed elsewhere: reason, count
    PREPARED = "piece.prepared"  # mailing; piece number, SHA-256, salted hashes of client and address
    APPROVED = "mailing.approved"  # mailing; pieces, inputs and output digest, not_after
    VOIDED = "pieces.voided"  # mailing; pieces, reason
    PRODUCED = "job.produced"  # mailing; job, pieces, SHA-256 of the manifest
    DESTROYED = "job.destroyed"  # mailing; job, pieces, reason
    DROPPED = "job.dropped"  # mailing; job, pieces, when, where, class, receipt
    RETURNED = "pieces.returned"  # mailing; pieces, the day they came back, why
    RECEIVED = "pieces.received"  # mailing; pieces, the day they were received, by what proof
    EXCEPTION_ADDED = "exception.added"  # exceptions; salted hash of the client, policy, reason, until
    MOVED = "campaign.moved"  # campaign; the effective date before and after


@dataclass(frozen=True, slots=True)
class Transition:
    """An event takes a piece from one of `before` (None: not there yet) to `after`."""

    before: frozenset[Status | None]
    after: Status


TRANSITIONS: Final[dict[EventKind, Transition]] = {
    EventKind.PREPARED: Transition(frozenset({None}), Status.PREPARED),
    EventKind.APPROVED: Transition(frozenset({Status.PREPARED}), Status.APPROVED),
    EventKind.VOIDED: Transition(frozenset({Status.PREPARED, Status.APPROVED}), Status.VOID),
    EventKind.PRODUCED: Transition(frozenset({Status.APPROVED}), Status.PRODUCED),
    EventKind.DESTROYED: Transition(frozenset({Status.PRODUCED}), Status.APPROVED),
    EventKind.DROPPED: Transition(frozenset({Status.PRODUCED}), Status.MAILED),
    EventKind.RETURNED: Transition(frozenset({Status.MAILED}), Status.RETURNED),
}
"""Events that are not in this table say nothing of a piece."""
