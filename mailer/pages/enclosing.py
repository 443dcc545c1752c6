"""PDFs that go with letters: their pages after each letter's, each PDF on sheets of its own.

Pages are 1-based, ranges include both ends. The pages of an enclosure are stored once, however many letters
it goes with. The same input gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pikepdf

from mailer.pages.foreignpages import taken_over
from mailer.pages.imposition import MEDIA, open_pdf
from mailer.pages.pdffile import saved

Ranges = tuple[tuple[int, int], ...]


def enclosing(
    pdf: bytes,
    letters: Sequence[tuple[int, int]],
    enclosures: Sequence[bytes],
    chosen: Sequence[Collection[int]] | None = None,
) -> tuple[bytes, Ranges]:
    """`pdf` with the enclosures after each of `letters`, and the ranges with them; with each letter all of
    them, or those numbered, from 0, in its place of `chosen`.
    """
    if not enclosures:
        return pdf, tuple(letters)
    with open_pdf(pdf) as target:
        own = [page.obj for page in target.pages]
        theirs = [_taken(target, one) for one in enclosures]
        pages: list[pikepdf.Object] = []
        ranges: list[tuple[int, int]] = []
        for number, (first, last) in enumerate(letters):
            begins = len(pages)
            pages += own[first - 1 : last]
            for enclosure in (theirs[at] for at in chosen[number]) if chosen else theirs:
                if (len(pages) - begins) % 2:  # the back of the sheet before
                    pages.append(target.make_indirect(_blank()))
                pages += [target.make_indirect(pikepdf.Dictionary(page)) for page in enclosure]
            ranges.append((begins + 1, len(pages)))
        tree = target.Root.Pages
        for page in pages:
            page.Parent = tree
        tree.Kids, tree.Count = pikepdf.Array(pages), len(pages)
        return saved(target), tuple(ranges)


def on_letter(pdf: bytes) -> bytes:
    """`pdf` on US Letter: a page that is less high, as an issue's last is for a screen, stands at the top."""
    width, height = (float(side) for side in MEDIA[2:])
    with open_pdf(pdf) as source, pikepdf.new() as target:
        for page in source.pages:
            left, _, _, top = (float(side) for side in page.mediabox)
            made = target.add_blank_page(page_size=(width, height))
            form = target.copy_foreign(page.as_form_xobject())
            made.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Page=form))
            made.contents_add(f"q 1 0 0 1 {-left:g} {height - top:g} cm /Page Do Q".encode())
        return saved(target)


def _blank() -> pikepdf.Dictionary:
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Page, MediaBox=pikepdf.Array(MEDIA), Contents=pikepdf.Array([]),
        Resources=pikepdf.Dictionary(),
    )  # fmt: skip


def _taken(target: pikepdf.Pdf, enclosure: bytes) -> list[dict[str, pikepdf.Object]]:
    """The pages of an enclosure within `target`."""
    with open_pdf(enclosure) as source:
        return [taken_over(target, page) for page in source.pages]
