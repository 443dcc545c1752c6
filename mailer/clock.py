"""The one clock. Only the CLI and web edges make a `Clock`; everything below takes values from it.

`now` is always the real time, aware, in UTC: it is what `recorded_at` holds. `today` is the
firm's local calendar day; `MAILER_TODAY=YYYY-MM-DD` fixes it for samples, tests and rehearsals,
and whatever is recorded under it is marked as a rehearsal.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from mailer.errors import UsageProblem

VARIABLE = "MAILER_TODAY"


@dataclass(frozen=True, slots=True)
class Clock:
    """What time it is for one command.

    `zone` is the firm's IANA time zone; `fixed` is the day set by MAILER_TODAY, or None.
    """

    zone: ZoneInfo
    fixed: date | None = None

    @property
    def rehearsal(self) -> bool:
        return self.fixed is not None

    def now(self) -> datetime:
        return real_now()

    def today(self) -> date:
        """The firm's local day: the fixed one in a rehearsal."""
        return self.fixed or self.now().astimezone(self.zone).date()


def real_now() -> datetime:
    """The real time, aware, in UTC."""
    return datetime.now(UTC)


def fixed_day(environ: dict[str, str] | os._Environ[str] = os.environ) -> date | None:
    """The day set by MAILER_TODAY. Raises UsageProblem where it is not a date."""
    text = environ.get(VARIABLE, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageProblem(
            f"{VARIABLE} is {text!r}, which is not a date.",
            todo=f"Write it as YYYY-MM-DD, for example {VARIABLE}=2026-11-24, or unset it.",
        ) from None
