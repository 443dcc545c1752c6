"""The wire under the `lob` package: one kept connection per thread, and a base address per call.

`lob.api_requestor` calls the module `requests` and so opens a new connection, with a new TLS handshake, for
each call; its base address is a global. Both are mended in one place: `install` gives that module an object
with the three functions it uses, which sends through the calling thread's own `requests.Session` to the base
address that the thread's `at` names. Nothing else of the package is changed, and `requests` itself is not
touched. A redirect is never followed, since a POST would come back as the answer to a GET.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import lob
import lob.api_requestor
import requests


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
        return self._session().request(method, url, allow_redirects=False, **options)

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._thread, "session", None)
        if session is None:
            session = self._thread.session = requests.Session()
            with self._lock:
                self._sessions.add(session)
        return session


def install() -> Transport:
    """The process's transport, put under the package the first time."""
    if not isinstance(lob.api_requestor.requests, Transport):
        lob.api_requestor.requests = Transport()
    transport: Transport = lob.api_requestor.requests
    return transport
