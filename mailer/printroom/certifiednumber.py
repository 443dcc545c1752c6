"""The post's number of a piece of certified mail. Pure.

Two kinds are read. Twenty digits beginning with 7 are a certified-mail label's (PS Form 3800, or a mailer's
own, which begins with 71). Twenty-two or twenty-six digits beginning with 91 to 95 are an Intelligent Mail
package barcode's (Publication 199), which "9407 …" for certified mail belongs to. Spaces and hyphens between
groups are allowed.

The check digit is modulus 10 with the weights 3 and 1 from the right (Publications 91 and 199). It is asked
of package barcodes and of labels with 71; those are printed with "91" counted in front, or without it, and
either is right. No published worked example was found for the pre-printed labels 70…, 72… to 79…: of those
the shape alone is looked at.
"""

from __future__ import annotations

import re
from typing import Final

_BETWEEN: Final = re.compile(r"(?<=[0-9])[ \u00a0-](?=[0-9])")
_LABEL: Final = re.compile(r"7[0-9]{19}")
_OWN_LABEL: Final = "71"
_BARCODE: Final = re.compile(r"9[1-5](?:[0-9]{20}|[0-9]{24})")
_SHORTENED: Final = re.compile(r"[0-9][.,]?[0-9]*E\+?[0-9]+", re.IGNORECASE)


class NoNumber(ValueError):
    """It can't be such a number; the text says why."""


def read_number(text: str) -> str:
    """The digits alone. Raises NoNumber."""
    given = text.strip()
    if _SHORTENED.fullmatch(given):
        raise NoNumber(f"{given!r} was shortened by a spreadsheet: format its column as text")
    digits = _BETWEEN.sub("", given)
    if not digits or not (digits.isascii() and digits.isdigit()):
        raise NoNumber(f"{given!r} is not a number")
    if _LABEL.fullmatch(digits):
        right = not digits.startswith(_OWN_LABEL) or digits[-1] in (
            check_digit(digits[:-1]),
            check_digit(f"91{digits[:-1]}"),
        )
    elif _BARCODE.fullmatch(digits):
        right = digits[-1] == check_digit(digits[:-1])
    else:
        raise NoNumber(
            f"{given!r} has {len(digits)} digits and begins with {digits[:2]}; certified mail has 20 digits "
            "beginning with 7, or 22 (26) beginning with 9"
        )
    if not right:
        raise NoNumber(f"{given!r} is mistyped: its check digit is wrong")
    return digits


def check_digit(digits: str) -> str:
    """What makes the weighted sum of all digits a multiple of ten."""
    weighted = (int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-sum(weighted) % 10)


def grouped(number: str) -> str:
    """As it is printed, in groups of four: "9400 1112 0108 0805 4830 16"."""
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))
