"""The spreadsheets of a pack (addressees, service, pieces) against its addresses and its events. Pure.

All are tables of what addresses.jsonl and events.jsonl say already, so each of their cells is compared. An
address stands in several cells there: it is compared without white space, commas and the apostrophes that
keep a spreadsheet from running a cell. Times are in UTC.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

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

_Piece = dict[str, Any]  # a line of addresses.jsonl
_Cells = Sequence[str]


def wrong_addressees(content: bytes, pieces: Iterable[_Piece]) -> Iterator[str]:
    """The list for the post: a line for each piece that the firm handed over, by number. Raises ValueError
    where it is no text.
    """
    handed = [piece for piece in pieces if piece["deposited"] and not piece.get("service")]
    yield from _compared(content, ADDRESSEE_COLUMNS, handed, _wrong_addressee)


def _wrong_addressee(line: int, cells: _Cells, piece: _Piece) -> Iterator[str]:
    name, street, city, state, code = cells[2:7]
    certified = piece.get("certified")
    number = f"{certified} ({piece['piece']})" if certified else piece["piece"]
    if cells[0] != str(line) or _bare(cells[1]) != _bare(number):
        yield f"line {line} is not {piece['piece']}"
    shown = _bare(name + street + city + (state + code if state else ""))
    if shown != _bare("".join(piece["address"])) or not (state or _bare(code) in shown):
        yield f"line {line} is not the address of {piece['piece']}"
    if any(cells[7:]):
        yield f"line {line} states postage or a fee, which the ledger does not know"


def wrong_places(content: bytes, pieces: Iterable[_Piece]) -> Iterator[str]:
    """The index: a line for each piece whose pages are in the pack, by number. Raises ValueError as above."""
    yield from _compared(content, PIECE_COLUMNS, [piece for piece in pieces if piece["file"]], _wrong_place)


def _wrong_place(line: int, cells: _Cells, piece: _Piece) -> Iterator[str]:
    first, last = piece["facts"][2:4]
    if tuple(cells) != (piece["piece"], guard(piece["address"][0]), piece["file"], str(first), str(last)):
        yield f"line {line} is not where the pages of {piece['piece']} are"


def wrong_service(content: bytes, pieces: Iterable[_Piece], claims: Claims) -> Iterator[str]:
    """A line for each live piece that a mail service took, by service and number. Raises ValueError where
    it is no text.
    """
    taken = [piece for piece in pieces if piece.get("service") and Status(piece["status"]) not in ENDED]
    taken.sort(key=lambda piece: (piece["service"]["name"], piece["number"]))

    def wrong(line: int, cells: _Cells, piece: _Piece) -> Iterator[str]:
        if _bare("".join(cells[3:5])) != _bare("".join(piece["address"])):
            yield f"line {line} is not the address of {piece['piece']}"
        told = (*cells[:3], *cells[5:])
        for column, cell, known in zip(_TOLD, told, _of_service(piece, claims), strict=True):
            if not _same(cell, known):
                yield f"line {line}: “{column}” of {piece['piece']} is not what the ledger says"

    yield from _compared(content, SERVICE_COLUMNS, taken, wrong)


_TOLD: Final = (*SERVICE_COLUMNS[:3], *SERVICE_COLUMNS[5:])


def _of_service(piece: _Piece, claims: Claims) -> Iterator[str | datetime]:
    """What each column of `_TOLD` must be."""
    key = (piece["subject"], piece["number"])
    custody, delivered = claims.custody.get(key), claims.delivered.get(key)
    yield piece["piece"]
    yield piece["service"]["name"]
    yield piece["service"]["id"]
    yield piece.get("certified") or ""
    for when in (claims.asked.get(key), claims.taken.get(key)):
        yield f"{when:%Y-%m-%d %H:%M:%S}" if when else ""
    yield custody.kind if custody else ""
    yield _when(custody)
    state = claims.folded.piece(*key)
    yield state.counts_on.isoformat() if custody and state and state.counts_on else ""
    yield _when(delivered)
    yield piece["service"]["sha256"]


def _when(told: ServiceWord | None) -> str | datetime:
    return (told.at or "") if told else ""


def _same(cell: str, known: str | datetime) -> bool:
    if isinstance(known, datetime):
        try:
            return datetime.fromisoformat(cell) == known
        except ValueError:
            return False
    return _bare(cell).casefold() == _bare(known).casefold()


def _compared(content: bytes, columns: _Cells, pieces: Sequence[_Piece], wrong: Any) -> Iterator[str]:
    lines = content.decode("utf-8-sig").split("\n")  # as in listed.rows_of
    rows = [row for row in csv.reader(f"{line}\n" for line in lines) if row]
    if not rows or tuple(rows[0]) != tuple(columns):
        yield "its headings are not those of a pack"
        return
    if len(rows) - 1 != len(pieces):
        yield f"it has {len(rows) - 1} lines, and {len(pieces)} pieces belong in it"
    for line, (cells, piece) in enumerate(zip(rows[1:], pieces, strict=False), 1):
        if len(cells) != len(columns):
            yield f"line {line} has {len(cells)} cells, not {len(columns)}"
        elif piece["salt"]:
            yield from wrong(line, cells, piece)


def _bare(text: str) -> str:
    return "".join(text.replace(",", "").replace("'", "").split())
