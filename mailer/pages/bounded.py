"""Laying out ends: a style sheet can ask for more lines, columns or pages than any machine makes.

Seconds are those of the processor, so that a busy machine is given the same work. Where the system has no
such clock (Windows), and beside the main thread, nothing is bounded.
"""

from __future__ import annotations

import re
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import process_time
from types import FrameType
from typing import Final

from mailer.errors import MailerError

MOST_SECONDS: Final = 20.0  # a document; an issue takes one or two
MOST_MEMORY: Final = 1_000_000_000  # bytes more than before
_LAYS_OUT: Final = re.compile(r"[\\/](?:weasyprint|tinycss2|cssselect2|tinyhtml5|pydyf)[\\/]")
"""Code out of which an error may come; from what Python calls as it collects garbage it would be lost."""


@contextmanager
def bounded(documents: int) -> Iterator[None]:
    """Raises MailerError from within what is done under it with so many documents, once that takes too long
    or too much memory.
    """
    if not hasattr(signal, "SIGVTALRM") or threading.current_thread() is not threading.main_thread():
        yield
        return
    begun, held = process_time(), _peak()

    def look(_signal: int, frame: FrameType | None) -> None:
        over = process_time() - begun > documents * MOST_SECONDS or _peak() - held > MOST_MEMORY
        if over and frame is not None and _LAYS_OUT.search(frame.f_code.co_filename):
            raise MailerError(
                "asks for more than any page can hold: it is not laid out.",
                where="letterhead or document",
                todo="Look at what was changed last: lines of a grid, columns, spans of a table, sizes.",
            )

    signal.signal(signal.SIGVTALRM, look)
    every = min(MOST_SECONDS, 1.0)
    signal.setitimer(signal.ITIMER_VIRTUAL, every, every)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, signal.SIG_IGN)  # one still on its way must end nothing


@contextmanager
def roomy() -> Iterator[None]:
    """Raises MemoryError from within what takes MOST_MEMORY more than is held, at once, not a second later: a
    text may double with each word of a template. Where the system tells no such thing, and beside the main
    thread (the limit is the whole process's), nothing is bounded.
    """
    try:
        import resource  # noqa: PLC0415 (Windows has none)

        held = int(Path("/proc/self/statm").read_bytes().split()[0]) * resource.getpagesize()
    except (ImportError, OSError):
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = held + MOST_MEMORY
    is_less = soft != resource.RLIM_INFINITY and soft < most
    if is_less or threading.current_thread() is not threading.main_thread():
        yield
        return
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _peak() -> int:
    """Bytes of memory that the process held at once."""
    import resource  # noqa: PLC0415 (Windows has none)

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024  # getrusage(2): bytes there, kilobytes elsewhere
