"""Pages of text in an evidence pack: blocks laid out by the letterhead's evidence.html.j2.

Page numbers count within one document from 1. The same input gives the same bytes: identifiers are digests
and no time of day is written. A character that the letterhead's fonts lack is printed as its number.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, ClassVar, Final

from mailer.campaign.wording import date_words
from mailer.evidence.case import Frame
from mailer.pages.letterhead import Letterhead

REHEARSAL: Final = "REHEARSAL"
TEMPLATE: Final = "evidence"


@dataclass(frozen=True, slots=True)
class Title:
    kind: ClassVar[str] = "title"
    text: str
    under: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """`page` begins a new page."""

    kind: ClassVar[str] = "head"
    text: str
    level: int = 2
    page: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph. `style` is "", "small", "strong", or "keep" (with what follows)."""

    kind: ClassVar[str] = "text"
    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values; a value may have several lines."""

    kind: ClassVar[str] = "facts"
    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class DataTable:
    """`widths` are percent; a column's style is "", "n" (a number) or "hash"."""

    kind: ClassVar[str] = "table"
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    styles: Sequence[str]


@dataclass(frozen=True, slots=True)
class Steps:
    """Numbered statements, each with its citation or ""."""

    kind: ClassVar[str] = "steps"
    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Note:
    """A box of remarks: (head or "", text)."""

    kind: ClassVar[str] = "note"
    rows: Sequence[tuple[str, str]]
    warn: bool = False


@dataclass(frozen=True, slots=True)
class AddressBlock:
    kind: ClassVar[str] = "envelope"
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Sworn:
    """The numbered statements of a declaration, each with boxes to tick or ()."""

    kind: ClassVar[str] = "sworn"
    rows: Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines to sign on, with what goes on each."""

    kind: ClassVar[str] = "lines"
    rows: Sequence[str]


@dataclass(frozen=True, slots=True)
class Picture:
    """SVG that mailer drew, as wide as the page allows. Its font is set by the style sheet."""

    kind: ClassVar[str] = "picture"
    svg: str


Block = Title | Head | Paragraph | Facts | DataTable | Steps | Note | AddressBlock | Sworn | Lines | Picture


@dataclass(frozen=True, slots=True)
class _Sheet:
    title: str
    what: str
    firm: str
    foot: str
    blocks: Sequence[Block]


def foot(frame: Frame) -> tuple[str, str]:
    """The two lines at the bottom of every page: what it is of, and the ledger's head."""
    made = f"{frame.subject.campaign}, {frame.subject.documents}s; made {date_words(frame.made_on)}"
    return made, f"Ledger head {frame.head_seq}: {frame.head}"


class Sheets:
    """Text pages of one document. `what` stands at the top of each page; `others` pages follow them.

    They are laid out as if they were `likely`, and once more where they are not, as each says "of how many".
    """

    def __init__(
        self,
        what: str,
        blocks: Sequence[Block],
        frame: Frame,
        letterhead: Letterhead,
        *,
        others: int = 0,
        likely: int = 1,
    ) -> None:
        from mailer.pages.press import press  # noqa: PLC0415 (imports WeasyPrint)

        self._machine = press(letterhead, TEMPLATE)
        self._printable = printable(letterhead)
        self._rehearsal = frame.rehearsal
        clean = self._printable
        self._sheet = _Sheet(
            clean(f"{what}: {frame.subject.campaign}"),
            clean(what),
            clean(frame.settings.firm.name),
            clean("\n".join(foot(frame))),
            [_clean(block, clean) for block in blocks],
        )
        self._made = self._laid_out(likely + others)
        self.pages = len(self._made[0].pages)
        self.total = self.pages + others
        if self.pages != likely:
            self._made = self._laid_out(self.total)

    def pdf(self, *, before: Sheets | None = None) -> bytes:
        """The pages, numbered as the first of `total`; `before` them others that are numbered apart."""
        documents = [before._made] if before else []  # noqa: SLF001 - its own class
        return self._machine.write([*documents, self._made]).pdf

    def _laid_out(self, total: int):  # type: ignore[no-untyped-def] # noqa: ANN202 - weasyprint has no types
        extra = f'@page {{ @bottom-right {{ content: "Page " counter(page) " of {total}" }} }}'
        if self._rehearsal:
            extra += f'@page {{ @top-center {{ content: "{REHEARSAL}" }} }}'
        return self._machine.lay_out({"sheet": self._sheet}, extra=extra)


def printable(letterhead: Letterhead) -> Callable[[str], str]:
    """A function that puts "[U+2603]" for each character that a font of the letterhead lacks, or that
    nobody would see: one that turns the direction of writing could make a page say something else.
    """

    def clean(text: str) -> str:
        if text.isascii():
            return text
        return "".join(
            character
            if ord(character) in letterhead.characters or unicodedata.category(character) in ("Zs", "Cc")
            else f"[U+{ord(character):04X}]"
            for character in text
        )

    return clean


def _clean(value: Any, clean: Callable[[str], str]) -> Any:
    """`value` with every text in it made printable: a block, or a row of one."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list | tuple):
        return [_clean(one, clean) for one in value]
    if not is_dataclass(value) or isinstance(value, type):
        return value
    return replace(value, **{each.name: _clean(getattr(value, each.name), clean) for each in fields(value)})
