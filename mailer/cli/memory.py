"""Whether a shell's limits leave what laying out pages takes: with too little Pango ends the process."""

from __future__ import annotations

from typing import Final

from mailer.errors import MailerError

try:
    import resource
except ImportError:  # Windows has no such limits
    LIMITS: tuple[tuple[int, str], ...] = ()
else:
    LIMITS = ((resource.RLIMIT_AS, "-v"), (resource.RLIMIT_DATA, "-d"))

LEAST: Final = 500_000_000  # bytes, with threads and fonts


def require_memory() -> None:
    """Raises MailerError where a limit is below LEAST."""
    for limit, name in LIMITS:
        most = resource.getrlimit(limit)[0]
        if most != resource.RLIM_INFINITY and most < LEAST:
            raise MailerError(
                f"a program may take {most // 1_000_000} MB of memory here, and it needs "
                f"{LEAST // 1_000_000}.",
                todo=f"Raise the limit: ulimit {name} {LEAST // 1_000}",
            )
