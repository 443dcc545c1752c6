"""A small HTTP/1.1 server on asyncio, for fakes that must be able to drop a connection at any moment.

Requests of many connections are handled at once, each connection's in turn. Only what a fake needs: a body
with Content-Length, kept connections, no compression.
"""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]  # names in lower case
    body: bytes


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, status: int, value: Any, headers: dict[str, str] | None = None) -> Response:
        return cls(status, json.dumps(value).encode(), {"Content-Type": "application/json"} | (headers or {}))


class Drop(Exception):
    """Close the connection without an answer, or with the first bytes of one."""

    def __init__(self, first: bytes = b"") -> None:
        super().__init__("dropped")
        self.first = first


Answer = Callable[[Request], Awaitable[Response]]


async def serve_one(answer: Answer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """All requests of one connection."""
    try:
        while (request := await _request(reader)) is not None:
            response = await answer(request)
            writer.write(_bytes(response))
            await writer.drain()
    except Drop as drop:
        writer.write(drop.first)
    except (ConnectionError, asyncio.IncompleteReadError):
        pass  # the client went away, or was killed
    finally:
        writer.close()


async def _request(reader: asyncio.StreamReader) -> Request | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ")
    pairs = (line.partition(":") for line in lines if line)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    parts = urlsplit(target)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    return Request(method, unquote(parts.path), query, headers, body)


def _bytes(response: Response) -> bytes:
    headers = {"Content-Length": str(len(response.body)), "Date": formatdate(usegmt=True)} | response.headers
    lines = [f"HTTP/1.1 {response.status} {HTTPStatus(response.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + response.body


class Running:
    """A server in a thread of this process, from `with` to its end. Its port is free when it begins."""

    def __init__(self, answer: Answer, port: int = 0) -> None:
        if os.environ.get("MAILER_TEST_DAYS"):
            pytest.skip("libfaketime ends a process that serves from a thread, now and then")
        self._answer = answer
        self._wanted = port
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._stop: asyncio.Event | None = None
        self.port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(10):
            raise TimeoutError("the fake did not start")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        open_ones: set[asyncio.Task[None]] = set()

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            open_ones.add(task)
            try:
                await serve_one(self._answer, reader, writer)
            except asyncio.CancelledError:
                writer.transport.abort()
            finally:
                open_ones.discard(task)

        server = await asyncio.start_server(connected, "127.0.0.1", self._wanted, limit=2**20)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        for task in list(open_ones):
            task.cancel()
        await asyncio.gather(*open_ones, return_exceptions=True)


def run_forever(answer: Answer, port: int, ready: Callable[[int], None]) -> None:
    """Serve until the process ends; `ready` is told the port."""

    async def main() -> None:
        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await serve_one(answer, reader, writer)

        server = await asyncio.start_server(connected, "127.0.0.1", port, limit=2**20)
        ready(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())
