"""Cutting one piece out of an approved PDF, and putting pieces together for the printer.

Pages are 1-based, ranges include both ends. A sheet has two sides; every piece begins on a new
sheet, so an odd piece gets an empty page after it. A booklet's pages lie side by side on sheets of 11 x 17
in. The same input gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pikepdf

from mailer.pages.barcode import Code
from mailer.pages.booklet import PAGES, saddle
from mailer.pages.letterhead import Letterhead
from mailer.pages.overlay import Block, Indicia, Mark, OverlayPage, draw
from mailer.pages.pdffile import save, saved
from mailer.pages.sheetcount import SIDES, sheets
from mailer.pages.windowzones import HEIGHT, PANEL_POSTAGE, RECIPIENT_WINDOW, RETURN_WINDOW, WIDTH, Zone

MOST: Final = 1000  # pieces in one file
SENDER_SIZE: Final = 8.5
BENEATH: Final = "/PrePrintedPaper"
MEDIA: Final = [0, 0, round(WIDTH * 72), round(HEIGHT * 72)]
SPREAD: Final = [0, 0, 2 * MEDIA[2], MEDIA[3]]  # a side of a booklet's sheet


@dataclass(frozen=True, slots=True)
class PieceToPrint:
    """One piece to print: pages `first` to `last` of `source`, a file or its bytes, and what is laid over.

    `number` is its place in the job, from 1. `address` goes into `window` on page `address_page`
    (1 is the first, -1 the last); `sender` into the return-address window of page 1. () leaves out.
    `code` stands above the address and `endorsement` below the sender, where they fit; `indicia` in the
    newsletter's postage zone on the address page. The sheets of a booklet lie in each other (`saddle`).
    """

    source: Path | bytes
    first: int
    last: int
    number: int
    address: tuple[str, ...] = ()
    sender: tuple[str, ...] = ()
    window: Zone = RECIPIENT_WINDOW
    address_page: int = 1
    code: Code | None = None
    endorsement: str = ""
    indicia: tuple[str, ...] = ()
    is_booklet: bool = False

    @property
    def pages(self) -> int:
        return self.last - self.first + 1

    @property
    def sheets(self) -> int:
        return sheets(self.pages, PAGES if self.is_booklet else SIDES)


@dataclass(frozen=True, slots=True)
class Assembled:
    """A file for the printer. `starts` are the pages on which its pieces begin: all odd."""

    pages: int
    sheets: int
    starts: tuple[int, ...]


def cut(pdf: Path | bytes, first: int, last: int) -> bytes:
    """Pages `first` to `last` alone, with nothing of the others."""
    return next(cuts(pdf, [(first, last)]))


def cuts(pdf: Path | bytes, ranges: Sequence[tuple[int, int]]) -> Iterator[bytes]:
    """`cut` for each of `ranges`, opening the file once."""
    with open_pdf(pdf) as source:
        for first, last in ranges:
            if not 1 <= first <= last <= len(source.pages):
                raise ValueError(f"pages {first}-{last} of {len(source.pages)}")
            with pikepdf.Pdf.new() as single:
                for page in source.pages[first - 1 : last]:
                    single.pages.append(page)
                    # A link's destination or an annotation could drag other pages along.
                    if "/Annots" in single.pages[-1]:
                        del single.pages[-1]["/Annots"]
                single.remove_unreferenced_resources()
                yield saved(single)


def open_pdf(pdf: Path | bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(pdf) if isinstance(pdf, bytes) else pdf)


def assemble(
    pieces: Sequence[PieceToPrint],
    out: Path,
    letterhead: Letterhead,
    *,
    total: int,
    marks: bool = True,
    backs: bool = True,
    beneath: bytes | None = None,
) -> Assembled:
    """Write the pieces in order to `out`, each on its own sheets, with addresses and marks.

    `total` is the number of pieces of the whole job. Pages that several pieces share (a newsletter's) are
    stored once. Without `backs`, for a screen, no blank page fills a sheet. The first page of the PDF
    `beneath` is laid under page 1 of each piece. Raises AddressTooLong, FontProblem.
    """
    if not 1 <= len(pieces) <= MOST:
        raise ValueError(f"{len(pieces)} pieces; one file takes 1 to {MOST}")
    plans = [_overlays(piece, total, marks=marks) for piece in pieces]
    overlays = draw((page for plan in plans for page in plan if page is not None), letterhead)
    drawn = iter(overlays.pages)
    starts = []
    with pikepdf.Pdf.new() as target:
        stock = _Stock(target, overlays.fonts, beneath)
        for piece, plan in zip(pieces, plans, strict=True):
            starts.append(len(stock.pages) + 1)
            if piece.is_booklet:
                over = [next(drawn) if ink else None for ink in plan]
                for side in saddle(piece.pages):
                    stock.add_side(piece.source, [(piece.first + at - 1, over[at - 1]) for at in side])
                continue
            for number, ink in enumerate(plan):
                stock.add(piece.source, piece.first + number, next(drawn) if ink else None, first=not number)
            if backs and len(plan) % 2:
                stock.add_blank()
        stock.close()
        save(target, out)
        pages = len(stock.pages)
    return Assembled(pages, pages // 2, tuple(starts))


@dataclass(frozen=True, slots=True)
class _Source:
    """A file that pages are taken from, and what was taken: by page number, resources by their object's."""

    pdf: pikepdf.Pdf
    contents: dict[int, list[pikepdf.Object]] = field(default_factory=dict)
    resources: dict[int, pikepdf.Object] = field(default_factory=dict)
    forms: dict[int, pikepdf.Object] = field(default_factory=dict)


class _Stock:
    """The pages of `target`, those of the sources taken into it once each however often they are printed."""

    def __init__(self, target: pikepdf.Pdf, fonts: bytes, beneath: bytes | None) -> None:
        self.pages: list[pikepdf.Object] = []
        self._target = target
        self._sources: dict[Path | bytes, _Source] = {}
        self._before = target.make_stream(b"q\n")
        self._after = target.make_stream(b"\nQ\n")
        self._under = target.make_stream(b"q /" + BENEATH[1:].encode() + b" Do Q\n") if beneath else None
        self._beneath: pikepdf.Object | None = None
        if beneath:
            with open_pdf(beneath) as paper:
                self._beneath = target.copy_foreign(paper.pages[0].as_form_xobject())
        with open_pdf(fonts) as held:
            named = dict(held.pages[0].obj.Resources.Font.items())
            self._fonts = {name: target.copy_foreign(font) for name, font in named.items()}

    def add(self, path: Path | bytes, number: int, over: bytes | None, *, first: bool) -> None:
        """Page `number` of `path` with `over` drawn on it; under a `first` one the paper."""
        source = self._opened(path)
        page = source.pdf.pages[number - 1]
        if number not in source.contents:
            held = page.obj.Contents
            streams = list(held) if isinstance(held, pikepdf.Array) else [held]
            source.contents[number] = [self._target.copy_foreign(stream) for stream in streams]
        contents = [self._before, *source.contents[number], self._after]
        if first and self._under is not None:
            contents.insert(0, self._under)
        if over is not None:
            contents.append(self._target.make_stream(over))
        self._add(pikepdf.Array(contents), self._merged(source, page), list(page.mediabox))

    def add_side(self, path: Path | bytes, halves: Sequence[tuple[int, bytes | None]]) -> None:
        """A side of a booklet's sheet: two pages of `path`, each with what is drawn on it, left and right."""
        contents: list[pikepdf.Object] = []
        shown: dict[str, pikepdf.Object] = {}
        for name, (number, over), right in zip(("/Left", "/Right"), halves, (0, MEDIA[2]), strict=True):
            shown[name] = self._form(path, number)
            moved = b"q 1 0 0 1 %d 0 cm\n" % right
            contents.append(self._target.make_stream(b"%sq %s Do Q\n" % (moved, name.encode())))
            contents += [self._target.make_stream(over)] if over is not None else []
            contents.append(self._after)
        resources = pikepdf.Dictionary(
            XObject=pikepdf.Dictionary(shown), Font=pikepdf.Dictionary(self._fonts)
        )
        self._add(pikepdf.Array(contents), resources, SPREAD)

    def _form(self, path: Path | bytes, number: int) -> pikepdf.Object:
        """The page as something that is drawn: one object however often that is."""
        source = self._opened(path)
        if number not in source.forms:
            page = source.pdf.pages[number - 1]
            source.forms[number] = self._target.copy_foreign(page.as_form_xobject())
        return source.forms[number]

    def _opened(self, path: Path | bytes) -> _Source:
        if path not in self._sources:
            self._sources[path] = _Source(open_pdf(path))
        return self._sources[path]

    def add_blank(self) -> None:
        self._add(pikepdf.Array([]), pikepdf.Dictionary(), MEDIA)

    def close(self) -> None:
        """Put the pages into the file: `target.pages.append` takes longer than all else with a page."""
        tree = self._target.Root.Pages
        for page in self.pages:
            page.Parent = tree
        tree.Kids, tree.Count = pikepdf.Array(self.pages), len(self.pages)
        for source in self._sources.values():
            source.pdf.close()

    def _add(self, contents: pikepdf.Object, resources: pikepdf.Object, media: Sequence[Any]) -> None:
        page = pikepdf.Dictionary(
            Type=pikepdf.Name.Page,
            MediaBox=pikepdf.Array(media),
            Contents=contents,
            Resources=resources,
        )
        self.pages.append(self._target.make_indirect(page))

    def _merged(self, source: _Source, page: pikepdf.Page) -> pikepdf.Object:
        """The page's resources with the overlay's fonts; one object for all pages that share them."""
        held = page.obj.Resources
        if not held.is_indirect:
            held = page.obj.Resources = source.pdf.make_indirect(held)
        key = held.objgen[0]
        if key not in source.resources:
            merged = self._target.copy_foreign(held)
            fonts = pikepdf.Dictionary(dict(merged.Font.items()) if "/Font" in merged else {})
            if clash := [name for name in self._fonts if name in fonts]:
                raise ValueError(f"the fonts {', '.join(clash)} are in both the pages and the overlay")
            for name, font in self._fonts.items():
                fonts[name] = font
            merged.Font = fonts
            if self._beneath is not None:
                drawn = pikepdf.Dictionary(dict(merged.XObject.items()) if "/XObject" in merged else {})
                drawn[BENEATH] = self._beneath
                merged.XObject = drawn
            source.resources[key] = merged
        return source.resources[key]


def _overlays(piece: PieceToPrint, total: int, *, marks: bool) -> list[OverlayPage | None]:
    """What each page of `piece` gets: the front of every sheet its mark, one page the address."""
    plan: list[OverlayPage | None] = []
    address_on = piece.address_page - 1 if piece.address_page > 0 else piece.pages + piece.address_page
    fronts = piece.pages // 2 if piece.is_booklet else piece.pages  # a sheet's later pages are on its back
    for number in range(piece.pages):
        blocks = []
        if piece.address and number == address_on:
            blocks.append(address_block(piece))
        if piece.sender and number == 0:
            blocks.append(sender_block(piece.sender, piece.endorsement))
        indicia = Indicia(piece.indicia, PANEL_POSTAGE) if piece.indicia and number == address_on else None
        mark = (
            Mark(piece.number, total, number // 2 + 1, piece.sheets)
            if marks and number % 2 == 0 and number < fronts
            else None
        )
        drawn = blocks or mark or indicia
        plan.append(OverlayPage(tuple(blocks), mark, indicia) if drawn else None)
    return plan


def address_block(piece: PieceToPrint) -> Block:
    """The recipient as it is laid over the piece."""
    return Block(piece.address, piece.window, code=piece.code)


def sender_block(sender: tuple[str, ...], endorsement: str) -> Block:
    """The firm in the return-address window, with its endorsement below where that fits."""
    return Block(sender, RETURN_WINDOW, largest=SENDER_SIZE, endorsement=endorsement)
