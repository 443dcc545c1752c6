"""Salted hashes: how the ledger names a person, an address or a reason without saying it. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def salted(salt: str, text: str) -> str:
    """SHA-256, in hexadecimal, of salt, NUL and text: proves what was recorded, to whoever has both."""
    return hashlib.sha256(f"{salt}\0{text}".encode()).hexdigest()


def salted_address(salt: str, address: Mapping[str, Any] | None) -> str:
    """Of an address by its parts: canonical JSON with keys sorted and no white space, "null" for none."""
    text = json.dumps(address, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return salted(salt, text)
