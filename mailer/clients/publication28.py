"""An address in the form of USPS Publication 28, beside what was given, each change with its reason. Pure.

Never another place: words are abbreviated or spelled as the Publication asks, and none is added, dropped or
moved to another line. What is not certain stays as it was given. Section numbers are the Publication's of
October 2023 (https://pe.usps.com/text/pub28). Of the libraries that were tried, usaddress-scourgify reads no
PO box, rural, highway-contract, military or Puerto Rico address and makes "100 Avenue B" into "100 AVE B"; so
the rules stand here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from mailer.clients.places import TERRITORIES
from mailer.clients.record import Address
from mailer.clients.streetwords import (
    ALONE,
    ALONE_WORDS,
    DIRECTIONS,
    SHORT_SUFFIXES,
    SUFFIXES,
    UNIT_WORDS,
    UNITS,
)

_SHORT: Final = frozenset(DIRECTIONS.values())
_NUMBER: Final = r"([A-Z0-9][A-Z0-9-]*)"
_BOX: Final = r"(?:BOX|BX)(?: NO| NUMBER)?(?: ?#)? ?@|# ?@"
_NO: Final = r"(?: NO| NUMBER)?(?: ?#)?[ -]?"
_GRID: Final = re.compile(r"[NSEW][0-9]+(?:[NSEW][0-9]+)?")  # Appendix D: N6W23001 BLUEMOUND RD
_ORDINAL: Final = re.compile(
    r"[0-9]+(?:ST|ND|RD|TH)|FIRST|SECOND|THIRD|FOURTH|FIFTH|SIXTH|SEVENTH|EIGHTH|NINTH|TENTH"
)


@dataclass(frozen=True, slots=True)
class _Whole:
    """A line with a form of its own: what it looks like without punctuation, and what it becomes."""

    looks: re.Pattern[str]
    becomes: str
    reason: str

    def form(self, text: str) -> str:
        """The line's form; "" where it is no such line."""
        found = self.looks.fullmatch(text)
        if not found:
            return ""
        return " ".join(self.becomes.format(*(part for part in found.groups() if part is not None)).split())


def _whole(looks: str, becomes: str, reason: str) -> _Whole:
    looks = looks.replace("~BOX", f"(?:{_BOX})").replace("~NO", _NO).replace("@", _NUMBER)
    return _Whole(re.compile(looks), becomes, reason)


_LINES: Final = (
    _whole(r"(?:P ?O|POST OFFICE) (?:BOX|BX)~NO@", "PO BOX {}", "281: a PO box"),
    _whole(r"(?:POB|PO|BOX)~NO([0-9]+)", "PO BOX {}", "281: a PO box"),
    _whole(
        r"(?:(?:P ?O|POST OFFICE) )?(?:DRAWER|LOCK ?BOX|(?:FIRM )?CALLER|BIN)~NO([0-9][A-Z0-9-]*|[A-Z]{1,2})",
        "PO BOX {}",
        "283: a PO box by another name",
    ),
    _whole(
        r"(?:R ?R|RURAL (?:ROUTE|RTE?)|RT|ROUTE)~NO0*([0-9]+[A-Z]?) ~BOX",
        "RR {} BOX {}",
        "241: a rural route",
    ),
    _whole(r"(?:RFD|R ?D)(?: ROUTE)?~NO0*([0-9]+[A-Z]?) ~BOX", "RR {} BOX {}", "244: a rural route"),
    _whole(
        r"(?:HC|H C|HCR|HIGHWAY CONTRACT(?: ROUTE| RTE?)?)~NO0*([0-9]+[A-Z]?) ~BOX",
        "HC {} BOX {}",
        "251: a highway contract route",
    ),
    _whole(r"STAR (?:ROUTE|RTE?)~NO0*([0-9]+[A-Z]?) ~BOX", "HC {} BOX {}", "254: a highway contract route"),
    _whole(r"P ?S ?C~NO@ ~BOX", "PSC {} BOX {}", "238: a military address"),
    _whole(r"(UNIT|CMR|OMC)~NO@ ~BOX", "{} {} BOX {}", "238: a military address"),
    _whole(r"GEN(?:ERAL)? DEL(?:IVERY)?", "GENERAL DELIVERY", "261: spelled out"),
    _whole(r"(?:C O|C/O|(?:IN )?CARE OF|%) ?(.+)", "C/O {}", ""),
)
_ISLAND: Final = (
    _whole(r"(?:URBANIZACI[OÓ]N|URB) (.+)", "URB {}", "292: an urbanization, on a line of its own"),
    _whole(r"(?:APARTADO|APDO|APTDO|GPO BOX)(?: POSTAL)?~NO@", "PO BOX {}", "281: a PO box"),
    _whole(
        r"([A-Z]{1,2})-([0-9]+[A-Z]?) ((?:CALLE|AVE|AVENIDA) .+)",
        "{}{} {}",
        "Appendix I: a house's letter and number without a hyphen",
    ),
)


@dataclass(frozen=True, slots=True)
class Change:
    """What was given, what the form has in its place, and why."""

    given: str
    form: str
    reason: str


@dataclass(frozen=True, slots=True)
class PostalForm:
    """`address` in the form, and what was changed but capitals and punctuation (212, 222, 232)."""

    address: Address
    changes: tuple[Change, ...]


def form_of(address: Address) -> PostalForm:
    """The form of a domestic address; one abroad stays as it is (`mailer/clients/abroad.py`)."""
    if address.country != "US":
        return PostalForm(address, ())
    changes: list[Change] = []
    island = address.state in TERRITORIES or address.state == "PR"
    line1 = _line(address.line1, changes, island=island)
    line2 = _line(address.line2, changes, island=island)
    city = _plain(address.city)
    if (joined := city.replace(" ", "")) in ("APO", "FPO", "DPO") and joined != city:
        changes.append(Change(address.city, joined, _because("225: a military post office")))
        city = joined
    return PostalForm(replace(address, line1=line1, line2=line2, city=city), tuple(changes))


def _because(reason: str) -> str:
    return f"Publication 28, {reason}" if reason else "by custom: C/O before the name of who passes it on"


def _plain(text: str) -> str:
    """In capitals; of punctuation hyphens, slashes, number signs and a number's point stay (222, 232).

    A number sign stands apart (213.2).
    """
    text = re.sub(r"['’]|(?<![0-9])\.|\.(?![0-9])", "", text.upper()).replace("#", " # ")
    return " ".join(re.sub(r"[^\w#/%.\-]+", " ", text).split())


def _line(given: str, changes: list[Change], *, island: bool) -> str:
    text = _plain(re.sub(r"\b([A-Za-z])\.\s*(?=[A-Za-z]\b\.?)", r"\1", given))
    for one in (*_ISLAND, *_LINES) if island else _LINES:
        if form := one.form(text):
            if form != text:
                changes.append(Change(given, form, _because(one.reason)))
            return form
    words = text.split()
    numbered = bool(words) and (words[0][0].isdigit() or bool(_GRID.fullmatch(words[0])))
    end = _units(words, changes, numbered=numbered)
    if numbered and not island:  # on the islands the street's Spanish words stand first, spelled out (291)
        _street(words, end, changes)
    return " ".join(words)


def _units(words: list[str], changes: list[Change], *, numbered: bool) -> int:
    """Designators of what is inside a building (213, Appendix C2), from the right; the index of the first.

    One stands behind a street or alone on its line, and a number or letter follows it.
    """
    end, first = len(words), 2 if numbered else 0
    while end:
        if end - 2 >= first and words[end - 2] in UNIT_WORDS and _number_of_unit(words[end - 1]):
            end -= 2
            _short(words, end, UNITS, "213: the unit's designator", changes)
        elif end - 3 >= first and words[end - 3] in UNIT_WORDS and words[end - 2] == "#":
            changes.append(Change("#", "", _because("213: no # where the designator is known")))
            del words[end - 2]
            end -= 1
            continue
        elif end - 2 >= first and words[end - 2] == "#":
            end -= 2
        elif end - 2 >= first and words[end - 1] in ("FLOOR", "FL") and _ORDINAL.fullmatch(words[end - 2]):
            _short(words, end - 1, UNITS, "213: the unit's designator", changes)
            end -= 2
        elif words[end - 1] in ALONE_WORDS and (end == 1 or (numbered and _ends_street(words, end - 1))):
            end -= 1
            _short(words, end, ALONE, "213: the unit's designator", changes)
        else:
            break
    return end if numbered else 0


def _number_of_unit(word: str) -> bool:
    return any(character.isdigit() for character in word) or (len(word) <= 2 and word not in SHORT_SUFFIXES)


def _ends_street(words: list[str], end: int) -> bool:
    last = words[end - 1]
    if last in DIRECTIONS or last in _SHORT:
        end, last = end - 1, words[end - 2]
    return end > 2 and (last in SUFFIXES or last in SHORT_SUFFIXES)


def _street(words: list[str], end: int, changes: list[Change]) -> None:
    """A numbered street, up to `end`: its directions (233) and its suffix (234, Appendix C1)."""
    start = 1 + (len(words) > 2 and ("/" in words[1] or bool(_GRID.fullmatch(words[1]))))
    last = end - 1
    if end - start == 3 and words[start + 1].isdigit() and _is_direction(words[start], words[last]):
        _short(words, start, DIRECTIONS, "233: the direction before the street", changes)
        _short(words, last, DIRECTIONS, "233: the direction behind the street", changes)
        return  # a grid of numbers: 842 E 1700 S (Appendix D2)
    if last - start >= 1 and _is_direction(words[last]):
        if last - start < 2 or not (words[last - 1] in SUFFIXES or words[last - 1] in SHORT_SUFFIXES):
            return  # "12 Avenue North": what is the name is not certain
        _short(words, last, DIRECTIONS, "233: the direction behind the street", changes)
        last -= 1
    if last - start >= 1:
        _short(words, last, SUFFIXES, "234: the street's suffix", changes)
    named = last - start >= 2 and words[last] in SHORT_SUFFIXES
    if named and not _is_direction(words[start + 1]):
        _short(words, start, DIRECTIONS, "233: the direction before the street", changes)


def _is_direction(*words: str) -> bool:
    return all(word in DIRECTIONS or word in _SHORT for word in words)


def _short(words: list[str], at: int, known: dict[str, str], reason: str, changes: list[Change]) -> None:
    short = known.get(words[at], words[at])
    if short != words[at]:
        changes.append(Change(words[at], short, _because(reason)))
        words[at] = short
