"""The mailing address of a row, from its cells. Pure.

Where a list has the whole address in one cell ("123 Main St, Suite 4, Springfield, IL 62701"), it is split
at its commas and line breaks, from the end, if that is possible in one way only. Raises Unusable where the
USPS could not deliver: no street or box, no city, no state, no ZIP.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from mailer.clients.cells import LONGEST_CELL, Remark, Unusable, filled
from mailer.clients.places import TERRITORIES, agrees, mend_country, mend_state, mend_zip
from mailer.clients.record import Address

_COMPLETE: Final = "Complete the address."
_END: Final = re.compile(
    r"(.*?)[,\s]*\b([0-9]{5}(?:-[0-9]{4})?)(?:[,\s]+(?:USA?|U\.S\.A?\.?|United States))?", re.DOTALL
)
_BREAK: Final = re.compile(r"\s*(?:,|\n)\s*")


@dataclass(frozen=True, slots=True)
class AddressLimits:
    """What a mail service that prints the address takes of it: characters of a name, and of both street lines
    together. `title` is the service's name for people.
    """

    title: str
    name: int
    lines: int


class Cells(NamedTuple):
    """The address cells of a row; `line1` may hold line breaks."""

    line1: str
    line2: str
    city: str
    state: str
    zip: str
    country: str


def read_address(
    cells: Cells, notes: list[str], *, of: str = "address", limits: Iterable[AddressLimits] = ()
) -> Address:
    """The address, mended; what was mended is added to `notes`, and what passes `limits`. `of` names it in
    messages.
    """
    line1, line2, city, state, zip_code, country = cells
    if line1 and not city and not state and not zip_code:
        line1, line2, city, state, zip_code = _split(line1, line2, notes, of)
    elif "\n" in line1:
        line1, line2 = _unfold(line1, line2, city, zip_code)
    if city and not state:
        city, state, zip_code = _parted(city, zip_code, notes, of)
    if len(line2) < 8:
        line2 = filled(line2)
    code, note = mend_country(country)
    if code in TERRITORIES:
        code, state, note = "US", state or code, f"country {country} → US, state {code}"
    if note:
        notes.append(note)
    address = (
        _domestic(line1, line2, city, state, zip_code, notes, of)
        if code == "US"
        else _abroad(Address(line1, line2, city, state, zip_code, code), of)
    )
    length = len(line1) + len(line2)
    if length > LONGEST_CELL or len(city) > LONGEST_CELL:
        raise Unusable(f"the {of} has lines of more than {LONGEST_CELL} characters", "Shorten them.")
    notes += (
        Remark(f"the {of}'s street lines have {length} characters: {one.title} takes {one.lines}")
        for one in limits
        if length > one.lines
    )
    return address


def _parted(city: str, zip_code: str, notes: list[str], of: str) -> tuple[str, str, str]:
    """City, state and ZIP where they stand in the city's cell: "Davis, CA 95616"; else as they were."""
    text, number = city, zip_code
    if not number and (found := _END.fullmatch(city)):
        text, number = found[1], found[2]
    place, state = _state_at_end(text.strip(" ,"))
    place = place.rstrip(" ,")
    if not (place and state and number):
        return city, "", zip_code
    notes.append(f"the {of}'s city and state were split from one cell")
    return place, state, number


def _domestic(
    line1: str, line2: str, city: str, state: str, zip_code: str, notes: list[str], of: str
) -> Address:
    if not line1 and line2:
        line1, line2 = line2, ""
    line1 = filled(line1)
    if not (line1 and city and state and zip_code):
        parts = (("street or PO box", line1), ("city", city), ("state", state), ("ZIP code", zip_code))
        missing = [f"no {name}" for name, text in parts if not text]
        what = f"no {of}" if len(missing) == 4 else f"the {of} has {' and '.join(missing)}"
        raise Unusable(what, _COMPLETE)
    state, state_note = mend_state(state)
    zip_given = zip_code
    zip_code, zip_note = mend_zip(zip_code)
    if state_note:
        notes.append(state_note)
    if zip_note:
        notes.append(zip_note)
    if not agrees(state, zip_code):
        if zip_given[:3] != zip_code[:3]:
            raise Unusable(
                f"ZIP {zip_given} lacks digits, and {zip_code} is not in {state}", "Correct the ZIP code."
            )
        notes.append(Remark(f"ZIP {zip_code} is not in {state}: check the {of}"))
    return Address(line1, line2, city, state, zip_code)


def _abroad(address: Address, of: str) -> Address:
    if not filled(address.line1) or not address.city:
        missing = "street" if address.city else "city"
        raise Unusable(f"the {of} in {address.country} has no {missing}", _COMPLETE)
    return address


def _unfold(line1: str, line2: str, city: str, zip_code: str) -> tuple[str, str]:
    """A street cell of several lines; a last line that repeats city and ZIP is left out."""
    rows = line1.split("\n")
    if len(rows) > 1 and city.casefold() in rows[-1].casefold() and zip_code in rows[-1]:
        rows = rows[:-1]
    return rows[0], ", ".join(filter(None, (*rows[1:], line2)))


def _split(line1: str, line2: str, notes: list[str], of: str) -> tuple[str, str, str, str, str]:
    whole = ", ".join(filter(None, (line1, line2)))
    parts = [part for part in _BREAK.split(whole) if part]
    if len(parts) > 1:
        try:
            if not any(character.isdigit() for character in parts[-1]) and mend_country(parts[-1])[0] == "US":
                parts = parts[:-1]
        except Unusable:
            pass
    unclear = Unusable(
        f"the {of} stands in one cell and cannot be split with certainty: “{whole}”",
        "Put city, state and ZIP into columns of their own.",
    )
    found = _END.fullmatch(parts[-1]) if parts else None
    if not found:
        raise (
            Unusable(f"the {of} has no city and no state and no ZIP code", _COMPLETE)
            if len(parts) < 3
            else unclear
        )
    before, zip_code = found[1].strip(), found[2]
    parts = parts[:-1] + ([before] if before else [])
    city_and_state = parts.pop() if parts else ""
    city, state = _state_at_end(city_and_state)
    if not state:
        raise unclear
    if not city:
        city = parts.pop() if parts else ""
    if not city or any(character.isdigit() for character in city) or not 1 <= len(parts) <= 2:
        raise unclear
    notes.append(f"the {of} was split from one cell")
    return parts[0], parts[1] if len(parts) == 2 else "", city, state, zip_code


def _state_at_end(text: str) -> tuple[str, str]:
    """City and state of "New York NY", "Santa Fe New Mexico" or "CA"; state "" where there is none."""
    words = text.split()
    for count in (3, 2, 1):
        tail = " ".join(words[-count:])
        if len(words) < count or (count > 1 and len(tail) < 5):
            continue
        try:
            return " ".join(words[:-count]), mend_state(tail)[0]
        except Unusable:
            continue
    return "", ""
