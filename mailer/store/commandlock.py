"""One command at a time for what two must not do at once in a mail folder: a lock on a file of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from mailer.errors import Refused

PRINTING: Final = ".printing.lock"
"""Held while a job is built and while a campaign is moved: no other date is written under a job."""
QUEUEING: Final = ".queueing.lock"


@contextmanager
def alone(root: Path, lock: str, doing: str) -> Iterator[None]:
    """The only command that holds this lock here. The system frees that of one that was killed.

    Raises Refused at once where another command is `doing` it, as in "building a job".
    """
    try:
        with FileLock(root / lock, blocking=False):
            yield
    except Timeout:
        raise Refused(
            f"another command is {doing} here.", where=str(root), todo="Wait until it has ended."
        ) from None
