"""The print room: what a job folder holds, its manifest and its ticket. Stateless; the workflow writes it.

A job's pieces are numbered in the order in which they are printed: by their sheets of paper, since a folder
and an inserter are set up for one number of sheets; within these certified mail comes after plain mail and
mail abroad after both; then by ZIP code. Where all have the same number, one print file is `letters.pdf`,
else `letters-1-sheet.pdf`, `letters-2-sheets.pdf`, …; above 1,000 pieces a name gets -1, -2, …. Each piece
starts on an odd page, so that it can be printed on both sides of the paper.
"""

from __future__ import annotations

import csv
import io
import json
import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import IO, Final

from mailer.clients.cells import guard
from mailer.pages.booklet import PAGES
from mailer.pages.sheetcount import SIDES, sheets
from mailer.settings import Envelope, Firm, MailingClass, Mailroom, Paper, PrintStock, Stationery
from mailer.spool import Spool

PIECES_A_FILE: Final = 1_000
MANIFEST: Final = "manifest.csv"
CHECKLIST: Final = "checklist.pdf"
LABELS: Final = "labels.pdf"
TICKET: Final = "ticket.json"


@dataclass(frozen=True, slots=True, order=True)
class Lot:
    """What pieces have in common that are made and paid for alike. They are in this order."""

    sheets: int
    abroad: bool = False
    certified: bool = False


@dataclass(frozen=True, slots=True)
class JobPiece:
    """One piece of a job: its stored pages (1-based, inclusive) and its address block as printed.

    `certified`: it is to go by Certified Mail, which the post has for US addresses only.
    """

    number: int
    label: str
    recipient: tuple[str, ...]
    zip: str
    source: Path
    first: int
    last: int
    sha256: str
    certified: bool = False
    is_booklet: bool = False

    @property
    def pages(self) -> int:
        return self.last - self.first + 1

    @property
    def sheets(self) -> int:
        """Sheets of paper, printed on both sides."""
        return sheets(self.pages, PAGES if self.is_booklet else SIDES)

    @property
    def domestic_zip(self) -> str:
        """The ZIP code that ends a US address; "" for mail abroad, whose last line is the country."""
        return self.zip if self.recipient and self.recipient[-1].endswith(self.zip) else ""

    @property
    def lot(self) -> Lot:
        return Lot(self.sheets, abroad=not self.domestic_zip, certified=self.certified)


class JobPieces:
    """The pieces of a job in the order of printing: those of each lot as they are given, which is by ZIP code
    and number. They are kept in files, so that memory does not grow with the job.
    """

    def __init__(self, given: Iterable[JobPiece]) -> None:
        lots: dict[Lot, Spool[JobPiece]] = {}
        for piece in given:
            lots.setdefault(piece.lot, Spool()).append(piece)
        self._lots = dict(sorted(lots.items()))

    @property
    def by_lot(self) -> dict[Lot, int]:
        """How many pieces are in each lot: ascending."""
        return {lot: len(pieces) for lot, pieces in self._lots.items()}

    def __len__(self) -> int:
        return sum(map(len, self._lots.values()))

    def __iter__(self) -> Iterator[JobPiece]:
        return chain.from_iterable(self._lots.values())


@dataclass(frozen=True, slots=True)
class JobSheet:
    """A job as the print room is to make it.

    `ordinal` counts all jobs of the folder, for the barcode's serial numbers. `notice` says whether the
    pieces are or carry a notice. `postage_each` is the postage of a piece by its lot, where it is known;
    `receipts` are what a return receipt costs on top, by its kind. `bound` is what newsletters are printed
    on; `in_three` the postage of a booklet if it were folded again.
    """

    name: str
    campaign: str
    newsletter: bool
    firm: Firm
    stationery: Stationery
    mailroom: Mailroom
    not_after: date | None
    chain_head: str
    rehearsal: bool
    ordinal: int
    notice: bool
    pieces: JobPieces
    postage_each: tuple[tuple[Lot, Decimal], ...] = ()
    receipts: tuple[tuple[str, Decimal], ...] = ()
    bound: PrintStock = PrintStock.LOOSE
    in_three: tuple[tuple[Lot, Decimal], ...] = ()

    @property
    def is_booklet(self) -> bool:
        return self.newsletter and self.bound is not PrintStock.LOOSE

    @property
    def sender(self) -> tuple[str, ...]:
        """The firm's lines as an envelope carries them."""
        return (self.firm.name, *self.firm.address.lines())

    @property
    def mail_class(self) -> MailingClass:
        return self.mailroom.newsletter_class if self.newsletter else MailingClass.FIRST

    @property
    def prints_envelopes(self) -> bool:
        return not self.newsletter and self.stationery.envelope is Envelope.PRINTED

    @property
    def by_sheets(self) -> dict[int, int]:
        """How many pieces have one sheet, two, …: ascending."""
        counts: dict[int, int] = {}
        for lot, pieces in self.pieces.by_lot.items():
            counts[lot.sheets] = counts.get(lot.sheets, 0) + pieces
        return counts


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a piece came to lie: its place in the job (from 1), the file, and its first page there."""

    place: int
    piece: JobPiece
    file: str
    page: int


@dataclass(frozen=True, slots=True)
class TrayPages:
    """Pages of a print file that come from one tray: `pages` as "1-2,5-6", `tray` "" where none is named."""

    tray: str
    stock: str
    pages: str


def print_files(sheet: JobSheet) -> Iterator[tuple[str, Sequence[JobPiece]]]:
    """The print files and their pieces, at most PIECES_A_FILE in each."""
    stem = "newsletters" if sheet.newsletter else "letters"
    counts, pieces = sheet.by_sheets, iter(sheet.pieces)
    for count, total in counts.items():
        name = f"{stem}-{sheets_words(count)}" if len(counts) > 1 else stem
        for number, at in enumerate(range(0, total, PIECES_A_FILE), 1):
            part = list(islice(pieces, min(PIECES_A_FILE, total - at)))
            yield f"{name}-{number}.pdf" if total > PIECES_A_FILE else f"{name}.pdf", part


def envelope_file(print_file: str) -> str:
    """The envelopes of a print file: `letters-1-sheet.pdf` has `envelopes-1-sheet.pdf`."""
    return print_file.replace("letters", "envelopes", 1)


def composite_file(print_file: str) -> str:
    """What the clients see of a print file on pre-printed paper: `letters.pdf` has `composite.pdf`."""
    return print_file.replace("letters", "composite", 1)


def sheets_words(count: int) -> str:
    """As in file names: "1-sheet", "2-sheets"."""
    return f"{count}-sheet{'s' if count > 1 else ''}"


def trays(stationery: Stationery, pieces: int, sheets: int) -> tuple[TrayPages, ...]:
    """Which pages of a print file come from which tray, for so many pieces of so many sheets each.

    Pre-printed: each piece's first sheet is letterhead, its others are continuation paper. Plain paper
    comes from the first tray alone. () where there is nothing to say.
    """
    if stationery.paper is Paper.PLAIN:
        whole = f"1-{pieces * sheets * 2}"
        return (TrayPages(stationery.first_tray, "paper", whole),) if stationery.first_tray else ()
    each = sheets * 2
    if sheets == 1:
        return (TrayPages(stationery.first_tray, "letterhead", f"1-{pieces * 2}"),)
    starts = range(1, pieces * each, each)
    return (
        TrayPages(stationery.first_tray, "letterhead", ",".join(f"{at}-{at + 1}" for at in starts)),
        TrayPages(
            stationery.next_tray, "continuation", ",".join(f"{at + 2}-{at + each - 1}" for at in starts)
        ),
    )


def needs_ticket(sheet: JobSheet) -> bool:
    """Whether there is something to say about trays, or paper of another size."""
    stock = sheet.stationery
    named = stock.first_tray or (sheet.prints_envelopes and stock.envelope_tray)
    return bool(named) or sheet.is_booklet or (stock.paper is Paper.PRE_PRINTED and not sheet.newsletter)


def ticket(sheet: JobSheet, files: Sequence[tuple[str, int, int]]) -> bytes:
    """ticket.json: how each print file is printed. `files` are (name, pieces, sheets of each piece).

    Names and values are those of IPP (RFC 8011; PWG 5100.3 media-col; PWG 5100.6 overrides), `lp` is the
    same as commands for a CUPS queue.
    """
    stock = sheet.stationery
    if sheet.newsletter:
        stock = stock.model_copy(update={"paper": Paper.PLAIN})
    sheet_of = SPREAD if sheet.is_booklet else LETTER
    listed = [_file_ticket(name, trays(stock, pieces, sheets), sheet_of) for name, pieces, sheets in files]
    if sheet.prints_envelopes:
        listed += [
            _envelope_ticket(envelope_file(name), sheet.stationery.envelope_tray) for name, _, _ in files
        ]
    whole = {"job": sheet.name, "files": listed}
    return (json.dumps(whole, indent=2, ensure_ascii=False) + "\n").encode()


@dataclass(frozen=True, slots=True)
class SheetSize:
    """A size of paper as CUPS and as IPP name it, and how its back is turned."""

    cups: str
    ipp: str
    sides: str


LETTER: Final = SheetSize("Letter", "na_letter_8.5x11in", "two-sided-long-edge")
SPREAD: Final = SheetSize("Tabloid", "na_ledger_11x17in", "two-sided-short-edge")
"""A booklet's sheet is printed across: its back is turned about the short edge."""


def _file_ticket(name: str, pages: Sequence[TrayPages], sheet: SheetSize) -> dict[str, object]:
    common = f"-o media={sheet.cups} -o sides={sheet.sides} -o print-scaling=none"
    commands = [
        f"lp -d PRINTER {common}{_slot(one.tray)} -P {one.pages} {name}" for one in pages if one.pages
    ] or [f"lp -d PRINTER {common} {name}"]
    return {
        "file": name,
        "sides": sheet.sides,
        "media": sheet.ipp,
        "print-scaling": "none",
        "trays": [{"tray": one.tray, "stock": one.stock, "pages": one.pages} for one in pages],
        "overrides": [
            {"pages": one.pages, "media-col": {"media-source": one.tray}} for one in pages if one.tray
        ],
        "lp": commands,
    }


def _envelope_ticket(name: str, tray: str) -> dict[str, object]:
    return {
        "file": name,
        "sides": "one-sided",
        "media": "na_number-10_4.125x9.5in",
        "print-scaling": "none",
        "trays": [{"tray": tray, "stock": "#10 envelopes", "pages": "all"}],
        "lp": [f"lp -d PRINTER -o media=Env10 -o sides=one-sided -o print-scaling=none{_slot(tray)} {name}"],
    }


def _slot(tray: str) -> str:
    return f" -o InputSlot={shlex.quote(tray)}" if tray else ""


_HEADINGS: Final = (
    "place", "piece", "name", "address", "zip", "pages", "sheets", "file", "first_page", "sha256", "class",
)  # fmt: skip


def write_manifest(target: IO[bytes], placed: Iterable[Placed], mail_class: MailingClass) -> None:
    """manifest.csv, written to `target` in UTF-8 with a byte order mark, so that Excel reads the names right.

    A cell that a spreadsheet would run as a formula is given a leading apostrophe (OWASP, CSV
    injection).
    """
    out = io.TextIOWrapper(target, encoding="utf-8-sig", newline="")
    rows = csv.writer(out)
    rows.writerow(_HEADINGS)
    for one in placed:
        piece = one.piece
        name, *lines = piece.recipient
        cells = (str(one.place), piece.label, name, " / ".join(lines), piece.zip)
        counts = (str(piece.pages), str(piece.sheets), one.file, str(one.page), piece.sha256)
        way = "international" if piece.lot.abroad else "certified" if piece.certified else mail_class.value
        rows.writerow([guard(cell) for cell in (*cells, *counts, way)])
    out.detach()
