"""The spreadsheets of a pack (addressees, service, pieces) against its addresses and its events. Pure.

All are tables of what addresses.jsonl and events.jsonl say already, so each of their cells is compared. An
address stands in several cells there: it is compared without white space, commas and the apostrophes that
keep a spreadsheet from running a cell. Times are in UTC.
"""

from __future__ import annotations

import csv
from codecs import iterdecode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Any, Final, NamedTuple

from mailer.clients.cells import guard
from mailer.ledger.claims import Claims, ServiceWord
from mailer.ledger.kinds import ENDED, Status

ADDRESSEES: Final = "addressees.csv"
SERVICE: Final = "service.csv"
PIECES: Final = "pieces.csv"
ADDRESSEE_COLUMNS: Final = (
    "Line",
    "USPS Tracking Number / Firm-specific Identifier",
    "Name",
    "Street",
    "City",
    "State",
    "ZIP Code",
    "Postage",
    "Fee",
    "Special Handling",
    "Parcel Airlift",
)
"""PS Form 3665, January 2017. What the product does not know is left for the form."""
SERVICE_COLUMNS: Final = (
    "Piece",
    "Service",
    "Service’s id",
    "Name",
    "Address",
    "Certified number",
    "Asked for (UTC)",
    "Accepted (UTC)",
    "Custody, in the service’s words",
    "Custody at",
    "Counts as mailed",
    "Delivered at",
    "SHA-256 of what it got",
)

PIECE_COLUMNS: Final = ("Piece", "Name", "File", "First page", "Last page")
"""Where the pages of each piece are in the pack."""

_Cells = Sequence[str]


class ListedPiece(NamedTuple):
    """What the spreadsheets show of a line of addresses.jsonl. `pages` are the first and the last one."""

    subject: str
    number: int
    name: str
    status: str
    deposited: str | None
    certified: str
    service: dict[str, Any] | None
    address: list[str]
    salt: str
    file: str | None
    pages: tuple[int, int] | None
    clients: int

    @classmethod
    def of(cls, piece: Mapping[str, Any]) -> ListedPiece:
        facts = piece.get("facts")
        return cls(
            piece["subject"],
            piece["number"],
            piece["piece"],
            piece["status"],
            piece["deposited"],
            piece.get("certified") or "",
            piece.get("service"),
            piece["address"],
            piece["salt"],
            piece["file"],
            (facts[2], facts[3]) if facts else None,
            len(piece["clients"]),
        )


def wrong_addressees(lines: Iterable[bytes], pieces: Iterable[ListedPiece]) -> Iterator[str]:
    """The list for the post: a line for each piece that the firm handed over, by number. Raises ValueError
    where it is no text.
    """
    handed = (piece for piece in pieces if piece.deposited and not piece.service)
    yield from _compared(lines, ADDRESSEE_COLUMNS, handed, _wrong_addressee)


def _wrong_addressee(line: int, cells: _Cells, piece: ListedPiece) -> Iterator[str]:
    name, street, city, state, code = cells[2:7]
    certified = piece.certified
    number = f"{certified} ({piece.name})" if certified else piece.name
    if cells[0] != str(line) or _bare(cells[1]) != _bare(number):
        yield f"line {line} is not {piece.name}"
    shown = _bare(name + street + city + (state + code if state else ""))
    if shown != _bare("".join(piece.address)) or not (state or _bare(code) in shown):
        yield f"line {line} is not the address of {piece.name}"
    if any(cells[7:]):
        yield f"line {line} states postage or a fee, which the ledger does not know"


def wrong_places(lines: Iterable[bytes], pieces: Iterable[ListedPiece]) -> Iterator[str]:
    """The index: a line for each piece whose pages are in the pack, by number. Raises ValueError as above."""
    yield from _compared(lines, PIECE_COLUMNS, (piece for piece in pieces if piece.file), _wrong_place)


def _wrong_place(line: int, cells: _Cells, piece: ListedPiece) -> Iterator[str]:
    where = (piece.file, *map(str, piece.pages or ()))
    if tuple(cells) != (piece.name, guard(piece.address[0]), *where):
        yield f"line {line} is not where the pages of {piece.name} are"


def wrong_service(lines: Iterable[bytes], pieces: Iterable[ListedPiece], claims: Claims) -> Iterator[str]:
    """A line for each live piece that a mail service took, by service and number. Raises ValueError where
    it is no text.
    """
    taken = [piece for piece in pieces if piece.service and Status(piece.status) not in ENDED]
    taken.sort(key=lambda piece: ((piece.service or {})["name"], piece.number))

    def wrong(line: int, cells: _Cells, piece: ListedPiece) -> Iterator[str]:
        if _bare("".join(cells[3:5])) != _bare("".join(piece.address)):
            yield f"line {line} is not the address of {piece.name}"
        told = (*cells[:3], *cells[5:])
        for column, cell, known in zip(_TOLD, told, _of_service(piece, claims), strict=True):
            if not _same(cell, known):
                yield f"line {line}: “{column}” of {piece.name} is not what the ledger says"

    yield from _compared(lines, SERVICE_COLUMNS, taken, wrong)


_TOLD: Final = (*SERVICE_COLUMNS[:3], *SERVICE_COLUMNS[5:])


def _of_service(piece: ListedPiece, claims: Claims) -> Iterator[str | datetime]:
    """What each column of `_TOLD` must be."""
    key = (piece.subject, piece.number)
    custody, delivered = claims.custody.get(key), claims.delivered.get(key)
    yield piece.name
    yield (piece.service or {})["name"]
    yield (piece.service or {})["id"]
    yield piece.certified
    for when in (claims.asked.get(key), claims.taken.get(key)):
        yield f"{when:%Y-%m-%d %H:%M:%S}" if when else ""
    yield custody.kind if custody else ""
    yield _when(custody)
    state = claims.folded.piece(*key)
    yield state.counts_on.isoformat() if custody and state and state.counts_on else ""
    yield _when(delivered)
    yield (piece.service or {})["sha256"]


def _when(told: ServiceWord | None) -> str | datetime:
    return (told.at or "") if told else ""


def _same(cell: str, known: str | datetime) -> bool:
    if isinstance(known, datetime):
        try:
            return datetime.fromisoformat(cell) == known
        except ValueError:
            return False
    return _bare(cell).casefold() == _bare(known).casefold()


def _compared(
    lines: Iterable[bytes], columns: _Cells, pieces: Iterable[ListedPiece], wrong: Any
) -> Iterator[str]:
    rows = (row for row in csv.reader(iterdecode(lines, "utf-8-sig")) if row)
    if tuple(next(rows, ())) != tuple(columns):
        yield "its headings are not those of a pack"
        return
    found = belong = 0
    for cells, piece in zip_longest(rows, pieces):
        belong += piece is not None
        if cells is None:
            continue
        found += 1
        if len(cells) != len(columns):
            yield f"line {found} has {len(cells)} cells, not {len(columns)}"
        elif piece is not None and piece.salt:
            yield from wrong(found, cells, piece)
    if found != belong:
        yield f"it has {found} lines, and {belong} pieces belong in it"


def _bare(text: str) -> str:
    return "".join(text.replace(",", "").replace("'", "").split())
