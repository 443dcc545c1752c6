"""Lob's events of a letter: tracking events in the letter, and signed webhooks of them.

A webhook is signed as Lob's guide says: `Lob-Signature` is the hex HMAC-SHA256, under the webhook's secret,
of the timestamp, a full stop and the raw body; `Lob-Signature-Timestamp` is that timestamp, in milliseconds
since 1970.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import urllib.error
import urllib.request
from datetime import datetime
from typing import Any

from tests.fakes.lob_letters import Letter, moment

# What the letter itself lists, by the last word of the event type (schema `tracking_event_normal` and the
# one for certified letters).
NAMES = {
    "mailed": "Mailed",
    "in_transit": "In Transit",
    "in_local_area": "In Local Area",
    "processed_for_delivery": "Processed for Delivery",
    "delivered": "Delivered",
    "re-routed": "Re-Routed",
    "returned_to_sender": "Returned to Sender",
    "international_exit": "International Exit",
    "pickup_available": "Pickup Available",
    "issue": "Issue",
}
OF_THE_LETTER = ("created", "rejected", "rendered_pdf", "rendered_thumbnails", "deleted", "failed", "viewed")
IN_TEST_MODE = (*OF_THE_LETTER, "return_envelope.created")  # "LIVE-ONLY" is false


def happen(letter: Letter, kind: str, when: datetime) -> dict[str, Any]:
    """Let it happen to the letter; the event as a webhook carries it. `kind` is "mailed", or another word."""
    if kind in NAMES:
        certified = letter.object["extra_service"] in ("certified", "certified_return_receipt")
        family = "certified" if certified else "normal"
        letter.object["tracking_events"].append(
            {
                "id": f"evnt_{secrets.token_hex(7)}",
                "type": family,
                "name": NAMES[kind],
                "details": {"event": "other", "description": "", "action_required": False}
                if certified
                else None,
                "location": None if kind == "mailed" else letter.object["to"]["address_zip"],
                "time": moment(when),
                "date_created": moment(when),
                "date_modified": moment(when),
                "object": "tracking_event",
            }
        )
        letter.object["tracking_events"].sort(key=lambda event: str(event["time"]))
        kind = f"certified.{kind}" if certified else kind
    elif kind == "failed":
        letter.object["status"] = "failed"
    body: dict[str, Any] = letter.object
    if kind == "deleted":
        body = {"id": letter.id, "deleted": True}
    return event(f"letter.{kind}", letter.id, body, when)


def event(kind: str, reference: str, body: dict[str, Any], when: datetime) -> dict[str, Any]:
    """An event of any kind (schema `events`)."""
    return {
        "id": f"evt_{secrets.token_hex(8)}",
        "body": body,
        "reference_id": reference,
        "event_type": {
            "id": kind,
            "enabled_for_test": kind.removeprefix("letter.") in IN_TEST_MODE,
            "resource": "letters",
            "object": "event_type",
        },
        "date_created": moment(when),
        "object": "event",
    }


def raw(found: dict[str, Any]) -> bytes:
    """The body as it goes over the wire."""
    return json.dumps(found, separators=(",", ":")).encode()


def signed(secret: str, body: bytes, at: datetime) -> dict[str, str]:
    """The headers of a webhook sent at that time."""
    stamp = str(int(at.timestamp() * 1000))
    signature = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "Lob-Signature": signature,
        "Lob-Signature-Timestamp": stamp,
    }


def deliver(url: str, secret: str, found: dict[str, Any], at: datetime) -> int:
    """POST the event; the receiver's status, or 0 where none answered."""
    body = raw(found)
    request = urllib.request.Request(url, body, signed(secret, body, at), method="POST")  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except OSError:
        return 0
