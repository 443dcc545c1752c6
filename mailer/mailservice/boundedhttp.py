"""HTTP whose answers end: one that drips ends no timeout of a read, and one without end fills the memory.

What fails before the connection stands, TLS included, is urllib3's NewConnectionError: nothing was sent.
"""

from __future__ import annotations

import socket
import ssl
import time
from contextlib import AbstractContextManager, suppress
from functools import partial
from typing import Any, Final

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from mailer import errors
from mailer.patience import waited_for

PATIENCE: Final = 90.0  # seconds for an answer's head, and as many for its body
_CHUNK: Final = 65_536


class UnboundedError(requests.RequestException):
    """The answer is larger, or takes longer, than any."""


def session() -> requests.Session:
    """For requests with `stream=True`, whose answers `read` reads."""
    made = requests.Session()
    made.headers["Accept-Encoding"] = "identity"  # a few packed bytes could be a gigabyte
    for scheme in ("http://", "https://"):
        made.mount(scheme, _Adapter())
    return made


def read(answer: requests.Response, largest: int) -> bytes:
    """The body. Raises UnboundedError, and ConnectionError of requests where it breaks off."""
    body, until = bytearray(), time.monotonic() + PATIENCE
    with _cut_in_time(getattr(answer.raw, "connected", None)):  # none of a proxy's
        try:
            while chunk := answer.raw.read1(_CHUNK, decode_content=False):
                body += chunk
                if len(body) > largest:
                    raise UnboundedError(f"the answer is larger than {largest:,} bytes")
        except HTTPError as broken:
            if time.monotonic() < until:
                raise requests.ConnectionError(broken) from broken
    if time.monotonic() >= until:
        raise UnboundedError(f"the answer took longer than {PATIENCE:g} seconds")
    return bytes(body)


def in_words(error: Exception) -> str:
    """What a request met, as part of a sentence."""
    match error:
        case UnboundedError():
            return str(error)
        case requests.Timeout():
            return "no answer came in time"
        case requests.exceptions.SSLError():
            return f"no secure connection: {errors.in_words(error)}"[:300]
        case requests.ConnectionError():
            return _insecure(error) or "the connection could not be made, or it broke"
    return errors.in_words(error)[:300]


def _insecure(error: requests.ConnectionError) -> str:
    """Why TLS made no connection; "" where it is something else."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    match getattr(reason, "__cause__", None):
        case ssl.SSLCertVerificationError() as wrong:
            return f"the server's certificate can't be trusted ({wrong.verify_message.rstrip('.')})"
        case ssl.SSLError() as wrong:
            return f"no secure connection ({(wrong.reason or 'TLS').replace('_', ' ').lower()})"
    return ""


def _cut_in_time(connected: socket.socket | None) -> AbstractContextManager[None]:
    """What drips ends no timeout of a read: after PATIENCE the connection is cut."""
    return waited_for(PATIENCE, partial(_cut, connected))


class _Plain(HTTPConnection):
    """A connection that says so where it never stood, and waits so long for an answer's head."""

    def connect(self) -> None:
        try:
            super().connect()
        except (NewConnectionError, ConnectTimeoutError):
            raise
        except Exception as error:
            raise NewConnectionError(self, f"no connection was made: {error}") from error

    def getresponse(self) -> Any:
        connected = self.sock  # an answer after which the connection closes takes it with it
        with _cut_in_time(connected):
            answer: Any = super().getresponse()
        answer.connected = connected
        return answer


def _cut(connected: socket.socket | None) -> None:
    if connected is not None:
        with suppress(OSError):  # it ended by itself
            socket.socket.shutdown(connected, socket.SHUT_RDWR)


class _Secure(_Plain, HTTPSConnection):
    """The same, with TLS."""


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


class _Adapter(HTTPAdapter):
    """Of the connections above."""

    def init_poolmanager(self, *given: Any, **options: Any) -> None:
        super().init_poolmanager(*given, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}
