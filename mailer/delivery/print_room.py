"""The print room: what a job folder holds, and its manifest. Stateless; the workflow writes it.

Pieces are in ZIP order. `letters.pdf` (or `letters-1.pdf`, …) starts each piece on an odd page, so that it
can be printed on both sides of the paper.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Final

from mailer.clients.cells import guard

PIECES_A_FILE: Final = 1_000
MANIFEST: Final = "manifest.csv"
CHECKLIST: Final = "checklist.pdf"
LABELS: Final = "labels.pdf"


@dataclass(frozen=True, slots=True)
class JobPiece:
    """One piece of a job: its stored pages (1-based, inclusive) and its address block as printed."""

    number: int
    label: str
    recipient: tuple[str, ...]
    zip: str
    source: Path
    first: int
    last: int
    sha256: str

    @property
    def pages(self) -> int:
        return self.last - self.first + 1

    @property
    def sheets(self) -> int:
        """Sheets of paper, printed on both sides."""
        return (self.pages + 1) // 2


@dataclass(frozen=True, slots=True)
class JobSheet:
    """A job as the print room is to make it. `sender` is printed for a double-window envelope, else empty."""

    name: str
    campaign: str
    newsletter: bool
    firm: str
    sender: tuple[str, ...]
    labels: str
    postage: str
    cut_off: time
    not_after: date | None
    chain_head: str
    rehearsal: bool
    pieces: tuple[JobPiece, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a piece came to lie: its place in the job (from 1), the file, and its first page there."""

    place: int
    piece: JobPiece
    file: str
    page: int


def print_files(sheet: JobSheet) -> Iterator[tuple[str, Sequence[JobPiece]]]:
    """The print files and their pieces, at most PIECES_A_FILE in each."""
    stem = "newsletters" if sheet.newsletter else "letters"
    if len(sheet.pieces) <= PIECES_A_FILE:
        yield f"{stem}.pdf", sheet.pieces
        return
    for number, at in enumerate(range(0, len(sheet.pieces), PIECES_A_FILE), 1):
        yield f"{stem}-{number}.pdf", sheet.pieces[at : at + PIECES_A_FILE]


def manifest(placed: Sequence[Placed]) -> bytes:
    """manifest.csv in UTF-8 with a byte order mark, so that Excel reads the names right.

    A cell that a spreadsheet would run as a formula is given a leading apostrophe (OWASP, CSV
    injection).
    """
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow(
        ["place", "piece", "name", "address", "zip", "pages", "sheets", "file", "first_page", "sha256"]
    )
    for one in placed:
        piece = one.piece
        name, *lines = piece.recipient
        cells = (str(one.place), piece.label, name, " / ".join(lines), piece.zip)
        counts = (str(piece.pages), str(piece.sheets), one.file, str(one.page), piece.sha256)
        rows.writerow([guard(cell) for cell in (*cells, *counts)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()
