"""The lines of a pack's lists against its events: pieces, what a mail service told, corrections. Pure.

What is wrong is a short statement each; who calls says of which line, or of which file.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from mailer.ledger.claims import Binding, Claims, Key
from mailer.ledger.clientevents import ClientCorrected
from mailer.ledger.fold import Folded, PieceState
from mailer.ledger.kinds import ENDED, Status
from mailer.ledger.leaves import leaf, salted_leaf
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


def wrong_piece(piece: Row, bound: Binding, claims: Claims) -> Iterator[str]:
    """A piece against its events: pages, status, deposit, what came back, service, what it states; whom it is
    for by the salt.
    """
    key = (piece["subject"], piece["number"])
    campaign, _, medium = piece["subject"].partition("/")
    if piece["piece"] != label(campaign, medium[:1].upper(), piece["number"]):
        yield f"its name is not that of number {piece['number']} of {piece['subject']}"
    if piece["sha256"] != bound.sha256:
        yield "its SHA-256 is not that of its event"
    state = claims.folded.piece(*key)
    if state is None:
        yield "the events do not know it"
        return
    if state.status.value != piece["status"]:
        yield f"its status {piece['status']!r} is not what the events say ({state.status.value})"
    if piece["deposited"] != _day(state.counts_on):
        yield "its day of deposit is not that of its hand-over or of the post's custody"
    if state.status in ENDED and (piece["deposited"] or piece["file"]):
        yield f"it is {piece['status']} and shown as mailed"
    yield from _wrong_fate(piece, state)
    yield from _wrong_at_service(piece, key, claims, state)
    yield from _wrong_facts(piece, bound)
    yield from _wrong_person(piece, bound, forgotten=state.forgotten)


def holding(piece: Row, bound: Binding) -> tuple[str, ...]:
    """The SHA-256 of the files that are, or hold, its pages: its own PDF; the stored one that is bound with
    what it states, and which pages are its own.
    """
    facts = piece.get("facts")
    return (
        (bound.sha256, facts[1]) if bound.facts and facts and leaf(facts) == bound.facts else (bound.sha256,)
    )


def _wrong_facts(piece: Row, bound: Binding) -> Iterator[str]:
    """What it states, where its pages were stored, and what of that stands in its line once more."""
    facts = piece.get("facts")
    if not bound.facts:  # version 1 bound the pages alone
        return
    if not facts or leaf(facts) != bound.facts:
        yield "what it states, or where its pages are, is not what was recorded"
    elif (facts[4], facts[6]) != (piece["sha256"], piece["clients"]):
        yield "its SHA-256 or its clients are there twice, and differ"


def _wrong_person(piece: Row, bound: Binding, *, forgotten: bool) -> Iterator[str]:
    salt, person = piece["salt"], piece.get("person")
    if not salt:
        if piece["address"] or (piece["clients"] and not bound.facts):
            yield "its address or clients are shown without the salt that would prove them"
        elif bound.person and not forgotten:
            yield "its salt is missing, and no event says that it was forgotten"
        return
    if bound.person:
        if not person or salted_leaf(salt, person) != bound.person:
            yield "whom it is for, or where it goes, is not what was recorded"
        elif person[1] != piece["address"]:
            yield "its address is there twice, and differs"
    if bound.address and salted(salt, "\n".join(piece["address"])) != bound.address:
        yield "its address is not the one that was recorded when it was prepared"
    if bound.client and salted(salt, ",".join(piece["clients"])) != bound.client:
        yield "its clients are not those recorded when it was prepared"


def _wrong_fate(piece: Row, state: PieceState) -> Iterator[str]:
    """What it says of its return and of its address."""
    if piece.get("misaddressed") != _day(state.misaddressed_on):
        yield "when its address was found to be wrong is not what the events say"
    if piece.get("return_reason") != (state.return_reason and state.return_reason.value):
        yield "why it came back is not what the events say"


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _wrong_at_service(piece: Row, key: Key, claims: Claims, state: PieceState) -> Iterator[str]:
    """What it says of the mail service, of the post's number and of the piece that it repeats."""
    service, taken = piece.get("service"), claims.folded.mailings[key[0]].at_service.get(key[1])
    if bool(service) != bool(taken):
        yield "whether a mail service took it is not what the events say"
    elif service and taken:
        if (service["name"], service["id"]) != (taken.service, taken.id):
            yield "its id at the mail service is not the one under which it was accepted"
        if service["sha256"] != taken.sha256:
            yield "what it says the service got is not what the event of its acceptance says"
    if (piece.get("certified") or None) != state.certified:
        yield "its certified-mail number is not the one that was recorded"
    if piece.get("again_of") != state.again_of:
        yield "which piece it repeats is not what the events say"


def without_pages(piece: Row, folded: Folded) -> bool:
    """Is its PDF left out, though it was approved and is to be, or was, mailed?"""
    state = folded.piece(piece["subject"], piece["number"])
    status = state.status if state else None
    return not piece["file"] and status is not Status.PREPARED and status not in ENDED


def left_over(subject: str, folded: Folded, listed: Container[Key]) -> Iterator[str]:
    """Pieces that the events know and the pack does not list."""
    for number, status in folded.statuses(subject):
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
