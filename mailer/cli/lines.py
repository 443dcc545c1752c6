"""Lines on a screen: how wide it is, how wide a text is, and where a line that is too long is broken."""

from __future__ import annotations

import shutil
import textwrap
import unicodedata
from typing import Final

_COMMAND: Final = "  mailer "  # what a person copies stands at the end of a line, whole


def screen() -> int:
    """The terminal's columns; 80 where there is none."""
    return shutil.get_terminal_size((80, 24)).columns


def width() -> int:
    """The columns of a table or a paragraph: the terminal's, and at most 120."""
    return min(screen(), 120)


def columns(text: str) -> int:
    """How many columns the text takes: some characters take two, some none."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(one) else 1 + _is_wide(one) for one in text)


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def wrapped(
    text: str, room: int, before: str = "", below: str = "", *, break_words: bool = True
) -> list[str]:
    """The text's lines, at least one; a piece's name is never parted."""
    if not text.isascii():  # textwrap counts characters, of which some are two columns wide
        room = room * len(text) // max(1, columns(text))
    lines = textwrap.wrap(
        text,
        max(1, room),
        initial_indent=before,
        subsequent_indent=below,
        break_on_hyphens=False,
        break_long_words=break_words,
    )
    return lines or [""]


def fitted(line: str, room: int) -> str:
    """The line, broken below its own beginning where it is too long; a path or a hash stays whole.

    >>> print(fitted("  Two letters were returned. Next:  mailer remedy 2027-rates", 34))
      Two letters were returned. Next:
        mailer remedy 2027-rates
    """
    if len(line) <= room and columns(line) <= room:
        return line
    below = " " * (len(line) - len(line.lstrip(" ")) + 2)
    text, command, what = line.rpartition(_COMMAND)
    if not command or text.isspace() or not text:
        return "\n".join(wrapped(line, room, below=below, break_words=False))
    lines = wrapped(text, room, below=below, break_words=False)
    command = f"mailer {what}"
    if columns(lines[-1]) + 2 + columns(command) <= room:
        lines[-1] += f"  {command}"
    else:
        lines += wrapped(command, room, below, f"{below}  ", break_words=False)
    return "\n".join(lines)
