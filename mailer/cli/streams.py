"""The command's own three streams: what is typed, what is shown, and what is complained of."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from typing import Final

import click

from mailer.errors import UsageProblem

_LONGEST: Final = 10_000  # signs of an answer


class _Typed(TextIOWrapper):
    """What is typed, of which no line is without end: /dev/zero would fill the memory."""

    def readline(self, _size: int = -1, /) -> str:  # type: ignore[override] # typeshed has it positional too
        line = super().readline(_LONGEST + 1)
        if len(line) > _LONGEST:
            raise UsageProblem(f"an answer is over {_LONGEST:,} signs.", todo="Type it at the keyboard.")
        return line


def typed(largest: int) -> Iterator[bytes]:
    """The lines that are typed, or piped in. Raises UsageProblem where they are more than `largest` bytes."""
    stream, left = sys.stdin.buffer, largest
    while line := stream.readline(left + 1):
        left -= len(line)
        if left < 0:
            raise UsageProblem(f"what is piped in has more than {largest:,} bytes.")
        yield line


def complain(text: str) -> None:
    """Say it on the error screen; who cannot be told is not."""
    with suppress(OSError):
        click.echo(text, err=True)


def open_streams() -> None:
    """What the caller closed leads nowhere: else the next file opened would be taken for the screen."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 (until the end)
    if isinstance(sys.stdin, TextIOWrapper):  # undecodable as an argument is: `is_text` says what is none
        encoding = sys.stdin.encoding
        sys.stdin = _Typed(sys.stdin.detach(), encoding, errors="surrogateescape")
    for screen in (sys.stdout, sys.stderr):
        if isinstance(screen, TextIOWrapper) and screen.encoding.lower() != "utf-8":
            screen.reconfigure(errors="backslashreplace")  # what it lacks is shown by its number


def let_go() -> None:
    """What nobody takes any more (`mailer status | head`) leads nowhere: at its exit Python would try
    to write it again, complain in its own words and change the exit code. Nor does Ctrl-C change it any more.
    """
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    for screen in (sys.stdout, sys.stderr):
        if not screen.closed:
            try:
                screen.flush()
            except OSError:
                os.dup2(os.open(os.devnull, os.O_WRONLY), screen.fileno())
