"""A pack checked in memory: what the chain says of its pieces, receipts and jobs, and each way of cheating.

The pack is made by hand after the README of a pack, not by the code that writes packs. A cheat who changes a
file can write the manifest and the sums anew, so these tests do; only a fact that contradicts the ledger is
left then.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from mailer.ledger.chain import FIRST_PREV, Event, event
from mailer.ledger.pack import verify

SUBJECT = "2027-rates/letter"
LETTER, RECEIPT, LISTING = b"%PDF letter", b"%PDF receipt", b"place,piece\n"
SALT, CLIENT, LINES = "5a17", "0192f0c0-0000-7000-8000-000000000001", ["Ash Street Bakery", "1 Ash Street"]


def sha(data: bytes | str) -> str:
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


class Memory(dict[str, bytes]):
    """A pack as a dict."""

    def sizes(self) -> dict[str, int]:
        return {name: len(content) for name, content in self.items()}

    def read(self, name: str) -> bytes:
        return self[name]


def chain(*, rehearsal: bool = False, receipt: str | None = None, output: str | None = None) -> list[Event]:
    told: list[tuple[str, dict[str, Any]]] = [
        ("clients.imported", {"added": 1}),
        (
            "piece.prepared",
            {
                "pieces": "1",
                "sha256": sha(LETTER),
                "client": sha(f"{SALT}\0{CLIENT}"),
                "address": sha(f"{SALT}\0" + "\n".join(LINES)),
            },
        ),
        ("mailing.approved", {"pieces": "1", "output": output or sha(sha(LETTER) + "\n")}),
        ("job.produced", {"job": 1, "pieces": "1", "manifest": sha(LISTING)}),
        (
            "job.dropped",
            {"job": 1, "pieces": "1", "counts_on": "2026-11-24", "receipt": receipt or sha(RECEIPT)},
        ),
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
    } | changed


def as_line(one: Event) -> str:
    fields = {name: getattr(one, name) for name in Event.__slots__}
    fields |= {"recorded_at": one.recorded_at.isoformat(), "occurred_on": one.occurred_on.isoformat()}
    return json.dumps(fields, ensure_ascii=False) + "\n"


def pack(
    events: list[Event] | None = None, pieces: list[dict[str, Any]] | None = None, **manifest: Any
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
            "chain": {"events": len(told), "head": told[-1].hash if told else ""},
            "jobs": [{"subject": SUBJECT, "job": 1, "file": "jobs/2027-rates-job-1-manifest.csv"}],
        }
        | manifest,
    )


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
        "its address is not the one that was recorded",
    ),
    "another client": (
        lambda: pack(pieces=[piece(clients=["0192f0c0-0000-7000-8000-000000000002"])]),
        "its clients are not those recorded",
    ),
    "an earlier deposit": (
        lambda: pack(pieces=[piece(deposited="2026-11-20")]),
        "its day of deposit is not that of its hand-over",
    ),
    "never returned": (
        lambda: pack(pieces=[piece(status="delivered")]),
        "is not what the events say (mailed)",
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
    "another format": (lambda: pack(format="mailer evidence pack 9"), "this reads 'mailer evidence pack 1'"),
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


def test_an_earlier_head_is_in_the_chain_too() -> None:
    found = verify(pack(), head=chain()[2].hash)
    assert (found.problems, found.head_at) == ([], 3)


def test_a_forgotten_address_is_counted_and_no_problem() -> None:
    found = verify(pack(pieces=[piece(salt="", address=[], clients=[])]))
    assert (found.problems, found.forgotten) == ([], 1)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b"\xff", b'{"format": "mailer evidence pack 1"}', b"[" * 100_000]
)
def test_a_manifest_that_is_none(content: bytes) -> None:
    files = pack()
    files["manifest.json"] = content
    assert any("manifest.json" in problem for problem in verify(files).problems)


def test_an_empty_folder() -> None:
    assert "this is not an evidence pack" in verify(Memory()).problems[0]
