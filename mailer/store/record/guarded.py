"""How each column of each table is kept from being edited unseen: `mailer ledger verify` looks at all but the
operational ones, and a test edits each. A new column is declared here.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Final

from mailer.ledger.leaves import FACTS, PERSON
from mailer.store.record.binding import IDENTITY, RATE, TERMS


class Guard(Enum):
    """What tells that a column was edited."""

    PROJECTED = "the fold of the events gives it"
    BOUND = "a hash in an event covers it"
    OPERATIONAL = "nothing: a claim, a try, a key of the database, what the firm may change"


def _declared(
    projected: Iterable[str] = (), bound: Iterable[str] = (), operational: Iterable[str] = ()
) -> dict[str, Guard]:
    found = dict.fromkeys(projected, Guard.PROJECTED)
    found |= dict.fromkeys(bound, Guard.BOUND)
    return found | dict.fromkeys(operational, Guard.OPERATIONAL)


_CLIENT_BOUND: Final = ("id", "salt", "terms_from", *TERMS, *IDENTITY)
_CLIENT_LISTED: Final = (
    "key", "contact", "salutation", "email", "phone", "line1", "line2", "city", "state", "zip", "country",
    "notice_address", "tags", "newsletter", "email_key", "name_key", "first_imported", "updated_at",
    "listed", "notice_to",
)  # fmt: skip
"""The list as it is today: what was mailed is bound in the piece."""

COLUMNS: Final[dict[str, dict[str, Guard]]] = {
    "client": _declared(
        bound=_CLIENT_BOUND,
        operational=_CLIENT_LISTED,
    ),
    # what an import changed, until it is taken back or another follows
    "client_before": _declared(operational=(*_CLIENT_BOUND, *_CLIENT_LISTED)),
    "last_import": _declared(operational=("written_at", "last_rate", "last_former")),
    "former_terms": _declared(bound=("client_id", "valid_from", *TERMS), operational=("id",)),
    "client_rate": _declared(bound=("client_id", *RATE), operational=("id",)),
    "mailing": _declared(
        projected=(
            "id", "campaign", "medium", "subject", "next_number", "dated", "inputs_digest", "output_digest",
            "approved_by", "approved_at", "approved_on", "not_after",
        ),
    ),
    "piece": _declared(
        projected=(
            "id", "mailing_id", "number", "status", "job_id", "drop_id", "counts_on", "dropped_on",
            "returned_on", "received_on", "delivered_on", "rehearsed", "certified", "again_of",
            "return_reason", "of_record", "misaddressed_on",
        ),
        bound=(*FACTS, *PERSON),
    ),
    "piece_client": _declared(bound=("piece_id", "client_id")),
    "carried": _declared(projected=("mailing_id", "campaign", "article_digest")),
    "job": _declared(projected=("id", "mailing_id", "number", "state", "folder", "manifest")),
    "mail_drop": _declared(
        projected=(
            "id", "mailing_id", "job_id", "pieces", "dropped_at", "counts_on", "dropped_by", "place",
            "mail_class", "receipt", "closings",
        ),
        operational=("receipt_name",),  # how the file of the scan was called
    ),
    "submission": _declared(
        # once the service has accepted it
        projected=(
            "piece_id", "mailing_id", "service", "sha256", "live", "certified", "send_date", "cost",
            "provider_id",
        ),
        operational=(
            "send_key", "sender", "first_tried", "last_tried", "problem", "accepted_at", "cancel_until",
            "expected", "account",
        ),
    ),
    "tracking": _declared(
        projected=("id", "provider_id", "piece_id", "kind", "provider_kind", "occurred_at"),
        operational=("told_at", "told_by"),
    ),
    "address_check": _declared(
        operational=(
            "client_id", "address", "checked_on", "service", "deliverability", "dpv", "suggestion",
        ),
    ),
    # how an address is shown; nothing is proved by it
    "given_form": _declared(operational=("client_id", "address", "reason", "kept_by", "kept_on")),
    "correction": _declared(
        projected=("notice", "corrected_by", "corrected_on", "wrong_since"),
        bound=("client_id", "before", "after", "reason", "salt"),
        operational=("id",),
    ),
    "care": _declared(
        projected=("mark", "marked_by", "marked_on"),
        bound=("client_id", "kept_id", "reason", "salt"),
        operational=("id",),
    ),
    "exception": _declared(
        projected=("policy", "recorded_by", "recorded_on", "until"),
        bound=("client_id", "reason", "salt"),
        operational=("id",),
    ),
    "event": _declared(
        bound=(
            "seq", "kind", "version", "subject", "actor", "recorded_at", "occurred_on", "rehearsal",
            "payload", "prev", "hash",
        ),
    ),
}  # fmt: skip
