"""A pack of pieces that a mail service took, and each way of cheating with them.

Number 1 was refused and went again as number 2, which the post had on the 25th by a scan, then by the
service's own word on the 24th; number 3 was cancelled. As in test_pack the cheat writes manifest and sums,
and here the whole chain, anew: only a fact that contradicts another is left.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import pytest

from mailer.ledger.chain import FIRST_PREV, Event, event
from mailer.ledger.pack import verify
from tests.ledger.test_pack import CLIENT, LETTER, LINES, SALT, SUBJECT, Memory, as_line, sealed, sha

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
    ("mailing.approved", {"pieces": "1,3", "output": output(LETTER, OTHER)}),
    ("pieces.submitting", {"pieces": "1,3", "service": "lob"}),
    ("piece.rejected", {"pieces": "1", "service": "lob", "reason": "no such street"}),
    ("piece.accepted", accepted(3, "ltr_3", OTHER)),
    ("pieces.cancelled", {"pieces": "3", "service": "lob", "reason": "a wrong enclosure"}),
    ("piece.reissued", prepared(2, LETTER, of=1, reason="the address was corrected")),
    # What is approved now is number 2 alone: the others have ended.
    ("mailing.approved", {"pieces": "", "output": output(LETTER)}),
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


def as_lines(rows: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(one) + "\n" for one in rows).encode()


def instead(kind: str, number: int, **changed: Any) -> list[tuple[str, dict[str, Any]]]:
    """The story with the event of that kind and piece changed."""
    changes = [
        (name, said | changed if (name, said.get("pieces")) == (kind, str(number)) else said)
        for name, said in STORY
    ]
    assert changes != STORY
    return changes


def test_refused_cancelled_repeated_and_posted_without_a_hand_over() -> None:
    found = verify(pack())
    assert found.problems == []
    assert (found.pieces, found.documents, found.at_service, found.drops) == (3, 1, 2, 0)


CHEATS: dict[str, tuple[Callable[[], Memory], str]] = {
    "words of the service changed": (
        lambda: pack(tracking=[row(WORD), row(SCAN, kind="mailed")]),
        "evnt_scan is told otherwise than in the ledger",
    ),
    "a time of the service changed": (
        lambda: pack(tracking=[row(WORD, at="2026-11-23T23:00:00+00:00"), row(SCAN)]),
        "evnt_word is told otherwise than in the ledger",
    ),
    "a report left out": (lambda: pack(tracking=[row(WORD)]), "evnt_scan, which the ledger has, is not"),
    "all reports left out": (lambda: pack(tracking=[]), "it was taken out"),
    "a report invented": (
        lambda: pack(tracking=[*TRACKING, row(WORD, event="evnt_more", kind="delivered")]),
        "evnt_more is told of piece 2, and no event tells it",
    ),
    "a report of another letter": (
        lambda: pack(tracking=[row(WORD, letter="ltr_3"), row(SCAN)]),
        "ltr_3 is not the letter of piece 2",
    ),
    "a report twice": (lambda: pack(tracking=[*TRACKING, row(WORD)]), "evnt_word is there twice"),
    "the custody taken out": (
        lambda: pack([(name, said) for name, said in STORY if name not in ("piece.posted", "piece.redated")]),
        "its status 'mailed' is not what the events say (accepted)",
    ),
    "the custody taken out, status too": (
        lambda: pack(
            [(name, said) for name, said in STORY if name not in ("piece.posted", "piece.redated")],
            [REFUSED, MAILED | {"status": "accepted"}, CANCELLED],
        ),
        "its day of deposit is not that of its hand-over or of the post's custody",
    ),
    "the later day kept": (
        lambda: pack(pieces=[REFUSED, MAILED | {"deposited": "2026-11-25"}, CANCELLED]),
        "its day of deposit is not",
    ),
    "a foreign id": (
        lambda: pack(pieces=[REFUSED, MAILED | {"service": MAILED["service"] | {"id": "ltr_9"}}, CANCELLED]),
        "its id at the mail service is not the one under which it was accepted",
    ),
    "a foreign id in the ledger too": (
        lambda: pack(instead("piece.accepted", 2, id="ltr_9")),
        "ltr_2 is not the letter of piece 2",
    ),
    "one letter for two pieces": (
        lambda: pack(instead("piece.accepted", 2, id="ltr_3")),
        "gives piece 2 the letter ltr_3 of piece 3",
    ),
    "other pages dispatched": (
        lambda: pack(instead("piece.accepted", 2, sha256=sha(OTHER))),
        "what the service got of piece 2 (event 11) is not what was approved",
    ),
    "the dispatched hash swapped in the list": (
        lambda: pack(
            pieces=[REFUSED, MAILED | {"service": MAILED["service"] | {"sha256": sha(OTHER)}}, CANCELLED]
        ),
        "what it says the service got is not what the event of its acceptance says",
    ),
    "never at the service": (
        lambda: pack(pieces=[REFUSED, MAILED | {"service": None}, CANCELLED]),
        "whether a mail service took it is not what the events say",
    ),
    "a cancelled piece shown as mailed": (
        lambda: pack(
            pieces=[REFUSED, MAILED, CANCELLED | {"status": "mailed", "deposited": "2026-11-25"}],
        ),
        "its status 'mailed' is not what the events say (cancelled)",
    ),
    "a cancelled piece with a day of deposit": (
        lambda: pack(pieces=[REFUSED, MAILED, CANCELLED | {"deposited": "2026-11-25"}]),
        "it is cancelled and shown as mailed",
    ),
    "a refused piece hidden": (
        lambda: pack(pieces=[MAILED, CANCELLED]),
        "piece 1 of 2027-rates/letter is in the events and not in",
    ),
    "another certified number": (
        lambda: pack(pieces=[REFUSED, MAILED | {"certified": "9" * 20}, CANCELLED]),
        "its certified-mail number is not the one that was recorded",
    ),
    "the first try hushed up": (
        lambda: pack(pieces=[REFUSED, MAILED | {"again_of": None}, CANCELLED]),
        "which piece it repeats is not what the events say",
    ),
    "other pages repeated": (
        lambda: pack(instead("piece.reissued", 2, sha256=sha(OTHER))),
        "event 8 repeats other pages than those of piece 1",
    ),
    "an approval that still counts what ended": (
        lambda: pack(
            [
                (name, said | {"output": STORY[2][1]["output"]} if said.get("pieces") == "" else said)
                for name, said in STORY
            ]
        ),
        "the approval in event 9 is not of the pieces",
    ),
    "a test key called a live one": (
        lambda: pack(instead("piece.accepted", 2, live=False)),
        "is an acceptance under a test key and not called a rehearsal",
    ),
    "a rehearsal called none": (
        lambda: pack(
            instead("piece.accepted", 2, live=False), rehearsal=lambda kind: kind == "piece.accepted"
        ),
        "does not say REHEARSAL",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("cheat", "says"), CHEATS.values(), ids=CHEATS)
def test_a_cheat_who_writes_the_ledger_anew(cheat: Callable[[], Memory], says: str) -> None:
    found = verify(cheat())
    assert any(says in problem for problem in found.problems), found.problems


def test_the_same_moment_in_another_zone_is_the_same() -> None:
    assert verify(pack(tracking=[row(WORD, at="2026-11-24T15:00:00-08:00"), row(SCAN)])).problems == []


def test_a_pack_without_any_report_needs_no_list_of_them() -> None:
    story = [(name, said) for name, said in STORY if name not in ("piece.posted", "piece.redated")]
    accepted_only = MAILED | {"status": "accepted", "deposited": None}
    files = pack(story, [REFUSED, accepted_only, CANCELLED])
    del files["tracking.jsonl"]
    assert verify(sealed(files, json.loads(files["manifest.json"]))).problems == []


def test_the_list_of_reports_may_not_be_left_out() -> None:
    files = pack()
    del files["tracking.jsonl"]
    found = verify(sealed(files, json.loads(files["manifest.json"])))
    assert any("tracking.jsonl: evnt_scan, which the ledger has" in problem for problem in found.problems)


TRY = [
    ("pieces.submitting", {"pieces": "2", "service": "lob"}),
    ("piece.accepted", accepted(2, "ltr_test", live=False)),
]
BACK = ("pieces.released", {"pieces": "2", "reason": "they were sent with a test key; nothing was printed"})


def test_a_try_with_a_test_key_that_was_taken_back_is_no_rehearsal() -> None:
    story = [*STORY[:9], *TRY, BACK, *STORY[9:]]
    order = count(1)
    assert verify(pack(story, rehearsal=lambda _: next(order) in (10, 11))).problems == []
    order = count(1)
    said = verify(
        pack(
            [*story, ("piece.numbered", {"pieces": "2", "number": NUMBER})],
            rehearsal=lambda _: next(order) == 16,
        )
    )
    assert any("does not say REHEARSAL" in problem for problem in said.problems)


def correction(**changed: Any) -> dict[str, Any]:
    return {
        "event": len(STORY) + 1,
        "client": CLIENT,
        "notice": False,
        "before": BEFORE,
        "after": AFTER,
        "reason": "it came back",
        "salt": "c0de",
    } | changed


CORRECTED: list[tuple[str, dict[str, Any]]] = [
    *STORY,
    (
        "client.corrected",
        {
            "client": sha(f"c0de\0{CLIENT}"),
            "notice": False,
            "before": sha(f"c0de\0{as_text(BEFORE)}"),
            "after": sha(f"c0de\0{as_text(AFTER)}"),
            "reason": sha("c0de\0it came back"),
        },
    ),
]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({}, ""),
        ({"salt": ""}, ""),
        ({"before": AFTER}, "the address before the correction in event 15 is not the recorded one"),
        ({"after": BEFORE}, "the address after the correction in event 15 is not the recorded one"),
        ({"client": "somebody"}, "the correction in event 15 is not of this client"),
        ({"reason": "we mistyped it"}, "the correction in event 15 is not of this reason"),
        ({"notice": True}, "is of the other address of the client"),
        ({"event": 3}, "event 3 is no correction"),
    ],
)
def test_a_correction_and_its_event(changed: dict[str, Any], says: str) -> None:
    problems = verify(pack(CORRECTED, corrections=[correction(**changed)])).problems
    assert problems == [] if not says else any(says in problem for problem in problems), problems


def test_a_receipt_that_came_later_must_be_there() -> None:
    scan = b"%PDF receipt"
    story: list[tuple[str, dict[str, Any]]] = [
        ("piece.prepared", prepared(1, LETTER)),
        ("mailing.approved", {"pieces": "1", "output": output(LETTER)}),
        ("job.produced", {"job": 1, "pieces": "1", "manifest": "0" * 64}),
        ("job.dropped", {"job": 1, "pieces": "1", "counts_on": "2026-11-24", "receipt": None}),
        ("drop.receipt-added", {"drop": 1, "pieces": "1", "receipt": sha(scan)}),
    ]
    one = line(1, "mailed", deposited="2026-11-24", file="pieces/2027-rates-L-0002.pdf")
    files = pack(story, [one], tracking=[])
    assert any("the receipt of the hand-over in event 5" in problem for problem in verify(files).problems)
    files["receipts/scan.pdf"] = scan
    found = verify(sealed(files, json.loads(files["manifest.json"])))
    assert (found.problems, found.drops, found.receipts) == ([], 1, 1)
