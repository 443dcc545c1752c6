"""Composed HTML as plain text with its paragraphs and lists, for terminal, archive and e-mail. Pure."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Final

_BLOCKS: Final = frozenset({"p", "h1", "h2", "h3", "ul", "ol", "table", "blockquote", "div", "section"})


class _Reader(HTMLParser):
    """Blocks apart by an empty line, items under one another, cells of a row after one another."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._numbers: list[int | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        match tag:
            case "ul" | "ol":
                self._numbers.append(0 if tag == "ol" else None)
            case "li":
                last = self._numbers[-1] if self._numbers else None
                if last is not None:
                    self._numbers[-1] = last + 1
                self.parts.append("\n- " if last is None else f"\n{last + 1}. ")
                return
            case "br" | "tr":
                self.parts.append("\n")
        if tag in _BLOCKS and not self._in_item():
            self.parts.append("\n\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ul", "ol"):
            self._numbers.pop()
        if tag in ("td", "th"):
            self.parts.append(" | ")
        if tag in _BLOCKS and not self._in_item():
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(" ".join(data.split("\n")) if data.strip() else " " if data else "")

    def _in_item(self) -> bool:
        return bool(self._numbers)


def readable(html: str) -> str:
    """The text of `html`, a paragraph a line, an empty line between paragraphs."""
    reader = _Reader()
    reader.feed(html)
    lines = [" ".join(line.split()).removesuffix(" |") for line in "".join(reader.parts).split("\n")]
    text = "\n".join(lines)
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text.strip() + "\n"
