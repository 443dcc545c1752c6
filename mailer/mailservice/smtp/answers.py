"""What a mail server says, bounded in time and size: smtplib and imaplib read on for as long as it goes on.

A drop a minute ends no timeout of a socket, and a greeting without end fills the memory.
"""

from __future__ import annotations

import socket
import time
from io import BufferedReader, RawIOBase
from typing import Any


class _Bounded(RawIOBase):
    """A connection's bytes until its `end` (of time.monotonic) and no more than `left`. Raises OSError."""

    def __init__(self, connection: socket.socket) -> None:
        super().__init__()
        self._connection = connection
        self.end, self.left = 0.0, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        before, wait = self._connection.gettimeout(), self.end - time.monotonic()
        if self.left <= 0:
            raise OSError("the answer takes more bytes than any")
        self._connection.settimeout(max(wait, 0.001))
        try:
            number = self._connection.recv_into(buffer)
        except TimeoutError:
            raise TimeoutError("the answer takes too long") from None
        finally:
            self._connection.settimeout(before)  # that of what is sent
        self.left -= number
        return number


class Answers(BufferedReader):
    """The stream of a connection; every answer is allowed its own time and size."""

    raw: _Bounded

    def __init__(self, connection: socket.socket) -> None:
        super().__init__(_Bounded(connection))

    def allow(self, seconds: float, most: int) -> None:
        """From now on `most` bytes within so many seconds."""
        self.raw.end, self.raw.left = time.monotonic() + seconds, most
