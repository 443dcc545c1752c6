"""Days on which a calendar departs from its rules: extra closed days, and extra open ones.

The caller's own (mailer.toml) come as a `Closings` value; the departures everybody shares
are `SHARED`. An entry applies to one calendar code, never to a union: name the part.
An entry made by the caller wins over a shared one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from mailer.notice.problems import CalendarProblem


@dataclass(frozen=True, slots=True)
class Closing:
    """One day on which `calendar` is closed, or with `is_open` is open after all."""

    calendar: str
    day: dt.date
    reason: str
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Closings:
    """All departures the caller knows of. Hashable, and cheap to hash again."""

    rows: tuple[Closing, ...] = ()
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        seen: dict[tuple[str, dt.date], Closing] = {}
        for row in self.rows:
            if "+" in row.calendar:
                raise CalendarProblem(
                    f"An extra day cannot be given for the union {row.calendar!r}.",
                    todo="Give it for the calendar that it belongs to, such as usps.",
                )
            if not row.reason:
                raise CalendarProblem(
                    f"The extra day {row.day} of {row.calendar} has no reason.",
                    todo="Say why, such as 'National Day of Mourning': the reason is printed.",
                )
            other = seen.setdefault((row.calendar, row.day), row)
            if other.is_open != row.is_open:
                raise CalendarProblem(
                    f"{row.day} is given both as open and as closed for {row.calendar}.",
                    todo="Keep the entry that is right.",
                )
        object.__setattr__(self, "_hash", hash(self.rows))

    def __hash__(self) -> int:
        return self._hash

    def of(self, calendar: str) -> Mapping[dt.date, Closing]:
        """Return the entries of one calendar by day, the shared ones included."""
        shared = {row.day: row for row in SHARED if row.calendar == calendar}
        return shared | {row.day: row for row in self.rows if row.calendar == calendar}


def closings(rows: Iterable[Closing]) -> Closings:
    """Return the rows as one value, in an order that does not depend on theirs."""
    return Closings(tuple(sorted(set(rows), key=lambda row: (row.calendar, row.day, row.reason))))


# The Postal Service closed for these national days of mourning although no statute names them
# (USPS notices of the time), and could not close for the first Juneteenth, enacted two days
# before (USPS statement of 17 June 2021). Executive orders closed federal *offices* on the
# mourning days too, and on 24 and 26 December 2025 when the post ran as normal; they make no
# legal holiday, so us_federal is left alone.
SHARED: Final = (
    Closing("usps", dt.date(1994, 4, 27), "National Day of Mourning, Richard Nixon"),
    Closing("usps", dt.date(2004, 6, 11), "National Day of Mourning, Ronald Reagan"),
    Closing("usps", dt.date(2007, 1, 2), "National Day of Mourning, Gerald Ford"),
    Closing("usps", dt.date(2018, 12, 5), "National Day of Mourning, George H. W. Bush"),
    Closing("usps", dt.date(2025, 1, 9), "National Day of Mourning, Jimmy Carter"),
    Closing("usps", dt.date(2021, 6, 19), "too new for the Postal Service to close", is_open=True),
)

NO_CLOSINGS: Final = Closings()
