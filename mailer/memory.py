"""Whether a shell's limits leave what laying out pages takes: with too little Pango ends the process, and
Python fails at its first import. Imports nothing of the house, for the same reason.
"""

from __future__ import annotations

try:
    import resource
except ImportError:  # Windows has no such limits
    LIMITS: tuple[tuple[int, str], ...] = ()
else:
    LIMITS = ((resource.RLIMIT_AS, "-v"), (resource.RLIMIT_DATA, "-d"))

LEAST = 500_000_000  # bytes, with threads and fonts


def too_little() -> str:
    """What is wrong with a limit and what to do, or ""."""
    for limit, name in LIMITS:
        most = resource.getrlimit(limit)[0]
        if most != resource.RLIM_INFINITY and most < LEAST:
            return (
                f"a program may take {most // 1_000_000} MB of memory here, and it needs "
                f"{LEAST // 1_000_000}.\n  Raise the limit: ulimit {name} {LEAST // 1_000}"
            )
    return ""
