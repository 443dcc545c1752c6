"""Marks: how a value travels through Markdown without ever being read as Markdown or HTML.

Each printed value is one private-use character (plane 15, U+F0000 plus its index) while Markdown
runs; afterwards the mark becomes the value's escaped text. One pass: a value that holds such a
character itself is never looked at again. Pure; no files.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from html import escape, unescape
from typing import Final
from urllib.parse import quote

from mailer.campaign.fields import LinesField, TableField

Value = str | TableField | LinesField

FIRST: Final = 0xF0000
MOST: Final = 0xFFFD  # values in one document: the private-use characters of plane 15
SCHEMES: Final = ("http:", "https:", "mailto:", "tel:")

_MARK: Final = re.compile("([\U000f0000-\U000ffffd])")
_TAG: Final = re.compile(r"(<[^>]*>)")
_ATTRIBUTE: Final = re.compile(r'([a-z-]+)="([^"]*)"')
_ALONE: Final = re.compile("<p>([\U000f0000-\U000ffffd])</p>")
_INLINE: Final = re.compile(r"</?(?:a|em|strong|code|img)\b[^>]*>")
_QUOTES: Final = (("\u2018", "'"), ("\u2019", "'"), ("\u201c", '"'), ("\u201d", '"'))


class Misplaced(ValueError):
    """A value stands where its kind cannot: `index` says which, the message why."""

    def __init__(self, index: int, reason: str) -> None:
        super().__init__(reason)
        self.index = index


@dataclass(frozen=True, slots=True)
class Slot:
    """Where one value goes: in text, alone in a paragraph, or in an attribute."""

    index: int
    alone: bool = False
    attribute: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A whole link target with values in it; it is checked once they are known."""

    parts: tuple[str | Slot, ...]


Part = str | Slot | Link


def mark(index: int) -> str:
    """The character that stands for value number `index`, from 0."""
    return chr(FIRST + index)


def has_mark(text: str) -> bool:
    return _MARK.search(text) is not None


def allowed_link(target: str) -> bool:
    """Whether a link may point there: the web, mail and the telephone, nothing else."""
    return target.lower().startswith(SCHEMES)


def split(html: str) -> tuple[Part, ...]:
    """`html` (escaped, attributes in double quotes) cut at its marks."""
    parts: list[Part] = []
    position = 0
    for alone in _ALONE.finditer(html):
        parts += _split_tags(html[position : alone.start()])
        parts.append(Slot(_index(alone[1]), alone=True))
        position = alone.end()
    parts += _split_tags(html[position:])
    return tuple(_joined(parts))


def fill(parts: Sequence[Part], values: Sequence[Value]) -> str:
    """The HTML with every value in place. Raises Misplaced."""
    return "".join(
        part
        if isinstance(part, str)
        else _slot(part, values)
        if isinstance(part, Slot)
        else _link(part, values)
        for part in parts
    )


def marked(
    parts: Sequence[Part], values: Sequence[Value], own: Collection[int]
) -> tuple[str, tuple[str, ...]]:
    """The HTML with marks left for the values that are the recipient's `own`, and these in order.

    A table leaves a mark a cell. A value in an attribute, or of several lines, is filled in all the same.
    """
    texts: list[str] = []

    def left(text: str) -> str:
        texts.append(text)
        return mark(len(texts) - 1)

    held = list(values)
    for slot in parts:
        if not isinstance(slot, Slot) or slot.attribute or slot.index not in own:
            continue
        match held[slot.index]:
            case str() as text:
                held[slot.index] = left(text)
            case TableField() as table:
                rows = tuple(tuple(left(cell) if cell else cell for cell in row) for row in table.rows)
                held[slot.index] = TableField(table.header, rows, table.numeric)
            case LinesField():
                pass
    return fill(parts, held), tuple(texts)


def whole(html: str, texts: Sequence[str]) -> str:
    """The HTML that `marked` made, each of its marks the text again."""
    return _MARK.sub(lambda found: escape(texts[_index(found[1])]), html)


def unmarked(html: str) -> str:
    """The HTML with nothing in the place of its marks."""
    return _MARK.sub("", html)


def plain(html: str) -> str:
    """What a reader of the finished HTML reads, normalised; cells and blocks apart by a space."""
    return normalise(unescape(_TAG.sub(" ", _INLINE.sub("", html))))


def normalise(text: str) -> str:
    """White space collapsed to single spaces and typographic quotes made straight, for comparing."""
    for typographic, straight in _QUOTES:  # str.translate takes eight times as long
        text = text.replace(typographic, straight)
    return " ".join(text.split())


def _index(character: str) -> int:
    return ord(character) - FIRST


def _split_tags(html: str) -> list[Part]:
    parts: list[Part] = []
    for number, piece in enumerate(_TAG.split(html)):
        if number % 2 == 0:
            parts += _split_text(piece, attribute=False)
        elif has_mark(piece):
            parts += _split_attributes(piece)
        else:
            parts.append(piece)
    return parts


def _split_attributes(tag: str) -> list[Part]:
    parts: list[Part] = []
    position = 0
    for match in _ATTRIBUTE.finditer(tag):
        parts.append(tag[position : match.start(2)])
        inside = _split_text(match[2], attribute=True)
        if match[1] == "href" and has_mark(match[2]):
            parts.append(Link(tuple(part for part in inside if not isinstance(part, Link))))
        else:
            parts += inside
        position = match.end(2)
    parts.append(tag[position:])
    return parts


def _split_text(text: str, *, attribute: bool) -> list[Part]:
    return [
        Slot(_index(piece), attribute=attribute) if number % 2 else piece
        for number, piece in enumerate(_MARK.split(text))
    ]


def _joined(parts: Sequence[Part]) -> list[Part]:
    joined: list[Part] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        elif part != "":
            joined.append(part)
    return joined


def _slot(slot: Slot, values: Sequence[Value]) -> str:
    value = values[slot.index]
    if isinstance(value, str):
        text = escape(value)
        return f"<p>{text}</p>" if slot.alone else text
    if slot.attribute:
        raise Misplaced(slot.index, "is a table or several lines and cannot be part of a link or picture")
    if isinstance(value, LinesField):
        lines = "<br>".join(escape(line) for line in value.lines)
        return f'<p class="lines">{lines}</p>' if slot.alone else lines
    if not slot.alone:
        raise Misplaced(slot.index, "is a table and must stand alone, with an empty line before and after it")
    return _table(value)


def _table(table: TableField) -> str:
    classes = ["<{}>" if not numeric else '<{} class="n">' for numeric in table.numeric]
    head = _row("th", classes, table.header)
    body = "".join(_row("td", classes, row) for row in table.rows)
    return f'<table class="data"><thead>{head}</thead><tbody>{body}</tbody></table>'


def _row(cell: str, opens: Sequence[str], texts: Sequence[str]) -> str:
    cells = (
        f"{opening.format(cell)}{escape(text)}</{cell}>" for opening, text in zip(opens, texts, strict=True)
    )
    return f"<tr>{''.join(cells)}</tr>"


def _link(link: Link, values: Sequence[Value]) -> str:
    """A link's target; a value is quoted unless it is the beginning, where it may be a whole address."""
    target = ""
    last = 0
    for part in link.parts:
        if isinstance(part, str):
            target += unescape(part)
            continue
        value = values[part.index]
        last = part.index
        if not isinstance(value, str):
            raise Misplaced(part.index, "is a table or several lines and cannot be part of a link")
        target += quote(value, safe="/:?#[]@!$&'()*+,;=~%-._" if not target else "@.-_~+")
    if not allowed_link(target):
        raise Misplaced(last, f"makes a link to {target!r}; a link goes to http, https, mailto or tel")
    return escape(target)
