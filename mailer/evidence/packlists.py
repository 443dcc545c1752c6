"""The lines of a pack's lists against its events: what a mail service told, corrections, files. Pure.

What is wrong is a short statement each; who calls says of which line, or of which file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from mailer.errors import Misfit
from mailer.ledger.claims import Claims
from mailer.ledger.clientevents import ClientCorrected
from mailer.ledger.salt import salted, salted_address

Row = dict[str, Any]


def rows_of(lines: Iterable[bytes]) -> Iterator[Row]:
    """Of the lines of a .jsonl file. Raises ValueError for a key that is there twice: one reader would see
    the first value, another the last.
    """
    texts = (line.decode() for line in lines)  # json.loads would take UTF-16 too
    return (json.loads(line, object_pairs_hook=unique) for line in texts if line.strip("\n"))


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """For `json.loads`: an object none of whose keys stands twice. Raises Misfit."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Misfit(f"a key is there twice in {', '.join(name for name, _ in pairs)}")
    return found


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


def wrong_corrections(
    rows: Iterable[Row], events: Mapping[int, ClientCorrected], known: Iterable[str]
) -> Iterator[str]:
    """Each corrected address, before and after, against the hashes in its event; and each correction of the
    address of a piece is there. `known` are the names of the pieces that show for which one client they are.
    """
    touched: dict[str, list[int]] = {}
    for seq, said in events.items():
        for name in filter(None, said.touches.split(", ")):
            touched.setdefault(name, []).append(seq)
    missing = {seq: name for name in known for seq in touched.get(name, ())} if touched else {}
    for row in rows:
        missing.pop(row["event"], None)
        corrected = events.get(row["event"])
        if corrected is None:
            yield f"event {row['event']} is no correction"
            continue
        if row["notice"] != corrected.notice:
            yield f"the correction in event {row['event']} is of the other address of the client"
        if row.get("wrong_since") != (corrected.wrong_since.isoformat() if corrected.wrong_since else None):
            yield f"since when the address was wrong is not what the correction in event {row['event']} says"
        yield from _wrong_words(row, corrected)
    for seq, name in sorted(missing.items()):
        yield f"the correction in event {seq}, of the address of {name}, is not there: it was taken out"


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
    folder: str, what: str, of: str, recorded: list[tuple[int, str]], hashes: Mapping[str, str], whole: bool
) -> Iterator[str]:
    """What is missing of the files that events name, where the pack is a whole one; what no event names."""
    here = {name: digest for name, digest in sorted(hashes.items()) if name.startswith(folder)}
    there = set(here.values())
    for seq, digest in recorded if whole else ():
        if digest not in there:
            yield f"{what} of the {of} in event {seq} ({digest}) is not in {folder}"
    known = {digest for _, digest in recorded}
    for name, digest in here.items():
        if digest not in known:
            yield f"{name} is not {what} of any {of} of this mailing"
