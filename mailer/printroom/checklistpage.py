"""The stuffing checklist of a job: one line a piece, and what the person at the post signs. Points.

Drawn straight onto the page by reportlab, so that 5,000 pieces take a second and little memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from mailer.pages.canvas import FACE, STRONG, font_name, new_canvas
from mailer.pages.letterhead import Letterhead

WIDTH, HEIGHT, MARGIN = 612.0, 792.0, 45.0
LINE: Final = 15.5
_COLUMNS: Final = (
    (0.0, "Done"),
    (36.0, "No."),
    (72.0, "Piece"),
    (200.0, "To"),
    (362.0, "City"),
    (490.0, "Sheets"),
)
_SIGNED: Final = ("Pieces counted", "Sealed by", "Handed over at (place, date, time)", "Signature")


@dataclass(frozen=True, slots=True)
class Row:
    """One piece: its place in the job, its label, the first and the last line of its address, its sheets."""

    place: str
    label: str
    name: str
    city: str
    sheets: int


@dataclass(frozen=True, slots=True)
class ChecklistGroup:
    """Rows that are made alike: those of two sheets, say. `heading` is "" where there is one group alone."""

    heading: str
    rows: Iterable[Row]


@dataclass(frozen=True, slots=True)
class Checklist:
    """What is printed: facts and numbered steps, then one row a piece, and the lines to sign at the end."""

    title: str
    firm: str
    facts: Sequence[tuple[str, str]]
    steps: Sequence[str]
    groups: Sequence[ChecklistGroup]
    rehearsal: bool = False


class _Page:
    """The pages of one checklist, filled from the top."""

    def __init__(self, checklist: Checklist, letterhead: Letterhead) -> None:
        self._checklist = checklist
        self._plain = font_name(letterhead, FACE)
        self._bold = font_name(letterhead, STRONG)
        self._out = BytesIO()
        self._canvas = new_canvas(self._out, self._plain)
        self._canvas.setTitle(checklist.title)
        self._number = 0
        self._y = 0.0

    def pdf(self) -> bytes:
        self._begin()
        self._facts()
        self._steps()
        self._heads()
        for group in self._checklist.groups:
            if group.heading:
                self._heading(group.heading)
            for index, row in enumerate(group.rows):
                if self._y < MARGIN + LINE:
                    self._turn()
                    self._heads()
                self._row(row, shaded=index % 2 == 1)
        self._sign()
        self._foot()
        self._canvas.save()
        return self._out.getvalue()

    def _text(self, x: float, text: str, size: float, *, bold: bool = False, width: float = 0) -> None:
        font = self._bold if bold else self._plain
        if width:
            text = _cut(text, lambda t: self._canvas.stringWidth(t, font, size) <= width)
        self._canvas.setFont(font, size)
        self._canvas.drawString(MARGIN + x, self._y, text)

    def _begin(self) -> None:
        self._number += 1
        self._y = HEIGHT - MARGIN
        if self._number == 1:
            self._text(0, f"Checklist: {self._checklist.title}", 17, bold=True)
        else:
            self._text(0, f"{self._checklist.title}, continued", 10, bold=True)
        self._canvas.setFont(self._plain, 10)
        self._canvas.drawRightString(WIDTH - MARGIN, self._y, self._checklist.firm)
        if self._checklist.rehearsal:
            self._y -= 13
            self._text(0, "REHEARSAL: made under a fixed day; not to be mailed as evidence.", 9, bold=True)
        self._y -= 22

    def _facts(self) -> None:
        for name, value in self._checklist.facts:
            self._text(0, name, 9.5, bold=True)
            self._lines(100, value, 9)
        self._y -= 4

    def _steps(self) -> None:
        for number, step in enumerate(self._checklist.steps, 1):
            self._text(0, f"{number}.", 9, bold=True)
            self._lines(14, step, 9)
        self._y -= 12

    def _lines(self, x: float, text: str, size: float) -> None:
        """`text` broken at spaces, from this line down; the place is then below it."""
        for line in _broken(text, lambda t: self._width(t, size) <= WIDTH - 2 * MARGIN - x):
            self._text(x, line, size)
            self._y -= size * 1.27
        self._y -= 2

    def _width(self, text: str, size: float) -> float:
        return self._canvas.stringWidth(text, self._plain, size)

    def _heading(self, text: str) -> None:
        if self._y < MARGIN + 3 * LINE:
            self._turn()
            self._heads()
        self._y -= 6
        self._text(0, text, 10.5, bold=True)
        self._y -= LINE

    def _heads(self) -> None:
        for x, head in _COLUMNS:
            self._text(x, head, 8.5, bold=True)
        self._y -= 4
        self._canvas.setLineWidth(0.75)
        self._canvas.line(MARGIN, self._y, WIDTH - MARGIN, self._y)
        self._y -= 12.5

    def _row(self, row: Row, *, shaded: bool) -> None:
        if shaded:
            self._canvas.setFillGray(0.94)
            self._canvas.rect(MARGIN, self._y - 4, WIDTH - 2 * MARGIN, LINE, stroke=0, fill=1)
            self._canvas.setFillGray(0)
        self._canvas.setLineWidth(0.6)
        self._canvas.rect(MARGIN + 4, self._y - 1.5, 9, 9)
        values = (row.place, row.label, row.name, row.city, str(row.sheets))
        edges = [x for x, _ in _COLUMNS[2:]] + [WIDTH - 2 * MARGIN]
        for (x, name), value, edge in zip(_COLUMNS[1:], values, edges, strict=True):
            more = name == "Sheets" and row.sheets > 1
            self._text(x, value, 11 if more else 9.5, bold=more, width=edge - x - 6)
        self._y -= LINE

    def _sign(self) -> None:
        if self._y < MARGIN + 24 * len(_SIGNED) + 20:
            self._turn()
        self._y -= 20
        for name in _SIGNED:
            self._text(0, name, 9.5, bold=True)
            self._canvas.setLineWidth(0.5)
            self._canvas.line(MARGIN + 180, self._y - 2, WIDTH - MARGIN, self._y - 2)
            self._y -= 24

    def _turn(self) -> None:
        self._foot()
        self._canvas.showPage()
        self._begin()

    def _foot(self) -> None:
        self._canvas.setFont(self._plain, 8)
        self._canvas.drawRightString(WIDTH - MARGIN, MARGIN - 18, f"page {self._number}")


def checklist_pdf(checklist: Checklist, letterhead: Letterhead) -> bytes:
    """The checklist as a PDF, the same bytes each time."""
    return _Page(checklist, letterhead).pdf()


def _cut(text: str, fits: Callable[[str], bool]) -> str:
    """`text`, or as much of it as fits with an ellipsis."""
    if fits(text):
        return text
    while text and not fits(f"{text}…"):
        text = text[:-1]
    return f"{text.rstrip()}…"


def _broken(text: str, fits: Callable[[str], bool]) -> list[str]:
    """`text` in lines that fit, broken at spaces; a word that is too long alone is cut."""
    lines: list[str] = []
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and fits(joined):
            lines[-1] = joined
        else:
            lines.append(_cut(word, fits))
    return lines
