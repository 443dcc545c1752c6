"""Composed HTML as blocks: what Word knows of a text. Pure.

It reads what our own Markdown made and nothing else (`pages.markdown`, `pages.valuemarks`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from lxml import html as markup
from lxml.html import HtmlElement

HEADINGS: Final = {f"h{level}": min(level, 3) for level in range(1, 7)}


@dataclass(frozen=True, slots=True)
class WordRun:
    """Text of one kind; "\\n" in it is a line's end."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A paragraph. `level` is a heading's, from 1, or a list's depth; `begins` a numbered list anew."""

    kind: str  # "text", "heading", "bullet", "number", "quote", "lines"
    runs: tuple[WordRun, ...]
    level: int = 0
    begins: bool = False

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table; its first row is the head. `numeric` says which columns stand right."""

    rows: tuple[tuple[tuple[WordRun, ...], ...], ...]
    numeric: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class PictureBlock:
    path: Path
    alt: str


Block = TextBlock | TableBlock | PictureBlock


def blocks(html: str) -> list[Block]:
    """The blocks of a `Composed.html`, in order."""
    root = markup.fragment_fromstring(html, create_parent="div")
    return list(_blocks(root))


def _blocks(parent: HtmlElement) -> Iterator[Block]:
    for element in parent:
        match element.tag:
            case "p":
                yield from _paragraph(element, "lines" if element.get("class") == "lines" else "text")
            case "ul" | "ol":
                yield from _items(element, 1)
            case "blockquote":
                for inner in _blocks(element):
                    yield replace(inner, kind="quote") if isinstance(inner, TextBlock) else inner
            case "table":
                yield _table(element)
            case "pre":
                yield TextBlock("lines", _trimmed(_runs(element, WordRun(""))))
            case "hr":
                continue
            case tag if tag in HEADINGS:
                yield TextBlock("heading", _trimmed(_runs(element, WordRun(""))), HEADINGS[tag])
            case _:
                yield from _blocks(element)


def _paragraph(element: HtmlElement, kind: str, level: int = 0, *, begins: bool = False) -> Iterator[Block]:
    """A paragraph and the pictures in it."""
    runs = _trimmed(_runs(element, WordRun("")))
    if "".join(run.text for run in runs).strip():
        yield TextBlock(kind, runs, level, begins)
    for picture in element.iter("img"):
        yield PictureBlock(Path(unquote(urlsplit(picture.get("src", "")).path)), picture.get("alt", ""))


def _items(parent: HtmlElement, depth: int) -> Iterator[Block]:
    kind = "number" if parent.tag == "ol" else "bullet"
    for number, item in enumerate(parent.iterchildren("li")):
        first = number == 0
        inner = [child for child in item if child.tag in ("p", "ul", "ol", "blockquote", "table")]
        if not any(child.tag == "p" for child in inner):
            yield from _paragraph(_inline(item), kind, depth, begins=first)
        paragraphs = 0
        for child in inner:
            if child.tag == "p":
                yield from _paragraph(child, kind if not paragraphs else "text", depth, begins=first)
                paragraphs += 1
            elif child.tag in ("ul", "ol"):
                yield from _items(child, depth + 1)
            else:
                yield from _blocks(child)


def _inline(item: HtmlElement) -> HtmlElement:
    """A tight list item without what stands in it as blocks."""
    copy = markup.fromstring(markup.tostring(item, encoding="unicode", with_tail=False))
    for child in list(copy):
        if child.tag in ("ul", "ol", "blockquote", "table"):
            child.drop_tree()
    return copy


def _table(element: HtmlElement) -> TableBlock:
    rows = [[cell for cell in row if cell.tag in ("th", "td")] for row in element.iter("tr")]
    numeric = tuple(cell.get("class") == "n" for cell in rows[0]) if rows else ()
    return TableBlock(
        tuple(tuple(_trimmed(_runs(cell, WordRun(""))) for cell in row) for row in rows), numeric
    )


def _runs(element: HtmlElement, style: WordRun) -> Iterator[WordRun]:
    if element.text:
        yield replace(style, text=element.text)
    for child in element:
        match child.tag:
            case "br":
                yield replace(style, text="\n")
            case "strong":
                yield from _runs(child, replace(style, bold=True))
            case "em":
                yield from _runs(child, replace(style, italic=True))
            case "img":
                pass
            case _:
                yield from _runs(child, style)
        if child.tail:
            yield replace(style, text=child.tail)


def _trimmed(runs: Iterator[WordRun]) -> tuple[WordRun, ...]:
    """White space as a reader sees it: a source's line end is a blank, a `br` a new line."""
    made: list[WordRun] = []
    for run in runs:
        text = run.text if run.text == "\n" else " ".join(run.text.replace("\n", " ").split(" "))
        if made and made[-1].text.endswith("\n"):
            text = text.lstrip(" ") if text != "\n" else text
        if made and (made[-1].bold, made[-1].italic) == (run.bold, run.italic):
            made[-1] = replace(run, text=made[-1].text + text)
        elif text:
            made.append(replace(run, text=text))
    return _stripped(made)


def _stripped(runs: Sequence[WordRun]) -> tuple[WordRun, ...]:
    made = list(runs)
    if made:
        made[0] = replace(made[0], text=made[0].text.lstrip())
        made[-1] = replace(made[-1], text=made[-1].text.rstrip())
    return tuple(run for run in made if run.text)
