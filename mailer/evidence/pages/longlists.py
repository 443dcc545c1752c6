"""The long lists of an evidence pack, drawn straight onto the page: thousands of rows in a second. Points.

Every page says of how many it is, which is known once all are drawn: until then a page is held without its
number. Cells wrap at spaces, and within a word that is wider than its column; a row is never split.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from operator import mul
from typing import Final

import pikepdf
from reportlab.pdfbase import pdfmetrics

from mailer.evidence.case import Frame
from mailer.evidence.pages.sheets import REHEARSAL, Sheets, foot, printable
from mailer.pages.batchfile import BatchFile
from mailer.pages.brand import channels
from mailer.pages.canvas import FACE, HEADING, STRONG, font_name, new_canvas
from mailer.pages.letterhead import Letterhead
from mailer.pages.pdffile import saved
from mailer.spool import Spool

WIDTH, HEIGHT = 612.0, 792.0
LEFT, TOP, BOTTOM = 64.8, 68.4, 72.0  # the margins of evidence.css
ROOM: Final = WIDTH - 2 * LEFT
GAP: Final = 7.0  # between columns
PAD: Final = 3.2  # above and below the text of a row
GRAY: Final = (0.29, 0.31, 0.298)
RED: Final = (0.64, 0.125, 0.105)
_SPACE: Final = (68.0, 52.0)  # what title and heads take: on the first page, on the others
_PART: Final = 50  # pages that are held as text
SCALE: Final = 0.785  # of a page that is an exhibit


@dataclass(frozen=True, slots=True)
class ListColumn:
    """`width` is in points; all columns and the gaps between them make ROOM."""

    head: str
    width: float
    size: float = 8.2
    right: bool = False

    @property
    def leading(self) -> float:
        return self.size * 1.25


class Lists:
    """The lists of one document, and its exhibits, in the order in which they are added.

    `what` stands at the top of each page.
    """

    def __init__(self, frame: Frame, what: str, letterhead: Letterhead) -> None:
        self._frame = frame
        self._clean = printable(letterhead)
        self._what = self._clean(what)
        self._firm = self._clean(frame.settings.firm.name)
        self._plain = font_name(letterhead, FACE)
        self._bold = font_name(letterhead, STRONG)
        self._serif = font_name(letterhead, HEADING)
        self._accent = [one / 255 for one in channels(letterhead.palette.colours()["accent-ink"])]
        self._fonts = BytesIO()
        self._canvas = new_canvas(self._fonts, self._plain)
        self._drawn = Spool[str](part=_PART)

    @property
    def pages(self) -> int:
        return len(self._drawn)

    def add(
        self, title: str, under: str, columns: Sequence[ListColumn], rows: Iterable[Sequence[str]]
    ) -> None:
        """Draw a list. A cell may have several lines, joined with line breaks."""
        room, used = HEIGHT - TOP - BOTTOM, _SPACE[0]
        head, others = self._head(title, columns, under), self._head(f"{title}, continued", columns)
        leadings = [column.leading for column in columns]
        y, rules = _top(later=False), list[float]()
        for row in rows:
            cells = [
                _folded(self._clean(cell), self._plain, column)
                for cell, column in zip(row, columns, strict=True)
            ]
            lines = [cell.count("\n") + 1 for cell in cells]
            height = 2 * PAD + max(map(mul, lines, leadings))
            if used + height > room and rules:
                self._end(head, rules)
                head, rules, used, y = others, [], _SPACE[1], _top(later=True)
            self._row(columns, cells, y)
            used += height
            y -= height
            rules.append(y)
        self._end(head, rules)

    def exhibit(self, head: str, under: str) -> None:
        """Draw a page that is empty but for its heading, a line below it, and a frame at `exhibit_place`."""
        self._frame_of_page()
        self._canvas.setFillColorRGB(*self._accent)
        self._text(LEFT, HEIGHT - TOP - 8, head, self._serif, 11)
        self._canvas.setFillColorRGB(*GRAY)
        self._text(LEFT, HEIGHT - TOP - 18.5, under, self._plain, 7)
        self._canvas.setStrokeColorRGB(*GRAY)
        self._canvas.setLineWidth(0.5)
        self._canvas.rect(*exhibit_place())
        self._drawn.append(self._canvas.taken())

    def after(self, front: Sheets, *, title: str, before: Sheets | None = None) -> bytes:
        """The whole document: the pages of text, with those `before` them that are numbered apart, and all
        that was drawn, numbered on from the text.
        """
        text, target = front.pdf(before=before), BytesIO()
        file = BatchFile(target)
        file.take(text)
        ground = file.empty(WIDTH, HEIGHT)
        for number, drawn in enumerate(self._drawn, front.pages + 1):
            self._canvas.setFillColorRGB(*GRAY)
            page = f"Page {number} of {front.total}"
            self._text(WIDTH - LEFT, 51.5, page, self._plain, 8, right=True)
            file.page(ground, f"{drawn}\n{self._canvas.taken()}")
        file.close(self._all_fonts(text), title)
        return target.getvalue()

    def _all_fonts(self, text: bytes) -> bytes:
        """Those of what was drawn, and of the pages of text."""
        self._canvas.showPage()
        self._canvas.save()
        with pikepdf.open(self._fonts) as drawn, pikepdf.open(BytesIO(text)) as written:
            fonts = drawn.pages[0].obj.Resources.Font
            for page in written.pages:
                for name, font in page.obj.Resources.Font.items():
                    if name not in fonts:
                        fonts[name] = drawn.copy_foreign(font)
            drawn.Root.F = fonts
            return saved(drawn)

    def _text(self, x: float, y: float, text: str, font: str, size: float, *, right: bool = False) -> None:
        self._canvas.setFont(font, size)
        self._canvas.drawString(x - _width(text, font, size) if right else x, y, text)

    def _head(self, title: str, columns: Sequence[ListColumn], under: str | None = None) -> str:
        """What stands around and above the rows of a page; `under` the title on a list's first one."""
        self._frame_of_page()
        y, later = HEIGHT - TOP - 14, under is None
        self._canvas.setFillColorRGB(*self._accent)
        self._text(LEFT, y, title, self._serif, 10 if later else 13)
        if under is not None:
            self._canvas.setFillColorRGB(*GRAY)
            self._text(LEFT, y - 15, self._clean(under), self._plain, 8.4)
        x, y = LEFT, _top(later=later) + 8
        self._canvas.setFillColorRGB(*self._accent)
        self._canvas.setStrokeColorRGB(*self._accent)
        for column in columns:
            at = x + column.width if column.right else x
            self._text(at, y, column.head, self._bold, 8.2, right=column.right)
            x += column.width + GAP
        self._canvas.setLineWidth(0.8)
        self._canvas.line(LEFT, y - 5, WIDTH - LEFT, y - 5)
        self._canvas.setFillColorRGB(0.1, 0.11, 0.11)
        return self._canvas.taken()

    def _row(self, columns: Sequence[ListColumn], cells: Sequence[str], y: float) -> None:
        x, size = LEFT, 0.0
        for column, cell in zip(columns, cells, strict=True):
            if column.size != size:
                size = column.size
                self._canvas.setFont(self._plain, size)
            baseline = y - PAD - size * 0.92
            if column.right:
                for number, line in enumerate(cell.split("\n")):
                    at = x + column.width - _width(line, self._plain, size)
                    self._canvas.drawString(at, baseline - number * column.leading, line)
            else:
                self._canvas.draw_lines(x, baseline, cell, column.leading)
            x += column.width + GAP

    def _end(self, head: str, rules: Sequence[float]) -> None:
        """The rows of a page are drawn, and a rule below each of them."""
        self._canvas.setStrokeColorRGB(0.79, 0.81, 0.8)
        self._canvas.setLineWidth(0.4)
        lines = "".join([f"{LEFT:g} {y:.4f} m {WIDTH - LEFT:g} {y:.4f} l " for y in rules])
        self._canvas.addLiteral(f"{lines}S")
        self._drawn.append(f"{head}\n{self._canvas.taken()}")

    def _frame_of_page(self) -> None:
        """What evidence.css puts around a page of text, but for its number."""
        canvas = self._canvas
        canvas.setFillColorRGB(*self._accent)
        self._text(LEFT, HEIGHT - 51.5, self._what, self._bold, 8)
        canvas.setFillColorRGB(*GRAY)
        self._text(WIDTH - LEFT, HEIGHT - 51.5, self._firm, self._plain, 8, right=True)
        made, head = foot(self._frame)
        self._text(LEFT, 51.5, self._clean(made), self._plain, 6.6)
        self._text(LEFT, 41.5, head, self._plain, 6.6)
        if self._frame.rehearsal:
            canvas.setFillColorRGB(*RED)
            middle = (WIDTH - _width(REHEARSAL, self._bold, 8.5)) / 2
            self._text(middle, HEIGHT - 51.5, REHEARSAL, self._bold, 8.5)


def _top(*, later: bool) -> float:
    """Where the first row of a page begins."""
    return HEIGHT - TOP - _SPACE[later] + 10


def _folded(cell: str, font: str, column: ListColumn) -> str:
    """The cell with all its line breaks."""
    lines = cell.split("\n")
    if max([_width(line, font, column.size) for line in lines]) <= column.width:
        return cell
    return "\n".join([part for line in lines for part in _wrapped(line, font, column)])


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


def exhibit_place() -> tuple[float, float, float, float]:
    """Where a reduced page stands on an exhibit's page: left, bottom, width, height."""
    width, height = WIDTH * SCALE, HEIGHT * SCALE
    return (WIDTH - width) / 2, BOTTOM + 6, width, height
