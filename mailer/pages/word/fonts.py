"""The brand's typefaces embedded in a Word document, so that it looks the same where they are not installed.

ECMA-376 part 4, 17.8: a font file's first 32 bytes are combined with a GUID by exclusive or, and the font
table names the file and the GUID.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from lxml import etree

from mailer.pages.letterhead import Letterhead

FONT: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/font"
OBFUSCATED: Final = "application/vnd.openxmlformats-officedocument.obfuscatedFont"
W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MASKED: Final = 32


@dataclass(frozen=True, slots=True)
class WordFaces:
    """The families as Word names them: one to read, one to find with, and their stronger cuts."""

    serif: str
    serif_strong: str
    sans: str
    sans_strong: str


def faces_of(letterhead: Letterhead) -> WordFaces:
    def family(role: str, cut: str) -> str:
        return letterhead.typeface(f"{role}-{cut}").name.removesuffix(" Regular")

    return WordFaces(
        family("serif", "Regular"),
        family("serif", "Semibold"),
        family("sans", "Regular"),
        family("sans", "Semibold"),
    )


def embed(document: Any, letterhead: Letterhead) -> None:
    """Put the typefaces into `document`, which is python-docx's."""
    package = document.part.package
    faces = faces_of(letterhead)
    table = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    root = etree.Element(f"{{{W}}}fonts", nsmap={"w": W, "r": R})
    number = 0
    whole = (("Regular", "Regular"), ("Bold", "Bold"), ("Italic", "It"))
    strong = (("Regular", "Semibold"),)
    cuts = ((faces.serif, "serif", whole), (faces.serif_strong, "serif", strong),
            (faces.sans, "sans", whole), (faces.sans_strong, "sans", strong))  # fmt: skip
    for family, role, kinds in cuts:
        font = etree.SubElement(root, f"{{{W}}}font", {f"{{{W}}}name": family})
        etree.SubElement(font, f"{{{W}}}charset", {f"{{{W}}}val": "00"})
        for kind, cut in kinds:
            number += 1
            key, data = _masked(f"{role}-{cut}", letterhead)
            part = Part(PackURI(f"/word/fonts/font{number}.odttf"), OBFUSCATED, data, package)
            held = table.relate_to(part, FONT)
            etree.SubElement(
                font,
                f"{{{W}}}embed{kind}",
                {f"{{{R}}}id": held, f"{{{W}}}fontKey": f"{{{str(key).upper()}}}"},
            )
    table._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)  # noqa: SLF001
    if table.content_type != CONTENT_TYPE.WML_FONT_TABLE:
        raise AssertionError(table.content_type)


@lru_cache(maxsize=32)
def _masked(role: str, letterhead: Letterhead) -> tuple[UUID, bytes]:
    data = letterhead.files[letterhead.typeface(role).path]
    key = uuid5(NAMESPACE_URL, f"{letterhead.digest}/{role}")
    mask = bytes(reversed(key.bytes)) * 2
    return key, bytes(a ^ b for a, b in zip(data[:_MASKED], mask, strict=True)) + data[_MASKED:]
