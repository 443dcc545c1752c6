"""What a printer would send back: looked for in the finished PDF before anybody approves it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Final

from PIL.Image import Image

from mailer.givenfile import LARGEST_PDF
from mailer.pages import windowzones
from mailer.pages.imposition import cuts, open_pdf
from mailer.pages.ink import (
    DPI,
    EDGES,
    Ink,
    element_at,
    image_of,
    ink_within,
    is_poster,
    letters_of,
    opened,
    resolutions,
    shown,
)
from mailer.pages.letterhead import Letterhead
from mailer.pages.seen import PrintedWord, crossed, unsaid, unseen, words_on
from mailer.pages.sheetcount import sheets
from mailer.pages.typeface import check_fonts
from mailer.pages.windowzones import ADDRESSES, Zone

MOST_SHEETS: Final = 6  # Lob: more go as a flat; a #10 envelope does not close over them
SHARP: Final = 200  # dots per inch of a picture, from which it looks sharp
COARSEST: Final = 100  # below which it is not printed
_ROUNDED: Final = 5  # dpi: a picture scaled to its place by whole pixels


class PdfKind(StrEnum):
    """What the PDF is, and so which zones have to be empty."""

    LETTERS = "letters"
    NEWSLETTER = "newsletter"
    ENCLOSURE = "enclosure"  # what somebody made, to go with letters
    PRINT = "print"  # with its overlays: only edges, size and fonts are looked at


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong. `page` is 1-based; 0 means the whole file. What does not stop is a remark."""

    page: int
    message: str
    stops: bool = True

    def __str__(self) -> str:
        return f"Page {self.page}: {self.message}" if self.page else self.message


def preflight(
    pdf: Path | bytes,
    kind: PdfKind,
    letterhead: Letterhead,
    *,
    starts: Collection[int] = (1,),
    known: Collection[int] = (),
    finished: bool = False,
    says: Mapping[int, str] = MappingProxyType({}),
) -> tuple[Flaw, ...]:
    """What is wrong with `pdf`, in page order. `starts` are the pages on which its letters begin.

    `known` pages have their ink where a page that was looked at has it, and aren't looked at. One that a
    person `finished` in another program may have other fonts than the letterhead's. `says` is the HTML whose
    words the piece must show that begins on a page.
    """
    fonts = check_fonts(pdf, None if finished else letterhead.typefaces)
    findings = [Flaw(0, f"{problem[0].upper()}{problem[1:]}.") for problem in fonts]
    findings += _sizes(pdf)
    with opened(pdf) as document:
        count = len(document)
        written: dict[int, tuple[PrintedWord, ...]] = {}
        findings += _counts(kind, count, starts)
        for page in range(1, count + 1):
            if page in known:
                continue
            written[page] = () if kind is PdfKind.ENCLOSURE else words_on(document, page)
            if is_poster(document, page):
                continue
            image = image_of(document, page)
            for zone in (*EDGES, *_empty(kind, page, count, starts)):
                ink = ink_within(image, zone)
                if ink:
                    findings.append(Flaw(page, _words(zone, ink, element_at(document, page, ink))))
            covered = ADDRESSES if finished and page in starts else None
            if written[page]:
                findings += _unread(page, written[page], image, letters_of(document, page), covered)
            findings += [
                Flaw(
                    page,
                    f"A picture is printed at {dpi:.0f} dpi and will look coarse; it is sharp up to "
                    f"{width * dpi / SHARP:.1f} in wide. Take a larger one, or show it smaller.",
                    stops=dpi < COARSEST - _ROUNDED,
                )
                for dpi, width in resolutions(document, page)
                if dpi < SHARP - _ROUNDED
            ]
        for first, last in _pieces(starts, count):
            told = chain.from_iterable(written.get(page, ()) for page in range(first, last + 1))
            if first in says and (words := unsaid(told, says[first])):
                findings.append(
                    Flaw(
                        first,
                        f"{shown(words)} is not on the page: the template or the style sheet leaves it out "
                        "or hides it.",
                    )
                )
    findings += _weights(pdf, kind, starts, count)
    return tuple(sorted(findings, key=lambda finding: finding.page))


def _unread(
    page: int, words: Collection[PrintedWord], image: Image, letters: Image, covered: Zone | None
) -> Iterator[Flaw]:
    if hidden := unseen(words, image, letters, DPI, covered):
        yield Flaw(
            page,
            f"{shown(hidden)} can't be seen: it is as light as the paper, covered, cut off, beyond the page, "
            "or far too small. Mend the style sheet, or its color and size.",
        )
    if over := crossed(words):
        yield Flaw(page, f"{shown(over)} is printed over other text. Mend the style sheet.")


def _sizes(pdf: Path | bytes) -> list[Flaw]:
    findings = []
    with open_pdf(pdf) as document:
        for number, page in enumerate(document.pages, 1):
            left, bottom, right, top = (float(edge) for edge in page.mediabox)
            width, height = (right - left) / 72, (top - bottom) / 72
            if abs(width - windowzones.WIDTH) > 0.01 or abs(height - windowzones.HEIGHT) > 0.01:
                findings.append(
                    Flaw(number, f"The page is {width:.2f} x {height:.2f} in; it must be 8.5 x 11 in.")
                )
    return findings


def _counts(kind: PdfKind, count: int, starts: Collection[int]) -> list[Flaw]:
    if kind is PdfKind.NEWSLETTER and count not in (2, 4, 8):
        return [Flaw(0, f"The newsletter has {count} pages; it must have 2, 4 or 8.")]
    if kind is not PdfKind.LETTERS:
        return []
    return [
        Flaw(
            start,
            f"The letter has {sheets(end - start + 1)} sheets; over {MOST_SHEETS} it goes as a flat.",
            stops=False,
        )
        for start, end in _pieces(starts, count)
        if sheets(end - start + 1) > MOST_SHEETS
    ]


def _pieces(starts: Collection[int], count: int) -> list[tuple[int, int]]:
    """First and last page of each piece."""
    firsts = sorted(starts)
    return list(zip(firsts, [*(first - 1 for first in firsts[1:]), count], strict=True))


def _weights(pdf: Path | bytes, kind: PdfKind, starts: Collection[int], count: int) -> list[Flaw]:
    """Pieces whose own file is too large for a mail service; they are cut only where the whole file is."""
    size = pdf.stat().st_size if isinstance(pdf, Path) else len(pdf)
    if kind is PdfKind.PRINT or size <= LARGEST_PDF:
        return []
    pieces = _pieces(starts, count) if kind is PdfKind.LETTERS else [(1, count)]
    return [
        Flaw(
            first,
            f"The piece that begins here has {len(single) / 1e6:.1f} MB; a mail service takes "
            f"{LARGEST_PDF / 1e6:.0f} MB. Take smaller pictures.",
        )
        for (first, _), single in zip(pieces, cuts(pdf, pieces), strict=True)
        if len(single) > LARGEST_PDF
    ]


def _empty(kind: PdfKind, page: int, count: int, starts: Collection[int]) -> tuple[Zone, ...]:
    match kind:
        case PdfKind.LETTERS:
            return windowzones.LETTER_FIRST if page in starts else windowzones.LETTER_NEXT
        case PdfKind.NEWSLETTER:
            return windowzones.NEWSLETTER_LAST if page == count else windowzones.NEWSLETTER_PAGE
        case PdfKind.ENCLOSURE:
            return windowzones.LETTER_NEXT if page % 2 else ()
        case PdfKind.PRINT:
            return ()


def _words(zone: Zone, ink: Ink, what: str) -> str:
    return (
        f"Ink in the {zone.name}: {ink.w:g} x {ink.h:g} mm at {ink.x:g} mm from the left and "
        f"{ink.y:g} mm from the top, {what}. It must stay empty: {zone.why}."
    )
