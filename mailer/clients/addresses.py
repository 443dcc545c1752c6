"""Addresses as they are printed, sorted and compared. Pure.

The client's own spelling is printed: one left margin, one piece of information a line, city, state and
ZIP on the last line (USPS Publication 28). Capitals are the USPS's preference, not its rule, and nothing is
put into them at home; an address abroad is mailer.clients.abroad's.
"""

from __future__ import annotations

import hashlib
import re
import textwrap
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

from mailer.clients.record import Address

LINE: Final = 46  # characters of 10-point type in a 4 inch window

_NOT_WORD: Final = re.compile(r"[^\w#]+")
_WORDS: Final = {
    "street": "st", "avenue": "ave", "av": "ave", "boulevard": "blvd", "drive": "dr", "road": "rd",
    "lane": "ln", "court": "ct", "place": "pl", "circle": "cir", "highway": "hwy", "parkway": "pkwy",
    "square": "sq", "terrace": "ter", "trail": "trl", "way": "wy", "north": "n", "south": "s", "east": "e",
    "west": "w", "northeast": "ne", "northwest": "nw", "southeast": "se", "southwest": "sw",
    "suite": "#", "ste": "#", "unit": "#", "apt": "#", "apartment": "#", "room": "#", "rm": "#", "no": "#",
    "saint": "st", "fort": "ft", "mount": "mt", "first": "1st", "second": "2nd", "third": "3rd",
}  # fmt: skip


def block(name: str, attention: str, address: Address, *, width: int = LINE) -> tuple[str, ...]:
    """The address block of a recipient, top to bottom, each line at most `width` characters.

    `attention` is the person at the company; it is left out where it is the name itself. A longer line is
    continued on the next at a space.
    """
    lines = [name]
    if attention and attention.casefold() != name.casefold():
        lines.append(f"Attn: {attention}")
    lines += address.lines()
    return tuple(piece for line in lines for piece in _wrapped(line, width))


def parts(name: str, attention: str, address: Address, email: str = "") -> dict[str, str]:
    """The same recipient in the parts that a mail service asks for, which prints the block itself.

    Keys: name, company, line1, line2, city, state, zip, country, and email where it goes there. `name` is the
    person where there is one.
    """
    person = attention if attention and attention.casefold() != name.casefold() else ""
    return ({"email": email} if email else {}) | {
        "name": person or name,
        "company": name if person else "",
        "line1": address.line1,
        "line2": address.line2,
        "city": address.city,
        "state": address.state,
        "zip": address.zip,
        "country": address.country,
    }


def _wrapped(line: str, width: int) -> list[str]:
    return [line] if len(line) <= width else textwrap.wrap(line, width, break_on_hyphens=False)


def same_place(address: Address) -> str:
    """The same for two spellings of one address: case, punctuation, "Street" or "St", "Suite 4" or "#4".

    Another suite is another place. For grouping what may go into one envelope, never for printing.
    """
    text = f"{address.line1} {address.line2}".casefold().replace("#", " # ")
    words = [_WORDS.get(word, word) for word in _NOT_WORD.sub(" ", text.replace(".", "")).split()]
    street = " ".join(
        word for index, word in enumerate(words) if word != "#" or words[index - 1 : index] != ["#"]
    )
    zip_code = address.zip[:5] if address.country == "US" else _NOT_WORD.sub("", address.zip.casefold())
    city = " ".join(_WORDS.get(word, word) for word in _NOT_WORD.sub(" ", address.city.casefold()).split())
    return f"{street}|{city}|{address.state.casefold()}|{zip_code}|{address.country}"


def digest(address: Address) -> str:
    """SHA-256 of exactly this spelling: the address's parts, one a line."""
    return hashlib.sha256("\n".join(asdict(address).values()).encode()).hexdigest()


def printed_at(lines: Sequence[str], address: Address) -> bool:
    """Does a printed block end in that address, however it is spelt? Abroad in any order: an older mailer had
    another.
    """
    printed, wanted = _plain(lines), _plain(address.lines())
    if address.country == "US":
        return f" {printed}".endswith(f" {wanted}")
    return not Counter(wanted.split()) - Counter(printed.split())


def _plain(lines: Sequence[str]) -> str:
    text = re.sub(r"\b([0-9]{5})-[0-9]{4}\b", r"\1", " ".join(lines))
    return same_place(Address(text, "", "", "", "")).partition("|")[0]
