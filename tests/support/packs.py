"""Evidence packs made by hand after the README of a pack, in memory, not by the code that writes packs.

A cheat who changes a file can write the manifest and the sums anew (`sealed`); only a fact that contradicts
the ledger is left then.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from mailer.ledger.chain import Event

SUBJECT = "2027-rates/letter"
LETTER, RECEIPT, LISTING = b"%PDF letter", b"%PDF receipt", b"place,piece\n"
SALT, CLIENT, LINES = "5a17", "0192f0c0-0000-7000-8000-000000000001", ["Ash Street Bakery", "1 Ash Street"]


def sha(data: bytes | str) -> str:
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


class Memory(dict[str, bytes]):
    """A pack as a dict."""

    def sizes(self) -> dict[str, int]:
        return {name: len(content) for name, content in self.items()}

    def sha256(self, name: str) -> str:
        return hashlib.sha256(self.read(name)).hexdigest()

    def read(self, name: str) -> bytes:
        return self[name]

    def lines(self, name: str) -> Iterator[bytes]:
        return iter(BytesIO(self[name]))


def approval(pieces: str, output: str) -> tuple[str, dict[str, Any]]:
    """The event of an approval of pages with that digest."""
    return "mailing.approved", {"pieces": pieces, "inputs": None, "output": output, "not_after": None}


def hand_over(receipt: str | None) -> tuple[str, dict[str, Any]]:
    """The event of the hand-over of job 1, which is of piece 1, with the receipt of that hash."""
    said = {
        "job": 1, "pieces": "1", "at": "2026-11-24T22:10:00+00:00", "counts_on": "2026-11-24",
        "by": "Lee Ortiz", "place": "Main Post Office, Sacramento", "class": "first", "receipt": receipt,
    }  # fmt: skip
    return "job.dropped", said


def as_line(one: Event) -> str:
    fields = {name: getattr(one, name) for name in Event.__slots__ if name != "withheld" or one.withheld}
    fields |= {"recorded_at": one.recorded_at.isoformat(), "occurred_on": one.occurred_on.isoformat()}
    return json.dumps(fields, ensure_ascii=False) + "\n"


def sealed(files: Memory, manifest: dict[str, Any]) -> Memory:
    """With a manifest and sums that agree with every file, as whoever makes a pack can write them."""
    listed = {
        name: {"sha256": sha(content), "size": len(content)}
        for name, content in files.items()
        if name not in ("manifest.json", "SHA256SUMS")
    }
    whole = {"format": "mailer evidence pack 1", **manifest, "files": listed}
    files["manifest.json"] = json.dumps(whole).encode()
    summed = {name: sha(content) for name, content in files.items() if name != "SHA256SUMS"}
    files["SHA256SUMS"] = "".join(f"{summed[name]}  {name}\n" for name in sorted(summed)).encode()
    return files


def resealed(files: Memory) -> Memory:
    return sealed(files, json.loads(files["manifest.json"]))


def as_lines(rows: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(one) + "\n" for one in rows).encode()
