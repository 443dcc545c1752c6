"""The firm's brand as pages take it: its colours with those made from them, and its pair of typefaces.

Colours are written "#21473b"; a contrast is WCAG 2.2's ratio of two relative luminances, from 1 to 21.
Every style sheet of a letterhead takes them from the `brand.css` made here. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mailer.settings import Brand, Typefaces

SHEET: Final = "brand.css"
LEGIBLE: Final = 4.5  # WCAG 2.2, 1.4.3: text below 18 pt
WHITE: Final = "#ffffff"
TINT: Final = 0.1  # of the colour in the ground of a box
HAIR: Final = 0.28  # of the colour in a thin rule
_STEPS: Final = 50  # on the way to black

STYLES: Final = ((400, "normal", "Regular"), (400, "italic", "It"), (600, "normal", "Semibold"),
                 (700, "normal", "Bold"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class TypePair:
    """A face to read and one to find with. `serif` and `sans` begin the names of their files."""

    serif: str
    sans: str
    says: str

    def path(self, role: str) -> str:
        """The file of a `role`: "serif-Regular", "sans-Semibold", and so on, as letterheads name it."""
        family, _, style = role.partition("-")
        return f"fonts/{getattr(self, family)}-{style}.ttf"

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(self.path(f"{family}-{style}") for family in ("serif", "sans") for *_, style in STYLES)


PAIRS: Final = {
    Typefaces.SOURCE: TypePair("SourceSerif4", "SourceSans3", "quiet, as in a good book"),
    Typefaces.PLEX: TypePair("IBMPlexSerif", "IBMPlexSans", "exact, as of an engineer"),
    Typefaces.LORA: TypePair("Lora", "WorkSans", "warm, with a brush in it"),
}


@dataclass(frozen=True, slots=True)
class Palette:
    """The two colours, and what is made from each: `ink` for words, `hair` for rules, `tint` for grounds."""

    accent: str
    second: str

    def colours(self) -> dict[str, str]:
        """Every colour by its name in the style sheets."""
        made: dict[str, str] = {}
        for name, colour in (("accent", self.accent), ("second", self.second)):
            tint = mixed(colour, TINT)
            made |= {name: colour, f"{name}-ink": inked(colour, tint)}
            made |= {f"{name}-hair": mixed(colour, HAIR), f"{name}-tint": tint}
        return made

    def remarks(self) -> tuple[str, ...]:
        """What a reader would strain at, and what is printed instead."""
        return tuple(
            f"{name} {colour} has a contrast of {ratio:.1f}:1 on white, and words need {LEGIBLE}:1. "
            f"Rules and areas keep it; words are set in {inked(colour, mixed(colour, TINT))}."
            for name, colour in (("accent", self.accent), ("second", self.second))
            if (ratio := contrast(colour, WHITE)) < LEGIBLE
        )


def palette(brand: Brand) -> Palette:
    return Palette(brand.accent, brand.second)


def brand_sheet(brand: Brand) -> str:
    """`brand.css`: the variables and the two families, "Letter Serif" and "Letter Sans".

    Their own names keep a font of the machine from standing in.
    """
    variables = "; ".join(f"--{name}: {colour}" for name, colour in palette(brand).colours().items())
    pair = PAIRS[brand.typefaces]
    faces = [
        f'@font-face {{ font-family: "Letter {family.title()}"; font-weight: {weight}; font-style: {slant};'
        f" src: url({pair.path(f'{family}-{style}')}) }}"
        for family in ("serif", "sans")
        for weight, slant, style in STYLES
    ]
    return "\n".join((f":root {{ {variables} }}", *faces, ""))


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue from 0 to 255."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


def mixed(colour: str, share: float, ground: str = WHITE) -> str:
    """`share` of a colour on a ground."""
    pairs = zip(channels(colour), channels(ground), strict=True)
    return "#" + "".join(f"{round(top * share + under * (1 - share)):02x}" for top, under in pairs)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio, from 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def inked(colour: str, ground: str) -> str:
    """The colour, darkened as little as makes words of it legible on `ground`."""
    darker = (mixed(colour, 1 - step / _STEPS, "#000000") for step in range(_STEPS + 1))
    return next(one for one in darker if contrast(one, ground) >= LEGIBLE)


def _luminance(colour: str) -> float:
    linear = []
    for channel in channels(colour):
        part = channel / 255
        linear.append(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
    red, green, blue = linear
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
