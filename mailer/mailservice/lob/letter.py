"""A piece as Lob's letter: the fields of its form, and the metadata that finds it again. Pure.

Names and values are those of Lob's OpenAPI document 1.22.0, schema `letter_editable`. Truth values are the
words 'true' and 'false', since the `lob` package would write True and False.
"""

from __future__ import annotations

import re
from typing import Any, Final

from mailer.mailservice.service import Consignment, PostalAddress

SEND_KEY: Final = "mailer_send_key"
LABEL: Final = "mailer_piece"
CAMPAIGN: Final = "mailer_campaign"
LETTER_ID: Final = re.compile(r"ltr_[0-9A-Za-z]{1,96}")


def letter_fields(piece: Consignment) -> dict[str, Any]:
    """The letter as the package takes it, without file, key and headers (schema `letter_editable`).

    `send_date` is noon UTC of the day: a date alone would be midnight UTC, which is the evening before in
    every US state.
    """
    fields = {
        "to_address": _address(piece.to),
        "from_address": _address(piece.sender),
        "color": _truth(piece.color),
        "double_sided": _truth(piece.double_sided),
        "address_placement": "insert_blank_page" if piece.insert_address_page else "top_first_page",
        "use_type": "operational" if piece.notice else "marketing",
        "mail_type": "usps_first_class",
        "description": piece.subject,
        "metadata": {SEND_KEY: piece.send_key, LABEL: piece.label, CAMPAIGN: piece.campaign},
    }
    if piece.certified:
        fields["extra_service"] = "certified"
    if piece.send_date is not None:
        fields["send_date"] = f"{piece.send_date}T12:00:00Z"
    return fields


def _address(address: PostalAddress) -> dict[str, str]:
    fields = {
        "name": address.name,
        "company": address.company,
        "address_line1": address.line1,
        "address_line2": address.line2,
        "address_city": address.city,
        "address_state": address.state,
        "address_zip": address.zip,
        "address_country": address.country.upper(),
    }
    return {name: text for name, text in fields.items() if text}


def _truth(value: bool) -> str:
    return "true" if value else "false"
