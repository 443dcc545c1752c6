"""One command at a time for what two must not do at once in a mail folder: a lock on a file of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from mailer.errors import Refused

PRINTING: Final = ".printing.lock"
"""Held while a job is built and while a campaign is moved: no other date is written under a job."""
QUEUEING: Final = ".queueing.lock"
MAKING: Final = ".making.lock"
"""Held while a folder is made that takes the place of what stood there as a whole: two would build in one."""

FOLLOWING: Final = ".following.lock"
"""Held while a follow-up is chosen and written: two at once would write to the same clients."""


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


def making_alone(root: Path) -> AbstractContextManager[None]:
    """The only command that makes a proof, evidence, an issue's files or the client page. Raises Refused."""
    return alone(root, MAKING, "making a proof, evidence or the client page")
