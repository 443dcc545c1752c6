"""Whether a file from outside is a Word document that can be read without harm, and what is in it but text.

Nothing of it is run or fetched: macros, templates and pictures from elsewhere, embedded programs and archives
that unpack without bound are refused before a reader sees the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import Final
from zipfile import ZipFile

from lxml import etree

from mailer.errors import MailerError, in_words
from mailer.givenfile import DAMAGED_ZIP

LARGEST: Final = 200_000_000  # bytes, unpacked
PARTS: Final = 2_000
RATIO: Final = 200  # unpacked to packed, of a part over 10 MB
_BIG: Final = 10_000_000
MOST_MARKUP: Final = 300_000  # tags of a part; a text of the most characters has fewer
MOST_FIELDS: Final = 1_000  # of a part: each that is open is looked at for all that stands in it
LONGEST: Final = 20_000_000  # bytes of a part with tags

_FIELD: Final = re.compile(rb"fldCharType\s*=\s*[\"']begin")
_DOCTYPE: Final = re.compile(rb"<!DOCTYPE|<!ENTITY", re.IGNORECASE)

_SAID: Final = (
    # a sign of it in the document, what to say; {} is how often
    (rb"<w:ins[ >]", "{} tracked insertions: taken as if accepted"),
    (rb"<w:del[ >]", "{} tracked deletions: left out, as if accepted"),
    (rb"<w:commentReference\b", "{} comments: left out"),
    (rb"<m:oMath[ >]", "{} formulas: left out"),
    (rb"<c:chart\b", "{} charts: left out; paste each as a picture"),
    (rb"<w:txbxContent\b", "{} text boxes: their place is lost"),
    (rb"<w:sdt[ >]", "{} content controls: their text alone is kept"),
)


@dataclass(frozen=True, slots=True)
class DocxFile:
    """The document's bytes, safe to read, and what a reader will not bring over."""

    content: bytes
    lost: tuple[str, ...]


def check_docx(content: bytes, *, where: str) -> DocxFile:
    """Raises MailerError for what is no Word document, or must not be opened."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            _bounded(archive, where)
            names = archive.namelist()
            if "word/document.xml" not in names:
                raise _refused("is no Word document (.docx).", where, "Save it in Word as .docx.")
            _harmless(archive, names, where)
            text = archive.read("word/document.xml")
    except DAMAGED_ZIP as error:
        raise _refused(
            f"is no Word document (.docx): {in_words(error)}.", where, "Save it in Word as .docx."
        ) from None
    found = ((len(re.findall(sign, text)), said) for sign, said in _SAID)
    lost = [_counted(count, said) for count, said in found if count]
    if any(re.fullmatch(r"word/(header|footer)\d*\.xml", name) for name in names):
        lost.append("headers and footers: left out; the letterhead has its own")
    return DocxFile(content, tuple(lost))


def _counted(count: int, said: str) -> str:
    words = said.format(count)
    if count == 1:
        head, _, rest = words.partition(":")
        return f"{head.removesuffix('es') if head.endswith('boxes') else head.removesuffix('s')}:{rest}"
    return words


def _bounded(archive: ZipFile, where: str) -> None:
    parts = archive.infolist()
    whole = sum(part.file_size for part in parts)
    dense = any(part.file_size > _BIG and part.file_size > RATIO * part.compress_size for part in parts)
    if len(parts) > PARTS or whole > LARGEST or dense:
        raise _refused(f"unpacks to {whole / 1e6:,.0f} MB in {len(parts):,} parts.", where,
                       "Copy its text into a new document.")  # fmt: skip


def _harmless(archive: ZipFile, names: list[str], where: str) -> None:
    for name in names:
        base = PurePosixPath(name).name.lower()
        if base.startswith("vbaproject") or "activex" in name.lower():
            raise _refused("holds macros.", where, "Save it in Word as a plain .docx, without macros.")
        if "/embeddings/" in name:
            raise _refused("holds another file inside.", where, "Paste it as text or as a picture.")
        if name.endswith((".xml", ".rels")):
            part = archive.read(name)
            if _DOCTYPE.search(part) or b"\0" in part:  # UTF-16 would hide them
                raise _refused(
                    "holds declarations that no Word document needs.", where, "Save it in Word anew."
                )
            fields = len(_FIELD.findall(part))
            if len(part) > LONGEST or part.count(b"<") > MOST_MARKUP or fields > MOST_FIELDS:
                raise _refused(
                    "is longer than any letter or article.", where, "Copy a part of it into a new document."
                )
            if name.endswith(".rels"):
                _all_inside(part, where)


def _all_inside(relationships: bytes, where: str) -> None:
    """Nothing but a hyperlink leads out of the document (ECMA-376 part 2, 6.5.3.4)."""
    try:
        links = list(etree.fromstring(relationships, etree.XMLParser(resolve_entities=False)))
    except etree.XMLSyntaxError as error:
        raise _refused(f"is damaged ({error}).", where, "Save it in Word anew.") from None
    for link in links:
        what = (link.get("Type") or "").rpartition("/")[2] or "part"
        if link.get("TargetMode") == "External" and what != "hyperlink":
            at = (link.get("Target") or "")[:60]
            raise _refused(f"takes its {what} from elsewhere: {at!r}.", where,
                           "In Word break the link (File, Info, Edit Links) and save.")  # fmt: skip


def _refused(what: str, where: str, todo: str) -> MailerError:
    return MailerError(what, where=where, todo=f"{todo} Nothing was written.")
