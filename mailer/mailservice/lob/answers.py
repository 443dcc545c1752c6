"""Lob's answers, and the `lob` package's exceptions, as the outcomes of `mailer.mailservice.service`.

The package takes HTTP 200 alone for success and expects an error object in everything else: 202 comes out
as KeyError, an HTML page as JSONDecodeError, a dropped connection as whatever `requests` raises. After all of
these the letter may exist, so they are `Unknown`. Certain are a refusal in Lob's own words and a connection
that was never made. Status and error codes: Lob's OpenAPI document 1.22.0, tag "Errors".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from email.utils import parsedate_to_datetime
from math import isfinite, nan
from typing import Any, Final

import requests
from lob.error import LobError
from urllib3.exceptions import HTTPError, NewConnectionError

from mailer.errors import NONSENSE
from mailer.mailservice import boundedhttp
from mailer.mailservice.boundedhttp import UnboundedError
from mailer.mailservice.lob.events import moment
from mailer.mailservice.lob.letter import CAMPAIGN, LABEL, LETTER_ID, SEND_KEY
from mailer.mailservice.lob.wire import RedirectedError
from mailer.mailservice.service import (
    Accepted,
    Cancelled,
    Denied,
    Rejected,
    ServiceLetter,
    Throttled,
    Tracking,
    TrackingEvent,
    Trouble,
    Unknown,
    Unreachable,
    Verification,
)

CANCEL_SECONDS: Final = 300  # "Cancellation Windows": 5 minutes unless the account sets its own
DEFAULT_WAIT: Final = 5.0  # "Rate Limiting": "Please wait 5 seconds"
_LONGEST_WAIT: Final = 60.0
_REFUSED: Final = frozenset({400, 404, 413, 422})
_DENIED: Final = frozenset({401, 402, 403})
# A 404 or 422 with one of these is about the request as a whole or its key, not about this piece.
_WRONG_PLACE: Final = frozenset({"unrecognized_endpoint", "unsupported_lob_version"})
_IN_FLIGHT: Final = "conflict"


# All that a call of the package was seen or can be read to raise: its own, those of requests (some of them
# bare), and its stumbles over an answer that is not as it expects.
TROUBLES: Final = (LobError, HTTPError, OSError, *NONSENSE)


def trouble(error: Exception) -> Trouble:
    """What one of TROUBLES out of the `lob` package says about the call."""
    match error:
        case LobError():
            return _refusal(error)
        case RedirectedError():
            return Denied("redirected", str(error))
        case UnboundedError():
            return Unknown(str(error))
        case requests.exceptions.JSONDecodeError():
            return Unknown("the answer was not Lob's: no JSON")
        case requests.RequestException():
            return (Unreachable if _never_connected(error) else Unknown)(boundedhttp.in_words(error))
    return Unknown(f"the answer was not understood ({boundedhttp.in_words(error)})")


def word(value: object) -> str:
    """A text of an answer's, of at most a hundred printable signs; "" for what is none."""
    text = value[:100] if isinstance(value, str) else ""
    return "".join(sign if sign.isprintable() else "?" for sign in text)


def told_by(letter: Mapping[str, Any]) -> Mapping[str, Any]:
    """What we said of a letter when it was made; nothing of one that is not ours. Raises TypeError."""
    metadata = letter.get("metadata")
    if metadata is not None and not isinstance(metadata, dict):
        raise TypeError("a letter's metadata are none")
    return metadata or {}


def accepted(letter: Mapping[str, Any]) -> Accepted | Unknown:
    """The letter of an answer with status 200."""
    number = letter.get("id")
    if not isinstance(number, str) or not LETTER_ID.fullmatch(number):
        return Unknown("the answer holds no letter")
    created, send_date = moment(letter.get("date_created")), moment(letter.get("send_date"))
    return Accepted(
        provider_id=number,
        expected_delivery=_day(letter.get("expected_delivery_date")),
        send_date=send_date,
        cancel_until=_cancel_until(created, send_date),
        tracking_number=word(letter.get("tracking_number")),
    )


def listed(letter: Mapping[str, Any]) -> ServiceLetter | Unknown:
    """One of our letters of a list. The package calls its `to` to_address; a `send_date` that was asked for
    is noon UTC of its day (mailer.mailservice.lob.letter).
    """
    taken, created = accepted(letter), moment(letter.get("date_created"))
    metadata, to = told_by(letter), letter.get("to_address")
    to = to if isinstance(to, dict) else {}
    if not isinstance(taken, Accepted) or created is None:
        return Unknown("a letter of the list has no id or no date")
    send = taken.send_date
    asked = send is not None and send > created and send.time() == time(12)
    return ServiceLetter(
        send_key=word(metadata.get(SEND_KEY)),
        label=word(metadata.get(LABEL)),
        campaign=word(metadata.get(CAMPAIGN)),
        accepted=taken,
        created=created,
        cancelled=letter.get("deleted") is True,
        certified=bool(letter.get("extra_service")),
        send_date=send.date() if send is not None and asked else None,
        name=word(to.get("name")),
        company=word(to.get("company")),
        zip=word(to.get("address_zip")),
    )


def moment_text(when: datetime) -> str:
    """A moment as Lob's filters take it."""
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def cancelled(answer: Mapping[str, Any]) -> Cancelled | Unknown:
    """The answer of `DELETE /letters/{id}` (schema `letter_deletion`)."""
    return Cancelled() if answer.get("deleted") is True else Unknown("the answer does not say deleted")


def tracking(letter: Mapping[str, Any], provider_id: str) -> Tracking | Unknown:
    """Where that letter is. Events are ascending by time (schema `no_extra_service`)."""
    if letter.get("id") != provider_id:
        return Unknown(f"the answer is not about {provider_id}")
    return Tracking(
        events=tuple(sorted(_events(letter.get("tracking_events")), key=lambda event: event.occurred_at)),
        status=word(letter.get("status")),
        cancelled=letter.get("deleted") is True,
        send_date=moment(letter.get("send_date")),
        expected_delivery=_day(letter.get("expected_delivery_date")),
        tracking_number=word(letter.get("tracking_number")),
    )


def verification(found: Mapping[str, Any]) -> Verification | Unknown:
    """The answer of `POST /us_verifications` (schema `us_verification`)."""
    if not str(found.get("id", "")).startswith("us_ver_"):
        return Unknown("the answer holds no verification")
    parts = found.get("components") or {}
    zip_code, more = word(parts.get("zip_code")), word(parts.get("zip_code_plus_4"))
    return Verification(
        deliverability=word(found.get("deliverability")),
        dpv_confirmation=word((found.get("deliverability_analysis") or {}).get("dpv_confirmation")),
        line1=word(found.get("primary_line")),
        line2=word(found.get("secondary_line")),
        city=word(parts.get("city")),
        state=word(parts.get("state")),
        zip=f"{zip_code}-{more}" if zip_code and more else zip_code,
    )


def event_type(name: str, family: str = "normal") -> str:
    """One spelling for what a letter's list calls "In Transit" and a webhook "letter.in_transit".

    >>> event_type("Returned to Sender"), event_type("Re-Routed", "certified")
    ('returned_to_sender', 'certified.re-routed')
    """
    word = name.strip().lower().removeprefix("letter.").replace(" ", "_")
    return word if family == "normal" or word.startswith(f"{family}.") else f"{family}.{word}"


def _refusal(error: LobError) -> Trouble:
    status = int(error.http_status or 0)
    response: requests.Response | None = error.json_body  # the package's name for the Response
    code, message = _words(response, str(error))
    if status == 429:
        return Throttled(_wait(response.headers if response is not None else {}))
    if status in _DENIED or code in _WRONG_PLACE:
        return Denied(code, message)
    if status in _REFUSED and code != _IN_FLIGHT:
        return Rejected(code, message)
    return Unknown(f"Lob answered {status} ({code}): {message}")


def _words(response: requests.Response | None, message: str) -> tuple[str, str]:
    """The code and message of Lob's error object (schema `error`)."""
    try:
        error = response.json()["error"] if response is not None else {}
        return word(error.get("code")) or "none", _message(error.get("message")) or "it does not say why"
    except NONSENSE:
        return "none", message


def _message(value: object) -> str:
    """Words for people: what can be stored of them, whatever a terminal would make of it."""
    text = value[:300] if isinstance(value, str) else ""
    return text.encode(errors="replace").decode().replace("\0", "?")


def _wait(headers: Mapping[str, str]) -> float:
    """Seconds to wait: `Retry-After`, else until the time of `X-Rate-Limit-Reset` or `ratelimit-reset`.

    Those are seconds since 1970, so they are compared with the answer's own `Date`, not with a clock of ours.
    """
    after = _number(headers.get("Retry-After"))
    if after is not None:
        return min(max(after, 0.0), _LONGEST_WAIT)
    try:
        now = parsedate_to_datetime(headers.get("Date", "")).timestamp()
    except NONSENSE:
        return DEFAULT_WAIT
    for name in ("X-Rate-Limit-Reset", "ratelimit-reset"):
        reset = _number(headers.get(name))
        if reset is not None and 0 <= reset - now <= _LONGEST_WAIT:
            return reset - now
    return DEFAULT_WAIT


def _number(text: str | None) -> float | None:
    try:
        number = float(text) if text is not None else nan
    except ValueError:
        return None
    return number if isfinite(number) else None


def _never_connected(error: requests.RequestException) -> bool:
    """No connection, no name for the host, no TLS: nothing was sent (mailer.mailservice.boundedhttp)."""
    if isinstance(error, (requests.ConnectTimeout, requests.exceptions.InvalidURL)):
        return True
    return any(isinstance(cause, NewConnectionError) for cause in _causes(error))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exception and what it was made of, as urllib3 and requests nest them."""
    waiting, seen = [error], set()
    while waiting:
        cause = waiting.pop()
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        inner = (getattr(cause, "reason", None), cause.__cause__, cause.__context__, *cause.args)
        waiting.extend(one for one in inner if isinstance(one, BaseException))


def _cancel_until(created: datetime | None, send_date: datetime | None) -> datetime | None:
    """A later `send_date` overrides the window ("Cancellation Windows")."""
    if created is None:
        return None
    if send_date is not None and send_date > created:
        return send_date
    return datetime.fromtimestamp(created.timestamp() + CANCEL_SECONDS, UTC)


def _events(listed: object) -> Iterator[TrackingEvent]:
    for event in listed if isinstance(listed, list) else []:
        at = moment(event.get("time")) or moment(event.get("date_created"))
        name = event.get("name")
        if at is not None and isinstance(name, str):
            kind = event_type(word(name), word(event.get("type")) or "normal")
            yield TrackingEvent(word(event.get("id")), kind, at)


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if isinstance(text, str) else None
    except ValueError:
        return None
