"""A job for the print shop: the pages, the addresses, the manifest and the ticket. No network.

The pages are print-ready: each piece begins on an odd page, its address and a mark stand on it, and nothing
else was added to what was approved. A booklet's are imposed: the sides of its 11 x 17 in sheets. The manifest
is what mailer reads again; ticket and list are people's.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tempfile
import textwrap
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from mailer.clients.cells import guard
from mailer.errors import NONSENSE, Misfit, in_words
from mailer.mailservice.service import Consignment
from mailer.notice.words import plural, spoken
from mailer.pages.imposition import PieceToPrint, assemble
from mailer.pages.letterhead import Letterhead
from mailer.pages.sheetcount import sheets
from mailer.pages.windowzones import PANEL_ADDRESS, RECIPIENT_WINDOW
from mailer.profile import Profile
from mailer.settings import PrintStock

PAGES: Final = "pieces.pdf"
ADDRESSES: Final = "addresses.csv"
MANIFEST: Final = "manifest.json"
TICKET: Final = "ticket.txt"
VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class OrderedPiece:
    """A piece in a job: its place from 1, its first page in the file of pages and how many it has there (of a
    booklet the sides of its sheets), the hash of what was approved, its address.
    """

    place: int
    piece: str
    send_key: str
    first_page: int
    pages: int
    sha256: str
    certified: bool
    mail_on: str  # a day, "" for at once
    name: str
    company: str
    line1: str
    line2: str
    city: str
    state: str
    zip: str
    country: str

    @property
    def send_date(self) -> date | None:
        return date.fromisoformat(self.mail_on) if self.mail_on else None


@dataclass(frozen=True, slots=True)
class PrintShopJob:
    """A job as its manifest has it. `test`: nothing of it is to be printed."""

    name: str
    made_at: datetime
    test: bool
    campaign: str
    pages_sha256: str
    pieces: tuple[OrderedPiece, ...]

    def written(self) -> bytes:
        """manifest.json."""
        fields: dict[str, Any] = {"version": VERSION, **asdict(self), "made_at": self.made_at.isoformat()}
        return json.dumps(fields, ensure_ascii=False, indent=1).encode() + b"\n"


def read_job(content: bytes) -> PrintShopJob:
    """A job from its manifest.json. Raises Misfit where it is none."""
    try:
        said = json.loads(content)
        _require_version(said.pop("version"))
        pieces = tuple(OrderedPiece(**one) for one in said.pop("pieces"))
        made_at = datetime.fromisoformat(said.pop("made_at")).astimezone(UTC)
        job = PrintShopJob(**said, made_at=made_at, pieces=pieces)
        _require_types(job)
        for one in pieces:
            _require_types(one)
            _ = one.send_date
    except NONSENSE as error:
        raise Misfit(f"it is no manifest: {in_words(error)}") from error
    return job


def _require_version(said: object) -> None:
    if said != VERSION:
        raise Misfit("it was written by a newer mailer")


def _require_types(one: PrintShopJob | OrderedPiece) -> None:
    """Raises TypeError where a value is not of its field's type, and UnicodeError where a text is none."""
    for field in fields(one):
        value = getattr(one, field.name)
        if field.type in ("str", "int", "bool") and type(value).__name__ != field.type:
            raise TypeError(field.name)
        if isinstance(value, str):
            value.encode()


def name_of(pieces: Sequence[Consignment], *, test: bool) -> str:
    """The job's name, the same for the same pieces: "2027-rates-3f9c2ab01d"."""
    keys = "\n".join(piece.send_key for piece in pieces)
    digest = hashlib.sha256(keys.encode()).hexdigest()[:10]
    return f"{'TEST-' if test else ''}{pieces[0].campaign}-{digest}"


def order(
    pieces: Sequence[Consignment],
    letterhead: Letterhead,
    firm: Profile,
    *,
    bound: PrintStock = PrintStock.LOOSE,
    test: bool,
    now: datetime,
) -> tuple[PrintShopJob, dict[str, bytes]]:
    """The job, and its files by name; newsletters are `bound` so. Raises AddressTooLong, FontProblem."""
    if pieces[0].notice:
        bound = PrintStock.LOOSE
    folded = bound is not PrintStock.LOOSE
    own = [piece.pdf if isinstance(piece.pdf, bytes) else piece.pdf.read_bytes() for piece in pieces]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / PAGES
        laid = [
            _laid(one, pdf, place, is_booklet=folded)
            for place, (one, pdf) in enumerate(zip(pieces, own, strict=True), 1)
        ]
        starts = assemble(laid, path, letterhead, total=len(pieces)).starts
        pages = path.read_bytes()
    placed = zip(pieces, own, starts, strict=True)
    job = PrintShopJob(
        name=name_of(pieces, test=test),
        made_at=now,
        test=test,
        campaign=pieces[0].campaign,
        pages_sha256=hashlib.sha256(pages).hexdigest(),
        pieces=tuple(
            _ordered(place, *one, one[0].pages // 2 if folded else one[0].pages)
            for place, one in enumerate(placed, 1)
        ),
    )
    files = {
        PAGES: pages,
        ADDRESSES: _addresses(job),
        TICKET: _ticket(job, pieces[0], firm, bound).encode(),
        MANIFEST: job.written(),
    }
    return job, files


def _laid(one: Consignment, pdf: bytes, place: int, *, is_booklet: bool) -> PieceToPrint:
    """A letter's address in the windows of a #10 envelope, a newsletter's on its panel."""
    sender, place_ = one.sender, (one.sender.city, one.sender.state, one.sender.zip)
    back = tuple(filter(None, (sender.company, sender.line1, sender.line2, " ".join(place_))))
    return PieceToPrint(
        source=pdf,
        first=1,
        last=one.pages,
        number=place,
        address=one.lines,
        sender=back if one.notice else (),
        window=RECIPIENT_WINDOW if one.notice else PANEL_ADDRESS,
        address_page=1 if one.notice else -1,
        is_booklet=is_booklet,
    )


def _ordered(place: int, one: Consignment, pdf: bytes, first_page: int, pages: int) -> OrderedPiece:
    return OrderedPiece(
        place=place,
        piece=one.label,
        send_key=one.send_key,
        first_page=first_page,
        pages=pages,
        sha256=hashlib.sha256(pdf).hexdigest(),
        certified=one.certified,
        mail_on=str(one.send_date or ""),
        **asdict(one.to),
    )


_COLUMNS: Final = (
    "place", "piece", "first_page", "pages", "certified", "mail_on", "name", "company", "line1", "line2",
    "city", "state", "zip", "country",
)  # fmt: skip


def _addresses(job: PrintShopJob) -> bytes:
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow((*_COLUMNS, "sheets"))
    for piece in job.pieces:
        fields = asdict(piece) | {"certified": "yes" if piece.certified else ""}
        rows.writerow([*(guard(str(fields[name])) for name in _COLUMNS), sheets(piece.pages)])
    return out.getvalue().encode("utf-8-sig")


_EXPLAINED: Final = f"""
Each piece begins on a new sheet. {ADDRESSES} says on which page, and how many
sheets it has; the number at the foot of each sheet (0012/0084 1of2) shows that
it is whole. Every piece is somebody's own letter: a spoiled one is printed
again from its pages, and never left out without a word.

Answer with a file JOB.csv in the folder answers:

    piece,status,day,reason
    all,accepted,,
    all,mailed,2027-01-04,
    PIECE,rejected,,the address is incomplete
    end
"""


def _row(name: str, text: str) -> str:
    return textwrap.fill(text, 79, initial_indent=f"{name:15}", subsequent_indent=" " * 15)


def _binding(job: PrintShopJob, first: Consignment, bound: PrintStock) -> dict[str, str]:
    """What becomes of a booklet's sheets (DMM 201.3.16, a booklet that is a letter)."""
    each = sheets(job.pieces[0].pages)
    inner = f"{plural(each, 'sheet')} of 11 x 17 in, {first.pages} pages of US Letter"
    again = "then in three at the marks of the last page, the address panel outside"
    in_three = bound is PrintStock.BOOKLET_IN_THREE
    return {
        "Each piece": inner,
        "Imposed": "already, in saddle order: front and back of the outer sheet, then of the next; "
        "do not impose again",
        "Stitch": "the sheets of one number lie in each other, 1 outside; two staples in the fold"
        if each > 1
        else "",
        "Fold": f"once, page 1 outside, to US Letter{f'; {again}' if in_three else ''}; no envelope",
        "Close": "three tabs of 1 1/2 in, not perforated: two on the top edge, one on the right"
        if in_three
        else "not at all: they go as large envelopes (flats)",
    }


def _ticket(job: PrintShopJob, first: Consignment, firm: Profile, bound: PrintStock) -> str:
    ink = "in color" if first.color else "black"
    folded = bound is not PrintStock.LOOSE
    stock = "on the short edge, 11 x 17 in (tabloid)" if folded else "US Letter"
    paper = sum(sheets(piece.pages) for piece in job.pieces)
    certified = sum(piece.certified for piece in job.pieces)
    days = sorted({piece.mail_on for piece in job.pieces})
    on = " and ".join(spoken(date.fromisoformat(day)) if day else "at once" for day in days)
    letter = "in three, into #10 double-window envelopes, the first page outside"
    newsletter = "in three, the address panel outside, closed with tabs; no envelope"
    rows = {
        "Job": job.name,
        "From": f"{firm.name}, {firm.phone}, {firm.email}",
        "What": f"{first.subject} ({job.campaign})",
        "Pieces": f"{len(job.pieces):,}, on {plural(paper, 'sheet')}",
        "Print": f"{PAGES}, both sides, {stock}, {ink}, 100%, plain paper",
        **(_binding(job, first, bound) if folded else {"Fold": letter if first.notice else newsletter}),
        "Mail": f"First-Class Mail, {on}",
        "No later than": f"{spoken(first.not_after)}; after that call us first" if first.not_after else "",
        "Certified": f"{plural(certified, 'piece')}: yes in {ADDRESSES}" if certified else "",
    }
    test = "TEST JOB: PRINT AND MAIL NOTHING, ANSWER AS IF YOU HAD\n\n" if job.test else ""
    listed = "".join(f"{_row(name, text)}\n" for name, text in rows.items() if text)
    return test + listed + _EXPLAINED.replace("JOB", job.name).replace("PIECE", job.pieces[0].piece)
