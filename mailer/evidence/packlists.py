"""The lines of a pack's lists against its events: pieces, what a mail service told, corrections. Pure.

What is wrong is a short statement each; who calls says of which line, or of which file.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from mailer.ledger.claims import Claims, Key
from mailer.ledger.events import ClientCorrected, PiecePrepared, PieceReissued
from mailer.ledger.fold import Statuses
from mailer.ledger.kinds import ENDED, Status
from mailer.ledger.numbers import label
from mailer.ledger.salt import salted, salted_address

Row = dict[str, Any]


def rows_of(content: bytes) -> Iterator[Row]:
    """The lines of a .jsonl file. Raises ValueError for a key that is there twice: one reader would see the
    first value, another the last.
    """
    for line in content.decode().split("\n"):  # str.splitlines would also break at U+2028 within a name
        if line:
            yield json.loads(line, object_pairs_hook=_unique)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError(f"a key is there twice in {', '.join(name for name, _ in pairs)}")
    return found


def wrong_piece(piece: Row, event: PiecePrepared | PieceReissued, claims: Claims) -> Iterator[str]:
    """A piece against its events: pages, status, deposit, what came back, service; address and clients by the
    salt.
    """
    key = (piece["subject"], piece["number"])
    campaign, _, medium = piece["subject"].partition("/")
    if piece["piece"] != label(campaign, medium[:1].upper(), piece["number"]):
        yield f"its name is not that of number {piece['number']} of {piece['subject']}"
    if piece["sha256"] != event.sha256:
        yield "its SHA-256 is not that of its event"
    status = claims.statuses.get(piece["subject"], {}).get(piece["number"])
    if status is None or status.value != piece["status"]:
        yield f"its status {piece['status']!r} is not what the events say ({status and status.value})"
    if piece["deposited"] != claims.deposits.get(key):
        yield "its day of deposit is not that of its hand-over or of the post's custody"
    if status in ENDED and (piece["deposited"] or piece["file"]):
        yield f"it is {piece['status']} and shown as mailed"
    yield from _wrong_fate(piece, key, claims)
    yield from _wrong_at_service(piece, key, claims)
    if not piece["salt"]:
        if piece["address"] or piece["clients"]:
            yield "its address or clients are shown without the salt that would prove them"
        return
    if salted(piece["salt"], "\n".join(piece["address"])) != event.address:
        yield "its address is not the one that was recorded when it was prepared"
    if salted(piece["salt"], ",".join(piece["clients"])) != event.client:
        yield "its clients are not those recorded when it was prepared"


def _wrong_fate(piece: Row, key: Key, claims: Claims) -> Iterator[str]:
    """What it says of its return and of its address."""
    misaddressed = claims.misaddressed.get(key)
    if piece.get("misaddressed") != (misaddressed.isoformat() if misaddressed else None):
        yield "when its address was found to be wrong is not what the events say"
    if (piece.get("return_reason") or "") != claims.back.get(key, ""):
        yield "why it came back is not what the events say"


def _wrong_at_service(piece: Row, key: Key, claims: Claims) -> Iterator[str]:
    """What it says of the mail service, of the post's number and of the piece that it repeats."""
    service, taken = piece.get("service"), claims.accepted.get(key)
    if bool(service) != bool(taken):
        yield "whether a mail service took it is not what the events say"
    elif service and taken:
        if (service["name"], service["id"]) != (taken.service, taken.id):
            yield "its id at the mail service is not the one under which it was accepted"
        if service["sha256"] != taken.sha256:
            yield "what it says the service got is not what the event of its acceptance says"
    if (piece.get("certified") or None) != claims.certified.get(key):
        yield "its certified-mail number is not the one that was recorded"
    repeated = claims.prepared[key]
    if piece.get("again_of") != (repeated.of if isinstance(repeated, PieceReissued) else None):
        yield "which piece it repeats is not what the events say"


def without_pages(piece: Row, statuses: Statuses) -> bool:
    """Is its PDF left out, though it was approved and is to be, or was, mailed?"""
    status = statuses.get(piece["subject"], {}).get(piece["number"])
    return not piece["file"] and status is not Status.PREPARED and status not in ENDED


def left_over(subject: str, statuses: Statuses, listed: Container[Key]) -> Iterator[str]:
    """Pieces that the events know and the pack does not list."""
    for number, status in statuses.get(subject, {}).items():
        if status is not Status.VOID and (subject, number) not in listed:
            yield f"piece {number} of {subject} is in the events and not in addresses.jsonl"


def wrong_tracking(rows: Iterable[Row], claims: Claims) -> Iterator[str]:
    """Each line against the event that it became, and each such event has its line."""
    listed: set[str] = set()
    for row in rows:
        name, key = row["event"], (row["subject"], row["number"])
        if name in listed:
            yield f"{name} is there twice"
        listed.add(name)
        told = [one for one in claims.told.get(name, ()) if one.key == key]
        if not told:
            yield f"{name} is told of piece {row['number']}, and no event tells it"
        elif any((one.kind, one.at) != (row["kind"], datetime.fromisoformat(row["at"])) for one in told):
            yield f"{name} is told otherwise than in the ledger: its words or its time were changed"
        if claims.letters.get(row["letter"]) != key:
            yield f"{row['letter']} is not the letter of piece {row['number']}"
    for name in sorted(claims.told.keys() - listed):
        yield f"{name}, which the ledger has, is not there: it was taken out"


def wrong_corrections(rows: Iterable[Row], events: Mapping[int, ClientCorrected]) -> Iterator[str]:
    """Each corrected address, before and after, against the hashes in its event."""
    for row in rows:
        said = events.get(row["event"])
        if said is None:
            yield f"event {row['event']} is no correction"
            continue
        if row["notice"] != said.notice:
            yield f"the correction in event {row['event']} is of the other address of the client"
        if row.get("wrong_since") != (said.wrong_since.isoformat() if said.wrong_since else None):
            yield f"since when the address was wrong is not what the correction in event {row['event']} says"
        yield from _wrong_words(row, said)


def _wrong_words(row: Row, said: ClientCorrected) -> Iterator[str]:
    if not row["salt"]:  # forgotten since
        if any(row[part] for part in ("client", "reason", "before", "after")):
            yield f"the correction in event {row['event']} is shown without the salt that would prove it"
        return
    for part, known in (("client", said.client), ("reason", said.reason)):
        if salted(row["salt"], row[part]) != known:
            yield f"the correction in event {row['event']} is not of this {part}"
    for part, known in (("before", said.before), ("after", said.after)):
        if salted_address(row["salt"], row[part]) != known:
            yield f"the address {part} the correction in event {row['event']} is not the recorded one"


def wrong_files(
    folder: str, what: str, of: str, recorded: list[tuple[int, str]], hashes: Mapping[str, str]
) -> Iterator[str]:
    """What is missing of the files that events name, and what no event names."""
    here = {name: digest for name, digest in sorted(hashes.items()) if name.startswith(folder)}
    for seq, digest in recorded:
        if digest not in here.values():
            yield f"{what} of the {of} in event {seq} ({digest}) is not in {folder}"
    known = {digest for _, digest in recorded}
    for name, digest in here.items():
        if digest not in known:
            yield f"{name} is not {what} of any {of} of this mailing"
