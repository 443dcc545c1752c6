"""Where a campaign was moved to by the last `mailer move`. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Moved:
    """The date it was last moved to, and the day on which that was recorded."""

    to: date
    on: date
