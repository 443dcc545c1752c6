"""The firm's mailbox, read only: the Sent folder by Message-ID, what came back, or a folder of .eml files.

Nothing is marked as read, moved or removed. Raises OSError where it can't be read; its words hold no secret.
"""

from __future__ import annotations

import imaplib
import re
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from mailer.errors import NONSENSE, MailerError, in_words
from mailer.mailservice.smtp.answers import Answers
from mailer.mailservice.smtp.bounces import LARGEST
from mailer.mailservice.smtp.wire import Mailbox, is_here, masked, xoauth2

IMPLICIT_TLS: Final = 993  # RFC 8314 3.2
PATIENCE: Final = 60.0  # s for an answer
WITHIN: Final = 300.0  # s in which a call must end
EACH: Final = 0.15  # s more for each message that is read: twice what one takes from far away
_ANSWER: Final = 2_000_000  # bytes: the numbers of a mailbox's messages, or the beginning of one
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PLAIN: Final = re.compile(r"[\x20-\x7e]*")
_BYTES: Final = re.compile(r"""\[?b(['"])(.*?)\1\]?""")
_LITERAL: Final = 2  # of an answer to FETCH: (what it is, the bytes)


class _Spoken(imaplib.IMAP4):
    """Takes an answer within PATIENCE, and all of them WITHIN and `more`."""

    _answers: Answers
    _end: float

    def open(self, *where: Any, **options: Any) -> None:
        super().open(*where, **options)
        self._answers, self._end = Answers(self.sock), time.monotonic() + WITHIN
        self._allow()

    def send(self, data: Any) -> None:
        self.untagged_responses.clear()  # what nobody asked for would pile up
        self._allow()
        super().send(data)

    def more(self, seconds: float) -> None:
        self._end += seconds

    def _allow(self) -> None:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("it answers so slowly that it was not read in its time")
        self._answers.allow(min(PATIENCE, left), _ANSWER)

    def read(self, size: int) -> bytes:
        if size > _ANSWER:
            raise self.abort(f"a message of {size} bytes where {LARGEST} were asked for")
        return self._answers.read(size)

    def readline(self) -> bytes:
        return self._answers.readline()


class _Encrypted(_Spoken, imaplib.IMAP4_SSL):
    """The same, encrypted from the first byte."""


class Imap:
    """A mailbox by IMAP. Every call is a connection of its own."""

    def __init__(self, mailbox: Mailbox, context: ssl.SSLContext | None = None) -> None:
        self._mailbox = mailbox
        self._context = context

    def holds(self, folder: str, message_ids: Iterable[str]) -> set[str]:
        """Those of the messages that lie in the folder."""
        with self._looking(folder) as server:
            return {one for one in message_ids if self._search(server, f'HEADER Message-ID "<{one}>"')}

    def came_back(self, folder: str, since: datetime) -> Iterator[bytes]:
        """The beginnings of messages since that day that may be of interest, LARGEST bytes of each."""
        day = f"{since.day}-{_MONTHS[since.month - 1]}-{since.year}"
        wanted = f'SINCE {day} OR HEADER Content-Type "report" SUBJECT "unsubscribe"'
        with self._looking(folder) as server:
            for number in self._search(server, wanted):
                server.more(EACH)
                _, found = server.uid("FETCH", number, f"(BODY.PEEK[]<0.{LARGEST}>)")
                for part in found:
                    if isinstance(part, tuple) and len(part) == _LITERAL:
                        yield bytes(part[1])[:LARGEST]

    def _search(self, server: imaplib.IMAP4, wanted: str) -> list[str]:
        kind, found = server.uid("SEARCH", wanted)
        if kind != "OK":
            raise OSError(5, "does not search", self._mailbox.host)
        said = (part for part in found if isinstance(part, bytes))
        return [one.decode() for part in said for one in part.split() if one.isdigit()]

    @contextmanager
    def _looking(self, folder: str) -> Iterator[_Spoken]:
        """Signed in, with that folder open to be read alone."""
        box = self._mailbox
        if not _PLAIN.fullmatch(folder):
            raise OSError(22, f"the folder {folder[:40]!r} must be written in plain letters", box.host)
        try:
            secret = box.opened_by()
        except MailerError as error:
            raise OSError(13, error.what, box.host) from None
        try:
            server = self._connected()
            try:
                if box.token:
                    answer = xoauth2(box.user, secret).encode()
                    server.authenticate("XOAUTH2", lambda _: answer)
                elif box.secret is not None:
                    server.login(box.user, secret)
                named = folder.replace("\\", "\\\\").replace('"', '\\"')
                kind, _ = server.select(f'"{named}"', readonly=True)
                if kind != "OK":
                    raise OSError(2, f"there is no folder {folder!r} in the mailbox", box.host)
                yield server
            finally:
                with suppress(OSError, imaplib.IMAP4.error, ValueError):
                    server.logout()
                with suppress(OSError):  # it is closed
                    server.shutdown()
        except (imaplib.IMAP4.error, *NONSENSE) as error:  # a host that is no name, too
            raise OSError(5, masked(_words(error), (secret,)), box.host) from None

    def _connected(self) -> _Spoken:
        box = self._mailbox
        if is_here(box.host) and box.port != IMPLICIT_TLS:
            return _Spoken(box.host, box.port, timeout=PATIENCE)
        context = self._context or ssl.create_default_context()
        return _Encrypted(box.host, box.port, ssl_context=context, timeout=PATIENCE)


def _words(error: Exception) -> str:
    """What imaplib repeats of a server's answer, without Python's marks of bytes; Python's own, in words."""
    if not isinstance(error, imaplib.IMAP4.error):
        return in_words(error)
    said = _BYTES.sub(r"\2", str(error.args[0]) if error.args and error.args[0] else "")
    return said if said and "\\x" not in said else "its answer is none of a mailbox's"


def saved(folder: Path) -> Iterator[bytes]:
    """The beginnings of the .eml files of a folder, by name: all, for nobody says which are the newest."""
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() == ".eml" and path.is_file():
            with path.open("rb") as file:
                yield file.read(LARGEST)


Returned = Callable[[], Iterable[bytes]]
"""What gives the messages that came back, and raises OSError where they can't be read."""
