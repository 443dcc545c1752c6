"""A letter's skeleton: its HTML with a mark for each text that is the recipient's own.

A value in an attribute, or of several lines, stays in the skeleton: letters with other values then have
another one. Letters of one skeleton differ in nothing but the marked texts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from jinja2 import Environment, nodes

from mailer.pages.letter import COMMON, OWN
from mailer.pages.letterhead import Letterhead
from mailer.pages.merge.lines import Line, broken, words
from mailer.pages.merge.outcome import Fallback, Unsupported
from mailer.pages.merge.weasyboxes import FieldParagraph, has_field
from mailer.pages.merge.weasyfaces import SetFont

KEPT: Final = 500  # of each paragraph: most cells and many salutations come again
_FIELD: Final = re.compile("([\U000f0000-\U000ffffd])")
_CARRIES: Final = re.compile(
    r"content\(|running\(|element\(|target-|::?first-l|leader\(|footnote", re.IGNORECASE
)
"""CSS that takes a text out of its paragraph, or styles a part of it."""

_PARTS: Final = {*OWN, *COMMON}
_ROUNDABOUT: Final = (
    nodes.FilterBlock,
    nodes.CallBlock,
    nodes.AssignBlock,
    nodes.Macro,
    nodes.Block,
    nodes.Include,
)

Sized = tuple[tuple[int, int], ...]
Rows = tuple[tuple[str, ...], ...]
Pieces = int | tuple[str | int, ...]  # what a run is made of: numbers of values, alone or among words
Set = list[tuple[Line, ...]]  # for each paragraph its lines


def unmergeable(letterhead: Letterhead) -> str:
    """Why letters on this letterhead can't be merged, or "".

    Its template must print what a letter says of its own just as it is, and its style sheet must leave each
    text in its paragraph.
    """
    for name, content in letterhead.files.items():
        own = name.endswith((".css", ".j2")) and not name.startswith(("evidence", "newsletter."))
        if own and _CARRIES.search(content.decode("utf-8", "replace")):
            return f"{name} takes texts to other places"
    tree = Environment(autoescape=True).parse(letterhead.text("letter.html.j2"))
    plain = {id(node) for output in tree.find_all(nodes.Output) for node in output.nodes}
    parts = [node for node in tree.find_all(nodes.Getattr) if _names(node.node, "letter")]
    whole = [node for node in tree.find_all(nodes.Name) if _names(node, "letter")]
    bodies = [node for node in tree.find_all(nodes.Name) if _names(node, "body")]
    if (
        any(tree.find(kind) for kind in _ROUNDABOUT)
        or len(parts) != len(whole)
        or any(part.attr not in _PARTS for part in parts)
        or any(id(part) not in plain for part in parts if part.attr in OWN)
        or any(id(body) not in plain for body in bodies)
    ):
        return "letter.html.j2 does more with the letter's own words than print them"
    return ""


def _names(node: nodes.Node, name: str) -> bool:
    return isinstance(node, nodes.Name) and node.name == name


@dataclass(slots=True)
class LetterSkeleton:
    """The paragraphs with fields of one skeleton, or in `bad` why WeasyPrint must set it."""

    html: str = field(repr=False)
    paragraphs: tuple[FieldParagraph, ...] = ()
    pieces: tuple[tuple[tuple[Pieces, ...], ...], ...] = ()
    faces: tuple[tuple[tuple[SetFont, ...], ...], ...] = ()
    flat_faces: tuple[tuple[SetFont, ...], ...] = ()  # of each paragraph's runs
    bad: str = ""
    _known: tuple[dict[tuple[Rows, float], Any], ...] = field(default=(), repr=False)  # by texts and room

    def set_in(self, paragraphs: Sequence[FieldParagraph]) -> None:
        """Keep the paragraphs. Raises Unsupported where they don't hold every mark."""
        runs = [run for one in paragraphs for row in one.rows for run in row]
        inside = sorted(c for run in runs for c in run.text if has_field(c))
        if inside != sorted(_FIELD.findall(self.html)):
            raise Unsupported("a field stands outside the text of the page")
        self.paragraphs = tuple(paragraphs)
        self.pieces = tuple(
            tuple(tuple(_pieces(run.text) for run in row) for row in one.rows) for one in paragraphs
        )
        self.faces = tuple(tuple(tuple(run.face for run in row) for row in one.rows) for one in paragraphs)
        self._known = tuple({} for _ in paragraphs)
        self.flat_faces = tuple(tuple(face for row in rows for face in row) for rows in self.faces)

    def rows(self, values: Sequence[str]) -> list[Rows]:
        """The texts of each paragraph, row by row and run by run."""
        return [
            tuple(
                [
                    tuple([values[run] if isinstance(run, int) else _joined(run, values) for run in row])
                    for row in rows
                ]
            )
            for rows in self.pieces
        ]

    def sized(self, texts: Sequence[Rows]) -> Sized:
        """What the texts of its tables say about the width of their columns. Raises Fallback."""
        columns: dict[tuple[object, ...], tuple[int, int]] = {}
        for number, one in enumerate(self.paragraphs):
            if one.column:
                whole, word = columns.get(one.column, (0, 0))
                width, longest = self._measured(number, texts[number])
                columns[one.column] = max(whole, width), max(word, longest)
        return tuple(columns.values())

    def lines(self, texts: Sequence[Rows], rooms: Sequence[float]) -> Set:
        """The lines of each paragraph. Raises Fallback."""
        return [self._broken(number, *one) for number, one in enumerate(zip(texts, rooms, strict=True))]

    def _measured(self, number: int, rows: Rows) -> tuple[int, int]:
        known = self._known[number]
        found = known.get((rows, 0.0))
        if found is None:
            pairs = [words(faces, texts) for faces, texts in zip(self.faces[number], rows, strict=True)]
            found = max(width for width, _ in pairs), max(longest for _, longest in pairs)
            self._keep(number, (rows, 0.0), found)
        return found

    def _broken(self, number: int, rows: Rows, room: float) -> tuple[Line, ...]:
        lines = self._known[number].get((rows, room))
        if lines is None:
            made: list[Line] = []
            before = 0  # runs of the rows above
            for faces, texts in zip(self.faces[number], rows, strict=True):
                row = broken(faces, texts, room, wraps=self.paragraphs[number].wraps)
                made += [tuple((run + before, text) for run, text in line) for line in row]
                before += len(texts)
            lines = tuple(made)
            self._keep(number, (rows, room), lines)
        return lines

    def _keep(self, number: int, key: tuple[Rows, float], found: Any) -> None:
        if len(self._known[number]) >= KEPT:
            self._known[number].clear()
        self._known[number][key] = found

    def shape(self, lines: Set) -> tuple[object, ...]:
        """What of the lines decides where everything on the pages stands."""
        return tuple(
            len(found) if one.even else tuple(tuple(run for run, _ in line) for line in found)
            for one, found in zip(self.paragraphs, lines, strict=True)
        )


def _pieces(text: str) -> Pieces:
    found = [ord(piece) - 0xF0000 if has_field(piece) else piece for piece in _FIELD.split(text) if piece]
    return found[0] if len(found) == 1 and isinstance(found[0], int) else tuple(found)


def _joined(pieces: Sequence[str | int], values: Sequence[str]) -> str:
    return "".join([piece if isinstance(piece, str) else values[piece] for piece in pieces])


def require_plain(values: Sequence[str]) -> None:
    """Raises Fallback for a text whose spaces HTML would change."""
    for value in values:
        if value != " ".join(value.split()) or not value.isprintable():
            raise Fallback("a value with unusual spaces")
