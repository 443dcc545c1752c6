"""Letters as a Word document: a section a client, the letterhead in the headers, the address in its window.

It says what the PDF says, from the same composed HTML. Lengths in inches, those of letter.css.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any, Final

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches, Pt

from mailer.pages.letter import Letter, says_sender_once, signature_image
from mailer.pages.letterhead import Letterhead
from mailer.pages.logopicture import fitted, logo_png, pixels_of, png_of
from mailer.pages.sandbox import long_date
from mailer.pages.windowzones import HEIGHT, RECIPIENT_WINDOW, RETURN_WINDOW, WIDTH, Zone
from mailer.pages.word.blocks import Block, PictureBlock, TableBlock, TextBlock, WordRun
from mailer.pages.word.elements import (
    counted,
    edges,
    field,
    flush,
    framed,
    picture_in,
    rule,
    tabs,
    tiny,
    undivided,
    whole,
)
from mailer.pages.word.fonts import embed, faces_of
from mailer.pages.word.styles import dress, language
from mailer.settings import Settings

SIDE, TOP, BOTTOM = 1.0, 1.15, 0.9
HEAD: Final = 0.52  # the header's distance from the top
BEGIN: Final = 3.1  # where the text of the first page begins
ASIDE: Final = 4.12  # how far right the letterhead stands
TEXT: Final = WIDTH - 2 * SIDE
INSET: Final = 0.12  # of an address in its window
_FIELD: Final = re.compile("(«[A-Za-z_0-9]+»)")


@dataclass(frozen=True, slots=True)
class WordLetter:
    """A letter, whom it goes to as the envelope's windows show it, and its text."""

    letter: Letter
    recipient: tuple[str, ...]
    sender: tuple[str, ...]
    body: tuple[Block, ...]
    enclosed: tuple[tuple[str, tuple[Block, ...]], ...] = ()  # title and text, each on pages of its own


def letters_docx(
    letters: Sequence[WordLetter],
    letterhead: Letterhead,
    settings: Settings,
    *,
    pre_printed: bool = False,
    fields: Collection[str] = (),
) -> bytes:
    """The letters in order, each in a section of its own; «fields» are the merge fields in their texts.

    Raises MailerError.
    """
    document = Document()
    dress(document, faces_of(letterhead), letterhead.palette)
    language(document, "en-US")
    writing = _Writing(document, letterhead, settings, fields)
    for number, one in enumerate(letters):
        section = document.add_section(WD_SECTION.NEW_PAGE) if number else document.sections[0]
        if not number:
            _page(section)
            writing.headers(section, one.letter, pre_printed=pre_printed)
        _numbered_anew(section)
        writing.letter(one)
    embed(document, letterhead)
    _stamp(document, letters[0].letter, settings)
    target = BytesIO()
    document.save(target)
    return target.getvalue()


class _Writing:
    def __init__(
        self, document: Any, letterhead: Letterhead, settings: Settings, fields: Collection[str]
    ) -> None:
        self._document = document
        self._letterhead = letterhead
        self._settings = settings
        self._fields = fields
        self._ids = {style.name: style.style_id for style in document.styles}
        self._lists = 0

    def headers(self, section: Any, letter: Letter, *, pre_printed: bool) -> None:
        """The letterhead on first pages, firm, date and page number on the others."""
        section.different_first_page_header_footer = True
        head = section.first_page_header
        table = head.add_table(1, 2, Inches(TEXT))
        flush(table, (ASIDE, TEXT - ASIDE))
        row = table.rows[0]
        row.height, row.height_rule = Inches(BEGIN - HEAD - 0.03), WD_ROW_HEIGHT_RULE.EXACTLY
        if not pre_printed:
            once = letter.in_window and says_sender_once(self._letterhead)
            self._letterhead_in(row.cells[1], letter.date, once=once)
        head._element.remove(head.paragraphs[0]._element)  # noqa: SLF001 (above the table)
        tiny(head.add_paragraph())
        running = section.header.paragraphs[0]
        running.style = "Running Head"
        tabs(running, (TEXT / 2, WD_TAB_ALIGNMENT.CENTER), (TEXT, WD_TAB_ALIGNMENT.RIGHT))
        running.add_run(f"{self._settings.firm.name}\t{long_date(letter.date)}\tPage ")
        field(running, "PAGE", "2")

    def _letterhead_in(self, cell: Any, day: date, *, once: bool) -> None:
        firm = self._settings.on(day)
        first = cell.paragraphs[0]
        if picture := logo_png(self._letterhead):
            width, height = fitted(picture, TEXT - ASIDE, 0.66)
            first.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
            first.paragraph_format.space_after = Pt(0)
            picture_in(first, picture, (width, height), firm.name)
        else:
            tiny(first)
        cell.add_paragraph(firm.name, "Firm")
        if firm.tagline:
            cell.add_paragraph(firm.tagline, "Tagline")
        address = () if once else firm.address.lines()
        lines = (*address, firm.phone, firm.email, *((firm.web,) if firm.web else ()))
        for number, line in enumerate(lines):
            paragraph = cell.add_paragraph(line, "Contact")
            if not number:
                paragraph.paragraph_format.space_before = Pt(7)
                rule(paragraph, self._letterhead.palette.second)

    def letter(self, one: WordLetter) -> None:
        letter = one.letter
        self._framed(one.sender, RETURN_WINDOW, "Sender")
        self._framed(one.recipient, RECIPIENT_WINDOW, "Address")
        dateline = self._paragraph(f"{long_date(letter.date)}\t", "Dateline")
        tabs(dateline, (TEXT, WD_TAB_ALIGNMENT.RIGHT))
        for run in self._worded(dateline, (WordRun(f"Our reference {letter.reference}"),)):
            run.font.name, run.font.size = faces_of(self._letterhead).sans, Pt(8.5)
        if letter.delivery:
            self._paragraph(letter.delivery, "Delivery")
        self._paragraph(f"Re  {letter.subject}", "Subject")
        self._paragraph(f"{letter.salutation}:").paragraph_format.keep_with_next = True
        for block in one.body:
            self._block(block)
        self._sign(letter)
        for title, body in one.enclosed:
            self._paragraph(title, "Heading 1").paragraph_format.page_break_before = True
            for block in body:
                self._block(block)

    def _sign(self, letter: Letter) -> None:
        document, signature = self._document, self._settings.signature
        closing = self._paragraph("Sincerely,")
        closing.paragraph_format.space_before = Pt(6.5)
        closing.paragraph_format.keep_with_next = True
        written = document.add_paragraph()
        written.paragraph_format.keep_with_next = True
        written.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        if name := signature_image(self._letterhead, self._settings):
            picture = png_of(self._letterhead, name)
            width, height = fitted(picture, 2.2, 0.42)
            picture_in(written, picture, (width, height), signature.name)
        else:
            written.paragraph_format.space_after = Pt(30)
        self._paragraph(signature.name, "Signer").paragraph_format.keep_with_next = True
        self._paragraph(f"{signature.title}, {self._settings.firm.name}", "Small")
        if letter.enclosures:
            plural = "s" if len(letter.enclosures) > 1 else ""
            self._paragraph(f"Enclosure{plural}: {'; '.join(letter.enclosures)}", "Enclosures")

    def _framed(self, lines: Sequence[str], zone: Zone, style: str) -> None:
        for line in lines:
            framed(self._paragraph(line, style), zone, INSET)

    def _paragraph(self, text: str = "", style: str = "Normal", *, words: Sequence[WordRun] = ()) -> Any:
        paragraph = self._document.add_paragraph()
        self._style(paragraph, style)
        self._worded(paragraph, words or (WordRun(text),))
        return paragraph

    def _style(self, paragraph: Any, style: str) -> None:
        """By its id: python-docx would look through all styles for each paragraph."""
        paragraph._p.style = self._ids[style]  # noqa: SLF001

    def _worded(self, paragraph: Any, words: Sequence[WordRun]) -> list[Any]:
        """The runs put into a paragraph, their fields as Word's own; the runs of text."""
        made = []
        for run in words:
            for text in _FIELD.split(run.text) if self._fields else (run.text,):
                if text[1:-1] in self._fields:
                    field(paragraph, f"MERGEFIELD {text[1:-1]}", text)
                    continue
                part = undivided(paragraph, text)
                part.bold, part.italic = run.bold or None, run.italic or None
                made.append(part)
        return made

    def _block(self, block: Block) -> None:
        match block:
            case TableBlock():
                self._table(block)
            case PictureBlock():
                self._picture(block)
            case TextBlock(kind="heading"):
                self._paragraph(style=f"Heading {block.level}", words=block.runs)
            case TextBlock(kind="bullet" | "number"):
                style = "List Bullet" if block.kind == "bullet" else "List Number"
                paragraph = self._paragraph(style=style, words=block.runs)
                if block.kind == "number":
                    self._lists = counted(self._document, paragraph, self._lists, begins=block.begins)
                if block.level > 1:
                    paragraph.paragraph_format.left_indent = Inches(0.25 * block.level)
            case TextBlock():
                style = "Quote" if block.kind == "quote" else "Normal"
                paragraph = self._paragraph(style=style, words=block.runs)
                if block.kind == "lines":
                    paragraph.paragraph_format.left_indent = Inches(0.22)
                elif block.level:
                    paragraph.paragraph_format.left_indent = Inches(0.25 * block.level)

    def _picture(self, block: PictureBlock) -> None:
        paragraph = self._document.add_paragraph()
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        data = pixels_of(self._letterhead, block.path)
        width, height = fitted(data, TEXT, 5.0)
        picture_in(paragraph, data, (width, height), block.alt)

    def _table(self, block: TableBlock) -> None:
        palette = self._letterhead.palette
        columns = len(block.numeric)
        table = self._document.add_table(len(block.rows), columns)
        rest = 1.35 if columns > 2 else 2.0
        flush(table, [TEXT - rest * (columns - 1), *[rest] * (columns - 1)])
        for number, (row, cells) in enumerate(zip(table.rows, block.rows, strict=True)):
            head, last = number == 0, number == len(block.rows) - 1
            whole(row, head=head)
            for cell, words, right in zip(row.cells, cells, block.numeric, strict=True):
                paragraph = cell.paragraphs[0]
                self._style(paragraph, "Table Head" if head else "Table Text")
                paragraph.alignment = 2 if right else 0
                self._worded(paragraph, words)
                edges(cell, top=(palette.accent, 8) if head else None,
                       bottom=(palette.accent, 4 if head else 8) if head or last
                       else (palette.colours()["accent-hair"], 4))  # fmt: skip
        tiny(self._document.add_paragraph(), after=8)


def _page(section: Any) -> None:
    section.page_width, section.page_height = Inches(WIDTH), Inches(HEIGHT)
    section.left_margin = section.right_margin = Inches(SIDE)
    section.top_margin, section.bottom_margin = Inches(TOP), Inches(BOTTOM)
    section.header_distance, section.footer_distance = Inches(HEAD), Inches(0.4)


def _numbered_anew(section: Any) -> None:
    section.different_first_page_header_footer = True
    for old in section._sectPr.findall(qn("w:pgNumType")):  # noqa: SLF001
        section._sectPr.remove(old)  # noqa: SLF001
    begin = OxmlElement("w:pgNumType")
    begin.set(qn("w:start"), "1")
    columns = section._sectPr.find(qn("w:cols"))  # noqa: SLF001
    columns.addprevious(begin)


def _stamp(document: Any, letter: Letter, settings: Settings) -> None:
    properties = document.core_properties
    properties.title, properties.author = letter.subject, settings.firm.name
    properties.comments, properties.language = "", "en-US"
