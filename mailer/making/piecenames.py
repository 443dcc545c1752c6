"""What people call a piece, read back: 2027-rates-L-0042, or within a mailing its number alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from mailer.errors import UsageProblem
from mailer.ledger.kinds import Medium
from mailer.ledger.records import Mailing

_LABEL: Final = re.compile(r"(?P<campaign>[a-z0-9-]{1,40})-(?P<medium>[LN])-(?P<number>[0-9]{1,9})")
_MEDIA: Final = {medium.initial: medium for medium in Medium}


def parsed(text: str) -> tuple[str, Medium, int]:
    """The campaign, medium and number of a piece's name. Raises UsageProblem."""
    match = _LABEL.fullmatch(text)
    if match is None:
        raise UsageProblem(
            f"{text!r} is not a piece.", todo="Write it as in the manifest: 2027-rates-L-0042."
        )
    return match["campaign"], _MEDIA[match["medium"]], int(match["number"])


def campaign_of(text: str) -> str:
    """The campaign in a piece's name. Raises UsageProblem."""
    return parsed(text)[0]


def number_of(mailing: Mailing, text: str) -> int:
    """The number of a piece by its name, or by the number alone. Raises UsageProblem."""
    digits = text.removeprefix(f"{mailing.campaign}-{mailing.medium.initial}-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise UsageProblem(
            f"{text!r} is not a piece of this mailing.",
            todo=f"Write it as {mailing.label(17)}, or as 17.",
        )
    return int(digits)


def numbers_of(mailing: Mailing, texts: Iterable[str]) -> list[int]:
    """The numbers of several. Raises UsageProblem."""
    return [number_of(mailing, text) for text in texts]
