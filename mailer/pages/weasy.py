"""WeasyPrint as the product uses it: the only module that imports it.

It is pinned in pyproject.toml; what is changed in it here must be proved again on an upgrade.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from fontTools.ttLib import TTFont
from PIL import ImageFile

with warnings.catch_warnings():
    # Said at import on a machine without libharfbuzz-subset; fontTools subsets instead, see below.
    warnings.filterwarnings("ignore", message="HarfBuzz-Subset will be required", category=DeprecationWarning)
    import weasyprint.pdf.fonts
    from weasyprint import CSS, HTML
    from weasyprint.css.counters import CounterStyle, symbol
    from weasyprint.document import Document, Page
    from weasyprint.formatting_structure.boxes import (
        LineBox,
        TableCellBox,
        TableColumnBox,
        TableColumnGroupBox,
    )
    from weasyprint.text.ffi import ffi, pango
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.text.line_break import Layout
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

__all__ = [
    "CSS",
    "HTML",
    "Document",
    "FatalURLFetchingError",
    "FontConfiguration",
    "Page",
    "URLFetcher",
    "URLFetcherResponse",
]

ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint would print a picture that is cut short, its rest gray

PIXELS: Final = 96.0  # of CSS in an inch
_DROPPED: Final = ("GSUB", "GPOS", "JSTF")


class _Subsettable(TTFont):  # type: ignore[misc] # fontTools has no types
    """A font without its layout tables, which a subset in a PDF never needs.

    fontTools would read them whole only to drop them: 1.5 s a file instead of 0.2. It would also
    write the time of day into the font, and no two renderings would be equal.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{**options, "recalcTimestamp": False})
        for tag in _DROPPED:
            if tag in self:
                del self[tag]


weasyprint.pdf.fonts.TTFont = _Subsettable

_SET_UP: Final = Layout.setup


def _set_up(layout: Any, style: Any) -> None:
    """Set a line up, and let go of the list of font features that WeasyPrint 70 keeps for ever.

    It never gives back its own reference to the list, and makes a feature for each line whether or not
    it has it: 40 KB a letter (measured), so that memory grew with the mailing. Here the line alone holds
    the list, and the list its feature, which is therefore not kept for another line.
    """
    _SET_UP(layout, style)
    features = pango.pango_layout_get_attributes(layout.layout)
    if features != ffi.NULL:
        pango.pango_attr_list_unref(features)
        style.font_config.font_features.clear()


Layout.setup = _set_up

MOST_COLUMNS: Final = 1_000  # that a span takes (HTML, "forming a table")
LONGEST_NUMBER: Final = 10_000  # characters: a longer one is written in figures (CSS Counter Styles 3, 2)

_CELL: Final = TableCellBox.__init__
_RENDERED: Final = CounterStyle.render_value


def _cell(box: Any, *arguments: Any, **options: Any) -> None:
    _CELL(box, *arguments, **options)
    box.colspan = min(box.colspan, MOST_COLUMNS)


TableCellBox.__init__ = _cell


def _spanning(span: Any) -> property:
    return property(lambda box: min(span.fget(box), MOST_COLUMNS))


TableColumnBox.span = _spanning(TableColumnBox.span)
TableColumnGroupBox.span = _spanning(TableColumnGroupBox.span)


def _number(styles: Any, counter_value: int, counter_name: Any = None, *known: Any, **more: Any) -> Any:
    """A list's number as its style writes it. WeasyPrint alone would make it of any length at once."""
    style = more.get("counter") or styles.resolve_counter(counter_name)
    if style is not None:
        extends, system, _ = style["system"] or (None, "symbolic", None)
        times = abs(counter_value) if extends or system in ("symbolic", "additive") else 1
        padded, padding = style["pad"] or (0, "")
        parts = [*(style["symbols"] or ()), *(part for _, part in style["additive_symbols"] or ())]
        longest = max((len(symbol(part)) for part in (*parts, padding) if part), default=0)
        if max(times, padded) * longest > LONGEST_NUMBER:
            return _RENDERED(styles, counter_value, "decimal")
    return _RENDERED(styles, counter_value, counter_name, *known, **more)


CounterStyle.render_value = _number


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns beside each other, from `top` each to its end, in inches down the page; `name` is the id of the
    element that they stand in, "" where none has one.
    """

    name: str
    top: float
    ends: tuple[float, ...]


def columns_on(page: Page) -> Iterator[Columns]:
    """All that stand on the page, in the order of the text."""
    yield from _columns(page._page_box, "")  # noqa: SLF001 (no public name tells where columns end)


def _columns(box: Any, name: str) -> Iterator[Columns]:
    name = (box.element.get("id") if getattr(box, "element", None) is not None else "") or name
    children = getattr(box, "children", ())
    if box.style["column_count"] == "auto":
        for child in children:
            yield from _columns(child, name)
        return
    parts = (child for child in children if child.element is box.element)  # not what spans all columns
    for top, row in groupby(parts, key=lambda part: part.position_y):
        ends = (_bottom(part) if part.children else top for part in row)
        yield Columns(name, top / PIXELS, tuple(end / PIXELS for end in ends))


def _bottom(box: Any) -> float:
    """Where its last line or picture ends. A block that goes on in the next column is as high as its own."""
    inner = [_bottom(child) for child in getattr(box, "children", ()) if not isinstance(box, LineBox)]
    framed = not inner or box.padding_bottom or box.border_bottom_width
    return max((*inner, box.position_y + box.margin_top + box.border_height()) if framed else inner)
