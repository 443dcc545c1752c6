"""Building a job folder: print files, labels, manifest and checklist, under its name only once complete."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mailer.campaign.wording import date_words
from mailer.delivery.print_room import (
    CHECKLIST,
    LABELS,
    MANIFEST,
    JobPiece,
    JobSheet,
    Placed,
    manifest,
    print_files,
)
from mailer.render.checklist import Checklist, Row, checklist_pdf
from mailer.render.imposition import Piece, assemble
from mailer.render.labels import label_sheets
from mailer.render.letterhead import Letterhead
from mailer.render.zones import PANEL_ADDRESS, RECIPIENT_WINDOW
from mailer.store.files import write_whole
from mailer.workflow.progress import Progress


@dataclass(frozen=True, slots=True)
class Built:
    """What was built. `manifest` is the SHA-256 of manifest.csv, which holds that of every piece."""

    files: tuple[str, ...]
    pages: int
    sheets: int
    manifest: str


def build(sheet: JobSheet, folder: Path, letterhead: Letterhead, progress: Progress) -> Built:
    """Build the job in a folder beside `folder` and rename it; a folder of that name is replaced,
    since it can only be what an interrupted run left.
    """
    beside = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    built = _fill(sheet, beside, letterhead, progress)
    for path in beside.iterdir():
        _to_disk(path)
    _to_disk(beside)
    if folder.exists():
        shutil.rmtree(folder)
    beside.rename(folder)
    _to_disk(folder.parent)
    return built


def _fill(sheet: JobSheet, folder: Path, letterhead: Letterhead, progress: Progress) -> Built:
    placed: list[Placed] = []
    files: list[str] = []
    pages = sheets = 0
    for file, pieces in print_files(sheet):
        before = len(placed)
        made = assemble(
            [_piece(sheet, piece, before + place) for place, piece in enumerate(pieces, 1)],
            folder / file,
            letterhead,
            total=len(sheet.pieces),
        )
        placed += [
            Placed(before + place, piece, file, page)
            for place, (piece, page) in enumerate(zip(pieces, made.starts, strict=True), 1)
        ]
        files.append(file)
        pages, sheets = pages + made.pages, sheets + made.sheets
        progress("building the job", len(placed), len(sheet.pieces))
    listing = manifest(placed)
    write_whole(folder / MANIFEST, listing)
    labels = label_sheets([piece.recipient for piece in sheet.pieces], letterhead, stock=sheet.labels)
    write_whole(folder / LABELS, labels)
    digest = hashlib.sha256(listing).hexdigest()
    write_whole(folder / CHECKLIST, checklist_pdf(_checklist(sheet, placed, files, digest), letterhead))
    return Built((*files, LABELS, MANIFEST, CHECKLIST), pages, sheets, digest)


def _piece(sheet: JobSheet, piece: JobPiece, place: int) -> Piece:
    return Piece(
        source=piece.source,
        first=piece.first,
        last=piece.last,
        number=place,
        address=piece.recipient,
        sender=() if sheet.newsletter else sheet.sender,
        window=PANEL_ADDRESS if sheet.newsletter else RECIPIENT_WINDOW,
        address_page=-1 if sheet.newsletter else 1,
    )


def _checklist(sheet: JobSheet, placed: Sequence[Placed], files: Sequence[str], digest: str) -> Checklist:
    last = f"Hand over by {date_words(sheet.not_after)}, before " if sheet.not_after else "Hand over before "
    return Checklist(
        title=sheet.name,
        firm=sheet.firm,
        facts=(
            ("Pieces", f"{len(placed):,}"),
            ("Sheets of paper", f"{sum(one.piece.sheets for one in placed):,}, printed on both sides"),
            ("Print files", ", ".join(files)),
            ("Postage", sheet.postage),
            ("Deadline", f"{last}{sheet.cut_off:%H:%M}, the last collection"),
            ("Manifest SHA-256", digest),
            ("Ledger head", sheet.chain_head),
        ),
        rows=tuple(
            Row(
                f"{one.place:04}",
                one.piece.label,
                one.piece.recipient[0],
                one.piece.recipient[-1],
                one.piece.sheets,
            )
            for one in placed
        ),
        rehearsal=sheet.rehearsal,
    )


def _to_disk(path: Path) -> None:
    """Flush a file or a folder's entries to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
