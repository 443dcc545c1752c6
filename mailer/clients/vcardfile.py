"""Client lists as vCards (.vcf), versions 2.1, 3.0 and 4.0, by vobject: a card is a row below headings.

Card 1 is row 2. Of several addresses, e-mails or phones the preferred one counts, else one for work, else the
first. A card is read as it comes; the encoding is settled for the whole file as for other lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from mailer.clients.encodings import NAMES
from mailer.clients.source import ListProblem, Source
from mailer.clients.textfile import bounded_lines, encoding_of

_HEADINGS: Final = [
    *("Company", "Contact", "Title", "Email", "Phone", "Address", "Address 2"),
    *("City", "State", "Zip", "Country", "Tags"),
]
MOST_NESTED: Final = 2  # an agent's card within a card
LONGEST_HEAD: Final = 500  # characters of a line's name and parameters
MOST_KINDS: Final = 8  # "work,voice,pref"
MOST_PARTS: Final = 500  # lines of one value
_UNREAD: Final = re.compile(r"(?:[\w-]+\.)?(?:PHOTO|LOGO|SOUND|KEY)(?:;|\Z)", re.IGNORECASE)
_TODO: Final = "Mend that card, or export the address book again as vCard 3.0 or as CSV."


def sources(path: Path, named: str = "") -> Iterator[Source]:
    """The one way to read it. `named` is what `--encoding` says."""
    encoding = encoding_of(path, named)
    doubtful = encoding == "cp1252" and not named
    yield Source(path, f"vCards in {NAMES[encoding]}", partial(_rows, path, encoding), doubtful)


def _rows(path: Path, encoding: str) -> Iterator[tuple[int, list[str]]]:
    from vobject.base import ParseError, VObjectError, readComponents  # noqa: PLC0415 (for this format alone)

    yield 1, _HEADINGS
    with path.open(encoding=encoding, newline=None) as stream:
        lines = _Lines(bounded_lines(stream, path), path)
        cards = readComponents(lines, allowQP=True)
        number = 1
        while True:
            try:
                card = next(cards, None)
                if card is None:
                    return
                number += 1
                if card.name == "VCARD":
                    yield number, _cells(card)
            except ParseError as error:
                said = str(error.msg if hasattr(error, "msg") else error)
                raise ListProblem(
                    f"it is no vCard: {said:.200}.", where=f"{path}:{lines.read}", todo=_TODO
                ) from None
            except (VObjectError, ValueError, LookupError, AttributeError, TypeError) as error:
                said = f"{error}"
                raise ListProblem(
                    f"card {number} can't be read: {said:.200}.", where=f"{path}:{lines.read}", todo=_TODO
                ) from None


class _Lines:
    """The lines of a file without pictures, sounds and keys, and how many of them were read.

    What no program writes, and vobject would sit over for hours, is refused by ListProblem.
    """

    def __init__(self, lines: Iterator[str], path: Path) -> None:
        self._lines = lines
        self._path = path
        self._head = ""  # of the line that goes on: what stands before its value
        self._quoted = False  # it is quoted-printable, and its last part ended with "="
        self._parts = 0
        self._cards = 0  # begun and not ended
        self._passed = False  # it is a picture
        self.read = 0

    def readline(self) -> str:
        """As of a file."""
        for line in self._lines:
            self.read += 1
            self._look(line)
            if not self._passed:
                return line
        return ""

    def _look(self, line: str) -> None:
        folded = line[:1] in (" ", "\t")
        if self._passed and (folded or ":" not in line):
            return
        if folded or self._quoted:
            self._parts += 1
            self._head += "" if ":" in self._head else line.strip()
        else:
            self._parts, self._head, self._quoted = 0, line.strip(), False
            word = self._head.casefold()
            self._cards = max(self._cards + (word == "begin:vcard") - (word == "end:vcard"), 0)
        name, colon, _ = self._head.partition(":")
        self._head = name + colon
        self._passed = not folded and _UNREAD.match(name) is not None
        named = self._quoted or "quoted-printable" in f"{name}{line}".casefold()
        self._quoted = named and line.rstrip().endswith("=")
        for wrong, what in (
            (self._cards > MOST_NESTED, "a card lies in a card that lies in another"),
            (len(name) > LONGEST_HEAD or name.count(",") > MOST_KINDS, "too much stands before the colon"),
            (self._parts > MOST_PARTS, f"a value is broken into more than {MOST_PARTS} lines"),
        ):
            if wrong:
                raise ListProblem(
                    f"it is no vCard that a program writes: {what}.",
                    where=f"{self._path}:{self.read}",
                    todo=_TODO,
                )


def _cells(card: Any) -> list[str]:
    known = card.contents
    place = _chosen(known.get("adr", ()))
    street = ["", "", "", "", "", "", ""]
    if place is not None:
        parts = place.value
        names = ("street", "extended", "box", "city", "region", "code", "country")
        street = [_text(getattr(parts, name)) for name in names]
    line1, line2, box, *rest = street
    if box:
        box = box if any(letter.isalpha() for letter in box) else f"PO Box {box}"
        line1, line2 = (line1, line2 or box) if line1 else (box, line2)
    name = known["n"][0].value if "n" in known else None
    whole = _text(known["fn"][0].value) if "fn" in known else ""
    contact = " ".join(filter(None, (_text(name.given), _text(name.family)))) if name else ""
    company = _text(known["org"][0].value[0]) if "org" in known and known["org"][0].value else ""
    contact = contact or (whole if whole != company else "")
    return [
        company,
        contact,
        _text(name.prefix) if name else "",
        _first(known.get("email", ())),
        _first(known.get("tel", ())),
        line1,
        line2,
        *rest,
        ", ".join(_text(each) for one in known.get("categories", ()) for each in one.value),
    ]


def _first(lines: Sequence[Any]) -> str:
    found = _chosen(lines)
    return _text(found.value).removeprefix("mailto:").removeprefix("tel:") if found is not None else ""


def _chosen(lines: Sequence[Any]) -> Any:
    """The preferred line of a card, else one for work, else the first."""
    return min(lines, key=_rank, default=None)


def _rank(line: Any) -> int:
    words = {word.casefold() for one in line.params.get("TYPE", ()) for word in one.split(",")}
    words |= {name.casefold() for name in (*line.params, *getattr(line, "singletonparams", ()))}
    return 0 if "pref" in words else 1 if "work" in words else 2


def _text(value: Any) -> str:
    """A value that may be several, on one line but for its line breaks."""
    text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.splitlines())))
