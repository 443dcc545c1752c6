"""The days of a span, both ends included."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator


def days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Every day from `first` to `last`."""
    for offset in range((last - first).days + 1):
        yield first + dt.timedelta(days=offset)
