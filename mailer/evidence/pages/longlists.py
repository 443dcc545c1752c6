"""The long lists of an evidence pack, drawn straight onto the page: thousands of rows in a second. Points.

A list is laid out first (`List.pages`), so that the whole document's page count is known before a page is
drawn. Cells wrap at spaces, and within a word that is wider than its column; a row is never split.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from tempfile import TemporaryFile
from typing import BinaryIO, Final

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from mailer.evidence.case import Frame
from mailer.evidence.pages.sheets import REHEARSAL, foot, printable
from mailer.pages.brand import channels
from mailer.pages.canvas import FACE, HEADING, STRONG, font_name, new_canvas
from mailer.pages.letterhead import Letterhead
from mailer.spool import Spool

WIDTH, HEIGHT = 612.0, 792.0
LEFT, TOP, BOTTOM = 64.8, 68.4, 72.0  # the margins of evidence.css
ROOM: Final = WIDTH - 2 * LEFT
GAP: Final = 7.0  # between columns
PAD: Final = 3.2  # above and below the text of a row
GRAY: Final = (0.29, 0.31, 0.298)
RED: Final = (0.64, 0.125, 0.105)
_SPACE: Final = (68.0, 52.0)  # what title and heads take: on the first page, on the others


@dataclass(frozen=True, slots=True)
class ListColumn:
    """`width` is in points; all columns and the gaps between them make ROOM."""

    head: str
    width: float
    size: float = 8.2
    right: bool = False


@dataclass(slots=True)
class LongList:
    """A list with its rows wrapped and put on pages. A cell's lines are joined with line breaks."""

    title: str
    under: str
    columns: Sequence[ListColumn]
    rows: Spool[tuple[str, ...]] = field(default_factory=Spool)
    heights: array[float] = field(default_factory=lambda: array("d"))
    breaks: list[int] = field(default_factory=list)  # the first row of each page

    @property
    def pages(self) -> int:
        return len(self.breaks)


def laid_out(
    title: str,
    under: str,
    columns: Sequence[ListColumn],
    rows: Iterable[Sequence[str]],
    letterhead: Letterhead,
) -> LongList:
    """The rows on pages. A cell may have several lines."""
    made = LongList(title, under, columns)
    clean, font = printable(letterhead), font_name(letterhead, FACE)
    room, used = HEIGHT - TOP - BOTTOM, _SPACE[0]
    made.breaks.append(0)
    for row in rows:
        cells = tuple([_folded(clean(cell), font, column) for cell, column in zip(row, columns, strict=True)])
        height = 2 * PAD + max(
            (cell.count("\n") + 1) * _leading(column) for cell, column in zip(cells, columns, strict=True)
        )
        if used + height > room and len(made.rows) > made.breaks[-1]:
            made.breaks.append(len(made.rows))
            used = _SPACE[1]
        used += height
        made.rows.append(cells)
        made.heights.append(height)
    return made


def _leading(column: ListColumn) -> float:
    return column.size * 1.25


def _folded(cell: str, font: str, column: ListColumn) -> str:
    """The cell with all its line breaks."""
    if "\n" not in cell and _width(cell, font, column.size) <= column.width:
        return cell
    return "\n".join([part for line in cell.split("\n") for part in _wrapped(line, font, column)])


def _wrapped(line: str, font: str, column: ListColumn) -> list[str]:
    if _width(line, font, column.size) <= column.width:
        return [line]
    parts: list[str] = []
    for word in line.split(" "):
        joined = f"{parts[-1]} {word}" if parts else word
        if parts and _width(joined, font, column.size) <= column.width:
            parts[-1] = joined
            continue
        while _width(word, font, column.size) > column.width:
            fits = len(word) - 1
            while fits > 1 and _width(word[:fits], font, column.size) > column.width:
                fits -= 1
            parts.append(word[:fits])
            word = word[fits:]  # noqa: PLW2901 - what is left of it
        parts.append(word)
    return parts


@lru_cache(maxsize=16_384)
def _width(text: str, font: str, size: float) -> float:
    width: float = pdfmetrics.stringWidth(text, font, size)
    return width


class _Pages:
    """The drawing of lists, page after page."""

    def __init__(self, frame: Frame, what: str, letterhead: Letterhead, first: int, total: int) -> None:
        self._frame, self._number, self._total = frame, first, total
        self._clean = printable(letterhead)
        self._what = self._clean(what)
        self._plain = font_name(letterhead, FACE)
        self._bold = font_name(letterhead, STRONG)
        self._serif = font_name(letterhead, HEADING)
        self._accent = [one / 255 for one in channels(letterhead.palette.colours()["accent-ink"])]
        self._out = TemporaryFile()  # noqa: SIM115 (`joined` closes it)
        self.canvas: Canvas = new_canvas(self._out, self._plain)

    def finished(self) -> BinaryIO:
        self.canvas.save()
        return self._out

    def text(self, x: float, y: float, text: str, font: str, size: float, *, right: bool = False) -> None:
        self.canvas.setFont(font, size)
        (self.canvas.drawRightString if right else self.canvas.drawString)(x, y, text)

    def page(self, part: LongList, at: int, rows: Iterator[tuple[str, ...]]) -> None:
        """Draw page `at` (from 0) of one list, with the next of its rows."""
        self._frame_of_page()
        y = HEIGHT - TOP - 14
        self.canvas.setFillColorRGB(*self._accent)
        if at == 0:
            self.text(LEFT, y, part.title, self._serif, 13)
            self.canvas.setFillColorRGB(*GRAY)
            self.text(LEFT, y - 15, self._clean(part.under), self._plain, 8.4)
            y -= 26
        else:
            self.text(LEFT, y, f"{part.title}, continued", self._serif, 10)
        y = HEIGHT - TOP - _SPACE[0 if at == 0 else 1] + 18
        self._heads(part, y)
        y -= 8
        last = part.breaks[at + 1] if at + 1 < part.pages else len(part.rows)
        for height in part.heights[part.breaks[at] : last]:
            self._row(part.columns, next(rows), y, y - height)
            y -= height
        self.canvas.showPage()
        self._number += 1

    def exhibit(self, head: str, under: str, frame: tuple[float, float, float, float]) -> None:
        """Draw a page that is empty but for its heading and a frame: left, bottom, width, height."""
        self._frame_of_page()
        self.canvas.setFillColorRGB(*self._accent)
        self.text(LEFT, HEIGHT - TOP - 8, head, self._serif, 11)
        self.canvas.setFillColorRGB(*GRAY)
        self.text(LEFT, HEIGHT - TOP - 18.5, under, self._plain, 7)
        self.canvas.setStrokeColorRGB(*GRAY)
        self.canvas.setLineWidth(0.5)
        self.canvas.rect(*frame)
        self.canvas.showPage()
        self._number += 1

    def _heads(self, part: LongList, y: float) -> None:
        self.canvas.setFillColorRGB(*self._accent)
        self.canvas.setStrokeColorRGB(*self._accent)
        x = LEFT
        for column in part.columns:
            at = x + column.width if column.right else x
            self.text(at, y, column.head, self._bold, 8.2, right=column.right)
            x += column.width + GAP
        self.canvas.setLineWidth(0.8)
        self.canvas.line(LEFT, y - 5, WIDTH - LEFT, y - 5)
        self.canvas.setFillColorRGB(0.1, 0.11, 0.11)

    def _row(self, columns: Sequence[ListColumn], cells: Sequence[str], y: float, bottom: float) -> None:
        x = LEFT
        for column, cell in zip(columns, cells, strict=True):
            baseline = y - PAD - column.size * 0.92
            for line in cell.split("\n"):
                at = x + column.width if column.right else x
                self.text(at, baseline, line, self._plain, column.size, right=column.right)
                baseline -= _leading(column)
            x += column.width + GAP
        self.canvas.setStrokeColorRGB(0.79, 0.81, 0.8)
        self.canvas.setLineWidth(0.4)
        self.canvas.line(LEFT, bottom, WIDTH - LEFT, bottom)

    def _frame_of_page(self) -> None:
        """What evidence.css puts around a page of text."""
        canvas = self.canvas
        canvas.setFillColorRGB(*self._accent)
        self.text(LEFT, HEIGHT - 51.5, self._what, self._bold, 8)
        canvas.setFillColorRGB(*GRAY)
        firm = self._clean(self._frame.settings.firm.name)
        self.text(WIDTH - LEFT, HEIGHT - 51.5, firm, self._plain, 8, right=True)
        made, head = foot(self._frame)
        self.text(LEFT, 51.5, self._clean(made), self._plain, 6.6)
        self.text(LEFT, 41.5, head, self._plain, 6.6)
        page = f"Page {self._number} of {self._total}"
        self.text(WIDTH - LEFT, 51.5, page, self._plain, 8, right=True)
        if self._frame.rehearsal:
            canvas.setFillColorRGB(*RED)
            canvas.setFont(self._bold, 8.5)
            canvas.drawCentredString(WIDTH / 2, HEIGHT - 51.5, REHEARSAL)


def lists_pdf(
    parts: Sequence[LongList], frame: Frame, what: str, letterhead: Letterhead, *, first: int, total: int
) -> BinaryIO:
    """The lists as one PDF, in a temporary file, with pages numbered from `first` of `total`."""
    pages = _Pages(frame, what, letterhead, first, total)
    for part in parts:
        rows = iter(part.rows)
        for at in range(part.pages):
            pages.page(part, at, rows)
    return pages.finished()


SCALE: Final = 0.785


def exhibit_place() -> tuple[float, float, float, float]:
    """Where a reduced page stands on an exhibit's page: left, bottom, width, height."""
    width, height = WIDTH * SCALE, HEIGHT * SCALE
    return (WIDTH - width) / 2, BOTTOM + 6, width, height


def exhibit_frames(
    heads: Sequence[tuple[str, str]],
    frame: Frame,
    what: str,
    letterhead: Letterhead,
    *,
    first: int,
    total: int,
) -> BinaryIO:
    """A page for each exhibit page, with its heading, a line below it, and a frame at `exhibit_place`."""
    pages = _Pages(frame, what, letterhead, first, total)
    for head, under in heads:
        pages.exhibit(head, under, exhibit_place())
    return pages.finished()
