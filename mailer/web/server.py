"""An application on a socket: uvicorn, which says nothing by itself."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn
from starlette.applications import Starlette

from mailer.errors import MailerError
from mailer.web.connection import Connection, in_a_row

AT_ONCE: Final = 500  # requests; more are answered with 503, and the service tries again
GRACE: Final = 10  # seconds for what is under way when it is to end


@contextmanager
def listening(host: str, port: int) -> Iterator[tuple[socket.socket, str]]:
    """A listening socket and its address. Raises MailerError where it can't be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, since asyncio sends at once (TCP_NODELAY) only on such; else each answer waits 40 ms.
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        made.listen(in_a_row())
    except (OSError, TypeError, UnicodeError) as error:  # a name that is none
        made.close()
        said = getattr(error, "strerror", None) or "no such address"
        raise MailerError(
            f"can't listen there: {said}.",
            where=f"{host}:{port}",
            todo="Name another --port, or an address of this machine with --host.",
        ) from None
    with made:
        shown = f"[{host}]" if family is socket.AF_INET6 else host
        yield made, f"http://{shown}:{made.getsockname()[1]}"


def config(app: Starlette) -> uvicorn.Config:
    """How it is served: every connection bounded (mailer.web.connection), nothing logged by itself."""
    return uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        lifespan="on",
        access_log=False,
        log_level="critical",
        server_header=False,
        limit_concurrency=AT_ONCE,
        backlog=in_a_row(),
        timeout_keep_alive=30,
        timeout_graceful_shutdown=GRACE,
    )


def serve(app: Starlette, listener: socket.socket) -> None:
    """Serve until Ctrl-C or SIGTERM; what is under way is finished, then it is raised again."""
    uvicorn.Server(config(app)).run(sockets=[listener])
