"""How facts are written for people: the same words in letter, newsletter and web page.

A document states a fact where its rendered text holds these words, so they are made only here.
"""

from __future__ import annotations

from datetime import date
from typing import Final

_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def date_words(day: date) -> str:
    """January 1, 2027."""
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def closed_words(day: date, name: str) -> str:
    """December 25, 2026: Christmas Day."""
    return f"{date_words(day)}: {name}"


def month_words(day: date) -> str:
    """December 2026."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def service_words(service: str) -> str:
    """The name of a service for people: "after-hours" is "After hours"."""
    return service.replace("-", " ").strip().capitalize()
