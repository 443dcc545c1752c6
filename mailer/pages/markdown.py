"""Markdown as the product writes it: CommonMark with tables and typographic quotes, no raw HTML.

Links go to the web, mail and the telephone; pictures come from the campaign's own folder. What
this returns is cut at its marks (`marks`), ready to be filled with values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import segno
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin

from mailer.pages.valuemarks import Part, allowed_link, has_mark, split

PICTURES: Final = (".png", ".jpg", ".jpeg", ".svg")
MOST_SIGNS: Final = 3_000
"""Of `[`, `*` and `_` in a paragraph: the parser looks back over all of them at each, and so takes the square
of their number, which is a tenth of a second for these and minutes for 40,000.
"""
MOST_LONG: Final = 5_000  # letters in long words of a paragraph
_LONG_WORD: Final = re.compile(r"[^ \t\r\n]{50,}")  # a hard blank is none where a line ends
LONGEST_TARGET: Final = 100  # characters of a coupon's address: a code that a telephone reads at an inch
MOST_COLUMNS: Final = 30  # of a table: a page has no room for more, and each is measured against the others
MOST_LINES: Final = 1_500  # that are not blank, which is fifty pages of the shortest
LONGEST_PARAGRAPH: Final = 20_000  # characters, which six pages hold; to break its lines takes the square
_SIZE: Final = re.compile(r"\{(?:(?P<name>full|half|portrait)|width=(?P<width>[1-9][0-9]?|100)%)\}")
_WORDLESS: Final = "shows the picture {!r} without words for it; write ![what it shows](…)"
BOXES: Final = ("sidebar", "coupon", "notes")
"""What stands between `::: sidebar`, `::: notes` or `::: coupon https://…` and `:::` is set in a box."""
JUMP: Final = "{jump}"
"""Alone in a paragraph of a newsletter's section: what follows stands on a later page."""
JUMP_MARK: Final = '<div class="jump"></div>'
KEPT: Final = 1024  # skeletons; a campaign has some dozens


class Unfit(ValueError):
    """A link or picture that a document may not have; the message says why."""


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A document's HTML but for its values. `images` are the files it shows."""

    parts: tuple[Part, ...]
    images: tuple[Path, ...]


class _Markdown(MarkdownIt):
    """Link targets are kept as they are and judged by `_checked`, so that none vanishes silently."""

    def validateLink(self, url: str) -> bool:  # noqa: N802, ARG002 - the library's name
        return True

    def normalizeLink(self, url: str) -> str:  # noqa: N802
        return url


def _parser() -> _Markdown:
    """Quotes become typographic; dashes, dots and signs stay, so that no amount or date changes."""
    parser = _Markdown("commonmark", {"html": False, "typographer": True})
    parser.enable(["table", "smartquotes"])
    for name in BOXES:
        container_plugin(parser, name)
    return parser


_RULED: Final = re.compile(r"^[ \t]*\|?[ \t]*:?-+:?[ \t]*\|[-:| \t]*$", re.MULTILINE)
"""The line below a table's head."""
_PARSER: Final = _parser()


@lru_cache(maxsize=KEPT)
def skeleton(text: str, folder: Path | None) -> Skeleton:
    """The marked Markdown `text` as a skeleton. Raises Unfit."""
    for _, why in (*crowded(text), *endless(text)):
        raise Unfit(why)
    tokens = _PARSER.parse(text)
    images: list[Path] = []
    for token in _all(tokens):
        match token.type:
            case "link_open":
                _check_link(str(token.attrs.get("href", "")))
            case "image":
                if not token.content.strip():
                    raise Unfit(_WORDLESS.format(token.attrs.get("src", "")))
                path = _picture(str(token.attrs.get("src", "")), folder)
                token.attrs["src"] = path.as_uri()
                images.append(path)
            case "table_open":
                token.attrs["class"] = "data"
            case "th_open" | "td_open":
                _align(token)
            case "fence":
                token.info = ""
            case "container_sidebar_open" | "container_coupon_open" | "container_notes_open":
                _box(token)
    _figures(tokens)
    html = _PARSER.renderer.render(tokens, _PARSER.options, {})
    return Skeleton(split(html), tuple(images))


def crowded(text: str) -> Iterator[tuple[int, str]]:
    """Line and reason of each paragraph of `text` that takes too long to read, or to lay out."""
    lines = 0
    for line, paragraph in _paragraphs(text):
        columns = max((len(one[0].strip("| \t").split("|")) for one in _RULED.finditer(paragraph)), default=0)
        before, lines = lines, lines + paragraph.count("\n") + 1
        if columns > MOST_COLUMNS:
            yield line, f"has a table of {columns:,} columns; a table has at most {MOST_COLUMNS}"
        elif before <= MOST_LINES < lines:
            yield line, f"is beyond the {MOST_LINES:,}th line; a document has no more than so many"
        signs, length = sum(map(paragraph.count, "[*_")), len(paragraph)
        if signs > MOST_SIGNS:
            yield line, f"holds {signs:,} of the signs [ * _; a paragraph holds at most {MOST_SIGNS:,}"
        elif length > LONGEST_PARAGRAPH:
            yield line, f"has {length:,} characters; a paragraph has at most {LONGEST_PARAGRAPH:,}"


def endless(text: str) -> Iterator[tuple[int, str]]:
    """Line and reason of each paragraph that the renderer would take too long to break: it lays out what is
    left of one for every line, as far as it finds no blank.
    """
    for line, paragraph in _paragraphs(text):
        letters = sum(map(len, _LONG_WORD.findall(paragraph)))
        if letters > MOST_LONG:
            yield line, f"holds {letters:,} letters without a blank; a paragraph holds at most {MOST_LONG:,}"


def _paragraphs(text: str) -> Iterator[tuple[int, str]]:
    """Each run of lines that are not blank, with the number of its first."""
    first, lines = 1, list[str]()
    for number, line in enumerate((*text.split("\n"), ""), 1):
        if line.strip(" \t\r"):
            first = first if lines else number
            lines.append(line)
        elif lines:
            yield first, "\n".join(lines)
            lines = []


def _all(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        if token.children:
            yield from _all(token.children)


def _figures(tokens: Sequence[Token]) -> None:
    """A picture alone in a paragraph is a figure: its title the caption, {half} and the like its size. A jump
    mark is a place.
    """
    for before, inline, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if before.type == "paragraph_open" and inline.content.strip() == JUMP:
            before.hidden = after.hidden = True
            inline.type, inline.content, inline.children = "html_block", JUMP_MARK, None
            continue
        children = [child for child in inline.children or () if child.type != "softbreak"]
        if before.type != "paragraph_open" or not children or children[0].type != "image":
            continue
        words = "".join(child.content for child in children[1:])
        size = _SIZE.fullmatch(words)
        if len(children) > 2 or (words and size is None):
            continue
        picture = children[0]
        caption = str(picture.attrs.pop("title", ""))
        before.tag = after.tag = "figure"
        if size and size["name"]:
            before.attrs["class"] = size["name"]
        elif size:
            before.attrs["style"] = f"width: {size['width']}%"
        inline.children = [picture]
        if caption:
            text = Token("html_inline", "", 0, content=f"<figcaption>{escape(caption)}</figcaption>")
            inline.children.append(text)


def _box(token: Token) -> None:
    """The tag of a box; a coupon begins with its address as a QR code (ISO/IEC 18004), and in words."""
    name, _, rest = token.info.strip().partition(" ")
    target = rest.strip()
    if name != "coupon" and target:
        raise Unfit(f"has {target!r} beside `::: {name}`; what the box says stands below it")
    token.type, token.hidden, token.nesting = "html_block", False, 0
    token.content = f'<div class="{name}">'
    if name == "coupon":
        if has_mark(target) or not target.lower().startswith("https://") or len(target) > LONGEST_TARGET:
            raise Unfit(
                f"has a coupon for {target!r}; write its address after it, as in `::: coupon https://…`, "
                f"at most {LONGEST_TARGET} characters"
            )
        words = target.removeprefix("https://")
        code = segno.make(target, error="m", micro=False)
        drawn = code.svg_inline(omitsize=True, border=0, title=f"A code that leads to {words}")
        token.content += f'<div class="code">{drawn}<p>{_breakable(words)}</p></div>'


def _breakable(address: str) -> str:
    """An address that ends its lines before a dot or after a stroke."""
    return escape(address).replace(".", "<wbr>.").replace("/", "/<wbr>")


def _align(token: Token) -> None:
    style = str(token.attrs.pop("style", ""))
    if "right" in style:
        token.attrs["class"] = "n"
    elif "center" in style:
        token.attrs["class"] = "c"


def _check_link(target: str) -> None:
    if not has_mark(target) and not allowed_link(target):
        raise Unfit(f"has a link to {target!r}; a link goes to http, https, mailto or tel")


def _picture(source: str, folder: Path | None) -> Path:
    if has_mark(source):
        raise Unfit("names a picture by a field; write the file's name")
    if folder is None:
        raise Unfit(f"shows the picture {source!r}; this document has no pictures")
    root = folder.resolve()
    try:
        path = (root / unquote(source)).resolve()
        is_file = path.is_file()
    except (OSError, ValueError, RuntimeError):  # a name too long, NUL, links in a circle
        raise Unfit(f"shows the picture {source[:60]!r}, which can't be a file") from None
    if ":" in source or not path.is_relative_to(root):
        raise Unfit(f"shows the picture {source!r}, which is not in the campaign's folder")
    if path.suffix.lower() not in PICTURES:
        raise Unfit(f"shows the picture {source!r}; a picture is one of {', '.join(PICTURES)}")
    if not is_file:
        raise Unfit(f"shows the picture {source!r}, which does not exist")
    return path
