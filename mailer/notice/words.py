"""Days and numbers in words, in English whatever the machine's locale: "Tue 1 Dec 2026", "1,000 days"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def spoken(day: date) -> str:
    """Return the day as "Tue 1 Dec 2026"."""
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def spoken_short(day: date) -> str:
    """Return the day without its year, as "Thu 26 Nov", where the year is beside it."""
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


def together(names: Sequence[str]) -> str:
    """Return "letter, newsletter and page"; "" of none."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def some(names: Sequence[str], most: int = 5) -> str:
    """The first few, and how many more there are: "a, b and 7 more"."""
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}"


def by_reason(found: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Of names and why each was found, the names of one reason together, the reasons in their order."""
    reasons: dict[str, list[str]] = {}
    for name, why in found:
        reasons.setdefault(why, []).append(name)
    return ((some(names), why) for why, names in reasons.items())


def plural(n: int, noun: str, nouns: str = "") -> str:
    """Return "1 day", "2 days", "1,000 days"; `nouns` is the plural that is no mere "s"."""
    return f"{n:,} {noun if n == 1 else nouns or f'{noun}s'}"
