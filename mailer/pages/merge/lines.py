"""Breaking a paragraph into lines exactly where WeasyPrint would, or saying that it can't be known.

Widths are Pango units. Words add up to where a line probably ends; whether it ends there is decided by
shaping the whole line. Whatever is nearer to the limit than NEAR is left to WeasyPrint.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Final, NamedTuple

from mailer.pages.merge.outcome import Fallback
from mailer.pages.merge.weasyfaces import SetFont, break_points

NEAR: Final = 20  # 0.02 px: rounding could decide otherwise
SURE: Final = 4 * 1024  # 4 px: more than the words' sum can be off from the line they make
_BEFORE: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,;:!?)%")
_AFTER: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789$(#&")

Text = tuple[int, str]  # the number of its run, and the words
Line = tuple[Text, ...]


class _Chunk(NamedTuple):
    """What stays together within one run, with the space after it."""

    run: int
    start: int
    end: int
    width: int
    breaks: bool  # a line may begin after it


def width_of(faces: Sequence[SetFont], line: Line) -> int:
    return sum(faces[run].shape(text)[0] for run, text in line)


def broken(faces: Sequence[SetFont], texts: Sequence[str], room: float, *, wraps: bool) -> list[Line]:
    """The lines of one row, `texts` run by run, in a box `room` units wide. Raises Fallback."""
    whole = _trimmed([(run, text) for run, text in enumerate(texts) if text])
    if not whole:
        raise Fallback("an empty line")
    if sum(len(text) * faces[run].size for run, text in whole) * 256 < room or not wraps:
        if _fits(width_of(faces, whole), room):
            return [whole]
        if not wraps:
            raise Fallback("a text wider than its column")
    chunks = [
        chunk for at, (run, text) in enumerate(whole) for chunk in _chunks(faces[run], run, text, at, whole)
    ]
    return _Row(faces, dict(whole), chunks, room).lines()


def words(faces: Sequence[SetFont], texts: Sequence[str]) -> tuple[int, int]:
    """The width of a row on one line, and of its longest word. Raises Fallback."""
    whole = _trimmed([(run, text) for run, text in enumerate(texts) if text])
    if not whole:
        raise Fallback("an empty cell")
    if len(whole) > 1:
        raise Fallback("a cell in several fonts")
    (run, text) = whole[0]
    pieces = _pieces(text, faces[run].language)
    return faces[run].shape(text)[0], max(faces[run].shape(piece.rstrip(" "))[0] for piece in pieces)


def _trimmed(texts: list[Text]) -> Line:
    """Without the spaces at both ends of the row."""
    if texts:
        run, text = texts[0]
        texts[0] = run, text.lstrip(" ")
        run, text = texts[-1]
        texts[-1] = run, text.rstrip(" ")
    return tuple((run, text) for run, text in texts if text)


def _fits(width: float, room: float) -> bool:
    if abs(width - room) < NEAR:
        raise Fallback("a line that ends too near to the limit")
    return width < room


def _chunks(face: SetFont, run: int, text: str, at: int, whole: Line) -> list[_Chunk]:
    found, position = [], 0
    pieces = _pieces(text, face.language)
    for piece in pieces:
        end = position + len(piece)
        found.append(_Chunk(run, position, end, face.shape(piece)[0], breaks=True))
        position = end
    if at + 1 < len(whole) and not text.endswith(" "):
        following = whole[at + 1][1]
        if following[0] != " " and _points(text[-1] + following[0], face.language):
            raise Fallback("a line might end where the font changes")
        last = found[-1]
        found[-1] = _Chunk(last.run, last.start, last.end, last.width, breaks=False)
    if at and text[0] == " " and len(pieces[0]) == 1:
        first = found[0]  # the space alone: it belongs to the word before it
        found[0] = _Chunk(first.run, first.start, first.end, first.width, breaks=True)
    return found


def _pieces(text: str, language: str) -> list[str]:
    """`text` cut before each place where a line may begin."""
    pieces: list[str] = []
    held = ""
    parts = text.split(" ")
    for number, word in enumerate(parts):
        if word and not word.isalnum():
            cuts = _points(word, language)
            start = 0
            for cut in cuts:
                pieces.append(held + word[start:cut])
                held, start = "", cut
            held += word[start:]
        else:
            held += word
        if number + 1 < len(parts):
            held += " "
            if _may_break(word, parts[number + 1], language):
                pieces.append(held)
                held = ""
    if held:
        pieces.append(held)
    return pieces


def _may_break(word: str, following: str, language: str) -> bool:
    if not word or not following:
        return bool(following)
    if word[-1] in _BEFORE and following[0] in _AFTER:
        return True
    return len(word) + 1 in _points(f"{word} {following}", language)


@lru_cache(maxsize=4096)
def _points(text: str, language: str) -> tuple[int, ...]:
    return tuple(sorted(break_points(text, language)))


class _Row:
    """A row too long for one line."""

    def __init__(
        self, faces: Sequence[SetFont], texts: dict[int, str], chunks: Sequence[_Chunk], room: float
    ) -> None:
        self._faces = faces
        self._texts = texts
        self._chunks = chunks
        self._room = room
        self._sums = list(accumulate((chunk.width for chunk in chunks), initial=0))
        whole = len(chunks)
        self._ends = [n for n, chunk in enumerate(chunks, 1) if chunk.breaks or n == whole]
        self._edges = []  # of each end: about how far the words reach to there, in one line
        spaces = [face.shape(" ")[0] for face in faces]
        for end in self._ends:
            last = chunks[end - 1]
            spaced = texts[last.run][last.end - 1] == " "
            self._edges.append(self._sums[end] - (spaces[last.run] if spaced else 0))

    def lines(self) -> list[Line]:
        """As much on each line as fits. Raises Fallback."""
        found: list[Line] = []
        start = first = 0
        while start < len(self._chunks):
            place = self._end(start, first)
            found.append(self._line(start, self._ends[place]))
            start, first = self._ends[place], place + 1
            if start < len(self._chunks):
                self._require_plain(found[-1], start)
        return found

    def _end(self, start: int, first: int) -> int:
        """Which of the ends, from `first` on, the line that begins at `start` has."""
        begun, last = self._sums[start], len(self._ends) - 1
        place = max(first, bisect_right(self._edges, begun + self._room, first) - 1)
        while not self._holds(start, place):
            if place == first:
                raise Fallback("a word wider than the line")
            place -= 1
        while place < last and self._edges[place + 1] - begun <= self._room + SURE:
            if not self._holds(start, place + 1):
                break
            place += 1
        return place

    def _holds(self, start: int, place: int) -> bool:
        return _fits(width_of(self._faces, self._line(start, self._ends[place])), self._room)

    def _line(self, start: int, end: int) -> Line:
        first, last = self._chunks[start], self._chunks[end - 1]
        return _trimmed(
            [
                (
                    run,
                    text[first.start if run == first.run else 0 : last.end if run == last.run else len(text)],
                )
                for run, text in self._texts.items()
                if first.run <= run <= last.run
            ]
        )

    def _require_plain(self, line: Line, end: int) -> None:
        """Raises Fallback where a line ends between two fonts by rules of WeasyPrint's own."""
        last, following = self._chunks[end - 1], self._chunks[end]
        spaced = width_of(self._faces, line) + self._space(last)
        if (
            (last.run != following.run and spaced > self._room - NEAR)
            or not self._texts[last.run][last.start : last.end].strip(" ")
            or self._texts[following.run][following.start] == " "
        ):
            raise Fallback("a line ends with a space between two fonts")

    def _space(self, chunk: _Chunk) -> int:
        return self._faces[chunk.run].shape(" ")[0]
