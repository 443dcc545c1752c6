"""Building a job folder: print files, envelopes or labels, manifest, ticket and checklist.

It has its name only once it is complete. Files of at most a thousand pieces are made one after the other, so
that the memory needed does not grow with the job.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from mailer.campaign.loading import load_campaign
from mailer.judgement.rules import goes_certified
from mailer.ledger.records import Mailing
from mailer.ledger.records import Piece as ApprovedPiece
from mailer.pages.addresslabels import Label, label_block, label_sheets, label_stock
from mailer.pages.barcode import Code, piece_code
from mailer.pages.drawnaddress import carries_code
from mailer.pages.endorsement import ENDORSEMENT, fits_window, in_window
from mailer.pages.envelopes import Face, PrintedEnvelope, envelope_block, envelope_pages
from mailer.pages.imposition import PieceToPrint, address_block, assemble
from mailer.pages.letterhead import Letterhead
from mailer.pages.windowzones import PANEL_ADDRESS, RECIPIENT_WINDOW
from mailer.place import to_disk
from mailer.planning.mailfolder import MailFolder
from mailer.printroom.checklist import checklist_of
from mailer.printroom.checklistpage import checklist_pdf
from mailer.printroom.jobfiles import file_sha256
from mailer.printroom.jobpostage import indicia_of, posting_of
from mailer.printroom.jobsheet import (
    CHECKLIST,
    LABELS,
    MANIFEST,
    TICKET,
    JobPiece,
    JobSheet,
    Placed,
    composite_file,
    envelope_file,
    needs_ticket,
    print_files,
    ticket,
    write_manifest,
)
from mailer.progress import Progress
from mailer.settings import Envelope, PrintStock
from mailer.spool import Spool
from mailer.store.files import whole_file, write_whole


def job_pieces(mail: MailFolder, mailing: Mailing, approved: Iterable[ApprovedPiece]) -> Iterator[JobPiece]:
    """What the print room needs to know of pieces."""
    campaign = load_campaign(mail.root, mailing.campaign)
    folded = mailing.is_newsletter and mail.settings.newsletter.sheets is not PrintStock.LOOSE
    there = lru_cache(mail.store.files.there)  # a Path takes more memory than all else of a piece
    return (
        JobPiece(
            number=row.number,
            label=mailing.label(row.number),
            recipient=row.recipient,
            zip=row.zip,
            source=there(row.file),
            first=row.first_page,
            last=row.last_page,
            sha256=row.sha256,
            certified=not mailing.is_newsletter and goes_certified(row.facts, campaign),
            is_booklet=folded,
        )
        for row in approved
    )


@dataclass(frozen=True, slots=True)
class Built:
    """What was built. `manifest` is the SHA-256 of manifest.csv, which holds that of every piece; `hashes`
    are those of the files that are printed, by name.
    """

    files: tuple[str, ...]
    pages: int
    sheets: int
    manifest: str
    hashes: dict[str, str]


def build(
    sheet: JobSheet, folder: Path, letterhead: Letterhead, progress: Progress, *, paper: bytes | None = None
) -> Built:
    """Build the job in a folder beside `folder` and rename it; a folder of that name is replaced,
    since it can only be what an interrupted run left. `paper` is a page of pre-printed paper, for
    composites of what the clients see.
    """
    beside = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    built = _fill(sheet, beside, letterhead, progress, paper)
    for path in beside.iterdir():
        to_disk(path)
    to_disk(beside)
    if folder.exists():
        shutil.rmtree(folder)
    beside.rename(folder)
    to_disk(folder.parent)
    return built


def _fill(
    sheet: JobSheet, folder: Path, letterhead: Letterhead, progress: Progress, paper: bytes | None
) -> Built:
    job = _Job(sheet, letterhead)
    placed: Spool[Placed] = Spool()
    printed: list[tuple[str, int, int]] = []
    envelopes: list[str] = []
    composites: list[str] = []
    pages = sheets = 0
    for file, pieces in print_files(sheet):
        numbered = list(enumerate(pieces, len(placed) + 1))
        laid = [job.piece(piece, place) for place, piece in numbered]
        made = assemble(laid, folder / file, letterhead, total=len(sheet.pieces))
        if paper:
            composites.append(composite_file(file))
            assemble(laid, folder / composites[-1], letterhead, total=len(sheet.pieces), beneath=paper)
        for (place, piece), page in zip(numbered, made.starts, strict=True):
            placed.append(Placed(place, piece, file, page))
        printed.append((file, len(pieces), pieces[0].sheets))
        if sheet.prints_envelopes and posting_of(sheet, pieces[0].sheets).shape == "letter":
            envelopes.append(envelope_file(file))
            envelope_pdf = envelope_pages(
                [job.envelope(p, place) for place, p in numbered], job.face, letterhead
            )
            write_whole(folder / envelopes[-1], envelope_pdf)
        pages, sheets = pages + made.pages, sheets + made.sheets
        progress("building the job", len(placed), len(sheet.pieces))
    files = [file for file, _, _ in printed] + envelopes
    with whole_file(folder / MANIFEST) as listing:
        write_manifest(listing, placed, sheet.mail_class)
    others: dict[str, bytes] = {}
    if labels := job.labels(placed, envelopes):
        others[LABELS] = label_sheets(labels, letterhead, stock=sheet.stationery.labels)
    if needs_ticket(sheet):
        others[TICKET] = ticket(sheet, printed)
    digest = file_sha256(folder / MANIFEST)
    checklist = checklist_of(
        sheet, placed, files, digest, uncoded=job.uncoded(placed), endorsed=job.is_endorsed
    )
    others[CHECKLIST] = checklist_pdf(checklist, letterhead)
    for name, content in others.items():
        write_whole(folder / name, content)
    prints = [*files, LABELS] if labels else files
    hashes = {name: file_sha256(folder / name) for name in prints}
    return Built((*files, *composites, MANIFEST, *others), pages, sheets, digest, hashes)


class _Job:
    """What is printed for each piece of a job: over its pages, on its label, on its envelope."""

    def __init__(self, sheet: JobSheet, letterhead: Letterhead) -> None:
        self._sheet = sheet
        self._letterhead = letterhead
        self._total = len(sheet.pieces)
        window = sheet.stationery.envelope is Envelope.DOUBLE_WINDOW and not sheet.newsletter
        self._sender = in_window(sheet.sender, letterhead) if window else ()
        self.face = Face(sheet.sender, ENDORSEMENT, indicia_of(sheet))

    @property
    def is_endorsed(self) -> bool:
        """Whether the endorsement is printed by this job: on the envelope, or within its upper window."""
        if self._sheet.newsletter or self._sheet.prints_envelopes:
            return True
        return bool(self._sender) and fits_window(self._sender, self._letterhead)

    def piece(self, piece: JobPiece, place: int) -> PieceToPrint:
        """The piece as it is laid over. Who has no window still has the address on the letter."""
        newsletter = self._sheet.newsletter
        in_window = newsletter or self._sheet.stationery.envelope in _WINDOWS
        return PieceToPrint(
            source=piece.source,
            first=piece.first,
            last=piece.last,
            number=place,
            address=piece.recipient,
            sender=self._sender,
            window=PANEL_ADDRESS if newsletter else RECIPIENT_WINDOW,
            address_page=-1 if newsletter else 1,
            code=self._code(piece, place) if in_window else None,
            endorsement=ENDORSEMENT,
            indicia=self.face.indicia if newsletter else (),
            is_booklet=piece.is_booklet,
        )

    def envelope(self, piece: JobPiece, place: int) -> PrintedEnvelope:
        return PrintedEnvelope(self._number(place), piece.recipient, self._code(piece, place))

    def labels(self, placed: Iterable[Placed], envelopes: Sequence[str]) -> Spool[Label]:
        """A label for each piece that has no printed envelope."""
        return Spool(
            Label(one.piece.recipient, self._number(one.place), self._code(one.piece, one.place))
            for one in placed
            if envelope_file(one.file) not in envelopes
        )

    def uncoded(self, placed: Iterable[Placed]) -> list[int]:
        """The places of the pieces whose envelope or window shows no barcode."""
        if not self._sheet.mailroom.mailer_id:
            return []
        return [one.place for one in placed if not self._is_coded(one.piece, one.place)]

    def _is_coded(self, piece: JobPiece, place: int) -> bool:
        if self._code(piece, place) is None:
            return False
        if self._sheet.prints_envelopes:
            block = envelope_block(self.envelope(piece, place))
        elif self._sheet.newsletter or self._sheet.stationery.envelope in _WINDOWS:
            block = address_block(self.piece(piece, place))
        else:
            label = Label(piece.recipient, self._number(place), self._code(piece, place))
            block = label_block(label, label_stock(self._sheet.stationery.labels))
        return carries_code(block, self._letterhead)

    def _number(self, place: int) -> str:
        return f"{place:04}/{self._total:04}"

    def _code(self, piece: JobPiece, place: int) -> Code | None:
        room, zip_code = self._sheet.mailroom, piece.domestic_zip
        if not room.mailer_id or not zip_code:
            return None
        return piece_code(
            room.mailer_id, room.service_type, job=self._sheet.ordinal, place=place, zip_code=zip_code
        )


_WINDOWS: Final = (Envelope.DOUBLE_WINDOW, Envelope.SINGLE_WINDOW)
