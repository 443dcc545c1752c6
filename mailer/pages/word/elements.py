"""What python-docx has no words for: frames, fields, rules, the edges of cells, lists that begin anew.

Each function takes python-docx's own objects. Measures in inches and points.
"""

# ruff: noqa: SLF001 (python-docx gives no other way to its elements)

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from typing import Any, Final

from docx.enum.text import WD_LINE_SPACING
from docx.image.exceptions import UnrecognizedImageError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches, Pt
from PIL import Image

from mailer.errors import NONSENSE, MailerError
from mailer.pages.windowzones import Zone

TWIPS: Final = 1440  # in an inch
_BETWEEN_DIGITS: Final = re.compile(r"(?<=\d)-(?=\d)")


def framed(paragraph: Any, zone: Zone, inset: float) -> None:
    """Put a paragraph at a fixed place of the page; those of one frame, one after the other, are one."""
    frame = OxmlElement("w:framePr")
    places = (("w", zone.w - inset), ("h", zone.h - inset), ("x", zone.x + inset), ("y", zone.y + inset / 2))
    for name, inches in places:
        frame.set(qn(f"w:{name}"), str(round(inches * TWIPS)))
    for name, value in (("hRule", "exact"), ("wrap", "around"), ("hAnchor", "page"), ("vAnchor", "page")):
        frame.set(qn(f"w:{name}"), value)
    paragraph._p.get_or_add_pPr().insert_element_before(
        frame, "w:widowControl", "w:numPr", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def picture_in(paragraph: Any, data: bytes, size: tuple[float, float], alt: str) -> None:
    """A picture in the line, with nothing kept clear around it (some programs keep 1/8 in, unasked)."""
    run, room = paragraph.add_run(), (Inches(size[0]), Inches(size[1]))
    try:
        inline = run.add_picture(BytesIO(data), *room)._inline
    except UnrecognizedImageError:  # a JPEG of four inks, too
        inline = run.add_picture(BytesIO(_as_png(data)), *room)._inline
    inline.docPr.set("descr", alt)
    for side in ("distT", "distB", "distL", "distR"):
        inline.set(side, "0")


def _as_png(data: bytes) -> bytes:
    """The picture in a form that Word holds. Raises MailerError."""
    made = BytesIO()
    try:
        with Image.open(BytesIO(data)) as picture:
            picture.convert("RGBA" if "A" in picture.getbands() else "RGB").save(made, "PNG")
    except (OSError, Image.DecompressionBombError, *NONSENSE):
        raise MailerError(
            "a logo or signature is no picture that a Word document can hold.",
            where="letterhead",
            todo="Save it as PNG in the program that made it.",
        ) from None
    return made.getvalue()


def tabs(paragraph: Any, *stops: tuple[float, Any]) -> None:
    for at, alignment in stops:
        paragraph.paragraph_format.tab_stops.add_tab_stop(Inches(at), alignment)


_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Signs that XML has no place for; on paper they are nothing."""


def field(paragraph: Any, code: str, shown: str) -> None:
    """One of Word's fields; `shown` stands there until Word fills it in."""
    element = OxmlElement("w:fldSimple")
    element.set(qn("w:instr"), code)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = _CONTROL.sub("", shown)
    run.append(text)
    element.append(run)
    paragraph._p.append(element)


def undivided(paragraph: Any, text: str) -> Any:
    """A run whose telephone numbers stay whole: some programs end a line at a hyphen between digits."""
    run = paragraph.add_run()
    for number, part in enumerate(_BETWEEN_DIGITS.split(text)):
        if number:
            run._r.append(OxmlElement("w:noBreakHyphen"))
        run.add_text(_CONTROL.sub("", part))
    return run


def tiny(paragraph: Any, *, after: float = 0) -> None:
    """A paragraph that Word insists on, of no height."""
    form = paragraph.paragraph_format
    form.space_before, form.space_after = Pt(0), Pt(after)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(1)


def rule(paragraph: Any, colour: str) -> None:
    """A line above a paragraph."""
    borders = OxmlElement("w:pBdr")
    borders.append(_edge("top", colour, 5, space=6))
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _edge(side: str, colour: str, eighths: int, *, space: int = 0) -> Any:
    edge = OxmlElement(f"w:{side}")
    for name, value in (
        ("val", "single"),
        ("sz", str(eighths)),
        ("space", str(space)),
        ("color", colour[1:]),
    ):
        edge.set(qn(f"w:{name}"), value)
    return edge


def edges(cell: Any, *, top: tuple[str, int] | None, bottom: tuple[str, int]) -> None:
    borders = OxmlElement("w:tcBorders")
    if top:
        borders.append(_edge("top", *top))
    borders.append(_edge("bottom", *bottom))
    cell._tc.get_or_add_tcPr().append(borders)


def flush(table: Any, widths: Sequence[float]) -> None:
    """Columns of these widths, whose text begins where the paragraphs' does: no margins at the sides."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Inches(width)
        for cell in column.cells:
            cell.width = Inches(width)
    properties = table._tbl.tblPr
    indent = OxmlElement("w:tblInd")
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(OxmlElement(f"w:{side}"))
    for element in (indent, *margins):
        element.set(qn("w:w"), "0")
        element.set(qn("w:type"), "dxa")
    for element in (indent, margins):
        properties.insert_element_before(element, "w:tblLook")


def whole(row: Any, *, head: bool) -> None:
    """A row is never split, and the head stands on each page."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if head:
        properties.append(OxmlElement("w:tblHeader"))


def counted(document: Any, paragraph: Any, held: int, *, begins: bool) -> int:
    """Give a paragraph its number; a list that begins counts from 1. The list's id."""
    numbering = document.part.numbering_part.element
    if begins or not held:
        style = document.styles["List Number"].element.pPr.numPr.numId.val
        abstract = numbering.num_having_numId(style).abstractNumId.val
        number = numbering.add_num(abstract)
        number.add_lvlOverride(0).add_startOverride(1)
        held = number.numId
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = 0
    properties.get_or_add_numId().val = held
    return held
