"""Pages of a PDF that another program made: taken over as a reader shows them, or refused.

What a reader shows of a page is its CropBox, or else its MediaBox, turned as /Rotate says; the other boxes
are for a printer's shears and cut nothing. Taken over, it is upright and begins at 0,0, so that all that is
laid on it or looked for on it lies where it is seen. What does not come along, layers and what lies over a
page, must not have made a difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pikepdf

from mailer.pages.imposition import open_pdf
from mailer.pages.pagehash import inherited
from mailer.pages.pdffile import saved

_HIDDEN, _PRINTED = 2, 4  # flags of an annotation (ISO 32000-1, 12.5.3)
_PAINTING: Final = frozenset(
    ("S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "Do", "INLINE IMAGE", "Tj", "TJ", "'", '"')
)
_KINDS: Final = {
    "/Stamp": "a stamp",
    "/FreeText": "a typed-in text",
    "/Ink": "a drawing by hand",
    "/Widget": "a form field",
    "/Square": "a box",
    "/Circle": "a circle",
    "/Line": "a line",
    "/Watermark": "a watermark",
    "/Highlight": "a highlighting",
    "/Text": "a comment",
    "/Redact": "a mark for blacking out",
}


def taken_over(target: pikepdf.Pdf, page: pikepdf.Page) -> dict[str, pikepdf.Object]:
    """What the dictionary of the page holds within `target`: upright, from 0,0, without links and notes."""
    left, bottom, right, top = _shown(page)
    unit = float(page.obj.get("/UserUnit", 1))
    wide, high = (right - left) * unit, (top - bottom) * unit
    turn = int(inherited(page.obj, "/Rotate") or 0) % 360
    if turn % 180:
        wide, high = high, wide
    # As one form: its fonts' names and whatever it leaves undone stay within it.
    form = target.copy_foreign(page.as_form_xobject())
    form.BBox = pikepdf.Array([left, bottom, right, top])
    matrix = {
        90: (0, -1, 1, 0, -bottom, right),
        180: (-1, 0, 0, -1, right, top),
        270: (0, 1, -1, 0, top, -left),
    }.get(turn, (1, 0, 0, 1, -left, -bottom))
    form.Matrix = pikepdf.Array([number * unit for number in matrix])
    return {
        "/Type": pikepdf.Name.Page,
        "/MediaBox": pikepdf.Array([0, 0, wide, high]),
        "/Contents": target.make_stream(b"/Page Do\n"),
        "/Resources": target.make_indirect(pikepdf.Dictionary(XObject=pikepdf.Dictionary(Page=form))),
    }


def upright(pdf: bytes) -> bytes:
    """`pdf` with each page as `taken_over` has it."""
    with open_pdf(pdf) as given, pikepdf.Pdf.new() as made:
        for page in given.pages:
            made.pages.append(pikepdf.Page(pikepdf.Dictionary(taken_over(made, page))))
        return saved(made)


def left_out(pdf: pikepdf.Pdf) -> str:
    """Why its pages would not be printed as a reader shows them, or ""."""
    if any(_switched(pdf)):
        return "has layers that are switched off, and they would be printed; print it to a new PDF."
    for number, page in enumerate(pdf.pages, 1):
        for what in _lying_over(page.obj):
            return (
                f"page {number}: {what} lies over the page and would not be printed; print it to a PDF: then "
                "it is part of the page."
            )
    return ""


def _shown(page: pikepdf.Page) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of what a reader shows of a page, before it is turned."""
    left, bottom, right, top = _edges(page.mediabox)
    x, y, far_x, far_y = _edges(page.cropbox)
    within = max(left, x), max(bottom, y), min(right, far_x), min(top, far_y)
    return within if within[0] < within[2] and within[1] < within[3] else (left, bottom, right, top)


def _edges(box: pikepdf.Array) -> tuple[float, float, float, float]:
    """A box may name any two of its corners."""
    x, y, far_x, far_y = (float(edge) for edge in box)
    return min(x, far_x), min(y, far_y), max(x, far_x), max(y, far_y)


def _switched(pdf: pikepdf.Pdf) -> Iterator[bool]:
    """Whether something is not always visible: a layer that is off, on a screen or on paper, or what is seen
    only where others are off.
    """
    layers = pdf.Root.get("/OCProperties")
    yield _held(layers, "/D", "/BaseState") == "/OFF" or bool(len(_held(layers, "/D", "/OFF") or ()))
    for one in _held(layers, "/OCGs") or ():
        yield _held(one, "/Usage", "/View", "/ViewState") == "/OFF"
        yield _held(one, "/Usage", "/Print", "/PrintState") == "/OFF"
    if layers is not None:
        for one in pdf.objects:
            if _held(one, "/Type") == "/OCMD":
                yield "/VE" in one or one.get("/P") in ("/AllOff", "/AnyOff")


def _lying_over(page: pikepdf.Object) -> Iterator[str]:
    """What is shown on paper and is no part of a page: its annotations but links, each by its kind."""
    notes = page.get("/Annots", ())
    for note in notes if isinstance(notes, pikepdf.Array) else ():
        kind, flags = str(_held(note, "/Subtype") or ""), int(_held(note, "/F") or 0)
        if kind in ("/Link", "/Popup") or flags & _HIDDEN or not flags & _PRINTED:
            continue
        if kind == "/Widget" and _is_empty(note):
            continue
        yield _KINDS.get(kind, f"an annotation ({kind[1:]})")


def _is_empty(field: pikepdf.Object) -> bool:
    """Whether a form's field shows nothing, as one that nobody filled in and that has no frame."""
    looks = _held(field, "/AP", "/N")
    if isinstance(looks, pikepdf.Dictionary):  # one for each state
        looks = looks.get(str(_held(field, "/AS") or "/Off"))
        if looks is None:
            return True
    if isinstance(looks, pikepdf.Stream):
        return not any(str(one.operator) in _PAINTING for one in pikepdf.parse_content_stream(looks))
    value = _held(field, "/V") or _held(field, "/Parent", "/V")
    return value is None or str(value) in ("", "/Off")


def _held(one: Any, *keys: str) -> Any:
    """What a dictionary holds within others, or None."""
    for key in keys:
        if not isinstance(one, pikepdf.Dictionary):
            return None
        one = one.get(key)
    return one
