"""A connection to the receiver: so many in all and from one address, and so long for a request's head.

uvicorn bounds none of it: half-sent heads would fill its places (mailer.web.server) for as long as whoever
sends them likes, and where a process may open no further file, asyncio writes a traceback for each who asks.
Times are seconds. What a body may take is the endpoint's own (mailer.web.webhooks).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Final

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

HEAD: Final = 10.0
PER_ADDRESS: Final = 100  # a web server in front is one address, and tries again
IN_ALL: Final = 600
IN_A_ROW: Final = 100  # are accepted before any is looked at
_open: Final[Counter[str]] = Counter()


def places() -> int:
    """How many connections may be open: half of the files that this process may; the record needs some."""
    return min(IN_ALL, most_files() // 2)


def in_a_row() -> int:
    return min(IN_A_ROW, most_files() // 10)


def most_files() -> int:
    """How many files this process may have open; as usual where no system says it."""
    try:
        import resource  # noqa: PLC0415 (not on Windows)
    except ImportError:
        return 1024
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 1024 if soft == resource.RLIM_INFINITY else soft


class Connection(H11Protocol):
    """uvicorn's own, bounded. It ends without an answer: whoever gets that far is no mail service."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._address = self.client[0] if self.client else ""
        _open[self._address] += 1
        self._head = self.loop.call_later(HEAD, self._late, self.cycle)
        if _open[self._address] > PER_ADDRESS or _open.total() > places():
            transport.abort()

    def data_received(self, data: bytes) -> None:
        if self.timeout_keep_alive_task is not None:  # answered before, and a further request begins
            self._head = self.loop.call_later(HEAD, self._late, self.cycle)
        super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._head.cancel()
        _open[self._address] -= 1
        if not _open[self._address]:
            del _open[self._address]
        super().connection_lost(exc)

    def _late(self, before: RequestResponseCycle) -> None:
        if self.cycle is before:  # no head has come since
            self.transport.abort()
