"""The text of single cells: cleaning, yes and no, days. Pure.

Days are read as ISO (2027-06-30, a time after it is dropped), as American m/d/yyyy or m-d-yyyy, and as
"June 30, 2027" or "30 June 2027". The order day/month is never guessed: 13/05/2027 is refused, and so is
a two-digit year. A number that Excel shows for a date (46203) is refused too.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import Final

LONGEST_CELL: Final = 200  # printable on a letter; tags may be longer


class Unusable(Exception):
    """A cell, or what several make together, cannot be used: why, and what to do."""

    def __init__(self, reason: str, todo: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.todo = todo


class Remark(str):
    """A note on a row that says what is not mended, for a person to look at."""

    __slots__ = ()


# A spreadsheet would run a cell beginning so as a formula (OWASP, "CSV Injection"; the full-width forms
# are taken for the plain ones by some programs).
FORMULA_STARTS: Final = "=+-@\t\r\n＝＋－＠"  # noqa: RUF001 - the full-width signs are meant
_GUARDED: Final = re.compile(f"'+[{re.escape(FORMULA_STARTS)}]")
_GUARD: Final = re.compile(f"'*[{re.escape(FORMULA_STARTS)}]")
_FIRST: Final = tuple(f"'{FORMULA_STARTS}")
_ERRORS: Final = frozenset(("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!"))
_BLANKS: Final = frozenset(("n/a", "null", "nan", "-", "--", "(blank)", "(none)"))


def guard(text: str) -> str:
    """`text` as it may stand in a CSV file: a leading apostrophe where it would begin a formula."""
    return f"'{text}" if text.startswith(_FIRST) and _GUARD.match(text) else text


def unguard(text: str) -> str:
    """The inverse of `guard`."""
    return text[1:] if _GUARDED.match(text) else text


def clean(text: str, *, lines: bool = False) -> tuple[str, str]:
    """A cell's text as meant, and a note ("" where only spaces changed).

    White space of every kind becomes single spaces (with `lines`, a line break inside stays a line
    break); control and invisible characters go, with a note; letters are composed (NFC); the formula
    guard is undone. Raises Unusable for a spreadsheet's error value.
    """
    note = ""
    if not text.isprintable():
        kept = "".join(
            character
            for character in text
            if character.isspace() or unicodedata.category(character) not in ("Cc", "Cf", "Cs")
        )
        if kept != text:
            note = f"invisible characters removed from “{' '.join(kept.split())}”"
            text = kept
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if lines and len(rows := [row for row in text.splitlines() if row.strip()]) > 1:
        return unguard("\n".join(" ".join(row.split()) for row in rows)), note
    text = unguard(" ".join(text.split()))
    if text in _ERRORS:
        raise Unusable(
            f"a cell holds the spreadsheet's error {text}", "Correct the cell's formula or type its value."
        )
    return text, note


def filled(text: str) -> str:
    """`text`, or "" where it only says that there is nothing ("N/A", "-")."""
    return "" if len(text) < 8 and text.casefold() in _BLANKS else text


_YES: Final = frozenset(("yes", "y", "true", "t", "1", "x", "on", "✓", "✔"))
_NO: Final = frozenset(("no", "n", "false", "f", "0", "off"))


def parse_yes(text: str) -> bool | None:
    """Yes or no; None for an empty cell. Raises Unusable for other words."""
    word = text.casefold()
    if not word:
        return None
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Unusable(f"“{text}” is neither yes nor no", "Write yes or no.")


_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ][0-9].*)?")
_AMERICAN: Final = re.compile(r"([0-9]{1,2})([/-])([0-9]{1,2})\2([0-9]{4})(?: [0-9].*)?")
_WORDS: Final = re.compile(r"([A-Za-z]+)\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})")
_WORDS_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})[ -]([A-Za-z]+)\.?,?[ -]([0-9]{4})")


@lru_cache(maxsize=1 << 14)
def parse_day(text: str) -> date:
    """The day a cell names, in one of the forms of the module's opening words."""
    if found := _ISO.fullmatch(text):
        year, month, day = int(found[1]), int(found[2]), int(found[3])
    elif found := _AMERICAN.fullmatch(text):
        year, month, day = int(found[4]), int(found[1]), int(found[3])
    elif found := _WORDS.fullmatch(text):
        year, month, day = int(found[3]), _MONTHS.get(found[1].casefold(), 0), int(found[2])
    elif found := _WORDS_DAY_FIRST.fullmatch(text):
        year, month, day = int(found[3]), _MONTHS.get(found[2].casefold(), 0), int(found[1])
    else:
        raise _no_day(text)
    if not 1900 <= year <= 2200:
        raise _no_day(text)
    try:
        return date(year, month, day)
    except ValueError:
        raise _no_day(text) from None


def _no_day(text: str) -> Unusable:
    return Unusable(
        f"“{text}” is not a date", "Write it as 2027-06-30 or 6/30/2027, with the year in four digits."
    )
