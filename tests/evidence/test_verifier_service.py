"""A pack of pieces that a mail service took, and each way of cheating with them.

The pack is that of tests.support.service_packs. The cheat writes manifest and sums, and here the whole chain,
anew: only a fact that contradicts another is left.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from mailer.evidence.verifier import verify
from tests.support.packs import LETTER, Memory, approval, hand_over, resealed, sha
from tests.support.service_packs import (
    CANCELLED,
    MAILED,
    NUMBER,
    OTHER,
    REFUSED,
    STORY,
    accepted,
    instead,
    line,
    output,
    pack,
    prepared,
    told,
)


def test_refused_cancelled_repeated_and_posted_without_a_hand_over() -> None:
    found = verify(pack())
    assert found.problems == []
    assert (found.pieces, found.documents, found.at_service, found.drops) == (3, 1, 2, 0)


CHEATS: dict[str, tuple[Callable[[], Memory], str]] = {
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


def test_what_a_live_key_had_is_not_taken_back() -> None:
    taken = ("piece.accepted", accepted(2, "ltr_live", live=True))
    said = verify(pack([*STORY[:9], TRY[0], taken, BACK, *STORY[9:]]))
    assert any(
        "event 12 takes back piece 2, which the service had under a live key" in one for one in said.problems
    )


@pytest.mark.parametrize("test", [True, False])
def test_a_refusal_may_be_taken_back_under_a_test_key_alone(test: bool) -> None:
    refused = ("piece.rejected", {"pieces": "2", "service": "lob", "reason": "422: An invalid request"})
    order = count(1)
    story = [*STORY[:9], TRY[0], refused, BACK, *STORY[9:]]
    said = verify(pack(story, rehearsal=lambda _: test and next(order) in (10, 11)))
    assert any("takes back piece 2" in one for one in said.problems) is not test
    assert bool(said.problems) is not test


def test_a_receipt_that_came_later_must_be_there() -> None:
    scan = b"%PDF receipt"
    story: list[tuple[str, dict[str, Any]]] = [
        ("piece.prepared", prepared(1, LETTER)),
        approval("1", output(LETTER)),
        ("job.produced", {"job": 1, "pieces": "1", "manifest": "0" * 64}),
        hand_over(None),
        ("drop.receipt-added", {"drop": 1, "pieces": "1", "receipt": sha(scan)}),
    ]
    one = line(1, "mailed", deposited="2026-11-24", file="pieces/2027-rates-L-0002.pdf")
    files = pack(story, [one], tracking=[])
    assert any("the receipt of the hand-over in event 5" in problem for problem in verify(files).problems)
    files["receipts/scan.pdf"] = scan
    found = verify(resealed(files))
    assert (found.problems, found.drops, found.receipts) == ([], 1, 1)


@pytest.mark.parametrize(
    ("kind", "payload", "says"),
    [
        ("pieces.returned", {"pieces": "2", "on": "soon"}, "a pieces.returned event says on: 'soon'"),
        ("pieces.received", {"pieces": "2"}, "a pieces.received event says no 'on'"),
        (
            "piece.delivered",
            told(2, "evnt_1", "delivered", "noon"),
            "a piece.delivered event says at: 'noon'",
        ),
        ("piece.numbered", {"pieces": "two", "number": NUMBER}, "is not a range of piece numbers"),
        ("job.produced", {"job": "1", "pieces": "", "manifest": "0"}, "a job.produced event says job: '1'"),
        ("client.corrected", {}, "a client.corrected event says no 'client'"),
    ],
)
def test_a_malformed_event_is_a_finding(kind: str, payload: dict[str, Any], says: str) -> None:
    problems = verify(pack([*STORY, (kind, payload)])).problems
    assert any(f"events.jsonl cannot be read after event {len(STORY) + 1}" in one for one in problems)
    assert any(says in one for one in problems)
