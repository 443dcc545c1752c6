"""What the fake Lob says about US addresses.

With a test key only the lines of "US Verifications Test Env" are answered and everything else is empty, as
at Lob. With a live key a street with UNKNOWN in it is undeliverable, one with NO UNIT lacks its unit, one
with BAD UNIT has a wrong one, one with EXTRA UNIT a needless one, and every other is deliverable.
"""

from __future__ import annotations

import re
import secrets
from typing import Any

from tests.fakes.lob_rules import invalid

# primary_line of a test key: deliverability, DPV ("US Verifications Test Env"; DPV codes of the USPS)
TEST_LINES = {
    "commercial highrise": ("deliverable", "Y"),
    "residential highrise": ("deliverable", "Y"),
    "residential house": ("deliverable", "Y"),
    "po box": ("deliverable", "Y"),
    "rural route": ("deliverable", "Y"),
    "puerto rico": ("deliverable", "Y"),
    "military": ("deliverable", "Y"),
    "department of state": ("deliverable", "Y"),
    "deliverable": ("deliverable", "Y"),
    "missing unit": ("deliverable_missing_unit", "D"),
    "incorrect unit": ("deliverable_incorrect_unit", "S"),
    "unnecessary unit": ("deliverable_unnecessary_unit", "S"),
    "undeliverable block match": ("undeliverable", "N"),
    "undeliverable no match": ("undeliverable", ""),
}
LIVE_WORDS = {
    "UNKNOWN": ("undeliverable", "N"),
    "NO UNIT": ("deliverable_missing_unit", "D"),
    "BAD UNIT": ("deliverable_incorrect_unit", "S"),
    "EXTRA UNIT": ("deliverable_unnecessary_unit", "S"),
}


def verify(mode: str, given: dict[str, str]) -> dict[str, Any]:
    line = given.get("primary_line") or given.get("address") or ""
    if not line:
        raise invalid("primary_line is required or address is required")
    zip_code = given.get("zip_code", "")
    if "primary_line" in given and not zip_code and not (given.get("city") and given.get("state")):
        raise invalid("zip_code is required or city and state are required")
    if zip_code and not re.fullmatch(r"\d{5}(-?\d{4})?", zip_code):
        raise invalid("zip_code must be in a valid zip or zip+4 format")
    if mode == "test":
        found = TEST_LINES.get(line.strip().lower())
        if found is None:
            return _object("TEST KEYS DO NOT VERIFY ADDRESSES", "", "", {}, "", "")
        return _object("TEST KEYS DO NOT VERIFY ADDRESSES", line.upper(), "", given, *found)
    words = (answer for word, answer in LIVE_WORDS.items() if word in line.upper())
    found = next(words, ("deliverable", "Y"))
    return _object("", line.upper(), given.get("secondary_line", "").upper(), given, *found)


def _object(
    recipient: str, line1: str, line2: str, given: dict[str, str], deliverability: str, dpv: str
) -> dict[str, Any]:
    zip_code = given.get("zip_code", "").replace("-", "")
    city, state = given.get("city", "").upper(), given.get("state", "").upper()
    return {
        "id": f"us_ver_{secrets.token_hex(7)}",
        "recipient": recipient,
        "primary_line": line1,
        "secondary_line": line2,
        "urbanization": "",
        "last_line": f"{city} {state} {zip_code}".strip(),
        "deliverability": deliverability,
        "valid_address": deliverability.startswith("deliverable"),
        "components": {
            "city": city,
            "state": state,
            "zip_code": zip_code[:5],
            "zip_code_plus_4": zip_code[5:] or ("1702" if deliverability == "deliverable" and line1 else ""),
        },
        "deliverability_analysis": {"dpv_confirmation": dpv},
        "object": "us_verification",
    }
