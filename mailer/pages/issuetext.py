"""The text of an issue or a letter inside its own PDF: what was approved is one file, pages and text alike.

The text is HTML, kept as the private data of a program (PDF 2.0, 14.5, page-piece dictionaries), which
printers and readers pass over. An issue's is the file's own; pieces that are cut out or put together for the
printer don't have it. A letter that goes by e-mail has its text on its first page, in a form that draws
nothing: the hash of its pages covers it (mailer.pages.pagehash), and a cut takes it along.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

import pikepdf
import pypdfium2  # type: ignore[import-untyped]

from mailer.pages.imposition import open_pdf
from mailer.pages.pdffile import saved

_OURS: Final = "/Mailer"
_FORM: Final = "/MailerText"
_PICTURE: Final = re.compile(r"<figure\b.*?</figure>|<img\b[^>]*>", re.DOTALL)


def with_text(pdf: bytes, html: str, dated: date) -> bytes:
    """`pdf` with the text of its issue, without pictures. The same input gives the same bytes."""
    with open_pdf(pdf) as document:
        document.Root.PieceInfo = _kept(document, html, dated)
        return saved(document)


def with_letter_texts(pdf: bytes, texts: Mapping[int, str], dated: date) -> bytes:
    """`pdf` with the text of each letter that begins on a page, from 1, without pictures."""
    with open_pdf(pdf) as document:
        for number, html in texts.items():
            page = document.pages[number - 1]
            form = document.make_stream(
                b"",
                Type=pikepdf.Name.XObject,
                Subtype=pikepdf.Name.Form,
                BBox=pikepdf.Array([0, 0, 0, 0]),
                PieceInfo=_kept(document, html, dated),
                LastModified=f"D:{dated:%Y%m%d}",
            )
            used = dict(page.resources.items())  # of its own, where pages share theirs
            forms = dict(used["/XObject"].items()) if "/XObject" in used else {}
            used["/XObject"] = pikepdf.Dictionary({**forms, _FORM: form})
            page.obj[pikepdf.Name.Resources] = pikepdf.Dictionary(used)
            page.contents_add(f"{_FORM} Do".encode())
        return saved(document)


def _kept(document: pikepdf.Pdf, html: str, dated: date) -> pikepdf.Dictionary:
    text = document.make_stream(_PICTURE.sub("", html).encode())
    return pikepdf.Dictionary({_OURS: pikepdf.Dictionary(LastModified=f"D:{dated:%Y%m%d}", Private=text)})


def text_of(pdf: bytes) -> str:
    """The HTML that is in `pdf`: its own, else that of the letter on its first page; "" where none is."""
    with open_pdf(pdf) as document:
        held = document.Root.get("/PieceInfo")
        if held is None or _OURS not in held:
            forms = document.pages[0].resources.get("/XObject")
            held = forms[_FORM].get("/PieceInfo") if forms is not None and _FORM in forms else None
        if held is None or _OURS not in held:
            return ""
        return held[_OURS].Private.read_bytes().decode()


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
