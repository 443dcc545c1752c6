"""What an answer may be: echoing, endless, none of Lob's. Each is a value in the end, without the key."""

from __future__ import annotations

import base64
import socket
from pathlib import Path

import pytest

from mailer.mailservice import boundedhttp
from mailer.mailservice.lob.client import Lob
from mailer.mailservice.service import Denied, Outcome, Rejected, Unknown, Unreachable
from tests.fakes.certificate import certified
from tests.fakes.pieces import a_piece
from tests.fakes.rawserver import Says, answering, dripping, endless, server

KEY = "test_0123456789"
BASIC = base64.b64encode(f"{KEY}:".encode()).decode()


def posted(says: Says, scheme: str = "http") -> Outcome:
    with server(says) as port:
        return Lob(KEY, f"{scheme}://127.0.0.1:{port}/v1").post(a_piece())


def test_an_answer_without_end_is_read_to_a_megabyte() -> None:
    assert posted(endless(b"HTTP/1.1 200 OK\r\nContent-Length: 600000000\r\n\r\n")) == Unknown(
        "the answer is larger than 1,000,000 bytes"
    )


@pytest.mark.parametrize(
    ("first", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 600000\r\n\r\n", b" "),
        (b"HTTP/1.1 200 OK\r\n", b"A: b\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5;", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"A: b\r\n"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b" "),
    ],
    ids=["body", "head", "chunk's extension", "of a last answer", "trailer", "to the end"],
)
def test_an_answer_that_drips_has_a_time(monkeypatch: pytest.MonkeyPatch, first: bytes, drop: bytes) -> None:
    monkeypatch.setattr(boundedhttp, "PATIENCE", 0.2)
    assert isinstance(posted(dripping(first, drop)), Unknown)


def test_json_nested_deeper_than_any_stack_is_not_understood() -> None:
    assert isinstance(posted(answering("200 OK", b"[" * 100_000)), Unknown)


def test_what_fails_before_the_connection_stands_was_not_sent() -> None:
    plain = answering("400 Bad Request", b"")  # where TLS is spoken to it
    assert isinstance(posted(plain, "https"), Unreachable)
    assert isinstance(posted(lambda _: None, "https"), Unreachable)


def test_a_certificate_that_nobody_vouches_for_is_named(tmp_path: Path) -> None:
    """A firm's own proxy looks into what is sent: its certificate is none of Lob's."""
    context, _ = certified(tmp_path)

    def shakes_hands(connected: socket.socket) -> None:
        context.wrap_socket(connected, server_side=True).close()

    with server(shakes_hands, reads=False) as port:
        outcome = Lob(KEY, f"https://127.0.0.1:{port}/v1").post(a_piece())
    assert outcome == Unreachable("the server's certificate can't be trusted (self-signed certificate)")
    assert posted(answering("400 Bad Request", b""), "https") == Unreachable(
        "no secure connection (wrong version number)"
    )


def test_a_reason_that_is_no_text_is_said_to_be_none() -> None:
    said = b'{"error": {"code": "invalid", "message": {"a": [1]}}}'
    assert posted(answering("422 Unprocessable Entity", said)) == Rejected("invalid", "it does not say why")


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
