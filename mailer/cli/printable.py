"""What goes to a screen: text.

A control character in a client's name, a pack's title or a service's words would move the cursor, retitle the
window or worse, so it is shown by its number and does nothing.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, TextIO

_KEPT: Final = frozenset("\n\t")
_BIDI: Final = frozenset(
    map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
)  # turn what follows around


def printable(text: str) -> str:
    r"""The text without anything that a terminal obeys; half a character (a lone surrogate) is one of these.

    >>> printable("\x1b[31mred\x07")
    '\\x1b[31mred\\x07'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_shown, text))


def _shown(sign: str) -> str:
    if sign in _KEPT or (unicodedata.category(sign) not in ("Cc", "Cs") and sign not in _BIDI):
        return sign
    return sign.encode("unicode_escape").decode()


class Screen:
    """A stream that writes text alone; `control` is for what the program itself means as control."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.control = stream.write

    def write(self, text: str) -> int:
        return self._stream.write(printable(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def screens() -> Iterator[None]:
    """Both streams of the process as screens."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = Screen(before[0]), Screen(before[1])
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before
