"""Evidence packs that somebody made to end the verifier: each is a finding of `mailer evidence verify`."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mailer.evidence.packondisk import verify_folder
from tests.hostile.inputs import page_pdf

KEPT = Path(__file__).parents[1] / "data/pack-1"
Made = Callable[[Path], object]


def manifest(change: Callable[[dict[str, Any]], object]) -> Made:
    def make(pack: Path) -> None:
        said = json.loads((pack / "manifest.json").read_bytes())
        change(said)
        (pack / "manifest.json").write_text(json.dumps(said))

    return make


def listed(name: str, content: bytes) -> Made:
    """A file of the pack with that content, and a manifest that says so."""

    def make(pack: Path) -> None:
        (pack / name).write_bytes(content)
        entry = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
        manifest(lambda said: said["files"].update({name: entry}))(pack)

    return make


def replaced(pack: Path, old: str, new: str) -> None:
    """The events with other words, and a manifest that says so."""
    content = (pack / "events.jsonl").read_text().replace(old, new).encode()
    listed("events.jsonl", content)(pack)


def sparse(name: str, size: int) -> Made:
    def make(pack: Path) -> None:
        os.truncate(pack / name, size)

    return make


def sized(name: str, size: float) -> Made:
    return manifest(lambda said: said["files"][name].update({"size": size}))


ROWS: list[tuple[str, Made]] = [
    ("subjects that are a number", manifest(lambda said: said.update({"subjects": 5}))),
    ("subjects that are lists", manifest(lambda said: said.update({"subjects": [[1]]}))),
    ("a subject that is a list", manifest(lambda said: said.update({"subject": []}))),
    ("a size without end", sized("events.jsonl", float("inf"))),
    ("a size that is no number", sized("events.jsonl", float("nan"))),
    ("jobs that are a number", manifest(lambda said: said.update({"jobs": 5}))),
    ("pieces that are a list", manifest(lambda said: said.update({"pieces": [1]}))),
    ("a chain that is a text", manifest(lambda said: said.update({"chain": "x"}))),
    ("a title of half a character", manifest(lambda said: said.update({"title": "\ud800"}))),
    ("a file of half a character", manifest(lambda said: said["files"].update({"\ud800": {}}))),
    ("an entry that is a number", manifest(lambda said: said["files"].update({"a": 5}))),
    ("a title of 100,000 letters", manifest(lambda said: said.update({"title": "x" * 100_000}))),
    ("a file of a long name", manifest(lambda said: said["files"].update({"x" * 100_000: {}}))),
    ("a kind of 100,000 letters", lambda pack: replaced(pack, '"kind":"', '"kind":"' + "x" * 100_000)),
    ("a manifest nested too deep", lambda pack: (pack / "manifest.json").write_text("[" * 100_000)),
    ("300,000 quotes in a CSV", listed("addressees.csv", b'"' * 300_001)),
    ("events of half a character", listed("events.jsonl", b'{"seq": "\\ud800"}\n')),
    ("events that are numbers", listed("events.jsonl", b"5\n")),
    ("pages that are no PDF", listed("pieces/2027-rates-L-0001.pdf", b"%PDF-1.7\n" + b"1 0 obj<<" * 5_000)),
    ("pages behind a password", listed("pieces/2027-rates-L-0001.pdf", page_pdf("x"))),
    ("a text with a size", manifest(lambda said: said["files"]["events.jsonl"].update({"size": "x"}))),
    ("one piece alone that is a list", manifest(lambda said: said.update({"only": [1]}))),
    ("one piece alone that is not there", manifest(lambda said: said.update({"only": "2027-rates-L-0009"}))),
    ("addresses that are lists", listed("addresses.jsonl", b"[[]]\n")),
    ("events of a gigabyte of nothing", sparse("events.jsonl", (1 << 30) + 1)),
    ("sums of a gigabyte of nothing", sparse("SHA256SUMS", (1 << 30) + 1)),
    ("a manifest of six gigabytes of nothing", sparse("manifest.json", 6 << 30)),
]


@pytest.mark.parametrize("make", [row[1] for row in ROWS], ids=[row[0] for row in ROWS])
def test_it_is_a_finding(make: Made, tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(KEPT, pack)
    make(pack)
    found = verify_folder(pack)
    assert found.problems
    for problem in found.problems:
        assert len(problem) <= 301
        assert "invalid literal" not in problem
