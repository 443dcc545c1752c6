"""What a mail service told, and corrected addresses: each list of a pack against the ledger.

The pack is that of tests.support.service_packs. The cheat writes the manifest and the sums anew.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mailer.evidence.verifier import verify
from tests.support.packs import CLIENT, Memory, resealed, sha
from tests.support.service_packs import (
    AFTER,
    BEFORE,
    CANCELLED,
    MAILED,
    REFUSED,
    SCAN,
    STORY,
    TRACKING,
    WORD,
    as_text,
    pack,
    row,
)

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
}  # fmt: skip


@pytest.mark.parametrize(("cheat", "says"), CHEATS.values(), ids=CHEATS)
def test_a_cheat_with_the_reports(cheat: Callable[[], Memory], says: str) -> None:
    found = verify(cheat())
    assert any(says in problem for problem in found.problems), found.problems


def test_the_same_moment_in_another_zone_is_the_same() -> None:
    assert verify(pack(tracking=[row(WORD, at="2026-11-24T15:00:00-08:00"), row(SCAN)])).problems == []


def test_a_pack_without_any_report_needs_no_list_of_them() -> None:
    story = [(name, said) for name, said in STORY if name not in ("piece.posted", "piece.redated")]
    accepted_only = MAILED | {"status": "accepted", "deposited": None}
    files = pack(story, [REFUSED, accepted_only, CANCELLED])
    del files["tracking.jsonl"]
    assert verify(resealed(files)).problems == []


def test_the_list_of_reports_may_not_be_left_out() -> None:
    files = pack()
    del files["tracking.jsonl"]
    found = verify(resealed(files))
    assert any("tracking.jsonl: evnt_scan, which the ledger has" in problem for problem in found.problems)


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
        ({"salt": "", "client": "", "reason": "", "before": None, "after": None}, ""),
        ({"salt": ""}, "the correction in event 15 is shown without the salt that would prove it"),
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
