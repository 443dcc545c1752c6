"""Salted hashes: how the ledger names a person, an address or a reason without saying it. Pure."""

from __future__ import annotations

import hashlib


def salted(salt: str, text: str) -> str:
    """SHA-256, in hexadecimal, of salt, NUL and text: proves what was recorded, to whoever has both."""
    return hashlib.sha256(f"{salt}\0{text}".encode()).hexdigest()
