"""A server that answers as a test wants, byte by byte."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Says = Callable[[socket.socket], None]


@contextmanager
def server(says: Says, *, reads: bool = True) -> Iterator[int]:
    """Reads a request's head, where it `reads`, and answers as `says` does; its port."""
    listening = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def serve() -> None:
        while not ended.is_set():
            try:
                connected, _ = listening.accept()
            except OSError:
                return
            with connected:
                connected.settimeout(5)
                try:
                    if reads:
                        connected.recv(1_000_000)
                    says(connected)
                except OSError:
                    pass  # the other side has heard enough

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        ended.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(10)


def answering(status: str, body: bytes, *more: str) -> Says:
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *more, "", ""])
    return lambda connected: connected.sendall(head.encode() + body)


def endless(first: bytes) -> Says:
    def says(connected: socket.socket) -> None:
        connected.sendall(first)
        while True:
            connected.sendall(b"x" * 65_536)

    return says


def dripping(first: bytes, drop: bytes) -> Says:
    """A drop as often as the reader's own timeout is renewed by it, for as long as he listens."""

    def says(connected: socket.socket) -> None:
        connected.sendall(first)
        while threading.Event().wait(0.01) is False:
            connected.sendall(drop)

    return says
