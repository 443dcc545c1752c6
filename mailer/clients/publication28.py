"""An address in the form of USPS Publication 28, beside what was given, each change with its reason. Pure.

Never another place: words are abbreviated or spelled as the Publication asks, and none is added, dropped or
moved to another line. What is not certain stays as it was given. Section numbers are the Publication's.
Of the libraries that were tried, usaddress-scourgify reads no PO box, rural, highway-contract, military or
Puerto Rico address and makes "100 Avenue B" into "100 AVE B"; so the rules stand here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from mailer.clients.places import TERRITORIES
from mailer.clients.record import Address

_SUFFIXES: Final = {
    "alley": "ALY", "ave": "AVE", "av": "AVE", "avenue": "AVE", "boulevard": "BLVD", "blvd": "BLVD",
    "bypass": "BYP", "causeway": "CSWY", "center": "CTR", "centre": "CTR", "circle": "CIR", "court": "CT",
    "cove": "CV", "crescent": "CRES", "crossing": "XING", "drive": "DR", "estates": "ESTS",
    "expressway": "EXPY", "extension": "EXT", "freeway": "FWY", "gardens": "GDNS", "glen": "GLN",
    "grove": "GRV", "heights": "HTS", "highway": "HWY", "hill": "HL", "hills": "HLS", "hollow": "HOLW",
    "junction": "JCT", "lake": "LK", "landing": "LNDG", "lane": "LN", "manor": "MNR", "meadows": "MDWS",
    "mountain": "MTN", "orchard": "ORCH", "parkway": "PKWY", "place": "PL", "plaza": "PLZ", "point": "PT",
    "ridge": "RDG", "road": "RD", "route": "RTE", "square": "SQ", "station": "STA", "street": "ST",
    "str": "ST", "summit": "SMT", "terrace": "TER", "trace": "TRCE", "trail": "TRL", "turnpike": "TPKE",
    "valley": "VLY", "view": "VW", "village": "VLG", "vista": "VIS",
}  # fmt: skip
_ABBREVIATED: Final = frozenset(
    (*(short.casefold() for short in _SUFFIXES.values()), "way", "loop", "mall", "park", "row")
)
_DIRECTIONS: Final = {
    "north": "N", "south": "S", "east": "E", "west": "W",
    "northeast": "NE", "northwest": "NW", "southeast": "SE", "southwest": "SW",
}  # fmt: skip
_SHORT: Final = {short.casefold() for short in _DIRECTIONS.values()}
_UNITS: Final = {
    "apartment": "APT", "building": "BLDG", "department": "DEPT", "floor": "FL", "hangar": "HNGR",
    "room": "RM", "space": "SPC", "suite": "STE", "trailer": "TRLR", "penthouse": "PH", "ste": "STE",
}  # fmt: skip
_UNIT_WORDS: Final = {*_UNITS, *(short.casefold() for short in _UNITS.values()), "unit", "lot", "slip"}
_NUMBER: Final = r"([A-Z0-9][A-Z0-9-]*)"


@dataclass(frozen=True, slots=True)
class _Whole:
    """A line with a form of its own: what it looks like without punctuation, and what it becomes."""

    looks: re.Pattern[str]
    becomes: str
    reason: str


def _whole(looks: str, becomes: str, reason: str) -> _Whole:
    return _Whole(re.compile(looks.replace("@", _NUMBER)), becomes, reason)


_LINES: Final = (
    _whole(r"(?:P ?O|POST OFFICE) (?:BOX|BX|DRAWER)(?: NO| NUMBER)? ?#? ?@", r"PO BOX \1", "281: a PO box"),
    _whole(r"(?:POB|PO|BOX) #? ?([0-9]+)", r"PO BOX \1", "281: a PO box"),
    _whole(
        r"(?:R ?R|RURAL ROUTE|RFD(?: ROUTE)?|RD|RT|ROUTE|RURAL RTE) ?#? ?([0-9]+[A-Z]?) (?:BOX|BX|#) ?@",
        r"RR \1 BOX \2",
        "241: a rural route",
    ),
    _whole(
        r"(?:HC|H C|HCR|HIGHWAY CONTRACT(?: ROUTE)?|STAR (?:ROUTE|RTE?)) ?#? ?([0-9]+[A-Z]?) (?:BOX|BX|#) ?@",
        r"HC \1 BOX \2",
        "251: a highway contract route",
    ),
    _whole(r"P ?S ?C #? ?@ (?:BOX|BX|#) ?@", r"PSC \1 BOX \2", "225: a military address"),
    _whole(r"(UNIT|CMR|OMC) #? ?@ (?:BOX|BX|#) ?@", r"\1 \2 BOX \3", "225: a military address"),
    _whole(r"(?:C O|C/O|CARE OF|%) (.+)", r"C/O \1", "care of somebody: C/O before the name"),
)
_ISLAND: Final = (
    _whole(r"(?:URBANIZACI[OÓ]N|URB) (.+)", r"URB \1", "291: an urbanization, on a line of its own"),
    _whole(r"(?:APARTADO|APDO|APTDO|GPO BOX) #? ?@", r"PO BOX \1", "295: a PO box in Puerto Rico"),
)


@dataclass(frozen=True, slots=True)
class Change:
    """What was given, what the form has in its place, and why."""

    given: str
    form: str
    reason: str


@dataclass(frozen=True, slots=True)
class PostalForm:
    """`address` in the form, and what was changed but capitals and punctuation (222, 225)."""

    address: Address
    changes: tuple[Change, ...]


def form_of(address: Address) -> PostalForm:
    """The form of a domestic address; one abroad stays as it is."""
    if address.country != "US":
        return PostalForm(address, ())
    changes: list[Change] = []
    island = address.state in TERRITORIES or address.state == "PR"
    line1 = _line(address.line1, changes, island=island)
    line2 = _line(address.line2, changes, island=island)
    city = _plain(address.city)
    if (joined := city.replace(" ", "")) in ("APO", "FPO", "DPO") and joined != city:
        changes.append(Change(address.city, joined, "225: a military post office"))
        city = joined
    return PostalForm(replace(address, line1=line1, line2=line2, city=city), tuple(changes))


def _plain(text: str) -> str:
    """In capitals, without punctuation but hyphens, slashes and number signs (222)."""
    text = re.sub(r"['’.]", "", text.upper()) if not re.search(r"[0-9]\.[0-9]", text) else text.upper()
    return " ".join(re.sub(r"[^\w#/%.\-]+", " ", text).split())


def _line(given: str, changes: list[Change], *, island: bool) -> str:
    text = _plain(re.sub(r"\b([A-Za-z])\.\s*(?=[A-Za-z]\b\.?)", r"\1", given))
    for one in (*_ISLAND, *_LINES) if island else _LINES:
        if found := one.looks.fullmatch(text):
            form = found.expand(one.becomes)
            if form != text:
                changes.append(Change(given, form, one.reason))
            return form
    if not text or not text[0].isdigit():
        return _units(text, changes)
    if island:  # a street's Spanish words stand before its name, and are spelled out (296)
        return _units(text, changes)
    return _street(_units(text, changes), changes)


def _units(text: str, changes: list[Change]) -> str:
    """Designators of what is inside a building, where a number or letter follows them (213, Appendix C2)."""
    words = text.split()
    for at, word in enumerate(words[:-1]):
        short = _UNITS.get(word.casefold())
        rest = words[at + 1]
        numbered = len(rest) <= 2 or any(character.isdigit() for character in rest)
        if short and short != word and numbered and (at == 0 or len(words) - at == 2):
            changes.append(Change(word, short, "213: the unit's designator"))
            words[at] = short
    return " ".join(words)


def _street(text: str, changes: list[Change]) -> str:
    """A numbered street: its directions (233) and its suffix (234, Appendix C1)."""
    words = text.split()
    end = next((at for at, word in enumerate(words) if at > 1 and _is_unit(word)), len(words))
    start = 1 + (len(words) > 2 and "/" in words[1])
    last = end - 1
    if last - start >= 1 and words[last].casefold() in _DIRECTIONS | dict.fromkeys(_SHORT, ""):
        before = words[last - 1].casefold()
        if last - start >= 2 and (before in _SUFFIXES or before in _ABBREVIATED):
            _short(words, last, _DIRECTIONS, "233: the direction behind the street", changes)
            last -= 1
        else:
            return " ".join(words)  # "12 Avenue North": what is the name is not certain
    if last - start >= 1 and words[last].casefold() in _SUFFIXES:
        _short(words, last, _SUFFIXES, "234: the street's suffix", changes)
    named = last - start >= 2 and words[last].casefold() in _ABBREVIATED
    if named and words[start].casefold() in _DIRECTIONS and words[start + 1].casefold() not in _DIRECTIONS:
        _short(words, start, _DIRECTIONS, "233: the direction before the street", changes)
    return " ".join(words)


def _is_unit(word: str) -> bool:
    return word.startswith("#") or word.casefold() in _UNIT_WORDS


def _short(words: list[str], at: int, known: dict[str, str], reason: str, changes: list[Change]) -> None:
    short = known.get(words[at].casefold(), words[at])
    if short != words[at]:
        changes.append(Change(words[at], short, reason))
        words[at] = short
