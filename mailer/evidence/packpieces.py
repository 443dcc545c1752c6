"""The pieces of a pack against their events: each line of addresses.jsonl, and its pages. Pure.

The pages of a piece lie in the file that was stored when it was approved, with others: the ledger binds that
file's SHA-256 and which of its pages are the piece's. Or they are a file of their own: the piece's hash is
that of the file, or of its pages (mailer.pages.pagehash), as in the pack of one client.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Final

from mailer.evidence.findings import Findings, Pack
from mailer.evidence.packlists import Row, rows_of
from mailer.evidence.spreadsheets import ListedPiece
from mailer.ledger.claims import Binding, Claims, Key
from mailer.ledger.fold import Folded, PieceState
from mailer.ledger.kinds import ENDED, Status
from mailer.ledger.leaves import leaf, salted_leaf
from mailer.ledger.numbers import label
from mailer.ledger.salt import salted
from mailer.spool import Spool

ADDRESSES: Final = "addresses.jsonl"
FIELDS: Final = frozenset(
    [
        "piece",
        "subject",
        "number",
        "status",
        "deposited",
        "return_reason",
        "misaddressed",
        "sha256",
        "file",
        "again_of",
        "certified",
        "service",
        "salt",
        "clients",
        "address",
        "facts",
        "person",
    ]
)
"""What a line of it has: each is compared with the events."""
SERVICE_FIELDS: Final = frozenset(["name", "id", "sha256"])
FOLDER: Final = "pieces/"
LARGEST_PIECE: Final = 1 << 26
"""Bytes of a piece's own PDF, of which the pages are hashed."""


@dataclass(slots=True)
class PiecesSeen:
    """The pieces of a pack, looked at one by one. `only` are the names of those that it is of, or ()."""

    pack: Pack
    claims: Claims
    hashes: Mapping[str, str]  # SHA-256 of every file that is there
    found: Findings
    only: Collection[str] = ()
    known: Spool[ListedPiece] = field(default_factory=Spool)
    bare: list[str] = field(default_factory=list)  # whose pages are left out
    listed: dict[str, set[int]] = field(default_factory=dict)  # the numbers, by subject
    documents: set[str] = field(default_factory=set)
    whole: dict[str, str] = field(default_factory=dict)  # the hash of all pages of a file, by the file's own

    def look(self) -> Spool[ListedPiece]:
        """Each piece against its own event: address and clients by the salt, the document, the status. The
        pieces that have one, by number.
        """
        for piece in rows_of(self.pack.lines(ADDRESSES)):
            self.found.problems += [f"{piece['piece']}{wrong}" for wrong in self._wrong(piece)]
        self.found.left_out = len(self.bare)
        apart = sorted(name for name in self.hashes if name.startswith(FOLDER) and name not in self.documents)
        bodies = self.claims.bound_hashes() if apart else ()  # of the issues that carried it
        for name in apart:
            if self.hashes[name] not in bodies:
                self.found.problems.append(f"{name} is not the document of any piece of this mailing")
        places = ((one.subject, one.number) for one in self.known)
        if all(before <= after for before, after in pairwise(places)):
            return self.known
        return Spool(sorted(self.known, key=lambda piece: (piece.subject, piece.number)))

    def _wrong(self, piece: Row) -> Iterator[str]:
        key, found = (piece["subject"], piece["number"]), self.found
        found.pieces += 1
        listed = self.listed.setdefault(piece["subject"], set())
        if piece["number"] in listed:
            yield f" is listed twice in {ADDRESSES}"
        listed.add(piece["number"])
        if self.only and piece["piece"] not in self.only:
            yield f" is in a pack of {' and '.join(self.only)} alone"
        bound = self.claims.bound(key)
        if bound is None:
            yield " has no event that it was prepared"
            return
        self.known.append(ListedPiece.of(piece))
        yield from (f": {wrong}" for wrong in wrong_piece(piece, bound, self.claims))
        found.forgotten += not piece["salt"]
        found.adopted += bound.adopted
        mailing = self.claims.folded.mailings.get(str(piece["subject"]))
        found.at_service += mailing is not None and piece["number"] in mailing.at_service
        if _without_pages(piece, self.claims.folded):
            self.bare.append(piece["piece"])
        if piece["file"]:
            self.documents.add(piece["file"])
            found.documents += 1
            if not self._is_document(piece, bound):
                yield f": {piece['file']} is not the document of its event"

    def _is_document(self, piece: Row, bound: Binding) -> bool:
        """Is its file its own PDF, or the stored one that is bound with what it states?"""
        name = piece["file"]
        digest, facts = self.hashes.get(name), piece.get("facts")
        if digest is None:
            return False
        if digest == bound.sha256 or (bound.facts and facts and digest == facts[1]):
            return True  # that the facts are the bound ones is looked at apart
        if self.pack.sizes()[name] > LARGEST_PIECE:
            return False
        if digest not in self.whole:  # once a file, however many pieces name it
            self.whole[digest] = _hash_of_all(self.pack.read(name))
        return self.whole[digest] == bound.sha256


def _hash_of_all(pdf: bytes) -> str:
    """The hash of all pages of a file, "" where it is none that this version writes."""
    from mailer.pages.pagehash import PagesUnreadable, whole_hash  # noqa: PLC0415 (slow, and seldom needed)

    try:
        return whole_hash(pdf)
    except PagesUnreadable:
        return ""


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
    if strange := sorted((piece.keys() - FIELDS) | ({*(piece.get("service") or ())} - SERVICE_FIELDS)):
        yield f"it says {', '.join(map(repr, strange))}, which nothing vouches for"
    yield from _wrong_fate(piece, state)
    yield from _wrong_at_service(piece, key, claims, state)
    yield from _wrong_facts(piece, bound)
    yield from _wrong_person(piece, bound, forgotten=state.forgotten)


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


def _without_pages(piece: Row, folded: Folded) -> bool:
    """Is its PDF left out, though it was approved and is to be, or was, mailed?"""
    state = folded.piece(piece["subject"], piece["number"])
    status = state.status if state else None
    return not piece["file"] and status is not Status.PREPARED and status not in ENDED


def left_over(subject: str, folded: Folded, listed: Container[int]) -> Iterator[str]:
    """Pieces that the events know and the pack does not list, by their numbers."""
    for number, status in folded.statuses(subject):
        if status is not Status.VOID and number not in listed:
            yield f"piece {number} of {subject} is in the events and not in addresses.jsonl"
