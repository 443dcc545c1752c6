"""The wire under the `lob` package: one kept connection per thread, and a base address per call.

`lob.api_requestor` calls the module `requests` and so opens a new connection, with a new TLS handshake, for
each call; its base address is a global. Both are mended in one place: `install` gives that module an object
with the three functions it uses, which sends through the calling thread's own `requests.Session` to the base
address that the thread's `at` names. Nothing else of the package is changed, and `requests` itself is not
touched. A redirect is never followed, since a POST would come back as the answer to a GET.

An answer has LARGEST bytes and the seconds of mailer.mailservice.boundedhttp, and never holds the key that it
was asked with: a service, or what stands before it, may echo it.
"""

from __future__ import annotations

import base64
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import lob
import lob.api_requestor
import requests

from mailer.mailservice import boundedhttp

LARGEST: Final = 1_000_000  # bytes of an answer
MASKED: Final = b"(the key)"


class RedirectedError(requests.RequestException):
    """The address sends each request elsewhere, unread (RFC 9110, 15.4.8 and 15.4.9)."""


class Transport:
    """What `lob.api_requestor` sees as `requests`."""

    def __init__(self) -> None:
        self._thread = threading.local()
        self._lock = threading.Lock()
        self._sessions: weakref.WeakSet[requests.Session] = weakref.WeakSet()

    @contextmanager
    def at(self, base: str) -> Iterator[None]:
        """Within it, this thread's calls go to `base`, without a slash at its end."""
        before = getattr(self._thread, "base", None)
        self._thread.base = base
        try:
            yield
        finally:
            self._thread.base = before

    def get(self, url: str, **options: Any) -> requests.Response:
        return self._send("GET", url, options)

    def post(self, url: str, **options: Any) -> requests.Response:
        return self._send("POST", url, options)

    def delete(self, url: str, **options: Any) -> requests.Response:
        return self._send("DELETE", url, options)

    def close(self) -> None:
        """Close every connection; a thread that calls again opens its own anew."""
        with self._lock:
            for session in list(self._sessions):
                session.close()

    def _send(self, method: str, url: str, options: dict[str, Any]) -> requests.Response:
        base = getattr(self._thread, "base", None)
        if base is not None:
            url = base + url.removeprefix(lob.api_base)
        answer = self._session().request(method, url, allow_redirects=False, stream=True, **options)
        key = str(options["auth"][0]).encode()
        try:
            # `requests` keeps here what it has read, and its json() and content take it.
            answer._content = _masked(boundedhttp.read(answer, LARGEST), key)  # noqa: SLF001
        except BaseException:
            answer.close()
            raise
        if answer.status_code in (307, 308):
            there = _masked(answer.headers.get("Location", "").encode(), key).decode()
            raise RedirectedError(f"the address sends everything on to {there or 'nowhere'}")
        return answer

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._thread, "session", None)
        if session is None:
            session = self._thread.session = boundedhttp.session()
            with self._lock:
                self._sessions.add(session)
        return session


def install() -> Transport:
    """The process's transport, put under the package the first time."""
    if not isinstance(lob.api_requestor.requests, Transport):
        lob.api_requestor.requests = Transport()
    transport: Transport = lob.api_requestor.requests
    return transport


def _masked(said: bytes, key: bytes) -> bytes:
    """Without the key, plain or as Basic authentication writes it (with a colon and no password)."""
    for secret in (key, base64.b64encode(key + b":"), base64.b64encode(key)):
        said = said.replace(secret.rstrip(b"="), MASKED)
    return said
