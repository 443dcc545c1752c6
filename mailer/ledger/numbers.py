"""Piece numbers within a mailing: whole numbers from 1, written "1-16,18" in events and options.

A number is never used twice in a mailing. For people a piece is NAME-L-0042 (L letter, N newsletter).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

_PART: Final = re.compile(r"([0-9]{1,9})(?:-([0-9]{1,9}))?")


def ranges(numbers: Iterable[int]) -> str:
    """The numbers as "1-16,18", ascending."""
    parts: list[list[int]] = []
    for number in sorted(set(numbers)):
        if parts and parts[-1][1] == number - 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in parts)


def numbers(text: str) -> Iterator[int]:
    """The numbers of "1-16,18". Raises ValueError for anything else."""
    for first, last in spans(text):
        yield from range(first, last + 1)


def recorded(text: str) -> Iterator[int]:
    """The numbers of an event, as `ranges` wrote them: ascending, each once. Raises ValueError."""
    before = 0
    for first, last in spans(text):
        if first <= before:
            raise ValueError(f"{text[:40]!r} names a piece twice, or not in their order")
        yield from range(first, last + 1)
        before = last


def spans(text: str) -> Iterator[tuple[int, int]]:
    """The spans of "1-16,18", both ends included: (1, 16), (18, 18). Raises ValueError for anything else."""
    if not text.strip():
        return
    for part in text.split(","):
        match = _PART.fullmatch(part.strip())
        first = int(match[1]) if match else 0
        last = int(match[2] or match[1]) if match else 0
        if not 1 <= first <= last:
            raise ValueError(f'{text!r} is not a range of piece numbers; write it like "1-60" or "1-16,18"')
        yield first, last


def holds(text: str, number: int) -> bool:
    """Is the number one of "1-16,18". Raises ValueError where the text is no such range."""
    return any(first <= number <= last for first, last in spans(text))


def label(campaign: str, letter: str, number: int) -> str:
    """What people call piece 42 of the letters (L) of 2027-rates: 2027-rates-L-0042."""
    return f"{campaign}-{letter}-{number:04}"
