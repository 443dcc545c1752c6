"""States, ZIP codes and countries, and the repair of what spreadsheets do to them. Pure.

Each `mend_…` gives what is meant and a note in words ("" where nothing was changed), and raises
`Unusable` where no repair is sure. The ZIP prefixes are those of USPS Labeling List L002, by state.
"""

from __future__ import annotations

import re
from contextlib import suppress
from functools import lru_cache
from typing import Final

from mailer.clients.cells import Unusable

STATES: Final[dict[str, str]] = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California",
    "CO": "Colorado", "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia",
    "FL": "Florida", "GA": "Georgia", "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana",
    "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana", "ME": "Maine", "MD": "Maryland",
    "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota", "MS": "Mississippi", "MO": "Missouri",
    "MT": "Montana", "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire", "NJ": "New Jersey",
    "NM": "New Mexico", "NY": "New York", "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio",
    "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island",
    "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah",
    "VT": "Vermont", "VA": "Virginia", "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin",
    "WY": "Wyoming", "PR": "Puerto Rico", "VI": "Virgin Islands", "GU": "Guam", "AS": "American Samoa",
    "MP": "Northern Mariana Islands", "FM": "Micronesia", "MH": "Marshall Islands", "PW": "Palau",
    "AA": "Armed Forces Americas", "AE": "Armed Forces Europe", "AP": "Armed Forces Pacific",
}  # fmt: skip
_OTHER_NAMES: Final = {
    "calif": "CA", "cal": "CA", "mass": "MA", "penn": "PA", "penna": "PA", "fla": "FL", "wash": "WA",
    "ore": "OR", "nev": "NV", "tex": "TX", "ariz": "AZ", "colo": "CO", "conn": "CT", "mich": "MI",
    "minn": "MN", "wis": "WI", "ill": "IL", "tenn": "TN", "washington dc": "DC", "us virgin islands": "VI",
    "armed forces": "AE", "commonwealth of puerto rico": "PR",
}  # fmt: skip
_BY_NAME: Final = {name.casefold(): code for code, name in STATES.items()} | _OTHER_NAMES

# State: first and last three-digit prefixes, both inclusive.
PREFIXES: Final[dict[str, tuple[tuple[int, int], ...]]] = {
    "AL": ((350, 369),), "AK": ((995, 999),), "AZ": ((850, 865),), "AR": ((716, 729), (755, 755)),
    "CA": ((900, 961),), "CO": ((800, 816),), "CT": ((60, 69),), "DE": ((197, 199),),
    "DC": ((200, 205), (569, 569)), "FL": ((320, 349),), "GA": ((300, 319), (398, 399)),
    "HI": ((967, 968),), "ID": ((832, 838),), "IL": ((600, 629),), "IN": ((460, 479),),
    "IA": ((500, 528),), "KS": ((660, 679),), "KY": ((400, 427),), "LA": ((700, 714),),
    "ME": ((39, 49),), "MD": ((206, 219),), "MA": ((10, 27), (55, 55)), "MI": ((480, 499),),
    "MN": ((550, 567),), "MS": ((386, 397),), "MO": ((630, 658),), "MT": ((590, 599),),
    "NE": ((680, 693),), "NV": ((889, 898),), "NH": ((30, 38),), "NJ": ((70, 89),), "NM": ((870, 884),),
    "NY": ((5, 5), (63, 63), (100, 149)), "NC": ((270, 289),), "ND": ((580, 588),), "OH": ((430, 459),),
    "OK": ((730, 749),), "OR": ((970, 979),), "PA": ((150, 196),), "RI": ((28, 29),),
    "SC": ((290, 299),), "SD": ((570, 577),), "TN": ((370, 385),), "TX": ((733, 733), (750, 799), (885, 885)),
    "UT": ((840, 847),), "VT": ((50, 59),), "VA": ((201, 201), (220, 246)), "WA": ((980, 994),),
    "WV": ((247, 268),), "WI": ((530, 549),), "WY": ((820, 831), (834, 834)), "PR": ((6, 7), (9, 9)),
    "VI": ((8, 8),), "GU": ((969, 969),), "AS": ((967, 967),), "MP": ((969, 969),), "FM": ((969, 969),),
    "MH": ((969, 969),), "PW": ((969, 969),), "AA": ((340, 340),), "AE": ((90, 99),), "AP": ((962, 966),),
}  # fmt: skip

_ZIP: Final = re.compile(r"([0-9]{3,5})(?:[ \u2010-\u2015-]+([0-9]{4})?)?")
_JOINED: Final = re.compile(r"[0-9]{8,9}")
_LOST: Final = "a leading zero lost by the spreadsheet"


@lru_cache(maxsize=1 << 16)
def mend_zip(text: str) -> tuple[str, str]:
    """NNNNN or NNNNN-NNNN. "2134.0" and "2134" are 02134, "958141234" is 95814-1234."""
    bare = text.removeprefix("'").strip().removesuffix(".0")
    if _JOINED.fullmatch(bare):
        bare = f"{bare[:-4]}-{bare[-4:]}"
    found = _ZIP.fullmatch(bare)
    if not found:
        raise Unusable(f"“{text}” is not a ZIP code", "Write five digits, or ZIP+4 as 95814-1234.")
    five, four = found[1].zfill(5), found[2]
    if not 5 <= int(five[:3]) <= 999:
        raise Unusable(f"“{text}” is not a ZIP code: none begins with {five[:3]}", "Correct the ZIP code.")
    mended = f"{five}-{four}" if four else five
    if mended == text:
        return mended, ""
    lost = len(five) - len(found[1])
    why = "" if not lost else f" ({_LOST})" if lost == 1 else " (leading zeros lost by the spreadsheet)"
    return mended, f"ZIP {text} → {mended}{why}"


@lru_cache(maxsize=1 << 10)
def mend_state(text: str) -> tuple[str, str]:
    """Two letters. "New Jersey", "N.J." and "nj" are NJ."""
    if text in STATES:
        return text, ""
    bare = " ".join(text.replace(".", "").split())
    code = bare.upper() if bare.upper() in STATES else _BY_NAME.get(bare.casefold(), "")
    if not code and bare.replace(" ", "").upper() in STATES:
        code = bare.replace(" ", "").upper()
    if not code:
        raise Unusable(
            f"“{text}” is not a state", "Write its two letters; for an address abroad fill in its country."
        )
    return code, f"state {text} → {code}"


def state_named(place: str) -> str:
    """The state that a place names, "" where it names none: at the end of one of its parts, before a ZIP code
    or the country, or at the beginning of any but the first. The last one counts. "Post Office, Nevada",
    "(Reno NV, USA)", "Reno, NV, Vassar Station" and "Reno, Nevada Main Post Office" are in NV.
    """
    parts = [_without_home(_LETTERS.findall(part)) for part in _BETWEEN.split(place)]
    for number, words in reversed([*enumerate(filter(None, parts))]):
        found = [words[-count:] for count in (3, 2, 1)]
        if number:
            found += [words[:count] for count in (3, 2, 1) if not _is_way(words, count)]
        for some in found:
            if (text := " ".join(some)).replace(".", "") not in _ENGLISH:
                with suppress(Unusable):
                    return mend_state(text)[0]
    return ""


def _without_home(words: list[str]) -> list[str]:
    """Without the country at their end."""
    for count in range(min(_LONGEST_HOME, len(words)), 0, -1):
        if " ".join(words[-count:]).replace(".", "").casefold() in _HOME:
            return words[:-count]
    return words


def _is_way(words: list[str], at: int) -> bool:
    """Does the word there make a street or a town of what is before it, as in "Nevada City"."""
    return at < len(words) and words[at].strip(".").casefold() in _STREETS


@lru_cache(maxsize=1 << 16)
def agrees(state: str, zip_code: str) -> bool:
    """Whether a ZIP code of that beginning is one of the state's."""
    prefix = int(zip_code[:3])
    return any(first <= prefix <= last for first, last in PREFIXES[state])


_LETTERS: Final = re.compile(r"[^\W\d_][^\W\d_.]*(?:\.[^\W\d_]+)*\.?")
_ENGLISH: Final = frozenset({"", "in", "or", "me", "hi", "ok", "oh"})  # in small letters these are words
_BETWEEN: Final = re.compile(r"[,;()/|\n\u2013\u2014]")
_STREETS: Final = frozenset(
    (
        *("ave", "avenue", "blvd", "boulevard", "dr", "drive", "lane", "rd", "road", "st", "street", "way"),
        *("beach", "city", "county", "falls", "hall", "house", "park", "springs"),
    )
)
_LONGEST_HOME: Final = 5  # words of a country's name
_HOME: Final = frozenset(
    (
        *("us", "usa", "u s", "u s a", "united states", "united states of america", "the united states"),
        *("estados unidos", "america"),
    )
)
_PARTS: Final = {
    "uk": "GB", "great britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB",
    "northern ireland": "GB", "holland": "NL", "czech republic": "CZ", "korea": "KR",
}  # fmt: skip
# Territories that the USPS serves as domestic, by state code.
TERRITORIES: Final = frozenset(("PR", "VI", "GU", "AS", "MP", "FM", "MH", "PW"))


@lru_cache(maxsize=1 << 12)
def mend_country(text: str) -> tuple[str, str]:
    """ISO 3166 alpha-2; "" and the spellings of the United States are US."""
    if text in ("", "US"):
        return "US", ""
    bare = " ".join(text.casefold().replace(".", " ").split())
    code = "US" if bare in _HOME else _PARTS.get(bare) or _countries().get(bare, "")
    if not code:
        raise Unusable(f"“{text}” is not a country", "Write its English name or its two-letter code.")
    return code, "" if code == text.upper() else f"country {text} → {code}"


def country_name(code: str) -> str:
    """The English name of an alpha-2 code; the code itself where it is unknown."""
    from babel import Locale  # noqa: PLC0415 - only an address abroad needs it, and it loads slowly

    return str(Locale("en").territories.get(code, code))


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    """English names, alpha-2 and alpha-3 codes, in lower case, from the CLDR that babel ships."""
    from babel import Locale  # noqa: PLC0415 - as above
    from babel.core import get_global  # noqa: PLC0415

    unreal = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
    names: dict[str, str] = {}
    for code, name in Locale("en").territories.items():
        if len(code) == 2 and code.isalpha() and code not in unreal:
            names[code.casefold()] = code
            names[name.casefold().replace(".", " ")] = code
            names[name.casefold().replace("&", "and").replace("ü", "u")] = code
    for code, replacements in get_global("territory_aliases").items():
        if len(code) == 3 and code.isalpha() and len(replacements) == 1:
            names.setdefault(code.casefold(), replacements[0])
    return names
