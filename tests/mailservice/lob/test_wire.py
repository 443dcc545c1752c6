"""What an answer may be: echoing, endless, none of Lob's. Each is a value in the end, without the key."""

from __future__ import annotations

import base64
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from mailer.mailservice.lob import wire
from mailer.mailservice.lob.client import Lob
from mailer.mailservice.service import Denied, Outcome, Unknown, Unreachable
from tests.fakes.pieces import a_piece

KEY = "test_0123456789"
BASIC = base64.b64encode(f"{KEY}:".encode()).decode()
Says = Callable[[socket.socket], None]


@contextmanager
def server(says: Says) -> Iterator[int]:
    """Reads a request's head and answers as `says` does; its port."""
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


def posted(says: Says, scheme: str = "http") -> Outcome:
    with server(says) as port:
        return Lob(KEY, f"{scheme}://127.0.0.1:{port}/v1").post(a_piece())


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


def test_an_answer_without_end_is_read_to_a_megabyte() -> None:
    assert posted(endless(b"HTTP/1.1 200 OK\r\nContent-Length: 600000000\r\n\r\n")) == Unknown(
        "the answer is larger than 1,000,000 bytes"
    )


@pytest.mark.parametrize(
    ("first", "drop"),
    [(b"HTTP/1.1 200 OK\r\nContent-Length: 600000\r\n\r\n", b" "), (b"HTTP/1.1 200 OK\r\n", b"A: b\r\n")],
    ids=["body", "head"],
)
def test_an_answer_that_drips_has_a_time(monkeypatch: pytest.MonkeyPatch, first: bytes, drop: bytes) -> None:
    monkeypatch.setattr(wire, "PATIENCE", 0.2)
    assert isinstance(posted(dripping(first, drop)), Unknown)


def test_json_nested_deeper_than_any_stack_is_not_understood() -> None:
    assert isinstance(posted(answering("200 OK", b"[" * 100_000)), Unknown)


def test_what_fails_before_the_connection_stands_was_not_sent() -> None:
    plain = answering("400 Bad Request", b"")  # where TLS is spoken to it
    assert isinstance(posted(plain, "https"), Unreachable)
    assert isinstance(posted(lambda _: None, "https"), Unreachable)


def test_a_redirect_is_not_followed_and_stops_the_run() -> None:
    there = answering("307 Temporary Redirect", b"", "Location: https://elsewhere.example/")
    assert posted(there) == Denied(
        "redirected", "the address sends everything on to https://elsewhere.example/"
    )


@pytest.mark.parametrize("secret", [KEY, BASIC, BASIC.rstrip("=")])
def test_a_key_that_is_echoed_is_masked(secret: str) -> None:
    said = f'{{"error": {{"code": "no", "message": "{secret} is wrong"}}}}'.encode()
    outcome = posted(answering("401 Unauthorized", said))
    assert isinstance(outcome, Denied)
    assert outcome.message.startswith("(the key)")
    assert KEY not in repr(outcome)
    assert secret not in repr(outcome)
