"""How long work tells how far it is. A workflow calls it; the terminal shows it."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many are done, and of how many (0: not known)."""


def silent(_what: str, _done: int, _total: int) -> None:
    """Nobody is looking."""
