"""Client lists as vCards (.vcf), versions 2.1, 3.0 and 4.0, by vobject: a card is a row below headings.

Card 1 is row 2. Of several addresses, e-mails or phones the preferred one counts, else one for work, else the
first. A card is read as it comes; the encoding is settled for the whole file as for other lists.
"""

from __future__ import annotations

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
        lines = _Lines(bounded_lines(stream, path))
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
                    f"it is no vCard: {said}.", where=f"{path}:{lines.read}", todo=_TODO
                ) from None
            except (VObjectError, ValueError, LookupError, AttributeError, TypeError) as error:
                raise ListProblem(
                    f"card {number} can't be read: {error}.", where=f"{path}:{lines.read}", todo=_TODO
                ) from None


class _Lines:
    """The lines of a file, and how many of them were read."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.read = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.read += 1
            yield line

    def readline(self) -> str:
        """As of a file."""
        for line in self._lines:
            self.read += 1
            return line
        return ""


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
