"""The way to a mail server: encrypted off this machine, signed in by password or token, and what it says."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from mailer.errors import MailerError
from mailer.mailservice import boundedhttp
from mailer.mailservice.service import Denied, Rejected, Throttled, Unreachable
from mailer.mailservice.smtp import wire
from mailer.mailservice.smtp.oauth import Grant, Tokens
from mailer.mailservice.smtp.settings import SignIn
from mailer.mailservice.smtp.wire import Mailbox, Taken, Wire, is_here, masked, xoauth2
from tests.fakes.certificate import certified
from tests.fakes.lines import line_server
from tests.fakes.post import PASSWORD, Fault, mail_server
from tests.fakes.rawserver import dripping
from tests.fakes.rawserver import server as raw_server

FROM, TO, TEXT = "office@cedarfinch.example", "ada@ash.example", b"Subject: x\r\n\r\n.one\r\n..two\r\n"


def give(post: Wire) -> object:
    return post.give(FROM, TO, TEXT, lambda: True)


def test_a_line_that_begins_with_a_point_arrives_as_it_is() -> None:
    with mail_server() as server:
        assert give(Wire(Mailbox("127.0.0.1", server.port, FROM))) == Taken("OK queued")
        assert server.taken[0].get_payload() == ".one\r\n..two\r\n"


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("localhost", True),
        ("127.0.0.9", True),
        ("::1", True),
        ("10.0.0.1", False),
        ("smtp.office365.com", False),
    ],
)
def test_what_this_machine_is(host: str, here: bool) -> None:
    assert is_here(host) is here


def test_off_this_machine_nothing_goes_without_encryption(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "is_here", lambda _: False)
    with mail_server() as server:
        answer = give(Wire(Mailbox("127.0.0.1", server.port, FROM, lambda: "secret")))
        assert answer == Denied("tls", "127.0.0.1 offers no encryption (STARTTLS)")
        assert (server.taken, server.said) == ([], [])


def test_a_certificate_that_nobody_vouches_for_ends_it(tmp_path: Path) -> None:
    context, _ = certified(tmp_path)
    with mail_server(tls=context, sign_in=True) as server:
        answer = give(Wire(Mailbox("127.0.0.1", server.port, FROM, lambda: PASSWORD)))
        assert isinstance(answer, Unreachable)
        assert "certificate" in answer.reason
        assert (server.taken, server.said) == ([], [])


def test_a_token_opens_it_and_is_never_told(tmp_path: Path) -> None:
    context, known = certified(tmp_path)
    trusting = ssl.create_default_context(cafile=str(known))
    with mail_server(tls=context, sign_in=True) as server:
        box = Mailbox("127.0.0.1", server.port, FROM, lambda: "good-token", token=True)
        assert isinstance(give(Wire(box, trusting)), Taken)
        assert server.said[-1] == "XOAUTH2 user=office@cedarfinch.example\1auth=Bearer good-token\1\1"
        refused = give(
            Wire(Mailbox("127.0.0.1", server.port, FROM, lambda: "bad-token", token=True), trusting)
        )
        assert refused == Denied("535", "535 5.7.3 auth=Bearer (the password) is no token")


def test_where_nobody_can_be_asked_for_a_token_nothing_was_refused(tmp_path: Path) -> None:
    context, known = certified(tmp_path)
    trusting = ssl.create_default_context(cafile=str(known))
    grant = Grant(SignIn.MICROSOFT, "contoso.example", "an-app", "its-secret", "")
    with mail_server(tls=context, sign_in=True) as server:
        tokens = Tokens(grant, "http://127.0.0.1:9/token")
        answer = give(Wire(Mailbox("127.0.0.1", server.port, FROM, tokens, token=True), trusting))
    assert answer == Unreachable(
        "no token is to be had for e-mail: the connection could not be made, or it broke."
    )


def test_nothing_is_ended_that_must_not_be() -> None:
    with mail_server() as server:
        post = Wire(Mailbox("127.0.0.1", server.port, FROM))
        post.give(FROM, TO, TEXT, lambda: False)
        assert server.taken == []
        assert isinstance(give(post), Taken)


def test_a_journal_that_fails_leaves_no_half_message_on_the_way() -> None:
    def fails() -> bool:
        raise MailerError("the disk is full")

    with mail_server() as server:
        post = Wire(Mailbox("127.0.0.1", server.port, FROM))
        with pytest.raises(MailerError):
            post.give(FROM, TO, TEXT, fails)
        assert isinstance(give(post), Taken)
        assert [one.get_payload() for one in server.taken] == [".one\r\n..two\r\n"]


def test_a_connection_that_was_closed_in_the_meantime_is_made_anew() -> None:
    with mail_server() as server:
        post = Wire(Mailbox("127.0.0.1", server.port, FROM))
        give(post)
        server.faults = [Fault("drop-before")]
        assert isinstance(give(post), Taken)


def test_nobody_there() -> None:
    answer = give(Wire(Mailbox("127.0.0.1", 9, FROM)))
    assert isinstance(answer, Unreachable)
    assert "127.0.0.1" in answer.reason


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([b"220-hello\r\n" * 20_000], "the answer takes more bytes than any"),
        ([b"220-hello\r\n"], "the answer takes too long"),
        ([b"2"], "the answer takes too long"),
        ([b"220 hi\r\n", b"250-x\r\n250 AUTH CRAM-MD5\r\n", b"334 a\r\n"], "Invalid base64-encoded string"),
    ],
)
def test_a_server_that_talks_on_or_nonsense(
    lines: list[bytes], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The memory was full of its greeting; a drop at a time ended no timeout; the last was a traceback."""
    monkeypatch.setattr(wire._Spoken, "patience", 0.3)
    with line_server(lines) as port:
        answer = give(Wire(Mailbox("127.0.0.1", port, FROM, lambda: PASSWORD)))
    assert isinstance(answer, Unreachable)
    assert said in answer.reason


def test_a_server_that_fell_silent_is_given_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """It put a message off and said nothing to the next line: a minute a piece, and hours for a list."""
    monkeypatch.setattr(wire._Spoken, "patience", 0.3)
    with line_server([b"220 hi\r\n", b"250 hi\r\n", b"250 ok\r\n", b"450 later\r\n", b""]) as port:
        post = Wire(Mailbox("127.0.0.1", port, FROM))
        assert give(post) == Throttled(5.0, "the server puts it off: 450 later")
    again = give(post)
    assert isinstance(again, Unreachable)
    assert "the answer takes too long" in again.reason


def test_a_host_that_is_no_name_and_a_password_that_is_not_ascii() -> None:
    answer = give(Wire(Mailbox("smtp..office365.com", 587, FROM)))
    assert isinstance(answer, Unreachable)
    assert "a host's name is empty, too long, or has a letter" in answer.reason
    with mail_server() as server:
        refused = give(Wire(Mailbox("127.0.0.1", server.port, "däna@müller.example", lambda: "schön")))
    assert refused == Denied(
        "token", "the name and the password of the mailbox at 127.0.0.1 must be plain ASCII."
    )


def test_a_servers_words_are_one_short_line_without_the_secret() -> None:
    assert masked(b"5.7.8 it is secret\r\n\x1b[31mred", ["secret"]) == "5.7.8 it is (the password) [31mred"
    assert len(masked("x" * 10_000, [])) == 201


def test_the_answer_to_a_refusal_is_about_this_message_alone() -> None:
    with mail_server() as server:
        post = Wire(Mailbox("127.0.0.1", server.port, FROM))
        server.faults = [Fault("refuse"), Fault("defer", reply="554 5.6.0 no such text")]
        assert give(post) == Rejected("550", "550 5.1.1 no such user")
        assert give(post) == Rejected("554", "554 5.6.0 no such text")
        assert isinstance(give(post), Taken)


def test_xoauth2_is_written_as_microsoft_has_it() -> None:
    # learn.microsoft.com: base64("user=" + userName + "^Aauth=Bearer " + accessToken + "^A^A")
    assert xoauth2("test@contoso.example", "EwBA") == "user=test@contoso.example\1auth=Bearer EwBA\1\1"


@contextmanager
def token_server(answer: bytes, asked: list[dict[str, list[str]]]) -> Iterator[str]:
    class Tokened(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Tokened) as listening:
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.server_address[1]}/token"
        finally:
            listening.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("grant", "asks"),
    [
        (
            Grant(SignIn.MICROSOFT, "contoso.example", "an-app", "its-secret", ""),
            {
                "client_id": ["an-app"],
                "client_secret": ["its-secret"],
                "grant_type": ["client_credentials"],
                "scope": ["https://outlook.office365.com/.default"],
            },
        ),
        (
            Grant(SignIn.GOOGLE, "", "an-app", "its-secret", "a-refresh-token"),
            {
                "client_id": ["an-app"],
                "client_secret": ["its-secret"],
                "grant_type": ["refresh_token"],
                "refresh_token": ["a-refresh-token"],
            },
        ),
    ],
)
def test_a_token_is_asked_for_once(grant: Grant, asks: dict[str, list[str]]) -> None:
    asked: list[dict[str, list[str]]] = []
    answer = json.dumps({"access_token": "good", "expires_in": 3600}).encode()
    with token_server(answer, asked) as url:
        tokens = Tokens(grant, url)
        assert (tokens(), tokens()) == ("good", "good")
    assert asked == [asks]


def test_a_token_that_drips_has_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boundedhttp, "PATIENCE", 0.2)
    grant = Grant(SignIn.MICROSOFT, "contoso.example", "an-app", "its-secret", "")
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n"
    with raw_server(dripping(head, b" ")) as port:
        tokens = Tokens(grant, f"http://127.0.0.1:{port}/token")
        with pytest.raises(MailerError, match=r"took longer than 0\.2 s"):
            tokens()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            b'{"error": "invalid_client", "error_description": "its-secret is wrong"}',
            "(the password) is wrong",
        ),
        (b"<html>", "the answer holds no token"),
        (b"[" * 50_000, "the answer holds no token"),
        (b'{"access_token": 1, "expires_in": "soon"}', "the answer holds no token"),
        (b"x" * 1_000_000, "the answer is larger than 100,000 bytes"),
    ],
)
def test_no_token(answer: bytes, said: str) -> None:
    grant = Grant(SignIn.MICROSOFT, "contoso.example", "an-app", "its-secret", "")
    with token_server(answer, []) as url, pytest.raises(MailerError) as refused:
        Tokens(grant, url)()
    assert said in refused.value.what
    assert "its-secret" not in str(refused.value)


def test_where_tokens_are_to_be_had() -> None:
    assert Grant(SignIn.MICROSOFT, "contoso.example", "a", "s", "").url == (
        "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token"
    )
    assert Grant(SignIn.GOOGLE, "", "a", "s", "r").url == "https://oauth2.googleapis.com/token"
    assert Grant(SignIn.MICROSOFT, "", "a", "s", "").missing == "tenant under [smtp] in mailer.toml"
    assert Grant(SignIn.GOOGLE, "", "a", "s", "").missing == "SMTP_REFRESH_TOKEN and SMTP_CLIENT_SECRET"
