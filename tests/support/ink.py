"""Where ink stands on a page that was made, and whether one zone lies in another."""

from __future__ import annotations

from pathlib import Path

from mailer.pages.ink import Ink, image_of, ink_within, opened
from mailer.pages.windowzones import Zone

LOB_WHITE = Zone("Lob's white box", 0.6, 0.84, 3.15, 2.0, "Lob prints the recipient over it in white")


def ink_in(pdf: Path | bytes, page: int, zone: Zone) -> Ink | None:
    """The ink on page `page` (1-based) inside `zone`, or None where it is empty."""
    with opened(pdf) as document:
        return ink_within(image_of(document, page), zone)


def contains(outer: Zone, inner: Zone) -> bool:
    return (
        outer.x <= inner.x
        and outer.y <= inner.y
        and inner.x + inner.w <= outer.x + outer.w
        and inner.y + inner.h <= outer.y + outer.h
    )
