"""What can happen, and what it does to a piece. Statuses and the one table of legal transitions.

prepared → approved → produced → mailed → delivered | returned in the print room; approved → submitting →
accepted → mailed at a mail service, unknown where it gave no answer; rejected, cancelled and void end a
piece. Re-mailing is a new piece.
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
    SUBMITTING = "submitting"  # a mail service is being asked; the intent is on record
    UNKNOWN = "unknown"  # asked, and no answer: never treated as not sent
    ACCEPTED = "accepted"  # the mail service has it; "accepted" is not "mailed"
    MAILED = "mailed"  # handed to the post, or the post has it from the service
    DELIVERED = "delivered"  # the post says so; "mailed" is not "delivered"
    RETURNED = "returned"  # came back; what that does to the notice is the rule's `on_return`
    REJECTED = "rejected"  # the mail service refused it
    CANCELLED = "cancelled"  # taken back from the mail service in time
    VOID = "void"  # its client or its inputs changed before it was mailed


ENDED: Final = frozenset({Status.VOID, Status.REJECTED, Status.CANCELLED})
"""It serves nobody: its clients may get another piece."""
IN_POST: Final = frozenset({Status.MAILED, Status.DELIVERED, Status.RETURNED})
"""The post has had it: notice may rest on it."""
AT_SERVICE: Final = frozenset({Status.SUBMITTING, Status.UNKNOWN, Status.ACCEPTED})
"""A mail service has it, or may have it."""


class EventKind(StrEnum):
    """What an event records. The comment names its subject and payload."""

    CLIENTS_IMPORTED = "clients.imported"  # list; file's SHA-256, counts
    IMPORT_UNDONE = "clients.import-undone"  # list; which import was taken back, the clients it had added
    CORRECTED = "client.corrected"  # list; salted hashes of the client and of both addresses, reason
    MARKED = "client.marked"  # list; salted hash of the client, its mark, salted hashes of reason, kept one
    TERMS_RECORDED = "terms.recorded"  # list; for each client, a salted hash of all its dated terms
    RATES_RECORDED = "rates.recorded"  # list; for each client, a salted hash of all its base rates
    BEGUN = "mailing.begun"  # mailing; digest of what its documents are made from, their date
    ADOPTED = "mailing.adopted"  # mailing; what an older mailer had bound by no event, of the mailing itself
    PREPARED = "pieces.prepared"  # mailing; pieces, three hashes each (mailer.ledger.leaves)
    PIECES_ADOPTED = "pieces.adopted"  # mailing; as PREPARED, of pieces that an older mailer had prepared
    FORGOTTEN = "pieces.forgotten"  # mailing; pieces whose salt was dropped: whose they were can't be shown
    CLIENTS_FORGOTTEN = "clients.forgotten"  # list; clients whose salt was dropped
    PREPARED_ONE = "piece.prepared"  # version 1: piece number, SHA-256, salted hashes of client and address
    REISSUED = "piece.reissued"  # mailing; as PREPARED, of which piece, why: the same approved pages again
    APPROVED = "mailing.approved"  # mailing; pieces, inputs and output digest, not_after
    VOIDED = "pieces.voided"  # mailing; pieces, reason
    PRODUCED = "job.produced"  # mailing; job, pieces, SHA-256 of manifest, print files, pre-printed paper
    QUEUED = "job.queued"  # mailing; job, printer, files, the printer's own job ids
    DESTROYED = "job.destroyed"  # mailing; job, pieces, reason
    DROPPED = "job.dropped"  # mailing; job, pieces, when, where, class, receipt
    RECEIPT_ADDED = "drop.receipt-added"  # mailing; which hand-over, its pieces, the receipt's SHA-256
    NUMBERED = "piece.numbered"  # mailing; pieces, the post's number for certified mail
    SUBMITTING = "pieces.submitting"  # mailing; pieces, service: what it is about to be asked
    ACCEPTED = "piece.accepted"  # mailing; pieces, service, its id, SHA-256 of what it got, when, cost
    UNANSWERED = "piece.unanswered"  # mailing; pieces, service, what went wrong
    RELEASED = "pieces.released"  # mailing; pieces, why it is certain that the service does not have them
    REJECTED = "piece.rejected"  # mailing; pieces, service, why
    CANCELLED = "pieces.cancelled"  # mailing; pieces, service, reason
    TRACKED = "piece.tracked"  # mailing; pieces, service's event, its name for it, when
    POSTED = "piece.posted"  # mailing; as TRACKED, and the mailing day: the post has it from the service
    REDATED = "piece.redated"  # mailing; as POSTED: an earlier scan of a piece that was posted already
    DELIVERED = "piece.delivered"  # mailing; as TRACKED
    RETURNED = "pieces.returned"  # mailing; pieces, the day they came back, why
    MISADDRESSED = "pieces.misaddressed"  # mailing; pieces, the day on which that was found, of record or not
    RECEIVED = "pieces.received"  # mailing; pieces, the day they were received, by what proof
    EXCEPTION_ADDED = "exception.added"  # exceptions; salted hash of the client, policy, reason, until
    MOVED = "campaign.moved"  # campaign; the effective date before and after
    PUBLISHED = "campaign.published"  # campaign; SHA-256 of the client page that announces it
    COPIED = "ledger.copied"  # ledger; the head of the ledger that this copy was made of
    SETTLED = "ledger.settled"  # ledger; the head that was lost with a copy, and what was said of it
    FOUND = "letters.found"  # campaign; service, SHA-256 of the list of its letters that are no pieces here


@dataclass(frozen=True, slots=True)
class Transition:
    """An event takes a piece from one of `before` (None: not there yet) to `after`."""

    before: frozenset[Status | None]
    after: Status


TRANSITIONS: Final[dict[EventKind, Transition]] = {
    EventKind.PREPARED: Transition(frozenset({None}), Status.PREPARED),
    EventKind.PREPARED_ONE: Transition(frozenset({None}), Status.PREPARED),
    EventKind.REISSUED: Transition(frozenset({None}), Status.APPROVED),
    EventKind.APPROVED: Transition(frozenset({Status.PREPARED}), Status.APPROVED),
    EventKind.VOIDED: Transition(frozenset({Status.PREPARED, Status.APPROVED, Status.PRODUCED}), Status.VOID),
    EventKind.PRODUCED: Transition(frozenset({Status.APPROVED}), Status.PRODUCED),
    EventKind.DESTROYED: Transition(frozenset({Status.PRODUCED}), Status.APPROVED),
    EventKind.DROPPED: Transition(frozenset({Status.PRODUCED}), Status.MAILED),
    EventKind.SUBMITTING: Transition(frozenset({Status.APPROVED}), Status.SUBMITTING),
    EventKind.ACCEPTED: Transition(frozenset({Status.SUBMITTING, Status.UNKNOWN}), Status.ACCEPTED),
    EventKind.UNANSWERED: Transition(frozenset({Status.SUBMITTING}), Status.UNKNOWN),
    # ACCEPTED, REJECTED, CANCELLED: only where that was under a test key (mailer.ledger.claims looks).
    EventKind.RELEASED: Transition(AT_SERVICE | {Status.REJECTED, Status.CANCELLED}, Status.APPROVED),
    EventKind.REJECTED: Transition(
        frozenset({Status.SUBMITTING, Status.UNKNOWN, Status.ACCEPTED}), Status.REJECTED
    ),
    EventKind.CANCELLED: Transition(frozenset({Status.ACCEPTED}), Status.CANCELLED),
    # Ink on paper in the post outweighs what the service said before.
    EventKind.POSTED: Transition(
        frozenset({Status.ACCEPTED, Status.REJECTED, Status.CANCELLED}), Status.MAILED
    ),
    EventKind.DELIVERED: Transition(frozenset({Status.MAILED}), Status.DELIVERED),
    # Again: a mail service told of it before, and now the paper is there with its label.
    EventKind.RETURNED: Transition(IN_POST, Status.RETURNED),
}
"""Events that are not in this table say nothing of a piece."""


class Medium(StrEnum):
    """What something is said on: the paper that a mailing is, or the client page, which is no mailing."""

    LETTER = "letter"
    NEWSLETTER = "newsletter"
    PAGE = "page"

    @property
    def initial(self) -> str:
        """The letter in a piece's label: 2027-rates-L-0042."""
        return self[0].upper()


class ReturnReason(StrEnum):
    """Why the post brought a piece back, as its label says it."""

    ADDRESS_WRONG = "address wrong"  # no such number or street, insufficient address, attempted not known
    MOVED = "moved"  # moved, left no address; the forwarding order expired
    REFUSED = "refused"
    UNCLAIMED = "unclaimed"
    OTHER = "other"


class JobState(StrEnum):
    """building → produced → destroyed; a job that was interrupted stays `building` until it is run again."""

    BUILDING = "building"
    PRODUCED = "produced"
    DESTROYED = "destroyed"


OPEN: Final = (Status.PREPARED, Status.APPROVED)  # may still be made anew
