"""How long another's machine is waited for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def waited_for(seconds: float, end: Callable[[], object]) -> Iterator[None]:
    """Call `end`, which breaks what is waited for, unless the block is left within `seconds`.

    For what has no timeout of its own, or one that whoever drips never lets run out.
    """
    watch = threading.Timer(seconds, end)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()
