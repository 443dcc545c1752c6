"""All contact with WeasyPrint's private parts: boxes before and after layout, shaping, painting, fonts.

What is used here is not promised by WeasyPrint. It was proved on the versions of PROVED by comparing pages
pixel by pixel (tests/pages/merge); with any other version the engine turns itself off and says so. Lengths
are CSS pixels (96 to the inch, y downward), advances Pango units (1024 to the pixel).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from typing import Any, Final

import pydyf
import weasyprint
import weasyprint.document
import weasyprint.draw
import weasyprint.pdf
from weasyprint.pdf.fonts import Font, build_fonts_dictionary
from weasyprint.text.ffi import ffi, pango
from weasyprint.text.fonts import get_pango_font_key
from weasyprint.text.line_break import Layout, get_log_attrs

from mailer.pages.merge.outcome import Fallback, Unsupported

PROVED: Final = ("70.0",)
UNITS: Final = 1024
KEPT: Final = 12_000  # shaped texts of one face: those of the letters of one file, which are asked for twice
LETTERS: Final = (
    "".join(
        chr(code)
        for first, last in ((0x20, 0x7E), (0xA1, 0xAC), (0xAE, 0x17F), (0x2013, 0x2014), (0x2018, 0x201D))
        for code in range(first, last + 1)
    )
    + "\u2022\u2026\u20ac\u2122\u2212\u00a0"
)
"""The characters that the engine sets: Latin, no combining marks, one glyph for one character. Only a
no-break space has the glyph of another, the space; it comes after it.
"""


def unproved() -> str:
    """Why the engine is off on this machine, or ""."""
    version = weasyprint.__version__
    return (
        "" if version in PROVED else f"it is proved on WeasyPrint {', '.join(PROVED)}, and this is {version}"
    )


class SetFont:
    """A font at a size with its features, as Pango shapes it: the whole engine measures by `shape`."""

    def __init__(self, style: Any, fonts: dict[int, Any]) -> None:
        self.language = style["lang"] or "en"
        self._held = Layout(style)
        self._layout = self._held.layout
        pango.pango_layout_set_single_paragraph_mode(self._layout, True)
        self._font = self._runs("x")[0].item.analysis.font
        key, description, self.size = get_pango_font_key(self._font)
        if not self.size:
            raise Unsupported("text is of size 0")
        if key not in fonts:
            fonts[key] = Font(self._font, description, self.size)
        self._file = fonts[key]
        if self._file.bitmap or self._file.png or self._file.svg or self._file.colr or self._file.variations:
            raise Unsupported("text is in a bitmap, colour or variable font")
        self.name: str = self._file.hash
        self._rectangles = ffi.new("PangoRectangle *"), ffi.new("PangoRectangle *")
        self._glyphs: dict[tuple[int, int], str] = {}
        self._shaped: dict[str, tuple[int, str]] = {}
        self._characters: set[str] = set()
        for character in LETTERS:
            try:
                self._admit(character)
            except Fallback:
                continue

    def shape(self, text: str) -> tuple[int, str]:
        """The advance of `text` and its glyphs as a PDF array's inside. Raises Fallback."""
        found = self._shaped.get(text)
        if found is None:
            if not self._characters.issuperset(text):
                raise Fallback("a character outside those that the engine sets")
            if len(self._shaped) >= KEPT:
                self._shaped.clear()
            found = self._shaped[text] = self._set(text)
        return found

    @property
    def space(self) -> int:
        """The glyph of a space."""
        return int(self.shape(" ")[1][1:5], 16)

    def _admit(self, character: str) -> None:
        """Let `character` be set, if its glyph stands for no other character."""
        self._set(character)
        glyph = ffi.unpack(ffi.cast("int *", self._runs(character)[0].glyphs.glyphs), 1)[0]
        if self._file.to_unicode[glyph] == character.replace("\u00a0", " "):
            self._characters.add(character)

    def _runs(self, text: str) -> list[Any]:
        data = text.encode()
        pango.pango_layout_set_text(self._layout, data, len(data))
        node = pango.pango_layout_get_line_readonly(self._layout, 0).runs
        runs = []
        while node != ffi.NULL:
            runs.append(node.data)
            node = node.next
        return runs

    def _set(self, text: str) -> tuple[int, str]:
        """As weasyprint.draw.text.draw_first_line writes it, an adjustment of nothing left out."""
        advance, string, known = 0, ["<"], self._glyphs
        for run in self._runs(text):
            if run.item.analysis.font != self._font or run.item.analysis.level % 2:
                raise Fallback("a character that the font does not have, or that runs from right to left")
            numbers = ffi.unpack(ffi.cast("int *", run.glyphs.glyphs), 5 * run.glyphs.num_glyphs)
            if any(numbers[2::5]) or any(numbers[3::5]):
                raise Fallback("an accent that is placed by the font")
            pairs = list(zip(numbers[::5], numbers[1::5], strict=True))  # a glyph and how wide it is here
            for place, pair in enumerate(pairs):
                if pair not in known:
                    known[pair] = self._written(run, text, place, *pair)
            advance += sum(numbers[1::5])
            string += [known[pair] for pair in pairs]
        string.append(">")
        return advance, "".join(string).replace("<>", "")

    def _written(self, run: Any, text: str, place: int, glyph: int, width: int) -> str:
        if glyph & 0x10000000 or glyph == 0 or glyph > 0xFFFF:  # PANGO_GLYPH_UNKNOWN_FLAG, PANGO_GLYPH_EMPTY
            raise Fallback("a character that the font does not have")
        file = self._file
        if glyph not in file.to_unicode:
            clusters, count = run.glyphs.log_clusters, run.glyphs.num_glyphs
            end = run.item.length if place == count - 1 else clusters[place + 1]
            start = run.item.offset
            file.to_unicode[glyph] = text.encode()[start + clusters[place] : start + end].decode()
        if glyph not in file.widths:
            ink, logical = self._rectangles
            pango.pango_font_get_glyph_extents(self._font, glyph, ink, logical)
            file.widths[glyph] = round(logical.width * 1000 / UNITS / self.size)
        adjustment = int(file.widths[glyph] - width * 1000 / UNITS / self.size)
        return f"{glyph:04x}>{adjustment}<" if adjustment else f"{glyph:04x}"


def break_points(text: str, language: str) -> frozenset[int]:
    """The places in `text`, counted in characters, before which a line may begin."""
    marks = get_log_attrs(text, language)
    return frozenset(index for index in range(1, len(text)) if marks[index].is_line_break)


class FontFile:
    """The fonts of a batch, written once a set of glyphs: a subset takes longer than a hundred letters."""

    def __init__(self) -> None:
        self._whole: dict[str, bytes] = {}
        self._subsets: dict[tuple[str, tuple[int, ...]], bytes] = {}

    def pdf(self, fonts: Mapping[int, Any]) -> bytes:
        """A PDF with every font in its catalog under F, by name."""
        used = {key: fonts[key] for key in sorted(fonts) if fonts[key].to_unicode}
        glyphs: dict[str, set[int]] = {}
        for font in used.values():
            self._whole.setdefault(font.hash, font.file_content)
            glyphs.setdefault(font.hash, set()).update(font.to_unicode)
            font.to_unicode = dict(sorted(font.to_unicode.items()))
        for font in used.values():
            key = font.hash, tuple(sorted(glyphs[font.hash]))
            if key not in self._subsets:
                font.clean(dict.fromkeys(key[1], ""), weasyprint.DEFAULT_OPTIONS["hinting"])
                self._subsets[key] = font.file_content
            font.file_content = self._subsets[key]
        file = pydyf.PDF()
        try:
            with instead(Font, "clean", lambda *_: None):
                found = build_fonts_dictionary(file, used, True, True, dict(weasyprint.DEFAULT_OPTIONS))
        finally:
            for font in used.values():
                font.file_content = self._whole[font.hash]
        file.catalog["F"] = found
        target = BytesIO()
        file.write(target, b"1.7", False, False)
        return target.getvalue()


@contextmanager
def instead(holder: Any, name: str, new: Any) -> Iterator[Any]:
    old = getattr(holder, name)
    setattr(holder, name, new)
    try:
        yield old
    finally:
        setattr(holder, name, old)
