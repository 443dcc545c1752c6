"""The pack of a mailing by two routes, changed by an opponent who seals it again: the verifier names what."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from mailer.evidence.packondisk import verify_folder
from tests.support.evidence import sealed


def _swap(name: str, old: str, new: str) -> Callable[[Path], None]:
    def cheat(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return cheat


def _drop_line(name: str, word: str) -> Callable[[Path], None]:
    def cheat(folder: Path) -> None:
        lines = (folder / name).read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if word not in line]
        assert len(kept) < len(lines)
        (folder / name).write_text("".join(kept), encoding="utf-8")

    return cheat


ATTACKS: dict[str, tuple[Callable[[Path], None], str]] = {
    "a scan becomes a mailing": (
        _swap("tracking.jsonl", '"kind":"in_transit"', '"kind":"mailed"'),
        "is told otherwise than in the ledger",
    ),
    "an earlier scan": (
        _swap("tracking.jsonl", "2026-11-25T20:00:00", "2026-11-24T20:00:00"),
        "is told otherwise than in the ledger",
    ),
    "the return left out": (_drop_line("tracking.jsonl", "returned_to_sender"), "it was taken out"),
    "the custody left out of the ledger": (_drop_line("events.jsonl", "piece.posted"), "was removed"),
    "an id of another's letter": (_swap("addresses.jsonl", '"id":"ltr_', '"id":"ltr_x'), "its id at the"),
    "a cancelled piece was mailed": (
        _swap("addresses.jsonl", '"cancelled","deposited":null', '"mailed","deposited":"2026-11-25"'),
        "is not what the events say (cancelled)",
    ),
    "the corrected address was there before": (
        _swap("corrections.jsonl", '"line1":"4 Dogwood', '"line1":"14 Dogwood'),
        "the address before the correction in event 26 is not the recorded one",
    ),
    "the correction left out": (
        _drop_line("corrections.jsonl", "14 Dogwood"),
        "of the address of 2027-rates-L-0001, is not there: it was taken out",
    ),
    "another address at the service": (
        _swap("service.csv", "5 Elder Road", "6 Elder Road"),
        "service.csv: line 2 is not the address of 2027-rates-L-0002",
    ),
    "delivered earlier": (
        _swap("service.csv", "2026-11-28T18", "2026-11-27T18"),
        "“Delivered at” of 2027-rates-L-0002 is not what the ledger says",
    ),
    "another street on the list for the post": (
        _swap("addressees.csv", "14 Dogwood Way", "4 Dogwood Way"),
        "addressees.csv: line 2 is not the address of 2027-rates-L-0008",
    ),
    "the old address on the new piece": (
        _swap("addresses.jsonl", '"14 Dogwood Way"', '"4 Dogwood Way"'),
        "2027-rates-L-0008: its address is there twice, and differs",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("attack", "says"), ATTACKS.values(), ids=ATTACKS)
def test_tried_as_an_opponent_who_seals_it_again(
    served_pack: Path, tmp_path: Path, attack: Callable[[Path], None], says: str
) -> None:
    copy = shutil.copytree(served_pack, tmp_path / "copy")
    attack(copy)
    sealed(copy)
    problems = verify_folder(copy).problems
    assert any(says in problem for problem in problems), problems
