"""What goes to a screen: text.

A control character in a client's name, a pack's title or a service's words would move the cursor, retitle the
window or worse, so it is shown by its number and does nothing.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, TextIO

_OBEYED: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff"  # control characters but \t and \n; half a character
    "\u202a-\u202e\u2066-\u2069]"  # these turn what follows around
)


def printable(text: str) -> str:
    r"""The text without anything that a terminal obeys; half a character (a lone surrogate) is one of these.

    >>> printable("\x1b[31mred\x07")
    '\\x1b[31mred\\x07'
    """
    return _OBEYED.sub(_shown, text)


def _shown(sign: re.Match[str]) -> str:
    return sign[0].encode("unicode_escape").decode()


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
