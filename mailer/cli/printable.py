"""What goes to a screen: text, in lines that fit, its few words of alarm in colour.

A control character in a client's name, a pack's title or a service's words would move the cursor, retitle the
window or worse, so it is shown by its number and does nothing. Commands print plain text; colour is put on
here, for a terminal alone and never where NO_COLOR is set.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, Final, TextIO

from mailer.cli.lines import fitted, screen

_OBEYED: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff"  # control characters but \t and \n; half a character
    "\u202a-\u202e\u2066-\u2069]"  # these turn what follows around
)
_COLOURS: Final = (
    (
        re.compile(r"OVERDUE|(?:TOO )?\bLATE\b|REFUSED|STOPPED|CONTRADICTS|NOT [a-z]+|TWICE|GONE"),
        31,
    ),
    (
        re.compile(
            r"UNKNOWN|IN DOUBT|LEFT OUT|LOOK AT|REHEARSAL|OLDER COPY|CLOCK:|NOT SENT|NOT TAKEN|NOT USED"
        ),
        33,
    ),
    (re.compile(r"^(?:Approved|Settled|Notice is safe|Notice holds)|\bdone \d{4}-\d\d-\d\d"), 32),
    (re.compile(r"^\$ mailer .*|(?<=Next:  )mailer .*"), 1),
)  # a deadline missed or a refusal; to be looked at; done; what to type


def printable(text: str) -> str:
    r"""The text without anything that a terminal obeys; half a character (a lone surrogate) is one of these.

    >>> printable("\x1b[31mred\x07")
    '\\x1b[31mred\\x07'
    """
    return _OBEYED.sub(_shown, text)


def is_text(words: str) -> bool:
    """Is there no byte in it that was not UTF-8."""
    return words.isascii() or words == words.encode(errors="replace").decode()


def _shown(sign: re.Match[str]) -> str:
    return sign[0].encode("unicode_escape").decode()


def coloured(line: str) -> str:
    """The line with its words of alarm in colour."""
    for words, colour in _COLOURS:
        line = words.sub(lambda found, colour=colour: f"\x1b[{colour}m{found[0]}\x1b[0m", line)  # type: ignore[misc]
    return line


class Screen:
    """A stream that writes text alone. A line that moves (how far long work is) gives way to what comes next,
    on either stream.
    """

    _moving: ClassVar[Screen | None] = None

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._room = screen()
        self._coloured = stream.isatty() and "NO_COLOR" not in os.environ

    def move(self, line: str) -> None:
        """Put this in place of the line that moves; "" ends it."""
        self._stream.write(f"\r\x1b[K{printable(line)}")
        self._stream.flush()
        Screen._moving = self if line else None

    def _still(self) -> None:
        if Screen._moving is not None:
            Screen._moving.move("")

    def write(self, text: str) -> int:
        self._still()
        lines = [fitted(line, self._room) for line in printable(text).split("\n")]
        return self._stream.write("\n".join(map(coloured, lines) if self._coloured else lines))

    def whole(self, text: str) -> None:
        """Write what another program reads: its lines are not broken."""
        self._still()
        self._stream.write(printable(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def screens() -> Iterator[None]:
    """Both streams of the process as screens; one that is a screen already (a tour's) stays as it is."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = map(_screen, before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def _screen(stream: TextIO) -> Any:
    return stream if isinstance(stream, Screen) else Screen(stream)
