"""Half-sent requests and too many connections, on a real socket: they end, and others are served."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from mailer.web import connection, server


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A receiver that waits a moment for a head, and takes three connections of one address."""
    monkeypatch.setattr(connection, "HEAD", 0.05)
    monkeypatch.setattr(connection, "PER_ADDRESS", 3)
    app = Starlette(routes=[Route("/health", lambda _: PlainTextResponse("ok\n"))])
    with server.listening("127.0.0.1", 0) as (listener, address):
        serving = uvicorn.Server(server.config(app))
        thread = threading.Thread(target=lambda: serving.run(sockets=[listener]), daemon=True)
        thread.start()
        yield int(address.rpartition(":")[2])
        serving.should_exit = True
        thread.join(10)


def healthy(port: int) -> bool:
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        asking.request("GET", "/health")
        return asking.getresponse().status == 200
    except OSError:  # it was ended
        return False
    finally:
        asking.close()


def test_a_head_that_does_not_end_ends_the_connection(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as half:
        half.sendall(b"POST /webhooks/lob HTTP/1.1\r\nHost: a\r\n")
        assert ended(half)
    assert healthy(port)


def test_so_does_the_head_of_a_second_request(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as kept:
        kept.sendall(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
        assert kept.recv(1_000).startswith(b"HTTP/1.1 200")
        kept.sendall(b"POST /webhooks/lob HTTP/1.1\r\n")
        assert ended(kept)


def test_one_address_has_so_many_connections_and_no_more(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "HEAD", 60.0)
    held = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(3)]
    with socket.create_connection(("127.0.0.1", port), timeout=10) as fourth:
        assert ended(fourth)
    for one in held:
        one.sendall(b"GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert one.recv(1_000).startswith(b"HTTP/1.1 200")
        while one.recv(1_000):
            pass
        one.close()
    assert healthy(port)


def test_many_addresses_together_have_so_many(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand half-sent heads took all files that the process may open: 60 MB of tracebacks in seconds."""
    monkeypatch.setattr(connection, "HEAD", 60.0)
    monkeypatch.setattr(connection, "most_files", lambda: 8)  # half of them for the record
    held = [dialled(port, f"127.0.0.{number}") for number in (2, 3, 4, 5)]
    with dialled(port, "127.0.0.6") as fifth:
        assert ended(fifth)
    for one in held:
        one.close()
    while not healthy(port):
        pass


@pytest.mark.parametrize(
    ("files", "places", "in_a_row"), [(100, 50, 10), (1_024, 512, 100), (524_288, 600, 100)]
)
def test_half_of_the_files_are_kept_for_the_record(
    files: int, places: int, in_a_row: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "most_files", lambda: files)
    assert (connection.places(), connection.in_a_row()) == (places, in_a_row)


def dialled(port: int, address: str) -> socket.socket:
    """A connection from that address of this machine."""
    return socket.create_connection(("127.0.0.1", port), timeout=10, source_address=(address, 0))


def ended(half: socket.socket) -> bool:
    """Whether the other side ends it: it waits until it does."""
    try:
        while half.recv(1_000):
            pass
    except ConnectionResetError:
        pass
    return True
