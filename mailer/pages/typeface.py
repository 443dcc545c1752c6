"""The fonts that may be printed: those in letterhead/fonts, and no other of the machine.

A font is known by its full name and unique id (OpenType name ids 4 and 3), which subsetting keeps.
Characters are checked before anything is laid out, since a missing glyph silently falls back to
whatever the machine has; embedded fonts are checked afterwards.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Final

import pikepdf
from fontTools.ttLib import TTFont

from mailer.errors import MailerError, in_words

SUFFIXES: Final = (".ttf", ".otf")
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})  # no glyph of its own is needed


class FontProblem(MailerError):
    """A character that no shipped font has, or a font that is not of the letterhead."""


@dataclass(frozen=True, slots=True)
class Typeface:
    """One font file of the letterhead. `path` is relative to the letterhead's folder."""

    path: str
    name: str
    identity: tuple[str, str]
    characters: frozenset[int] = field(repr=False, compare=False)


@lru_cache(maxsize=32)
def read_typeface(path: str, content: bytes) -> Typeface:
    """The font file `content`, read once: most commands read a letterhead twice. Raises FontProblem."""
    with _opened(content, path) as font:
        characters = frozenset(font.getBestCmap())
        return Typeface(path, str(font["name"].getDebugName(4)), _identity(font), characters)


@contextmanager
def _opened(content: bytes, where: str) -> Iterator[TTFont]:
    try:
        with TTFont(BytesIO(content), lazy=True) as font:
            yield font
    except Exception as error:  # noqa: BLE001 (fontTools asserts and looks up what a broken file lacks)
        raise FontProblem(f"is not a font that can be read: {in_words(error)}", where=where) from None


def common(typefaces: tuple[Typeface, ...]) -> frozenset[int]:
    """The characters that every one of `typefaces` has."""
    return frozenset.intersection(*(face.characters for face in typefaces)) if typefaces else frozenset()


def check_characters(text: str, characters: frozenset[int], *, where: str) -> None:
    """Raise FontProblem naming each character of `text` that no font of the letterhead prints."""
    missing = sorted(
        character
        for character in set(text)
        if ord(character) not in characters and unicodedata.category(character) not in _INVISIBLE
    )
    if missing:
        named = ", ".join(
            f"{character} (U+{ord(character):04X} {unicodedata.name(character, 'no name')})"
            for character in missing
        )
        raise FontProblem(
            f"has characters that the letterhead's fonts do not have: {named}.",
            where=where,
            todo="Write it in Latin letters, or put fonts that have them into letterhead/fonts.",
        )


def check_fonts(pdf: Path | bytes, typefaces: tuple[Typeface, ...] | None) -> tuple[str, ...]:
    """What is wrong with the fonts of `pdf`: not embedded, or not of `typefaces` where they are given."""
    known = {face.identity for face in typefaces or ()}
    problems: set[str] = set()
    with pikepdf.open(BytesIO(pdf) if isinstance(pdf, bytes) else pdf) as document:
        for name, program in _programs(document):
            if program is None:
                problems.add(f"the font {name} is not embedded")
                continue
            if typefaces is None:
                continue
            with _opened(program.read_bytes(), name) as font:
                if _identity(font) not in known:
                    problems.add(f"the font {font['name'].getDebugName(4) or name} is not of the letterhead")
    return tuple(sorted(problems))


def _programs(document: pikepdf.Pdf) -> Iterator[tuple[str, pikepdf.Stream | None]]:
    """Every font of the document: its name and its embedded program, or None."""
    for item in document.objects:
        if not isinstance(item, pikepdf.Dictionary) or item.get("/Type") != "/Font":
            continue
        if item.get("/Subtype") == "/Type0":
            continue
        name = str(item.get("/BaseFont", "?")).lstrip("/").rpartition("+")[2]
        descriptor = item.get("/FontDescriptor")
        held = descriptor if isinstance(descriptor, pikepdf.Dictionary) else pikepdf.Dictionary()
        program = held.get("/FontFile2", held.get("/FontFile3"))
        yield name, program if isinstance(program, pikepdf.Stream) else None


def _identity(font: TTFont) -> tuple[str, str]:
    names = font["name"]
    return str(names.getDebugName(4)), str(names.getDebugName(3))
