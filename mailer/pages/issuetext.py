"""The text of an issue or a letter inside its own PDF: what was approved is one file, pages and text alike.

The text is HTML, kept as the private data of a program (PDF 2.0, 14.5, page-piece dictionaries), which
printers and readers pass over. An issue's is the file's own, and so are its pages for a screen; pieces that
are cut out or put together for the printer have neither. A letter that goes by e-mail has its text on its
first page, in a form that draws nothing: the hash of its pages covers it (mailer.pages.pagehash), and a cut
takes it along.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import pikepdf
import pypdfium2  # type: ignore[import-untyped]

from mailer.pages.imposition import open_pdf
from mailer.pages.pdffile import saved

_OURS: Final = "/Mailer"
_SCREEN: Final = "/MailerScreen"
_FORM: Final = "/MailerText"
_PICTURE: Final = re.compile(r"<figure\b.*?</figure>|<img\b[^>]*>", re.DOTALL)


def without_pictures(html: str) -> str:
    """The HTML as it is kept: what is read without pages has no pictures."""
    return _PICTURE.sub("", html)


def with_text(pdf: bytes, html: str, dated: date, screen: bytes) -> bytes:
    """`pdf` with the text of its issue, without pictures, and with `screen`, its pages for one.

    The same input gives the same bytes.
    """
    with open_pdf(pdf) as document:
        held = {_OURS: without_pictures(html).encode(), _SCREEN: screen}
        document.Root.PieceInfo = _kept(document, held, dated)
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
                PieceInfo=_kept(document, {_OURS: without_pictures(html).encode()}, dated),
                LastModified=f"D:{dated:%Y%m%d}",
            )
            used = dict(page.resources.items())  # of its own, where pages share theirs
            forms = dict(used["/XObject"].items()) if "/XObject" in used else {}
            used["/XObject"] = pikepdf.Dictionary({**forms, _FORM: form})
            page.obj[pikepdf.Name.Resources] = pikepdf.Dictionary(used)
            page.contents_add(f"{_FORM} Do".encode())
        return saved(document)


def _kept(document: pikepdf.Pdf, held: Mapping[str, bytes], dated: date) -> pikepdf.Dictionary:
    changed = f"D:{dated:%Y%m%d}"
    return pikepdf.Dictionary(
        {
            name: pikepdf.Dictionary(LastModified=changed, Private=document.make_stream(content))
            for name, content in held.items()
        }
    )


def text_of(pdf: bytes) -> str:
    """The HTML that is in `pdf`: its own, else that of the letter on its first page; "" where none is."""
    with open_pdf(pdf) as document:
        found = _held(document.Root.get("/PieceInfo"), _OURS)
        if found is None:
            forms = document.pages[0].resources.get("/XObject")
            letter = forms[_FORM].get("/PieceInfo") if forms is not None and _FORM in forms else None
            found = _held(letter, _OURS)
        return (found or b"").decode()


def screen_of(pdf: bytes) -> bytes:
    """The pages for a screen, `pdf` itself where an older mailer made it and none are in it."""
    with open_pdf(pdf) as document:
        return _held(document.Root.get("/PieceInfo"), _SCREEN) or pdf


def _held(programs: Any, name: str) -> bytes | None:
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
