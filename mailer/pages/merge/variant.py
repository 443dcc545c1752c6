"""A variant: all letters whose pages differ in nothing but the glyphs on lines that stand at known places.

Its pages are WeasyPrint's own, without the lines of paragraphs with fields; these are written beside them
(`contents`). Places are CSS pixels from the page's top-left corner.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from mailer.pages.batchfile import FORM
from mailer.pages.merge.lines import Line, width_of
from mailer.pages.merge.outcome import Unsupported
from mailer.pages.merge.skeleton import KEPT, LetterSkeleton, Set
from mailer.pages.merge.weasyboxes import Painted, PaintedLine
from mailer.pages.merge.weasyfaces import UNITS
from mailer.pages.windowzones import Zone

WHOLE: Final = f"/{FORM} Do"  # everything that is the same in all letters of the variant
INCH: Final = 96
SLACK: Final = 0.03  # inches that an italic or a comma may stand out of its line's room
_COLOUR: Final = re.compile(r"\A(?:/a1(?:\.0)? gs\s)?\s*((?:[\d.]+ ){3}rg)\s+BT\s")


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a line stands; `down` is its baseline as it is written."""

    page: int
    left: float
    room: float
    baseline: float
    size: float
    down: str


@dataclass(slots=True)
class Variant:
    skeleton: LetterSkeleton = field(repr=False)
    painted: Painted = field(repr=False)
    spots: tuple[tuple[_Spot, ...], ...]
    inks: tuple[tuple[str, ...], ...]  # of each paragraph's runs: the operators for colour and font
    left_to_check: int
    _written: tuple[dict[tuple[Line, ...], tuple[tuple[int, str], ...]], ...] = field(repr=False)

    @property
    def pages(self) -> int:
        return len(self.painted.sizes)

    def reaches(self, zone: Zone, page: int) -> bool:
        """Whether the room of any of its lines on `page`, from 0, comes into `zone`."""
        return any(
            spot.page == page
            and zone.x < (spot.left + spot.room) / INCH + SLACK
            and zone.x + zone.w > spot.left / INCH - SLACK
            and zone.y < (spot.baseline + spot.size) / INCH + SLACK
            and zone.y + zone.h > (spot.baseline - 1.5 * spot.size) / INCH - SLACK
            for spots in self.spots
            for spot in spots
        )

    def contents(self, lines: Set) -> list[str]:
        """The content stream of each page with these lines on it."""
        pages: list[list[str]] = [[] for _ in self.painted.sizes]
        for number, found in enumerate(lines):
            known = self._written[number]
            written = known.get(found)
            if written is None:
                if len(known) >= KEPT:
                    known.clear()
                written = known[found] = self._operators(number, found)
            for page, operators in written:
                pages[page].append(operators)
        return [
            f"{WHOLE} q .75 0 0 -.75 0 {_number(height * 0.75)} cm BT\n{''.join(page)}ET Q" if page else WHOLE
            for page, (_, height) in zip(pages, self.painted.sizes, strict=True)
        ]

    def _operators(self, number: int, lines: Sequence[Line]) -> tuple[tuple[int, str], ...]:
        """What sets the lines of one paragraph, page by page."""
        align, faces = self.skeleton.paragraphs[number].align, self.skeleton.flat_faces[number]
        pages: dict[int, list[str]] = {}
        inked = ""
        for spot, line in zip(self.spots[number], lines, strict=True):
            if spot.page not in pages:
                inked = ""
            page = pages.setdefault(spot.page, [])
            shift = 0.0
            if align:
                shift = max(spot.room - width_of(faces, line) / UNITS, 0.0) * align
            for run, text in line:
                advance, glyphs = faces[run].shape(text)
                if not text.isspace():
                    ink = self.inks[number][run]
                    left = _number(spot.left + shift)
                    page.append(f"{ink if ink != inked else ''}1 0 0 -1 {left} {spot.down} Tm[{glyphs}]TJ\n")
                    inked = ink
                shift += advance / UNITS
        return tuple((page, "".join(operators)) for page, operators in pages.items())


def compiled(skeleton: LetterSkeleton, painted: Painted, lines: Set, checks: int) -> Variant:
    """The variant of a letter that WeasyPrint painted. Raises Unsupported where its lines are others."""
    spots: list[tuple[_Spot, ...]] = []
    inks: list[tuple[str, ...]] = []
    for one, found in zip(skeleton.paragraphs, lines, strict=True):
        places = painted.lines.get(one.place, ())
        if len(places) != len(found):
            raise Unsupported(f"WeasyPrint makes {len(places)} lines where the engine makes {len(found)}")
        size = max(face.size for face in skeleton.flat_faces[len(spots)])
        spots.append(
            tuple(
                _Spot(place.page, place.left, place.room, place.baseline, size, _number(place.baseline))
                for place in places
            )
        )
        inks.append(_inks(skeleton, len(spots) - 1, found, places))
    return Variant(skeleton, painted, tuple(spots), tuple(inks), checks, tuple({} for _ in lines))


def rooms(skeleton: LetterSkeleton, painted: Painted) -> tuple[float, ...]:
    """How wide each paragraph is, in Pango units. Raises Unsupported where one is of several widths."""
    found = []
    for one in skeleton.paragraphs:
        widths = {line.room for line in painted.lines.get(one.place, ())}
        if len(widths) != 1:
            raise Unsupported("a paragraph with a field is not in the text, or of several widths")
        found.append(widths.pop() * UNITS)
    return tuple(found)


def _inks(
    skeleton: LetterSkeleton,
    number: int,
    lines: Sequence[Sequence[tuple[int, str]]],
    places: Sequence[PaintedLine],
) -> tuple[str, ...]:
    faces = skeleton.flat_faces[number]
    inks = [""] * len(faces)
    for line, place in zip(lines, places, strict=True):
        seen = [run for run, text in line if not text.isspace()]
        if len(seen) != len(place.operators):
            raise Unsupported("WeasyPrint writes other texts on a line than the engine")
        for run, operators in zip(seen, place.operators, strict=True):
            colour = _COLOUR.match(operators)
            if not colour:
                raise Unsupported("text with a field is not in a plain colour")
            inks[run] = f"{colour[1]} /{faces[run].name} {faces[run].size:f} Tf\n"
    return tuple(inks)


def _number(value: float) -> str:
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return text if text not in ("-0", "") else "0"
