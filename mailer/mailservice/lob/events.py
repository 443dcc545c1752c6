"""Lob's events: what each name means, and webhooks verified, then read. Pure; no network, no clock.

Names are those of Lob's OpenAPI document 1.22.0 (schemas `letter_types`, `tracking_event_normal` and
`tracking_event_certified`), without "letter." in front. A letter's own list of tracking events and the
webhooks tell the same things: a webhook carries the letter as it was, so the entry of that list is the event
in both, with its id and the time of the scan.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from mailer.errors import NONSENSE
from mailer.mailservice.provider import Garbled, Unsigned
from mailer.mailservice.service import Tracking
from mailer.mailservice.transit import Meaning, Report

KINDS: Final[Mapping[str, Meaning]] = {
    "created": Meaning.CREATED,
    "rendered_pdf": Meaning.NOTED,
    "rendered_thumbnails": Meaning.NOTED,
    "viewed": Meaning.NOTED,
    "informed_delivery.email_sent": Meaning.NOTED,
    "informed_delivery.email_opened": Meaning.NOTED,
    "informed_delivery.email_clicked_through": Meaning.NOTED,
    "rejected": Meaning.REJECTED,
    "failed": Meaning.REJECTED,
    "deleted": Meaning.CANCELLED,
    "mailed": Meaning.POSTED,
    "in_transit": Meaning.IN_TRANSIT,
    "in_local_area": Meaning.LOCAL,
    "processed_for_delivery": Meaning.PROCESSED,
    "re-routed": Meaning.RE_ROUTED,
    "international_exit": Meaning.EXITED,
    "delivered": Meaning.DELIVERED,
    "returned_to_sender": Meaning.RETURNED,
    "certified.mailed": Meaning.POSTED,
    "certified.in_transit": Meaning.IN_TRANSIT,
    "certified.in_local_area": Meaning.LOCAL,
    "certified.processed_for_delivery": Meaning.PROCESSED,
    "certified.re-routed": Meaning.RE_ROUTED,
    "certified.pickup_available": Meaning.PICKUP,
    "certified.delivered": Meaning.RECEIVED,
    "certified.returned_to_sender": Meaning.RETURNED,
    "certified.issue": Meaning.ISSUE,
}
"""Lob's name → ours. All of `return_envelope.…` is REPLY; a name that is not here is UNKNOWN."""

REPLY: Final = "return_envelope."
TOLERANCE: Final = 300  # seconds that a signature may be old, or ahead of our clock ("Webhooks")
SEND_KEY: Final = "mailer_send_key"  # the letter's metadata that holds our key: mailer.mailservice.lob.client
LARGEST: Final = 256 * 1024  # bytes of a webhook; a letter with all its events takes a tenth

_OLDEST, _NEWEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_EVENT: Final = re.compile(r"evt_[A-Za-z0-9_]{1,96}")
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")
_STAMP: Final = re.compile(r"[0-9]{9,15}")
_HEX: Final = re.compile(r"[0-9a-fA-F]{64}")
_MILLISECONDS: Final = 10**11  # as seconds this is the year 5138; as milliseconds, 1973
_LONGEST_NAME: Final = 100


def kind_of(provider_kind: str) -> Meaning:
    """What the name means. Both spellings of "re-routed" and names with "letter." in front are known."""
    name = named(provider_kind)
    return Meaning.REPLY if name.startswith(REPLY) else KINDS.get(name, Meaning.UNKNOWN)


def named(provider_kind: str) -> str:
    """One spelling for "letter.in_transit", "in_transit" and "In Transit".

    >>> named("letter.certified.re_routed"), named("Returned to Sender")
    ('certified.re-routed', 'returned_to_sender')
    """
    name = "".join(letter if letter.isprintable() else "?" for letter in provider_kind[:_LONGEST_NAME])
    name = name.strip().lower().removeprefix("letter.").replace(" ", "_")
    return f"{name.removesuffix('re_routed')}re-routed" if name.endswith("re_routed") else name


def verify(secret: str, timestamp: str | None, signature: str | None, body: bytes, now: datetime) -> None:
    """Raises Unsigned where the raw body was not signed with `secret` within five minutes of `now`.

    `timestamp` and `signature` are the headers Lob-Signature-Timestamp (milliseconds since 1970; some send
    seconds) and Lob-Signature (hex HMAC-SHA256 of timestamp + "." + body).
    """
    if not secret or not timestamp or not signature:
        raise Unsigned("there is no signature.")
    if not _STAMP.fullmatch(timestamp) or not _HEX.fullmatch(signature):
        raise Unsigned("the signature is not one of Lob's.")
    expected = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, signature.lower()):
        raise Unsigned("the signature does not match.")
    at = int(timestamp)
    seconds = at / 1000 if at >= _MILLISECONDS else at
    if abs(now.timestamp() - seconds) > TOLERANCE:
        raise Unsigned("the signature is too old, or from the future.")


def parse(body: bytes) -> Report:
    """The event of a verified webhook (schema `events`). Raises Garbled."""
    if len(body) > LARGEST:
        raise Garbled("it is too large.")
    try:
        event = json.loads(body, parse_constant=_no_constant)
    except NONSENSE:
        raise Garbled("it is not JSON.") from None
    if not isinstance(event, dict):
        raise Garbled("it is not an object.")
    number = _text(event.get("id"), _EVENT, "id")
    what = event.get("event_type")
    given = what.get("id") if isinstance(what, dict) else what
    if not isinstance(given, str) or not given.strip():
        raise Garbled("event_type.id is missing.")
    letter = event.get("body")
    letter = letter if isinstance(letter, dict) else {}
    name, at = named(given), moment(event.get("date_created"))
    if at is None:
        raise Garbled("date_created is no time.")
    scan = _scan(letter, name, at)
    if scan is not None:
        number, at = scan
    provider_id, key, created = (
        _provider_id(event, letter),
        _send_key(letter),
        moment(letter.get("date_created")),
    )
    return Report(number, provider_id, key, name, kind_of(name), at, created)


def polled(provider_id: str, tracking: Tracking, now: datetime) -> tuple[Report, ...]:
    """What a letter that was asked for tells. Lob lists no event for a cancelled or failed one, so `now`
    stands for when that happened.
    """
    found = []
    for event in tracking.events:
        name = named(event.provider_type)
        number = event.event_id or f"{provider_id}:{name}:{event.occurred_at.astimezone(UTC).isoformat()}"
        found.append(Report(number, provider_id, "", name, kind_of(name), event.occurred_at))
    ended = "deleted" if tracking.cancelled else named(tracking.status)
    if kind_of(ended) in (Meaning.CANCELLED, Meaning.REJECTED):
        found.append(Report(f"{provider_id}:{ended}", provider_id, "", ended, kind_of(ended), now))
    return tuple(found)


def _provider_id(event: Mapping[str, Any], letter: Mapping[str, Any]) -> str:
    """The letter's id: `reference_id`, or the body's own. Raises Garbled."""
    given = [one for one in (event.get("reference_id"), letter.get("id")) if one is not None]
    for one in given:
        _text(one, _ID, "reference_id")
    if not given:
        raise Garbled("neither reference_id nor body.id is there.")
    return str(next((one for one in given if str(one).startswith("ltr_")), given[0]))


def _send_key(letter: Mapping[str, Any]) -> str:
    """Our key in the letter's metadata, "" where there is none: "metadata may be missing in webhooks"."""
    metadata = letter.get("metadata")
    key = metadata.get(SEND_KEY) if isinstance(metadata, dict) else None
    return key if isinstance(key, str) and _ID.fullmatch(key) else ""


def _scan(letter: Mapping[str, Any], name: str, at: datetime) -> tuple[str, datetime] | None:
    """Id and time of the entry in the letter's own list that this event is about: the nearest in time."""
    listed = letter.get("tracking_events")
    found = []
    for one in listed if isinstance(listed, list) else []:
        if not isinstance(one, dict):
            continue
        when, word, number = moment(one.get("time")), one.get("name"), one.get("id")
        family = one.get("type")
        if (
            when is None
            or not isinstance(word, str)
            or not isinstance(number, str)
            or not _ID.fullmatch(number)
        ):
            continue
        own = named(word if family in (None, "normal") else f"{family}.{word}")
        if own == name:
            found.append((abs(at.timestamp() - when.timestamp()), number, when))
    return min(found)[1:] if found else None


def _text(value: object, pattern: re.Pattern[str], where: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise Garbled(f"{where} is not what it should be.")
    return value


def moment(value: object) -> datetime | None:
    """A time of this century in UTC; without a zone it is UTC, a date alone its midnight; else None."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        at = datetime.fromisoformat(value)
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except NONSENSE:
        return None
    return at if _OLDEST <= at < _NEWEST else None


def _no_constant(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are not JSON
