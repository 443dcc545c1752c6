"""An issue's text and its pages for a screen inside its own PDF: what was approved is one file with one hash.

The text is HTML; both are kept as the private data of a program (PDF 2.0, 14.5, page-piece dictionaries),
which printers and readers pass over. Pieces that are cut out or put together for the printer don't have it.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

import pikepdf
import pypdfium2  # type: ignore[import-untyped]

from mailer.pages.imposition import open_pdf
from mailer.pages.pdffile import saved

_OURS: Final = "/Mailer"
_SCREEN: Final = "/MailerScreen"
_PICTURE: Final = re.compile(r"<figure\b.*?</figure>|<img\b[^>]*>", re.DOTALL)


def with_text(pdf: bytes, html: str, dated: date, screen: bytes) -> bytes:
    """`pdf` with the text of its issue, without pictures, and with `screen`, its pages for one.

    The same input gives the same bytes.
    """
    with open_pdf(pdf) as document:
        changed = f"D:{dated:%Y%m%d}"
        held = {_OURS: _PICTURE.sub("", html).encode(), _SCREEN: screen}
        document.Root.PieceInfo = pikepdf.Dictionary(
            {
                name: pikepdf.Dictionary(LastModified=changed, Private=document.make_stream(content))
                for name, content in held.items()
            }
        )
        return saved(document)


def text_of(pdf: bytes) -> str:
    """The HTML that `with_text` put into `pdf`, "" where none is in it."""
    return (_held(pdf, _OURS) or b"").decode()


def screen_of(pdf: bytes) -> bytes:
    """The pages for a screen, `pdf` itself where an older mailer made it and none are in it."""
    return _held(pdf, _SCREEN) or pdf


def _held(pdf: bytes, name: str) -> bytes | None:
    with open_pdf(pdf) as document:
        programs = document.Root.get("/PieceInfo")
        if programs is None or name not in programs:
            return None
        return bytes(programs[name].Private.read_bytes())


def words_of(pdf: bytes) -> str:
    """All that the pages say, a blank between any two words; a word broken at a line's end is whole."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        found = []
        for page in document:
            words = page.get_textpage()
            found.append(words.get_text_range())
            words.close()
            page.close()
    finally:
        document.close()
    # pdfium writes a hyphen at a line's end as U+FFFE, WeasyPrint's is U+2010
    return " ".join(re.sub(r"[\ufffe\u2010]\s*", "", "\n".join(found)).split())
