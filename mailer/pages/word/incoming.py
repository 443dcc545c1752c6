"""A Word document as our Markdown: headings, lists, tables, pictures with captions, bold, italics, footnotes.

mammoth reads the document (python-docx knows neither footnotes nor which paragraphs are a list); this writes
its HTML as Markdown in which nothing is markup that was none. A section of an issue has one headline, and
may have a subtitle and a byline below it. Pure but for mammoth.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final

import mammoth
from lxml import html as markup
from lxml.html import HtmlElement

from mailer.errors import MailerError, in_words
from mailer.pages.photographs import pixels_of, upright
from mailer.pages.valuemarks import allowed_link
from mailer.pages.word.docxfile import check_docx
from mailer.pages.word.sectionfront import section_front

STYLES: Final = """
p[style-name='Caption'] => p.caption:fresh
p[style-name='caption'] => p.caption:fresh
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p.standfirst:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
comment-reference => !
"""
MOST_CELLS: Final = 10_000  # of a table, the empty ones that make it square with them
MOST_PIXELS: Final = 500_000_000  # of all pictures
_SIGNS: Final = re.compile(r"([\\`*_\[\]#|])")
_LEADING: Final = re.compile(r"^(\d+)([.)])(?=\s)|^([-+>])(?=\s)|^(=+|-+)$")
_STYLE: Final = re.compile(r"Unrecognised paragraph style: (?:None|'?([^'(]+?)'?) \(Style ID: ([^)]*)\)")
_FIGURE: Final = re.compile(r"((?:Figure|Fig\.|Picture|Photo|Image) \d+)")
_NUMBERED: Final = re.compile(rf"{_FIGURE.pattern} ?[:.\u2013\u2014-]? ?(?=\S)")
_SUPERIOR: Final = str.maketrans("123", "\u00b9\u00b2\u00b3")
"""What every typeface has: where a text has more notes than these, their numbers stand in brackets."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """The Markdown, its pictures by name, and what was lost, for a person."""

    text: str
    pictures: dict[str, bytes]
    lost: tuple[str, ...]


def markdown_of(content: bytes, *, stem: str, where: str, is_section: bool = False) -> Incoming:
    """The document as Markdown; its pictures are called `stem`-1 and so on. Raises MailerError.

    As a section of an issue its first heading is the headline and all others are sub-headings; what stands
    below it as a subtitle, or as "By" and a name, comes before the text.
    """
    checked = check_docx(content, where=where)
    pictures = _Pictures(stem, where)
    try:
        made = mammoth.convert_to_html(
            BytesIO(checked.content),
            style_map=STYLES,
            convert_image=mammoth.images.img_element(pictures.take),
            external_file_access=False,
        )
    except MailerError:
        raise
    except Exception as error:  # noqa: BLE001 (mammoth tells faults of a file by many kinds of error)
        raise MailerError(
            f"is damaged, or no document of Word's ({in_words(error)}).",
            where=where,
            todo="Save it in Word anew. Nothing was written.",
        ) from None
    root = markup.fragment_fromstring(made.value, create_parent="div")
    _unnumber(root)
    _sign_notes(root)
    front = section_front(root) if is_section else ""
    try:
        text = "\n\n".join(part for part in _blocks(root) if part.strip())
    except _TooWide as error:
        raise MailerError(f"{error}.", where=where, todo="Make it several. Nothing was written.") from None
    if not text.strip():
        raise MailerError("holds no text.", where=where, todo="Nothing was written.")
    styles = {found[1] or found[2] for message in made.messages if (found := _STYLE.search(message.message))}
    lost = [*checked.lost, *pictures.lost]
    lost += [f"the look of the style “{style}”: kept as plain text" for style in sorted(styles)]
    return Incoming(f"{front}{text}\n", pictures.made, tuple(lost))


def _unnumber(root: HtmlElement) -> None:
    """A caption's "Figure 1:" goes where no word of the text speaks of Figure 1."""
    said = Counter(_FIGURE.findall(" ".join(root.text_content().split())))
    for caption in root.xpath(".//p[@class='caption']"):
        words = " ".join(caption.text_content().split())
        found = _NUMBERED.match(words)
        if found and said[found[1]] == 1:
            kept = words[found.end() :]
            caption.clear()
            caption.set("class", "caption")
            caption.text = kept


class _TooWide(ValueError):
    """A table that no page holds."""


@dataclass(slots=True)
class _Pictures:
    """The pictures as they are met: turned upright, without what a camera writes into them. One that stands
    there twice is one file.
    """

    stem: str
    where: str
    made: dict[str, bytes] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    names: dict[bytes, str] = field(default_factory=dict)  # by the picture as it was; "" for one left out
    pixels: int = 0

    def take(self, picture: Any) -> dict[str, str]:
        with picture.open() as file:
            data = file.read()
        if data not in self.names:
            self.names[data] = self._name(data)
        return {"src": self.names[data]}

    def _name(self, data: bytes) -> str:
        """Of its file, "" where it is left out."""
        try:
            self.pixels += pixels_of(data)
            kind, kept = upright(data) if self.pixels <= MOST_PIXELS else ("", b"")
        except ValueError as error:
            self.lost.append(f"a picture that {error}: left out")
            return ""
        if not kind:
            self.lost.append(f"a picture after {MOST_PIXELS // 1_000_000} megapixels of others: left out")
            return ""
        name = f"{self.stem}-{len(self.made) + 1}.{kind}"
        self.made[name] = kept
        return name


def _blocks(parent: HtmlElement) -> Iterator[str]:
    children = list(parent)
    for number, element in enumerate(children):
        after = children[number + 1] if number + 1 < len(children) else None
        match element.tag:
            case "p" if element.get("class") == "caption":
                before = children[number - 1] if number else None
                if before is None or before.find(".//img") is None:
                    yield f"*{_inline(element).strip()}*"
            case "p":
                caption = after if after is not None and after.get("class") == "caption" else None
                yield from _paragraph(element, caption)
            case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                yield f"{'##' if element.tag == 'h1' else '###'} {_inline(element).strip()}"
            case "ul" | "ol":
                yield "\n".join(_items(element)) if not _is_notes(element) else "\n".join(_notes(element))
            case "blockquote":
                yield "\n>\n".join(f"> {line}" for block in _blocks(element) for line in block.splitlines())
            case "table":
                yield "\n".join(_rows(element))
            case _:
                yield from _blocks(element)


def _paragraph(element: HtmlElement, caption: HtmlElement | None) -> Iterator[str]:
    text = _inline(element).strip()
    if text:
        yield _LEADING.sub(lambda found: "\\" + found[0] if not found[1] else f"{found[1]}\\{found[2]}", text)
    words = " ".join(caption.text_content().split()).replace('"', "”") if caption is not None else ""
    for picture in element.iter("img"):
        if picture.get("src"):
            alt = _escaped(" ".join((picture.get("alt") or words or "").split()))
            title = f' "{_escaped(words)}"' if words else ""
            yield f"![{alt}]({picture.get('src')}{title})"


def _items(parent: HtmlElement, indent: str = "") -> Iterator[str]:
    for number, item in enumerate(parent.iterchildren("li"), 1):
        sign = f"{number}. " if parent.tag == "ol" else "- "
        inner = [child for child in item if child.tag in ("ul", "ol")]
        for child in inner:
            item.remove(child)
        yield f"{indent}{sign}{_inline(item).strip()}"
        for child in inner:
            yield from _items(child, indent + " " * len(sign))


def _sign_notes(root: HtmlElement) -> None:
    """Where a footnote is named, and in its place at the end, stands its number as a sign."""
    notes = root.xpath(".//li[starts-with(@id, 'footnote-')]")
    for sup in root.xpath(".//sup[.//a[starts-with(@href, '#footnote-')]]"):
        number = sup.text_content().strip("[]")
        sup.clear(keep_tail=True)
        sup.text = _superior(number, len(notes))


def _superior(number: str, notes: int) -> str:
    """A note's number as its sign in a text of so many."""
    return number.translate(_SUPERIOR) if notes <= 3 else f"[{number}]"


def _is_notes(element: HtmlElement) -> bool:
    return any((item.get("id") or "").startswith("footnote-") for item in element.iterchildren("li"))


def _notes(element: HtmlElement) -> Iterator[str]:
    """Footnotes stand at the end in a box of their own, under their numbers."""
    items = list(element.iterchildren("li"))
    notes = []
    for number, item in enumerate(items, 1):
        for back in item.xpath(".//a[starts-with(@href, '#footnote-ref')]"):
            back.drop_tree()
        notes.append(f"{_escaped(_superior(str(number), len(items)))} {_inline(item).strip()}")
    yield "::: notes"
    yield "\n\n".join(notes)
    yield ":::"


def _rows(table: HtmlElement) -> Iterator[str]:
    rows = [[_inline(cell).strip().replace("\n", " ") for cell in row if cell.tag in ("td", "th")]
            for row in table.iter("tr") if next(row.iterancestors("table")) is table]  # fmt: skip
    width = max((len(row) for row in rows), default=0)
    if width * len(rows) > MOST_CELLS:
        raise _TooWide(f"holds a table of {len(rows):,} rows and {width:,} columns")
    for number, row in enumerate(rows):
        yield f"| {' | '.join([*row, *[''] * (width - len(row))])} |"
        if number == 0:
            yield f"|{'---|' * width}"


def _inline(element: HtmlElement) -> str:
    parts = [_escaped(element.text or "")]
    for child in element:
        inner = "" if child.tag == "img" else _inline(child)
        match child.tag:
            case "strong" | "b":
                parts.append(_around(inner, "**"))
            case "em" | "i":
                parts.append(_around(inner, "*"))
            case "br":
                parts.append("\\\n")
            case "a" if (target := child.get("href") or "") and allowed_link(target):
                parts.append(f"[{inner}](<{target}>)")
            case "p":
                parts.append(f"{inner} ")
            case _:
                parts.append(inner)
        parts.append(_escaped(child.tail or ""))
    return "".join(parts)


def _around(text: str, sign: str) -> str:
    """A sign stands at a word, not at the blank beside it."""
    words = text.strip()
    if not words:
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}{sign}{words}{sign}{after}"


def _escaped(text: str) -> str:
    """Text in which nothing is Markdown, HTML or a field."""
    signs = _SIGNS.sub(r"\\\1", text.replace("\xa0", " "))
    return signs.replace("&", "&amp;").replace("<", "&lt;").replace("{", "&#123;").replace("}", "&#125;")
