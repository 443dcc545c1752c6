"""Client lists as vCards (.vcf), versions 2.1, 3.0 and 4.0: a card is a row below headings.

Card 1 is row 2. Of several addresses, e-mails or phones the preferred one counts, else one for work, else the
first. A card is read as it comes; the encoding is settled for the whole file as for other lists.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from mailer.clients.encodings import NAMES
from mailer.clients.source import ListProblem, Source
from mailer.clients.textfile import bounded_lines, encoding_of
from mailer.errors import NONSENSE, in_words

_HEADINGS: Final = [
    *("Company", "Contact", "Title", "Email", "Phone", "Address", "Address 2"),
    *("City", "State", "Zip", "Country", "Tags"),
]
MOST_NESTED: Final = 2  # an agent's card within a card
LONGEST_HEAD: Final = 500  # characters of a line's name and parameters
MOST_KINDS: Final = 8  # "work,voice,pref"
MOST_PARTS: Final = 500  # lines of one value
_UNREAD: Final = re.compile(r"(?:[\w-]+\.)?(?:PHOTO|LOGO|SOUND|KEY)(?:;|\Z)", re.IGNORECASE)
_READ: Final = frozenset({"N", "FN", "ORG", "EMAIL", "TEL", "ADR", "CATEGORIES"})
_ESCAPED: Final = re.compile(r"\\([\\;,nN:])")
_TODO: Final = "Mend that card, or export the address book again as vCard 3.0 or as CSV."


def sources(path: Path, named: str = "") -> Iterator[Source]:
    """The one way to read it. `named` is what `--encoding` says."""
    encoding = encoding_of(path, named)
    doubtful = encoding == "cp1252" and not named
    yield Source(path, f"vCards in {NAMES[encoding]}", partial(_rows, path, encoding), doubtful)


def _rows(path: Path, encoding: str) -> Iterator[tuple[int, list[str]]]:
    from vobject.base import ParseError, VObjectError  # noqa: PLC0415 (for this format alone)

    yield 1, _HEADINGS
    with path.open(encoding=encoding, newline=None) as stream:
        lines = _Lines(bounded_lines(stream, path), path)
        number = 1
        try:
            for card in _cards(lines):
                number += 1
                yield number, _cells(card)
        except ParseError as error:
            said = str(error.msg if hasattr(error, "msg") else error)
            raise ListProblem(
                f"it is no vCard: {said:.200}.", where=f"{path}:{lines.read}", todo=_TODO
            ) from None
        except (VObjectError, *NONSENSE) as error:
            said = in_words(error)
            raise ListProblem(
                f"card {number + 1} can't be read: {said:.200}.", where=f"{path}:{lines.read}", todo=_TODO
            ) from None


@dataclass(slots=True)
class _Line:
    """A line of a card: what stands before its value, and the value as it was written."""

    params: dict[str, list[str]]
    written: str

    def fields(self, parts: int) -> list[str]:
        """Of a structured value so many, each its texts with ", " between them."""
        found = [", ".join(filter(None, _texts(part))) for part in _split(self._plain(), ";")]
        return [_text(part) for part in [*found, *[""] * parts][:parts]]

    def texts(self) -> list[str]:
        return [_text(one) for one in _texts(self._plain())]

    def _plain(self) -> str:
        """Without quoted-printable, which is of vCard 2.1."""
        words = {word.upper() for word in (*self.params.get("ENCODING", ()), *self.params)}
        if "QUOTED-PRINTABLE" not in words:
            return self.written
        (charset, *_) = self.params.get("CHARSET") or ["utf-8"]
        return quopri.decodestring(self.written.encode()).decode(charset)


_Card = dict[str, list[_Line]]


def _cards(lines: _Lines) -> Iterator[_Card]:
    """Each card's own lines that are read, by their names; a card within it is passed over. vobject reads the
    lines; its cards take four times as long, for all that a line could be. Raises ParseError.
    """
    from vobject.base import ParseError, getLogicalLines, parseLine  # noqa: PLC0415

    within: list[str] = []
    card: _Card = {}
    for line, number in getLogicalLines(lines):
        name, params, value, _ = parseLine(line, number)
        name = name.upper()
        if name == "BEGIN":
            within.append(value.strip().upper())
            card = {} if len(within) == 1 else card
        elif name == "END":
            if not within or value.strip().upper() != within[-1]:
                raise ParseError(f"{value} ends what was not begun", number)
            if within.pop() == "VCARD" and not within:
                yield card
        elif not within:
            raise ParseError(f"{name} stands in no card", number)
        elif len(within) == 1 and name in _READ:
            given: dict[str, list[str]] = {}
            for one in params:
                given.setdefault(one[0].upper(), []).extend(one[1:])
            card.setdefault(name, []).append(_Line(given, value))
    if within:
        raise ParseError(f"{within[-1]} was never closed", lines.read)


def _split(written: str, sign: str) -> list[str]:
    """At each such sign that has no backslash before it, which stays for `_plain_text`."""
    if "\\" not in written:
        return written.split(sign)
    return re.findall(rf"(?:\A|{sign})((?:[^{sign}\\]|\\.|\\\Z)*)", written, re.DOTALL)


def _texts(written: str) -> list[str]:
    """The texts of a value, separated by commas (RFC 6350, 3.4)."""
    return [_ESCAPED.sub(_unescaped, one) for one in _split(written, ",")]


def _unescaped(found: re.Match[str]) -> str:
    sign = found[1]
    return "\n" if sign in "nN" else sign


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


def _cells(known: _Card) -> list[str]:
    place = _chosen(known.get("ADR", ()))
    box, line2, line1, *rest = place.fields(7) if place is not None else [""] * 7
    if box:
        box = box if any(letter.isalpha() for letter in box) else f"PO Box {box}"
        line1, line2 = (line1, line2 or box) if line1 else (box, line2)
    family, given, _, prefix = known["N"][0].fields(4) if "N" in known else [""] * 4
    whole = known["FN"][0].texts()[0] if "FN" in known else ""
    company = known["ORG"][0].fields(1)[0] if "ORG" in known else ""
    contact = " ".join(filter(None, (given, family))) or (whole if whole != company else "")
    return [
        company,
        contact,
        prefix,
        _first(known.get("EMAIL", ())),
        _first(known.get("TEL", ())),
        line1,
        line2,
        *rest,
        ", ".join(text for one in known.get("CATEGORIES", ()) for text in one.texts() if text),
    ]


def _first(lines: Sequence[_Line]) -> str:
    found = _chosen(lines)
    return found.texts()[0].removeprefix("mailto:").removeprefix("tel:") if found is not None else ""


def _chosen(lines: Sequence[_Line]) -> _Line | None:
    """The preferred line of a card, else one for work, else the first."""
    return min(lines, key=_rank, default=None)


def _rank(line: _Line) -> int:
    words = {word.casefold() for one in line.params.get("TYPE", ()) for word in one.split(",")}
    words |= {name.casefold() for name in line.params}
    return 0 if "pref" in words else 1 if "work" in words else 2


def _text(value: str) -> str:
    """On one line but for its line breaks."""
    return "\n".join(filter(None, (" ".join(line.split()) for line in value.splitlines())))
