"""An evidence pack verified without a database: its files, its chain, and what the chain says of them. Pure.

A pack is a folder. SHA256SUMS names every other file with its SHA-256; manifest.json names every file but
itself and SHA256SUMS with SHA-256 and size, so that one changed byte anywhere is found; whoever writes both
anew is found only by the ledger, or by the manifest's own SHA-256 noted elsewhere. events.jsonl is the whole
ledger from event 1 to the head, one event a line; addresses.jsonl has a line for each piece,
those that were never mailed included; tracking.jsonl one for each thing that a mail service told, and
corrections.jsonl one for each corrected address. Where the manifest says "only", it is of that piece, and of
those "besides", alone, with nothing of another client: no other line, receipt or list is in it. Sizes are
bytes. What is wrong is collected, not raised.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from mailer.errors import NONSENSE, MailerError, in_words
from mailer.evidence.findings import Findings, Pack
from mailer.evidence.packlists import rows_of, unique, wrong_corrections, wrong_files, wrong_tracking
from mailer.evidence.packpieces import ADDRESSES, PiecesSeen, left_over
from mailer.evidence.spreadsheets import (
    ADDRESSEES,
    PIECES,
    SERVICE,
    ListedPiece,
    wrong_addressees,
    wrong_places,
    wrong_service,
)
from mailer.ledger.chain import ChainBroken, Event, check
from mailer.ledger.claims import Claims, rehearsed
from mailer.ledger.clientevents import ClientCorrected
from mailer.ledger.events import said
from mailer.ledger.fold import Folded
from mailer.ledger.kinds import EventKind
from mailer.ledger.payload import Malformed
from mailer.spool import Spool

FORMAT: Final = "mailer evidence pack 2"
READ: Final = (FORMAT, "mailer evidence pack 1")
MANIFEST, SUMS, EVENTS = "manifest.json", "SHA256SUMS", "events.jsonl"
TRACKING, CORRECTIONS = "tracking.jsonl", "corrections.jsonl"
_BORNE: Final = (MANIFEST, SUMS, EVENTS, ADDRESSES, TRACKING, CORRECTIONS, ADDRESSEES, SERVICE, PIECES)
_BORNE_FOLDERS: Final = ("pieces/", "receipts/", "jobs/", "paper/")
"""What the ledger bears out, or is compared with what it does. Every other file rests on the manifest."""
_KINDS: Final = frozenset(kind.value for kind in EventKind)
_UNREADABLE: Final = (csv.Error, MemoryError, *NONSENSE)
LARGEST_MANIFEST: Final = 1 << 29
LONGEST_TITLE: Final = 2_000  # characters of what names a pack, taken together
LONGEST_SAID: Final = 300  # characters of a problem, which may quote whatever somebody wrote
LARGEST_LIST: Final = 1 << 30
"""Of a list that is held in memory; any other file is hashed piece by piece."""


@dataclass(slots=True)
class _Chain:
    """The events, hashed again and folded, and what they say of the pack's mailings."""

    head: str = ""
    seqs: dict[str, int] = field(default_factory=dict)  # of each event's hash
    folded: Folded = field(default_factory=Folded)
    claims: Claims = field(init=False)
    corrections: dict[int, ClientCorrected] = field(default_factory=dict)
    played: list[Event] = field(default_factory=list)  # a rehearsal's, and what was taken back

    def __post_init__(self) -> None:
        self.claims = Claims(self.folded)

    def add(self, event: Event, subjects: Collection[str]) -> None:
        """Take in the next event. Raises IllegalTransition, Malformed."""
        self.head = event.hash
        self.seqs[event.hash] = event.seq
        if event.withheld:
            own = event.subject in subjects or event.subject in {one.partition("/")[0] for one in subjects}
            if own or event.kind == EventKind.CORRECTED:
                self.claims.problems.append(f"what event {event.seq} says of this mailing is withheld")
            return
        if event.kind in _KINDS and event.subject in subjects:  # a later version's kind moves no piece
            self.folded.take(event)
        if event.kind == EventKind.CORRECTED and isinstance(corrected := said(event), ClientCorrected):
            self.corrections[event.seq] = corrected
        if event.subject in subjects:
            self.claims.note(event)
            self.played += [event] if event.rehearsal or event.kind == EventKind.RELEASED else []


def sums(hashes: Mapping[str, str]) -> str:
    """SHA256SUMS, as `sha256sum -c` reads it: every file but itself, by name."""
    return "".join(f"{hashes[name]}  {name}\n" for name in sorted(hashes))


def verify(pack: Pack, *, head: str = "", manifest_hash: str = "") -> Findings:
    """Everything that is wrong with a pack. `head` is a ledger head from a signed paper, `manifest_hash` the
    SHA-256 of manifest.json as it was noted when the pack was made.
    """
    found = Findings()
    manifest = _manifest(pack, found)
    if manifest is not None:
        _compare(pack, manifest, head, manifest_hash, found)
    found.problems = [one if len(one) <= LONGEST_SAID else f"{one[:LONGEST_SAID]}…" for one in found.problems]
    return found


def _compare(pack: Pack, manifest: dict[str, Any], head: str, manifest_hash: str, found: Findings) -> None:
    if manifest_hash and manifest_hash != found.manifest:
        found.problems.append(
            f"the SHA-256 of {MANIFEST} is {found.manifest}, not {manifest_hash}: this is another pack, or "
            "files of it were changed and the manifest written anew"
        )
    sizes = pack.sizes()
    try:
        _judge(pack, manifest, sizes, head, found)
    except _UNREADABLE as error:
        found.problems.append(f"a list of it is not as this version writes it: {in_words(error)}")


def _judge(
    pack: Pack, manifest: dict[str, Any], sizes: Mapping[str, int], head: str, found: Findings
) -> None:
    """All that is wrong beyond the manifest itself."""
    hashes = _files(pack, manifest, sizes, found)
    large = sorted(name for name in _BORNE if sizes.get(name, 0) > LARGEST_LIST)
    if large:
        found.problems.append(f"{large[0]} is larger than any that this version writes")
        return
    chain = _chain(pack, manifest, sizes, found)
    found.head_at = chain.seqs.get(head, 0)
    if head and not found.head_at:
        found.problems.append(f"the ledger head {head} is not in {EVENTS}: the paper is of another ledger")
    only = (found.only, *found.besides) if found.only else ()
    seen = PiecesSeen(pack, chain.claims, hashes, found, only)
    pieces = seen.look() if ADDRESSES in sizes else Spool[ListedPiece]()
    _drops(manifest, chain, hashes, found)
    found.problems += _lists(pack, sizes, chain, pieces, not found.only)
    found.problems += _of_another(manifest, chain, seen)
    if not found.only:
        found.problems += _left_out(manifest, chain, seen)
    for name in sorted(set(only) - {piece.name for piece in pieces}):
        found.problems.append(f"{name} is not in {ADDRESSES}, of which alone {MANIFEST} says that it is")


def _of_another(manifest: dict[str, Any], chain: _Chain, seen: PiecesSeen) -> Iterator[str]:
    """Where the manifest names another mailing than the one whose pieces these are."""
    subject, campaign = manifest["subject"], manifest["campaign"]
    if subject.partition("/")[0] != campaign:
        yield f"{MANIFEST} names the campaign {campaign} and the mailing {subject}"
    if not any(True for _ in chain.folded.statuses(subject)):
        yield f"{MANIFEST} names the mailing {subject}, of which the events know no piece"
    for other in sorted(set(seen.listed) - {subject}):
        yield f"{ADDRESSES} has pieces of {other}, and {MANIFEST} names {subject}"


def _left_out(manifest: dict[str, Any], chain: _Chain, seen: PiecesSeen) -> Iterator[str]:
    """The pieces that a whole pack must hold by the events, and does not."""
    if manifest.get("pieces", {}).get("documents"):
        for name in seen.bare:
            yield f"{name}: its pages are not in the pack, and {MANIFEST} says that all are"
    yield from left_over(manifest["subject"], chain.folded, seen.listed.get(manifest["subject"], ()))


def _lists(
    pack: Pack, sizes: Mapping[str, int], chain: _Chain, pieces: Spool[ListedPiece], whole: bool
) -> Iterator[str]:
    """What is wrong in the lists of which every line is in the ledger, or in addresses.jsonl, too."""
    claims = chain.claims
    if TRACKING in sizes or (claims.told and whole):
        rows = rows_of(pack.lines(TRACKING)) if TRACKING in sizes else iter(())
        yield from (f"{TRACKING}: {wrong}" for wrong in wrong_tracking(rows, claims))
    rows = rows_of(pack.lines(CORRECTIONS)) if CORRECTIONS in sizes else iter(())
    # Of a piece for several clients, one may have been forgotten since, and its corrections with it.
    shown = (one.name for one in pieces if one.salt and one.clients == 1)
    yield from (f"{CORRECTIONS}: {wrong}" for wrong in wrong_corrections(rows, chain.corrections, shown))
    if ADDRESSEES in sizes:
        yield from (f"{ADDRESSEES}: {wrong}" for wrong in wrong_addressees(pack.lines(ADDRESSEES), pieces))
    if PIECES in sizes:
        yield from (f"{PIECES}: {wrong}" for wrong in wrong_places(pack.lines(PIECES), pieces))
    if SERVICE in sizes:
        yield from (f"{SERVICE}: {wrong}" for wrong in wrong_service(pack.lines(SERVICE), pieces, claims))


def _manifest(pack: Pack, found: Findings) -> dict[str, Any] | None:
    if MANIFEST not in pack.sizes():
        found.problems.append(f"{MANIFEST} is missing: this is not an evidence pack, or it was taken out")
        return None
    try:
        if pack.sizes()[MANIFEST] > LARGEST_MANIFEST:
            found.problems.append(f"{MANIFEST} is larger than any that this version writes")
            return None
        content = pack.read(MANIFEST)
        found.manifest = hashlib.sha256(content).hexdigest()
        manifest: dict[str, Any] = json.loads(content, object_pairs_hook=unique)
        if manifest["format"] not in READ:
            found.problems.append(f"{MANIFEST} is of format {manifest['format']!r}; this reads {READ}")
            return None
        found.campaign, found.title = str(manifest["campaign"]), str(manifest["title"])
        found.made_at, found.head = str(manifest["made_at"]), str(manifest["chain"]["head"])
        found.rehearsal, found.only = bool(manifest["rehearsal"]), str(manifest.get("only", ""))
        found.besides = tuple(str(one) for one in manifest.get("besides", ()))
        named = (found.campaign, found.title, found.made_at, found.head, found.only, *found.besides)
        if len("\n".join(named)) > LONGEST_TITLE:
            found.problems.append(f"{MANIFEST} has a longer title than any that this version writes")
            return None
        for name, entry in manifest["files"].items():
            _ = (str(name), str(entry["sha256"]), int(entry["size"]))
    except _UNREADABLE as error:
        found.problems.append(f"{MANIFEST} cannot be read: {in_words(error)}")
        return None
    return manifest


def _files(pack: Pack, manifest: dict[str, Any], sizes: Mapping[str, int], found: Findings) -> dict[str, str]:
    """Compare the folder with the manifest; the SHA-256 of every file that is there."""
    listed: dict[str, Any] = manifest["files"]
    for name in sorted(set(sizes) - set(listed) - {MANIFEST, SUMS}):
        found.problems.append(f"{name} is not in the manifest: it was added")
    for name in (EVENTS, ADDRESSES):
        if name not in listed:
            found.problems.append(f"{name} is not in the manifest: without it nothing is proved")
    found.by_manifest = _by_manifest(listed)
    hashes: dict[str, str] = {}
    for name, entry in sorted(listed.items()):
        if name not in sizes:
            found.problems.append(f"{name} is missing")
            continue
        if sizes[name] != entry["size"]:  # not worth the time to hash
            hashes[name] = ""
            found.problems.append(f"{name} was changed: its SHA-256 or size is not the manifest's")
            continue
        hashes[name] = pack.sha256(name)
        if hashes[name] != entry["sha256"]:
            found.problems.append(f"{name} was changed: its SHA-256 or size is not the manifest's")
    found.files = len(sizes)
    expected = {name: str(entry["sha256"]) for name, entry in listed.items()}
    expected[MANIFEST] = found.manifest
    if SUMS not in sizes:
        found.problems.append(f"{SUMS} is missing")
    elif sizes[SUMS] > LARGEST_MANIFEST or pack.read(SUMS) != sums(expected).encode():
        found.problems.append(f"{SUMS} and {MANIFEST} do not agree: one of them was changed")
    return hashes


def _by_manifest(listed: Iterable[str]) -> list[str]:
    """The files that nothing but the manifest guards; those of a folder by its name."""
    apart = (name for name in listed if name not in _BORNE and not name.startswith(_BORNE_FOLDERS))
    return sorted({f"{folder}/" if inner else name for name in apart
                   for folder, inner, _ in [name.partition("/")]})  # fmt: skip


def _chain(pack: Pack, manifest: dict[str, Any], sizes: Mapping[str, int], found: Findings) -> _Chain:
    """Rehash the events, fold them, and note what concerns the pack's mailings."""
    chain = _Chain()
    if EVENTS not in sizes:
        return chain
    subjects = {manifest.get("subject"), *manifest.get("subjects", ())}
    try:
        for event in check(_events(pack.lines(EVENTS))):
            found.events += 1
            chain.add(event, subjects)
    except ChainBroken as broken:
        found.problems.append(f"{EVENTS}: {broken.where}: {broken.what}")
    except Malformed as error:
        found.problems.append(f"{EVENTS} cannot be read after event {found.events}: {error.what}")
    except MailerError as error:
        found.problems.append(f"{EVENTS}: {error.where}: {error.what}")
    except _UNREADABLE as error:
        found.problems.append(f"{EVENTS} cannot be read after event {found.events}: {in_words(error)}")
    found.problems += chain.claims.problems
    if chain.head != manifest["chain"]["head"] or found.events != manifest["chain"].get("events"):
        found.problems.append(f"{EVENTS} does not end at the ledger head that {MANIFEST} states")
    if not manifest["rehearsal"] and rehearsed(chain.played):
        found.problems.append(f"{MANIFEST} does not say REHEARSAL, and events of this mailing were rehearsed")
    return chain


def _events(lines: Iterable[bytes]) -> Iterator[Event]:
    for raw in rows_of(lines):
        raw["recorded_at"] = datetime.fromisoformat(raw["recorded_at"])
        raw["occurred_on"] = date.fromisoformat(raw["occurred_on"])
        yield Event(**raw)


def _drops(manifest: dict[str, Any], chain: _Chain, hashes: Mapping[str, str], found: Findings) -> None:
    """Every receipt and pre-printed paper that an event names is here, and every job's manifest is the
    recorded one.
    """
    whole = not found.only
    receipts = [(seq, receipt) for seq, receipt in chain.claims.receipts if receipt]
    subjects = {manifest.get("subject"), *manifest.get("subjects", ())}
    found.drops = sum(
        len(mailing.drops) for subject, mailing in chain.folded.mailings.items() if subject in subjects
    )
    found.receipts = len({receipt for _, receipt in receipts})
    found.problems += wrong_files("receipts/", "the receipt", "hand-over", receipts, hashes, whole)
    found.problems += wrong_files("paper/", "the paper", "job", chain.claims.papers, hashes, whole)
    recorded = set(chain.claims.jobs.values())
    for name in sorted(hashes):
        if name.startswith("jobs/") and hashes[name] not in recorded:
            found.problems.append(f"{name} is not the manifest of any job of this mailing")
    for job in manifest["jobs"]:
        if hashes.get(job["file"]) != chain.claims.jobs.get((job["subject"], job["job"])):
            found.problems.append(
                f"{job['file']} is not the manifest that job {job['job']} was recorded with"
            )
