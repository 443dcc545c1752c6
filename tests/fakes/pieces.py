"""Pieces to hand to a fake service: real small PDFs, and addresses that pass every limit."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pikepdf

from mailer.mailservice.service import Consignment, PostalAddress

ADA = PostalAddress("Ada Byrd", "Ash Street Bakery", "1 Ash Street", "", "Sacramento", "CA", "95814")
FIRM = PostalAddress("", "Cedar & Finch IT", "210 Cedar Street", "Suite 4", "Sacramento", "CA", "95814-1234")
TORONTO = PostalAddress("Bo Dent", "", "1 Yonge Street", "", "Toronto", "ON", "M5E 1W7", "CA")


def pdf(pages: int = 1, *, size: tuple[float, float] = (612, 792), mark: str = "", padding: int = 0) -> bytes:
    """A PDF of that many blank pages; `mark` makes it differ, `padding` makes it larger by so many bytes."""
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page(page_size=size)
        document.docinfo["/Title"] = mark
        if padding:
            document.Root.Padding = document.make_stream(bytes(padding))
        out = io.BytesIO()
        document.save(out, compress_streams=False, deterministic_id=True)
    return out.getvalue()


def a_piece(number: int = 1, **changes: Any) -> Consignment:
    """The notice to Ada's bakery, two pages; `changes` as to `dataclasses.replace`."""
    label = f"2027-rates-L-{number:04}"
    pages = pdf(2, mark=label)
    piece = Consignment(
        send_key=f"0190-{number:04}", label=label, campaign="2027-rates",
        subject="New rates from January 2027",
        pdf=pages, pages=2, size=len(pages), to=ADA, sender=FIRM, notice=True,
    )  # fmt: skip
    return replace(piece, **changes)
