"""Lob's published limits for a letter, each in words that say what to do. Pure.

From Lob's OpenAPI document 1.22.0 (schemas `address_editable_us`, `address_editable_intl`,
`letter_editable`, `ltr_file`, `metadata`, `extra_service`, `send_date`; error codes "ADVANCED"), which is
MIT licensed; the 5 MB are those of `remote_file_url`. Lengths are in characters, sizes in bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from mailer.mailservice.service import Consignment, PostalAddress

NAME: Final = 40
LINE: Final = 64
LINES_TOGETHER: Final = 50  # of `to`: error code address_length_exceeds_limit
CITY: Final = 200
LINE_ABROAD: Final = 200
ZIP_ABROAD: Final = 40
FILE_SIZE: Final = 5_000_000
SEND_KEY: Final = 256
DESCRIPTION: Final = 255
METADATA_VALUE: Final = 500
CALLS, CALLS_WITHIN = 150, 5.0  # of a key to an endpoint, in so many seconds ("Rate Limiting")
# The file's pages by (abroad, double sided): `ltr_file`
PAGES: Final = {(False, False): 60, (False, True): 120, (True, False): 6, (True, True): 12}
# `send_date` may be 180 days ahead of the moment of sending. We ask for noon UTC of the day, and the firm's
# day may have begun up to 14 hours before that, so the last of the 180 is not used.
DAYS_AHEAD: Final = 179

_ZIP: Final = re.compile(r"[0-9]{5}(-[0-9]{4})?")
_STATE: Final = re.compile(r"[A-Za-z]{2}")
_COUNTRY: Final = re.compile(r"[A-Za-z]{2}")
_PLAIN: Final = re.compile(r"[\x21-\x7e]+")


def problems(piece: Consignment, today: date) -> tuple[str, ...]:
    """Every published limit that the piece passes, () where it passes none."""
    return (
        *_address("recipient", piece.to),
        *_together(piece.to),
        *_address("sender", piece.sender),
        *_sender(piece.sender),
        *_file(piece),
        *_services(piece),
        *_send_date(piece.send_date, today),
        *_texts(piece),
    )


def _address(whose: str, address: PostalAddress) -> Iterator[str]:
    if not address.name.strip() and not address.company.strip():
        yield f"The {whose} has neither a name nor a company: give one."
    for what, text in (("name", address.name), ("company", address.company)):
        yield from _longer(f"{whose}'s {what}", text, NAME)
    if not address.line1.strip():
        yield f"The {whose} has no street line: complete the address."
    abroad = address.country.upper() != "US"
    longest = LINE_ABROAD if abroad else LINE
    for what, text in (("line 1", address.line1), ("line 2", address.line2)):
        yield from _longer(f"{whose}'s address {what}", text, longest)
    yield from _longer(f"{whose}'s city", address.city, CITY)
    yield from _abroad(whose, address) if abroad else _domestic(whose, address)


def _domestic(whose: str, address: PostalAddress) -> Iterator[str]:
    if not address.city.strip():
        yield f"The {whose} has no city: complete the address."
    if not _STATE.fullmatch(address.state):
        yield f"The {whose}'s state is {address.state!r}: Lob takes two letters, such as CA."
    if not _ZIP.fullmatch(address.zip):
        yield f"The {whose}'s ZIP code is {address.zip!r}: Lob takes 95814 or 95814-1234."


def _abroad(whose: str, address: PostalAddress) -> Iterator[str]:
    if not _COUNTRY.fullmatch(address.country):
        yield f"The {whose}'s country is {address.country!r}: Lob takes two letters, such as CA."
    yield from _longer(f"{whose}'s state", address.state, LINE_ABROAD)
    yield from _longer(f"{whose}'s postal code", address.zip, ZIP_ABROAD)
    if not address.zip.strip() and not (address.city.strip() and address.state.strip()):
        yield f"The {whose} abroad has no postal code: Lob then needs both a city and a state."


def _together(to: PostalAddress) -> Iterator[str]:
    length = len(to.line1) + len(to.line2)
    if length > LINES_TOGETHER:
        yield (
            f"The recipient's two street lines have {length} characters: Lob takes {LINES_TOGETHER} in all. "
            "Shorten one, or print the piece."
        )


def _sender(sender: PostalAddress) -> Iterator[str]:
    if sender.country.upper() != "US":
        yield f"The sender is in {sender.country}: Lob takes a US return address only."


def _file(piece: Consignment) -> Iterator[str]:
    abroad = piece.to.country.upper() != "US"
    most = PAGES[abroad, piece.double_sided]
    if piece.pages < 1:
        yield "The piece has no pages."
    if piece.pages > most:
        sides = "both sides" if piece.double_sided else "one side"
        where = f"to {piece.to.country}" if abroad else "in the US"
        more = " Print it on both sides." if piece.pages <= 2 * most and not piece.double_sided else ""
        yield (
            f"The piece has {piece.pages} pages: Lob takes {most} on {sides} for mail {where}.{more} "
            "Shorten it, or print it in the print room."
        )
    if piece.size > FILE_SIZE:
        yield (
            f"The piece's PDF has {piece.size / 1e6:.1f} MB: Lob takes {FILE_SIZE / 1e6:.0f} MB. "
            "Use smaller pictures."
        )


def _services(piece: Consignment) -> Iterator[str]:
    abroad = piece.to.country.upper() != "US"
    if piece.certified and abroad:
        yield f"Certified mail is for US addresses only, and the recipient is in {piece.to.country}."


def _send_date(day: date | None, today: date) -> Iterator[str]:
    if day is None:
        return
    if day <= today:
        yield f"The send date {day} is not in the future (today is {today}): leave it out to send at once."
    elif (day - today).days > DAYS_AHEAD:
        yield (
            f"The send date {day} is {(day - today).days} days ahead: Lob keeps a piece for less than 180. "
            "Send it later."
        )


def _texts(piece: Consignment) -> Iterator[str]:
    if not _PLAIN.fullmatch(piece.send_key) or len(piece.send_key) > SEND_KEY:
        yield f"The send key must have 1 to {SEND_KEY} plain characters without a blank."
    yield from _longer("subject", piece.subject, DESCRIPTION)
    for what, text in (
        ("send key", piece.send_key),
        ("label", piece.label),
        ("campaign's name", piece.campaign),
    ):
        yield from _longer(what, text, METADATA_VALUE)
        if '"' in text or "\\" in text:
            yield f'The {what} {text!r} holds a " or a \\, which Lob does not store.'


def _longer(what: str, text: str, most: int) -> Iterator[str]:
    if len(text) > most:
        yield f"The {what} has {len(text)} characters: Lob takes {most}. Shorten “{text[:60]}”."
