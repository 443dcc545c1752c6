"""A pack checked in memory: what the chain says of its pieces, receipts and jobs, and each way of cheating.

The pack is that of tests.support.packs. A cheat writes the manifest and the sums anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from mailer.evidence.verifier import verify
from mailer.ledger.chain import FIRST_PREV, Event, event, payload_hash, withheld
from tests.support.packs import (
    CLIENT,
    LETTER,
    LINES,
    LISTING,
    RECEIPT,
    SALT,
    SUBJECT,
    Memory,
    approval,
    as_line,
    hand_over,
    resealed,
    sealed,
    sha,
)

FACTS = [
    {"effective": "2027-01-01", "house": "house-30-day"},
    "5" * 64,
    1,
    1,
    sha(LETTER),
    "6" * 64,
    [CLIENT],
]


def person(lines: Sequence[str] = LINES) -> list[Any]:
    return [lines[0], list(lines), "95616", {"city": "Davis"}]


def text(content: object) -> str:
    """JSON as README.txt of a pack says that it is hashed."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def chain(
    *,
    rehearsal: bool = False,
    receipt: str | None = None,
    output: str | None = None,
    lines: Sequence[str] = LINES,
    forgotten: bool = False,
) -> list[Event]:
    told: list[tuple[str, dict[str, Any]]] = [
        ("clients.imported", {"added": 1}),
        (
            "pieces.prepared",
            {
                "pieces": "1",
                "leaves": f"{sha(LETTER)} {sha(text(FACTS))} {sha(SALT + chr(0) + text(person(lines)))}",
            },
        ),
        approval("1", output or sha(sha(LETTER) + "\n")),
        ("job.produced", {"job": 1, "pieces": "1", "manifest": sha(LISTING)}),
        hand_over(receipt or sha(RECEIPT)),
        *([("pieces.forgotten", {"pieces": "1"})] if forgotten else []),
    ]
    events: list[Event] = []
    for seq, (kind, payload) in enumerate(told, 1):
        events.append(
            event(
                seq,
                kind,
                "clients" if seq == 1 else SUBJECT,
                payload,
                actor="Renée",
                recorded_at=datetime(2026, 11, 24, 22, seq, tzinfo=UTC),
                occurred_on=date(2026, 11, 24),
                rehearsal=rehearsal,
                prev=events[-1].hash if events else FIRST_PREV,
            )
        )
    return events


def moved() -> Event:
    """The campaign was put off, after the hand-over."""
    return event(
        6,
        "campaign.moved",
        "2027-rates",
        {"before": "2027-01-01", "after": "2027-03-01", "reason": "late"},
        actor="Renée",
        recorded_at=datetime(2026, 11, 25, 22, 0, tzinfo=UTC),
        occurred_on=date(2026, 11, 25),
        rehearsal=False,
        prev=chain()[-1].hash,
    )


def piece(**changed: Any) -> dict[str, Any]:
    return {
        "piece": "2027-rates-L-0001",
        "subject": SUBJECT,
        "number": 1,
        "status": "mailed",
        "deposited": "2026-11-24",
        "sha256": sha(LETTER),
        "file": "pieces/2027-rates-L-0001.pdf",
        "salt": SALT,
        "clients": [CLIENT],
        "address": LINES,
        "facts": FACTS,
        "person": person(),
    } | changed


def pack(
    events: list[Event] | None = None,
    pieces: list[dict[str, Any]] | None = None,
    *,
    complete: bool = False,
    **manifest: Any,
) -> Memory:
    told = chain() if events is None else events
    files = Memory(
        {
            "README.txt": b"how to verify\n",
            "pieces/2027-rates-L-0001.pdf": LETTER,
            "receipts/r.pdf": RECEIPT,
            "jobs/2027-rates-job-1-manifest.csv": LISTING,
            "events.jsonl": "".join(map(as_line, told)).encode(),
            "addresses.jsonl": "".join(
                json.dumps(p) + "\n" for p in ([piece()] if pieces is None else pieces)
            ).encode(),
        }
    )
    return sealed(
        files,
        {
            "campaign": "2027-rates",
            "title": "New rates",
            "made_at": "2026-11-30T18:00:00+00:00",
            "subject": SUBJECT,
            "subjects": [SUBJECT],
            "rehearsal": False,
            "pieces": {"documents": complete},
            "chain": {"events": len(told), "head": told[-1].hash if told else ""},
            "jobs": [{"subject": SUBJECT, "job": 1, "file": "jobs/2027-rates-job-1-manifest.csv"}],
        }
        | manifest,
    )


def test_a_whole_pack_is_well() -> None:
    found = verify(pack())
    assert found.problems == []
    assert (found.files, found.events, found.pieces, found.documents, found.drops) == (8, 5, 1, 1, 1)
    assert (found.receipts, found.forgotten, found.rehearsal) == (1, 0, False)
    assert found.head == chain()[-1].hash


@pytest.mark.parametrize("name", sorted(pack()))
def test_a_byte_a_file_less_or_more(name: str) -> None:
    files = pack()
    files[name] = files[name][:-1] + bytes([files[name][-1] ^ 1])
    assert verify(files).problems
    files = pack()
    del files[name]
    assert verify(files).problems
    files = pack()
    files[name] += b" "
    assert verify(files).problems
    files = pack()
    files[f"{name}.orig"] = b""
    assert any(
        f"{name}.orig is not in the manifest: it was added" in problem for problem in verify(files).problems
    )


def _edit(name: str, old: bytes, new: bytes) -> Callable[[], Memory]:
    def cheat() -> Memory:
        files = pack()
        assert old in files[name]
        files[name] = files[name].replace(old, new)
        return resealed(files)

    return cheat


def _without(name: str) -> Callable[[], Memory]:
    def cheat() -> Memory:
        files = pack()
        del files[name]
        return resealed(files)

    return cheat


def _extra(name: str) -> Callable[[], Memory]:
    def cheat() -> Memory:
        files = pack()
        files[name] = b"%PDF other"
        return resealed(files)

    return cheat


CHEATS: dict[str, tuple[Callable[[], Memory], str]] = {
    "another letter": (
        _edit("pieces/2027-rates-L-0001.pdf", b"letter", b"wetter"),
        "is not the document of its event",
    ),
    "another address": (
        lambda: pack(pieces=[piece(address=["Ash Street Bakery", "2 Ash Street"])]),
        "its address is there twice, and differs",
    ),
    "another client": (
        lambda: pack(pieces=[piece(clients=["0192f0c0-0000-7000-8000-000000000002"])]),
        "its SHA-256 or its clients are there twice, and differ",
    ),
    "another address in both places": (
        lambda: pack(pieces=[piece(address=["Ash", "2 Ash"], person=person(["Ash", "2 Ash"]))]),
        "whom it is for, or where it goes, is not what was recorded",
    ),
    "another rate": (
        lambda: pack(pieces=[piece(facts=[{"rates": [["s", "S", "100.00", "199.00"]]}, *FACTS[1:]])]),
        "what it states, or where its pages are, is not what was recorded",
    ),
    "forgotten by nobody": (
        lambda: pack(pieces=[piece(salt="", address=[], person=None)]),
        "its salt is missing, and no event says that it was forgotten",
    ),
    "an earlier deposit": (
        lambda: pack(pieces=[piece(deposited="2026-11-20")]),
        "its day of deposit is not that of its hand-over",
    ),
    "never returned": (
        lambda: pack(pieces=[piece(status="delivered")]),
        "is not what the events say (mailed)",
    ),
    "a word of its own": (
        lambda: pack(pieces=[piece(read_by="Ash")]),
        "it says 'read_by', which nothing vouches for",
    ),
    "a word of a service's": (
        lambda: pack(pieces=[piece(name="Birch Lane Dental")]),
        "it says 'name', which nothing vouches for",
    ),
    "a piece hidden behind another mailing": (
        lambda: pack(pieces=[], subject="2027-rates/newsletter", subjects=[SUBJECT]),
        "manifest.json names the mailing 2027-rates/newsletter, of which the events know no piece",
    ),
    "another campaign": (
        lambda: pack(campaign="2028-rates"),
        "manifest.json names the campaign 2028-rates and the mailing 2027-rates/letter",
    ),
    "another mailing's pieces": (
        lambda: pack(pieces=[piece(), piece(subject="2028-rates/letter")]),
        "addresses.jsonl has pieces of 2028-rates/letter, and manifest.json names 2027-rates/letter",
    ),
    "a payload shown beside the hash of the real one": (
        lambda: pack([replace(one, payload="{}", withheld=payload_hash(one.payload)) for one in chain()]),
        "it shows what it says that it withholds",
    ),
    "a move of the campaign withheld": (
        lambda: pack([*chain(), withheld(moved())]),
        "what event 6 says of this mailing is withheld",
    ),
    "another hash": (lambda: pack(pieces=[piece(sha256="0" * 64)]), "its SHA-256 is not that of its event"),
    "one piece hidden": (lambda: pack(pieces=[]), "piece 1 of 2027-rates/letter is in the events and not in"),
    "one piece twice": (lambda: pack(pieces=[piece(), piece()]), "is listed twice"),
    "one piece invented": (
        lambda: pack(pieces=[piece(), piece(piece="2027-rates-L-0002", number=2)]),
        "has no event that it was prepared",
    ),
    "another receipt": (_edit("receipts/r.pdf", b"receipt", b"deceipt"), "is not in receipts/"),
    "a receipt that no hand-over names": (_extra("receipts/s.pdf"), "is not the receipt of any hand-over"),
    "a letter that no event names": (_extra("pieces/other.pdf"), "is not the document of any piece"),
    "another name": (
        lambda: pack(pieces=[piece(piece="2027-rates-L-0007")]),
        "its name is not that of number 1 of 2027-rates/letter",
    ),
    "an address without its salt": (
        lambda: pack(pieces=[piece(salt="", address=["Ash Street Bakery", "2 Ash Street"])]),
        "shown without the salt that would prove them",
    ),
    "two values under one key": (
        _edit("addresses.jsonl", b'"deposited"', b'"deposited": "2026-11-20", "deposited"'),
        "a key is there twice",
    ),
    "two actors of an event": (_edit("events.jsonl", b'"actor"', b'"actor": "Mallory", "actor"'), "twice"),
    "the ledger taken out": (_without("events.jsonl"), "events.jsonl is not in the manifest"),
    "the addresses taken out": (_without("addresses.jsonl"), "addresses.jsonl is not in the manifest"),
    "the pages taken out": (
        lambda: pack(pieces=[piece(file=None)], complete=True),
        "its pages are not in the pack, and manifest.json says that all are",
    ),
    "a job that nobody recorded": (_extra("jobs/more.csv"), "is not the manifest of any job"),
    "another list of the job": (
        _edit("jobs/2027-rates-job-1-manifest.csv", b"place", b"plaice"),
        "is not the manifest that job 1 was recorded with",
    ),
    "an event changed": (_edit("events.jsonl", b"2026-11-24", b"2026-11-20"), "its content was changed"),
    "an actor changed": (_edit("events.jsonl", "Renée".encode(), b"Rene"), "its content was changed"),
    "no rehearsal": (lambda: pack(chain(rehearsal=True)), "does not say REHEARSAL"),
    "an approval of other pieces": (lambda: pack(chain(output="0" * 64)), "is not of the pieces in"),
    "the end cut off": (
        lambda: pack(chain()[:-1], [piece(status="produced", deposited=None)]),
        "is not the receipt of any hand-over",
    ),
    "the beginning cut off": (lambda: pack(chain()[1:]), "event 1 is missing: a record was removed"),
    "one event cut out": (lambda: pack([*chain()[:2], *chain()[3:]]), "event 3 is missing"),
    "no events at all": (_edit("events.jsonl", b"{", b"["), "cannot be read after event 0"),
    "another head": (
        lambda: pack(chain={"events": 5, "head": "f" * 64}),
        "does not end at the ledger head",
    ),
    "another format": (lambda: pack(format="mailer evidence pack 9"), "'mailer evidence pack 9'; this reads"),
}


@pytest.mark.parametrize(("cheat", "says"), CHEATS.values(), ids=CHEATS)
def test_a_cheat_who_writes_the_manifest_anew(cheat: Callable[[], Memory], says: str) -> None:
    made = cheat()
    found = verify(Memory(made))
    assert any(says in problem for problem in found.problems), found.problems


def test_a_ledger_written_anew_is_found_by_a_signed_paper() -> None:
    signed = chain()[-1].hash
    forged = pack(chain(receipt=sha(b"%PDF receipt")))
    assert verify(forged, head=signed).problems == []
    anew = chain(output="0" * 64)
    assert any("is not in events.jsonl" in problem for problem in verify(pack(anew), head=signed).problems)


def test_a_file_that_only_the_manifest_guards_is_found_by_the_hash_of_the_manifest() -> None:
    """The verdicts and PDFs are in no event: manifest and sums written anew agree with any of them."""
    files = pack()
    files |= {"evidence.pdf": b"%PDF late", "check.json": b"blocked", "composites/1.pdf": b"%PDF seen"}
    noted = sha(resealed(files)["manifest.json"])
    found = verify(files, manifest_hash=noted)
    assert (found.problems, found.manifest) == ([], noted)
    assert found.by_manifest == ["README.txt", "check.json", "composites/", "evidence.pdf"]
    files["check.json"] = b"running"
    assert verify(resealed(files)).problems == []
    (problem,) = verify(files, manifest_hash=noted).problems
    assert f"not {noted}: this is another pack, or files of it were changed" in problem


def test_pages_left_out_of_a_large_mailing_are_counted() -> None:
    files = pack(pieces=[piece(file=None)])
    del files["pieces/2027-rates-L-0001.pdf"]
    found = verify(resealed(files))
    assert (found.problems, found.documents, found.left_out) == ([], 0, 1)


def test_an_earlier_head_is_in_the_chain_too() -> None:
    found = verify(pack(), head=chain()[2].hash)
    assert (found.problems, found.head_at) == ([], 3)


def test_a_forgotten_address_is_counted_and_no_problem() -> None:
    gone = piece(salt="", address=[], person=None)
    found = verify(pack(chain(forgotten=True), pieces=[gone]))
    assert (found.problems, found.forgotten) == ([], 1)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b"\xff", b'{"format": "mailer evidence pack 1"}', b"[" * 100_000]
)
def test_a_manifest_that_is_none(content: bytes) -> None:
    files = pack()
    files["manifest.json"] = content
    assert any("manifest.json" in problem for problem in verify(files).problems)


def test_a_manifest_with_two_values_under_one_key() -> None:
    """One program would read the first, another the last."""
    files = pack()
    files["manifest.json"] = files["manifest.json"].replace(b'"rehearsal"', b'"rehearsal": true, "rehearsal"')
    (said, *_) = verify(files).problems
    assert said.startswith("manifest.json cannot be read: a key is there twice in ")


def test_an_empty_folder() -> None:
    assert "this is not an evidence pack" in verify(Memory()).problems[0]
