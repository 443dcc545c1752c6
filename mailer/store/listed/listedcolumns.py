"""A row of a client list as columns of `client`, and about which of them a list says nothing."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from mailer.clients.row import ListRow
from mailer.store.listed.corrections import name_key
from mailer.store.record.binding import term_columns

_CONTACT: Final = ("contact", "name", "first-name", "last-name")
# A column stays as it was unless the file has one of these targets (mailer.clients.headings).
SPOKEN_OF: Final[dict[str, tuple[str, ...]]] = {
    "number": ("number",),
    "company": ("company", "name"),
    "contact": _CONTACT,
    "salutation": ("salutation", "title", *_CONTACT),
    "email": ("email",),
    "email_key": ("email",),
    "phone": ("phone",),
    "contract": ("contract", "notice"),
    "notice_term": ("notice",),
    "rate_locked_until": ("rate-locked-until",),
    "max_raise": ("max-raise",),
    "min_months_between": ("min-months-between",),
    "only_at_renewal": ("only-at-renewal",),
    "renewal": ("renewal",),
    "last_raised": ("last-raised",),
    "tags": ("tags",),
    "active": ("status", "ended"),
    "newsletter": ("newsletter", "opted-out"),
    "since": ("since",),
    "notice_address": ("notice-line1",),
    "notice_to": ("notice-to",),
}


def kept(given: frozenset[str]) -> frozenset[str]:
    """The columns about which a file says nothing."""
    return frozenset(column for column, targets in SPOKEN_OF.items() if given.isdisjoint(targets))


def values_of(row: ListRow) -> dict[str, Any]:
    """What a row says of a client, but its rates."""
    return {
        "key": row.key,
        "number": row.number,
        "company": row.company,
        "contact": row.contact,
        "salutation": row.salutation,
        "email": row.email,
        "phone": row.phone,
        "line1": row.address.line1,
        "line2": row.address.line2,
        "city": row.address.city,
        "state": row.address.state,
        "zip": row.address.zip,
        "country": row.address.country,
        "notice_address": asdict(row.notice_address) if row.notice_address else None,
        "notice_to": row.notice_to,
        **term_columns(row.contract),
        "tags": tuple(sorted(row.tags)),
        "active": row.active,
        "newsletter": row.newsletter,
        "since": row.since,
        "email_key": row.email.casefold(),
        "name_key": key_by_name(row),
    }


def key_by_name(row: ListRow) -> str:
    """What a client is known by who has neither number nor e-mail address."""
    return name_key(row.name, row.address.zip)
