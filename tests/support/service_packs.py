"""A pack in memory of pieces that a mail service took, made by hand as those of tests.support.packs.

Number 1 was refused and went again as number 2, which the post had on the 25th by a scan, then by the
service's own word on the 24th; number 3 was cancelled.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from mailer.ledger.chain import FIRST_PREV, Event, event
from tests.support.packs import (
    CLIENT,
    LETTER,
    LINES,
    SALT,
    SUBJECT,
    Memory,
    approval,
    as_line,
    as_lines,
    sealed,
    sha,
)

OTHER = b"%PDF third"
NUMBER = "94071118995600000000"
BEFORE = {
    "line1": "1 Ash Street",
    "line2": "",
    "city": "Davis",
    "state": "CA",
    "zip": "95616",
    "country": "US",
}
AFTER = BEFORE | {"line1": "11 Ash Street"}


def as_text(address: dict[str, str]) -> str:
    """The canonical JSON that a correction's event hashes."""
    return json.dumps(address, sort_keys=True, separators=(",", ":"))


def prepared(number: int, pages: bytes, **more: Any) -> dict[str, Any]:
    return {
        "pieces": str(number),
        "sha256": sha(pages),
        "client": sha(f"{SALT}\0{CLIENT}"),
        "address": sha(f"{SALT}\0" + "\n".join(LINES)),
    } | more


def accepted(number: int, letter: str, pages: bytes = LETTER, **more: Any) -> dict[str, Any]:
    return {
        "pieces": str(number),
        "service": "lob",
        "id": letter,
        "sha256": sha(pages),
        "live": True,
        "certified": False,
        "cost": "1.05",
        "expected": None,
        "send_date": None,
    } | more


def told(number: int, name: str, kind: str, at: str, **more: Any) -> dict[str, Any]:
    return {"pieces": str(number), "service": "lob", "event": name, "kind": kind, "at": at} | more


def output(*pages: bytes) -> str:
    """What an approval of these pages states."""
    return sha("".join(f"{one}\n" for one in sorted(map(sha, pages))))


SCAN = told(2, "evnt_scan", "in_transit", "2026-11-25T20:00:00+00:00", counts_on="2026-11-25")
WORD = told(2, "evnt_word", "mailed", "2026-11-24T23:00:00+00:00", counts_on="2026-11-24")
STORY: list[tuple[str, dict[str, Any]]] = [
    ("piece.prepared", prepared(1, LETTER)),
    ("piece.prepared", prepared(3, OTHER)),
    approval("1,3", output(LETTER, OTHER)),
    ("pieces.submitting", {"pieces": "1,3", "service": "lob"}),
    ("piece.rejected", {"pieces": "1", "service": "lob", "reason": "no such street"}),
    ("piece.accepted", accepted(3, "ltr_3", OTHER)),
    ("pieces.cancelled", {"pieces": "3", "service": "lob", "reason": "a wrong enclosure"}),
    ("piece.reissued", prepared(2, LETTER, of=1, reason="the address was corrected")),
    # What is approved now is number 2 alone: the others have ended.
    approval("", output(LETTER)),
    ("pieces.submitting", {"pieces": "2", "service": "lob"}),
    ("piece.accepted", accepted(2, "ltr_2")),
    ("piece.numbered", {"pieces": "2", "number": NUMBER}),
    ("piece.posted", SCAN),
    ("piece.redated", WORD),
]  # fmt: skip


def chained(
    story: list[tuple[str, dict[str, Any]]], rehearsal: Callable[[str], bool] = lambda _: False
) -> list[Event]:
    events: list[Event] = []
    for seq, (kind, payload) in enumerate(story, 1):
        events.append(
            event(
                seq,
                kind,
                "clients" if kind == "client.corrected" else SUBJECT,
                payload,
                actor="lob",
                recorded_at=datetime(2026, 11, 26, 22, seq, tzinfo=UTC),
                occurred_on=date(2026, 11, 25),
                rehearsal=rehearsal(kind),
                prev=events[-1].hash if events else FIRST_PREV,
            )
        )
    return events


def line(number: int, status: str, **changed: Any) -> dict[str, Any]:
    pages = OTHER if number == 3 else LETTER
    return {
        "piece": f"2027-rates-L-{number:04}",
        "subject": SUBJECT,
        "number": number,
        "status": status,
        "deposited": None,
        "sha256": sha(pages),
        "file": None,
        "again_of": None,
        "certified": None,
        "service": None,
        "salt": SALT,
        "clients": [CLIENT],
        "address": LINES,
    } | changed


REFUSED = line(1, "rejected")
MAILED = line(
    2,
    "mailed",
    deposited="2026-11-24",
    file="pieces/2027-rates-L-0002.pdf",
    again_of=1,
    certified=NUMBER,
    service={"name": "lob", "id": "ltr_2", "sha256": sha(LETTER)},
)
CANCELLED = line(3, "cancelled", service={"name": "lob", "id": "ltr_3", "sha256": sha(OTHER)})


def row(said: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return {
        "subject": SUBJECT,
        "number": int(said["pieces"]),
        "letter": "ltr_2",
        "event": said["event"],
        "kind": said["kind"],
        "at": said["at"],
    } | changed


TRACKING = [row(WORD), row(SCAN)]


def pack(
    story: list[tuple[str, dict[str, Any]]] = STORY,
    pieces: list[dict[str, Any]] | None = None,
    tracking: list[dict[str, Any]] | None = None,
    corrections: list[dict[str, Any]] | None = None,
    rehearsal: Callable[[str], bool] = lambda _: False,
    **manifest: Any,
) -> Memory:
    events = chained(story, rehearsal)
    listed = [REFUSED, MAILED, CANCELLED] if pieces is None else pieces
    files = Memory(
        {
            "pieces/2027-rates-L-0002.pdf": LETTER,
            "events.jsonl": "".join(map(as_line, events)).encode(),
            "addresses.jsonl": as_lines(listed),
            "tracking.jsonl": as_lines(TRACKING if tracking is None else tracking),
        }
    )
    if corrections is not None:
        files["corrections.jsonl"] = as_lines(corrections)
    return sealed(
        files,
        {
            "campaign": "2027-rates",
            "title": "New rates",
            "made_at": "2026-11-30T18:00:00+00:00",
            "subject": SUBJECT,
            "subjects": [SUBJECT],
            "rehearsal": False,
            "chain": {"events": len(events), "head": events[-1].hash},
            "jobs": [],
        }
        | manifest,
    )


def instead(kind: str, number: int, **changed: Any) -> list[tuple[str, dict[str, Any]]]:
    """The story with the event of that kind and piece changed."""
    changes = [
        (name, said | changed if (name, said.get("pieces")) == (kind, str(number)) else said)
        for name, said in STORY
    ]
    assert changes != STORY
    return changes
