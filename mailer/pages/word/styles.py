"""The styles of a letter in Word, from the brand: a person who changes one changes the whole letter."""

from __future__ import annotations

from typing import Any, Final

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches, Pt, RGBColor

from mailer.pages.brand import Palette, channels
from mailer.pages.word.fonts import WordFaces

INK: Final = "#1b1d1c"
MUTED: Final = "#4a4f4c"


def dress(document: Any, faces: WordFaces, palette: Palette) -> None:
    """Give `document`, which is python-docx's, the letter's styles; the measures are letter.css's."""
    colours = palette.colours()
    accent, second = colours["accent-ink"], colours["second-ink"]
    normal = document.styles["Normal"]
    _type(normal, faces.serif, 10.5, INK)
    _space(normal, after=7.5, leading=14.5)
    normal.paragraph_format.widow_control = True
    for level in (1, 2, 3):
        heading = document.styles[f"Heading {level}"]
        _type(heading, faces.serif_strong, 11, accent)
        heading.font.bold = False
        _space(heading, before=12 if level < 3 else 8, after=3, leading=14.5)
        heading.paragraph_format.keep_with_next = True
    for name in ("List Bullet", "List Number"):
        _space(document.styles[name], after=3, leading=14.5)
    quote = document.styles["Quote"]
    _type(quote, faces.serif, 10.5, INK)
    quote.font.italic = True
    quote.paragraph_format.left_indent = Inches(0.15)
    own = (
        # name, face, size, colour, before, after, leading
        ("Firm", faces.serif_strong, 16, accent, 6, 0, 18),
        ("Tagline", faces.serif, 9, second, 1, 0, 12),
        ("Contact", faces.sans, 8.25, MUTED, 0, 0, 11),
        ("Running Head", faces.sans, 8.5, MUTED, 12, 0, 11),
        ("Address", faces.sans, 11, INK, 0, 0, 13.5),
        ("Sender", faces.sans, 8.5, INK, 0, 0, 10.5),
        ("Dateline", faces.serif, 10.5, INK, 0, 15, 14.5),
        ("Delivery", faces.sans_strong, 8.5, INK, 0, 15, 12),
        ("Subject", faces.serif_strong, 11.5, accent, 0, 13, 15),
        ("Signer", faces.serif_strong, 10.5, INK, 0, 0, 14.5),
        ("Small", faces.sans, 9.5, MUTED, 0, 0, 13),
        ("Enclosures", faces.sans, 9, MUTED, 12, 0, 12),
        ("Table Text", faces.sans, 9.5, INK, 4, 4, 12.5),
        ("Table Head", faces.sans_strong, 9.5, accent, 4, 4, 12.5),
    )
    for name, face, size, colour, before, after, leading in own:
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        _type(style, face, size, colour)
        _space(style, before=before, after=after, leading=leading)
    document.styles["Tagline"].font.italic = True


def coloured(colour: str) -> RGBColor:
    return RGBColor(*channels(colour))


def _type(style: Any, face: str, size: float, colour: str) -> None:
    style.font.name = face
    style.font.size = Pt(size)
    style.font.color.rgb = coloured(colour)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        if fonts.get(qn(theme)) is not None:
            del fonts.attrib[qn(theme)]
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), face)


def _space(style: Any, *, before: float = 0, after: float = 0, leading: float) -> None:
    form = style.paragraph_format
    form.space_before, form.space_after = Pt(before), Pt(after)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(leading)


def language(document: Any, tag: str) -> None:
    """The language of the spelling checker."""
    properties = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    found = properties.find(qn("w:lang"))
    if found is None:
        found = OxmlElement("w:lang")
        properties.append(found)
    found.set(qn("w:val"), tag)
