"""An evidence pack written to a folder: built beside its place, verified, and renamed.

Every name in it is plain ASCII. Sizes are bytes.
"""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from mailer.clients.cells import guard
from mailer.errors import MailerError, Refused
from mailer.evidence.case import Addressee, ByService
from mailer.evidence.findings import Findings
from mailer.evidence.packondisk import FolderPack
from mailer.evidence.pieces import ProvedPiece, place_of
from mailer.evidence.spreadsheets import ADDRESSEE_COLUMNS, PIECE_COLUMNS, SERVICE_COLUMNS
from mailer.evidence.verifier import FORMAT, MANIFEST, READ, SUMS, sums, verify
from mailer.givenfile import require_new
from mailer.ledger.kinds import ENDED
from mailer.ledger.leaves import facts_text, person_of
from mailer.ledger.serviceevents import PieceAccepted
from mailer.store.commandlock import making_alone


@dataclass(slots=True)
class Target:
    """The folder that is being filled, and what was put into it so far."""

    folder: Path
    entries: dict[str, dict[str, Any]] = field(default_factory=dict)
    found: Findings = field(default_factory=Findings)  # once the pack is finished

    def put(self, name: str, content: bytes | str) -> None:
        """Write one file. Raises ValueError where its name is taken."""
        if name in self.entries:
            raise ValueError(f"{name} is in the pack already")
        data = content.encode() if isinstance(content, str) else content
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        self.entries[name] = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}

    def put_lines(self, name: str, lines: Iterable[str]) -> None:
        """Write a long text file line by line; each line has its end."""
        if name in self.entries:
            raise ValueError(f"{name} is in the pack already")
        digest, size = hashlib.sha256(), 0
        with (self.folder / name).open("wb") as file:
            for line in lines:
                data = line.encode()
                digest.update(data)
                size += len(data)
                file.write(data)
        self.entries[name] = {"sha256": digest.hexdigest(), "size": size}

    def close(self, manifest: dict[str, Any]) -> None:
        """Write the manifest over all that was put in, and the sums over both."""
        whole = {"format": FORMAT, **manifest, "files": dict(sorted(self.entries.items()))}
        self.put(MANIFEST, as_json(whole))
        (self.folder / SUMS).write_text(
            sums({name: entry["sha256"] for name, entry in self.entries.items()}),
            encoding="utf-8",
            newline="\n",
        )


def as_json(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def json_lines(head: dict[str, Any], name: str, items: Iterable[object]) -> Iterator[str]:
    """As `as_json` of `head` with `items` under `name`, an item a line, of which one at a time is held."""
    yield json.dumps(head, indent=1, ensure_ascii=False).removesuffix("\n}")
    yield f',\n "{name}": ['
    for at, item in enumerate(items):
        yield f"{',' if at else ''}\n  {json.dumps(item, ensure_ascii=False)}"
    yield "\n ]\n}\n"


FOLDER: Final = "evidence"
"""Of the mail folder, for packs and proofs without another place."""


def place_for(folder: Path, campaign: str, root: Path) -> Path:
    """Where a pack of the mail folder `root` may be put: `folder`, or the next free name beside it.

    Raises MailerError where no folder can be, Refused where something else than a pack of the same campaign
    is there.
    """
    if require_new(folder, "", root, but=FOLDER):
        return folder
    if _campaign_of(folder) != campaign:
        raise Refused(
            f"exists and is not an evidence pack of {campaign}.",
            where=str(folder),
            todo="Name another folder with --out; nothing was written.",
        )
    number = 2
    while (beside := folder.with_name(f"{folder.name}-{number}")).exists():
        number += 1
    return beside


def _campaign_of(folder: Path) -> str:
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        return str(manifest["campaign"]) if manifest["format"] in READ else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""


@contextmanager
def being_built(folder: Path, root: Path) -> Iterator[Target]:
    """An empty folder beside the pack's place. When the block ends the pack is verified and gets its name;
    what is not finished is removed. Raises MailerError where it does not verify, Refused where another
    command builds one for the mail folder `root`.
    """
    beside = folder.with_name(f".{folder.name}.part")
    with making_alone(root):
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(parents=True)
        try:
            target = Target(beside)
            yield target
            target.found = _verified(beside, folder)
            beside.rename(folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)


def _verified(built: Path, folder: Path) -> Findings:
    found = verify(FolderPack(built))
    if found.problems:
        shown = "; ".join(found.problems[:3])
        raise MailerError(
            f"the pack does not verify, so it was not kept: {shown}.",
            where=str(folder),
            todo="Run `mailer ledger verify`; if it is well, report this.",
        )
    return found


def addressees_csv(pieces: Iterable[ProvedPiece], addressees: Iterable[Addressee]) -> Iterator[str]:
    """The pieces that the firm handed over, as a spreadsheet reads them.

    A certified piece has the post's number and belongs on PS Form 3877, the firm mailing book.
    """
    handed = ((p, a) for p, a in zip(pieces, addressees, strict=True) if p.mailed and not a.service)
    rows = (
        (str(line), _article(piece, one), *_address(piece, one), "", "", "", "")
        for line, (piece, one) in enumerate(handed, 1)
    )
    return _spreadsheet(ADDRESSEE_COLUMNS, rows)


def file_of(piece: ProvedPiece, files: Mapping[str, str]) -> str:
    """The file of the pack that holds the piece, by the hash of its stored one; "" for none."""
    return files.get(piece.file, "") if piece.approved and piece.status not in ENDED else ""


def pieces_csv(pieces: Iterable[ProvedPiece], files: Mapping[str, str]) -> Iterator[str]:
    """In which file of the pack each piece is, and on which of its pages."""
    held = ((piece, file) for piece in pieces if (file := file_of(piece, files)))
    rows = (
        (piece.label, "".join(piece.lines[:1]), file, str(piece.first), str(piece.last))
        for piece, file in held
    )
    return _spreadsheet(PIECE_COLUMNS, rows)


def service_csv(
    services: Sequence[ByService], pieces: Iterable[ProvedPiece], names: Sequence[int]
) -> Iterator[str]:
    """The pieces that a mail service took: ids, times, custody and the SHA-256 of what it got."""
    numbers = {one.number for by in services for one in by.pieces}
    known = {
        piece.number: (piece, count)
        for piece, count in zip(pieces, names, strict=True)
        if piece.number in numbers
    }
    taken = ((by, one, known[one.number]) for by in services for one in by.pieces)
    rows = (
        (
            one.label,
            by.service,
            one.letter,
            ", ".join(piece.lines[:count]),
            ", ".join(piece.lines[count:]),
            one.certified_number,
            *(f"{when:%Y-%m-%d %H:%M:%S}" for when in (one.asked, one.accepted)),
            one.posted.words if one.posted else "",
            one.posted.at.isoformat() if one.posted else "",
            one.counts_on.isoformat() if one.counts_on else "",
            one.delivered.at.isoformat() if one.delivered else "",
            one.dispatched,
        )
        for by, one, piece, count in ((by, one, *rest) for by, one, rest in taken)
    )
    return _spreadsheet(SERVICE_COLUMNS, rows)


def _address(piece: ProvedPiece, one: Addressee) -> tuple[str, ...]:
    names, rest = piece.lines[: one.name], piece.lines[one.name :]
    place = place_of(piece)
    street = rest[:-1] if place[1] else rest[:-2]
    return (", ".join(names), ", ".join(street), *place)


def _article(piece: ProvedPiece, one: Addressee) -> str:
    """The post's number, where it has one, and the firm's own."""
    return f"{one.certified} ({piece.label})" if one.certified else piece.label


class _AsText:
    """What a csv writer writes to, to get the line back."""

    def write(self, line: str) -> str:
        return line


def _spreadsheet(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Its lines: UTF-8 with a byte order mark."""
    writer = csv.writer(_AsText())
    yield f"\ufeff{writer.writerow(heads)}"
    yield from (writer.writerow([guard(cell) for cell in row]) for row in rows)


def address_line(piece: ProvedPiece, subject: str, file: str, taken: PieceAccepted | None) -> str:
    """A piece as a line of addresses.jsonl. `taken` is what the event of a service's acceptance says."""
    pages = (piece.file, piece.first, piece.last, piece.sha256, piece.digest)
    person = person_of(piece.name, piece.lines, piece.zip, piece.address) if piece.salt else None
    service = {"name": taken.service, "id": taken.id, "sha256": taken.sha256} if taken else None
    fields = {
        "piece": piece.label,
        "subject": subject,
        "number": piece.number,
        "status": piece.status.value,
        "deposited": piece.counts_on.isoformat() if piece.counts_on else None,
        "return_reason": piece.return_reason,
        "misaddressed": piece.misaddressed_on.isoformat() if piece.misaddressed_on else None,
        "sha256": piece.sha256,
        "file": file or None,
        "again_of": piece.again_of,
        "certified": piece.certified or None,
        "service": service,
        "salt": piece.salt,
        "clients": [str(client) for client in piece.clients],
        "address": list(piece.lines),
    }
    facts = facts_text(piece.facts, pages, piece.clients)  # as it is hashed
    return f'{_ENCODE(fields).removesuffix("}")},"facts":{facts},"person":{_ENCODE(person)}}}\n'


_ENCODE: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
