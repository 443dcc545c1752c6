"""Loaded by every Python of `make test-days`, whose time is libfaketime's.

Since Python 3.11 `time.sleep` waits for a moment of the monotonic clock. libfaketime up to 0.9.10 (Debian 12)
takes its offset off that moment though the monotonic clock is not faked, and the sleep ends with "Invalid
argument" (wolfcw/libfaketime#426). `select` waits for a span of time.
"""

import select
import time


def _sleep(seconds: float, /) -> None:
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    select.select([], [], [], seconds)


time.sleep = _sleep
