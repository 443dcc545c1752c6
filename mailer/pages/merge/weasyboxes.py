"""WeasyPrint's boxes before layout and after it, and its painting, with lines of fields put aside.

With `weasyfaces` the only contact with WeasyPrint's private parts; which versions it was proved on is said
there. Lengths are CSS pixels, 96 to the inch, y downward.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import pydyf
import weasyprint.document
import weasyprint.draw
import weasyprint.pdf
from weasyprint.formatting_structure import boxes
from weasyprint.text.line_break import strut

from mailer.pages.merge.outcome import Unsupported
from mailer.pages.merge.weasyfaces import SetFont, instead

_WORDING: Final[dict[str, tuple[object, ...]]] = {
    "text_transform": ("none",),
    "visibility": ("visible",),
    "word_break": ("normal",),
    "hyphens": ("manual", "none"),
    "direction": ("ltr",),
    "letter_spacing": ("normal", 0),
    "word_spacing": (0,),
    "font_language_override": ("normal",),
    "vertical_align": ("baseline", 0),
    "text_decoration_line": ("none", frozenset()),
    "white_space": ("normal", "nowrap"),
    "overflow_wrap": ("normal", "break-word", "anywhere"),
}
"""What the style of text must say for the engine to set it."""

_ALIGNED: Final = {"start": 0.0, "left": 0.0, "center": 0.5, "right": 1.0, "end": 1.0}
_FACE: Final = (
    "font_family", "font_style", "font_stretch", "font_weight", "font_size", "font_kerning",
    "font_variant_ligatures", "font_variant_position", "font_variant_caps", "font_variant_numeric",
    "font_variant_alternates", "font_variant_east_asian", "font_feature_settings", "font_variation_settings",
    "lang",
)  # fmt: skip
_SIZED: Final = (
    "padding_left", "padding_right", "border_left_width", "border_right_width", "width", "white_space",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one face, with a private-use character for each field."""

    face: SetFont
    text: str


@dataclass(frozen=True, slots=True)
class FieldParagraph:
    """Lines of text that hold fields: their `rows` are apart by forced breaks.

    `place` is the element's number in the document. The widest of those with the same `column` decides the
    width of a table's column; () is in no such table. Where the fonts of a line differ in height, it is not
    `even`.
    """

    place: int
    rows: tuple[tuple[Run, ...], ...]
    align: float
    wraps: bool
    column: tuple[object, ...]
    even: bool


@dataclass(frozen=True, slots=True)
class PaintedLine:
    """A line of a paragraph where WeasyPrint put it, and what it wrote for each text on it.

    `left` and `room` are the edge and the width of its box, `baseline` is from the page's top.
    """

    page: int
    left: float
    room: float
    baseline: float
    operators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Painted:
    """A letter as WeasyPrint sets it. `pdf` has everything but the lines of its paragraphs, and no fonts."""

    pdf: bytes = field(repr=False)
    sizes: tuple[tuple[float, float], ...]
    lines: dict[int, tuple[PaintedLine, ...]]


class Captured(Exception):
    """The boxes before layout."""


@contextmanager
def stopped_before_layout(found: list[Any]) -> Iterator[None]:
    """Within it a rendering ends as soon as the boxes are built, and leaves (root element, root box)."""

    def stop(element: Any, *rest: Any, **named: Any) -> None:
        found.append((element, build(element, *rest, **named)))
        raise Captured

    with instead(weasyprint.document, "build_formatting_structure", stop) as build:
        try:
            yield
        except Captured:
            return


def paragraphs(root: Any, box: Any, fonts: dict[int, Any], faces: dict[str, SetFont]) -> list[FieldParagraph]:
    """The paragraphs under `box` that hold marks. Raises Unsupported."""
    places = {element: number for number, element in enumerate(root.iter())}
    blocks = list(_blocks(box, []))
    owners = [block.element for block, _ in blocks]
    found = []
    for block, above in blocks:
        (line,) = block.children if len(block.children) == 1 else (block.children[0],)
        texts = list(_flat(line))
        if not any(has_field(text.text) for text in texts if text is not None):
            continue
        if owners.count(block.element) > 1 or len(block.children) > 1:
            raise Unsupported("a field stands in an element that has text beside other blocks")
        _require_independent([*above, block])
        column = _column([*above, block], places)
        found.append(_paragraph(block, line, places[block.element], column, fonts, faces))
    return found


def has_field(text: str) -> bool:
    return any("\U000f0000" <= character <= "\U000ffffd" for character in text)


def _paragraph(
    block: Any,
    line: Any,
    place: int,
    column: tuple[object, ...],
    fonts: dict[int, Any],
    faces: dict[str, SetFont],
) -> FieldParagraph:
    style = line.style
    align = _ALIGNED.get(style["text_align_all"])
    if align is None or style["text_align_last"] not in ("auto", style["text_align_all"]):
        raise Unsupported("justified text holds a field")
    if getattr(block.style["text_indent"], "value", block.style["text_indent"]):
        raise Unsupported("indented text holds a field")
    rows: list[list[Run]] = [[]]
    even = True
    for box in _flat(line):
        if box is None:
            raise Unsupported("a picture or a box stands in the line of a field")
        if box.text == "\n":
            rows.append([])
            continue
        for name, allowed in _WORDING.items():
            if box.style[name] not in allowed:
                raise Unsupported(f"{name.replace('_', '-')} is {box.style[name]} on text with a field")
        if box.style["white_space"] != style["white_space"] or box.style["color"][3] != 1:
            raise Unsupported("text with a field is see-through, or changes how it wraps")
        even = even and strut(box.style) == strut(style)
        key = "|".join(str(box.style[name]) for name in _FACE)
        if key not in faces:
            faces[key] = SetFont(box.style, fonts)
        rows[-1].append(Run(faces[key], box.text))
    wraps = style["white_space"] == "normal"
    return FieldParagraph(place, tuple(tuple(row) for row in rows), align, wraps, column, even)


def _blocks(box: Any, above: list[Any]) -> Iterator[tuple[Any, list[Any]]]:
    """Every block that holds lines, with the boxes around it, but not the margin boxes of a page."""
    children = getattr(box, "children", ())
    if isinstance(box, boxes.MarginBox):
        return
    if any(isinstance(child, boxes.LineBox) for child in children):
        yield box, above
    for child in children:
        if not isinstance(child, boxes.TextBox):
            yield from _blocks(child, [*above, box])


def _flat(line: Any) -> Iterator[Any]:
    """The text boxes of a line; None for anything else that takes room on it."""
    for child in line.children:
        if isinstance(child, boxes.TextBox):
            yield child
        elif not child.is_in_normal_flow() and getattr(child, "is_outside_marker", False):
            continue
        elif isinstance(child, boxes.InlineBox) and _bare(child.style):
            yield from _flat(child)
        else:
            yield None


def _bare(style: Any) -> bool:
    """Whether an inline box adds nothing to its text: no edge, no room, no colour behind."""
    sides = ("left", "right", "top", "bottom")
    edges = (getattr(style[f"{kind}_{side}"], "value", style[f"{kind}_{side}"])
             for kind in ("margin", "padding") for side in sides)  # fmt: skip
    return (
        not any(edge not in (0, "auto") for edge in edges)
        and not any(style[f"border_{side}_width"] for side in sides)
        and not style["outline_width"]
        and style["background_color"][3] == 0
        and style["background_image"] in ((), (("none", None),))
        and style["position"] == "static"
        and style["vertical_align"] in ("baseline", 0)
    )


def _column(chain: list[Any], places: Mapping[Any, int]) -> tuple[object, ...]:
    """The column whose width the text in the last of `chain` has a say in, or ()."""
    tables = [
        box for box in chain if isinstance(box, boxes.TableBox) and box.style["table_layout"] != "fixed"
    ]
    if not tables:
        return ()
    cell = chain[-1]
    if len(tables) > 1 or not isinstance(cell, boxes.TableCellBox):
        return (places[cell.element],)
    look = (str(cell.style[name]) for name in _SIZED)
    return (places[tables[0].element], cell.grid_x, cell.colspan, *look)


def _require_independent(chain: list[Any]) -> None:
    """Raises Unsupported where the width of a box, other than of a table, goes by its text."""
    for box in chain:
        style = box.style
        if (
            style["float"] != "none"
            or style["opacity"] < 1
            or style["transform"]
            or style["overflow"] != "visible"
            or style["visibility"] != "visible"
        ):
            raise Unsupported("a field stands in a box that floats, is clipped, turned or see-through")
        if style["position"] in ("absolute", "fixed") and style["width"] == "auto":
            raise Unsupported("a field stands in a box that is placed and as wide as its text")
        if isinstance(box, boxes.InlineBlockBox | boxes.FlexContainerBox | boxes.GridContainerBox):
            raise Unsupported("a field stands in an inline block, a flex box or a grid")
        if style["column_count"] != "auto" or style["column_width"] != "auto":
            raise Unsupported("a field stands in columns")
        if style["max_lines"] != "none" or style["continue"] != "auto":
            raise Unsupported("a field stands in a box with a limit of lines")


def painted(document: Any, wanted: frozenset[int], fonts: dict[int, Any]) -> Painted:
    """`document` with the lines of the paragraphs at `wanted` apart from the rest. Raises Unsupported."""
    places = {element: number for number, element in enumerate(document._html.etree_element.iter())}  # noqa: SLF001
    lines: list[tuple[int, int, Any, list[Any]]] = []
    for page, sheet in enumerate(document.pages):
        for block, _ in _blocks(sheet._page_box, []):  # noqa: SLF001
            place = places.get(block.element, -1)
            if place in wanted:
                for line in block.children:
                    texts = [text for text in _flat(line) if text is not None and text.text.strip()]
                    lines.append((place, page, block, texts))
    written: dict[int, str] = {id(text): "" for *_, texts in lines for text in texts}
    sizes = tuple((page.width, page.height) for page in document.pages)

    def draw(stream: Any, textbox: Any, *rest: Any) -> None:
        if id(textbox) not in written:
            draw_text(stream, textbox, *rest)
            return
        aside = stream.clone()
        draw_text(aside, textbox, *rest)
        if tuple(stream.ctm.values)[:5] != (0.75, 0, 0, -0.75, 0):
            raise Unsupported("a field stands in a transformed box")
        written[id(textbox)] = b"\n".join(pydyf._to_bytes(item) for item in aside.stream).decode("latin-1")  # noqa: SLF001

    with instead(weasyprint.draw, "draw_text", draw) as draw_text:
        pdf = unfonted(document, fonts)
    found: dict[int, list[PaintedLine]] = {}
    for place, page, block, texts in lines:
        heights = {round(text.position_y + text.baseline, 6) for text in texts}
        if len(heights) != 1:
            raise Unsupported("a line of a field is empty, or its texts stand at several heights")
        operators = tuple(written[id(text)] for text in texts)
        found.setdefault(place, []).append(
            PaintedLine(page, block.content_box_x(), block.width, heights.pop(), operators)
        )
    return Painted(pdf, sizes, {place: tuple(each) for place, each in found.items()})


def unfonted(document: Any, fonts: dict[int, Any]) -> bytes:
    """`document` as a PDF whose fonts are counted in `fonts` and written by somebody else."""
    document.fonts = fonts
    with instead(weasyprint.pdf, "build_fonts_dictionary", lambda *_, **__: pydyf.Dictionary()):
        pdf: bytes = document.write_pdf(uncompressed_pdf=True)
    return pdf
