"""A mail server on a real socket (aiosmtpd), and the faults that mail servers have.

Each message that was taken is kept, and its Message-ID goes into `sent` as a provider's Sent folder has it.
`faults` go first to last, each `times` times (0: until it is taken away), on messages to addresses that `to`
matches.
"""

from __future__ import annotations

import asyncio
import base64
import re
import ssl
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

PASSWORD = "correct horse battery staple"  # noqa: S105


@dataclass
class Fault:
    """`refuse` answers `reply` at RCPT, `defer` at the end; `drop-before` hangs up at DATA, `drop-after` once
    it has all and before it answers, having taken the message; `lose` likewise, having taken nothing.
    """

    kind: str
    to: str = ".*"
    times: int = 1
    reply: str = ""


@dataclass
class MailServer:
    """What the server was given."""

    port: int = 0
    faults: list[Fault] = field(default_factory=list)
    taken: list[Message] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)  # the same as they came, as a Sent folder has them
    said: list[str] = field(default_factory=list)  # tokens and passwords that were tried
    pause: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def fault(self, to: str, *kinds: str) -> Fault | None:
        with self.lock:
            for one in self.faults:
                if one.kind in kinds and re.fullmatch(one.to, to):
                    one.times -= 1
                    if one.times == 0:
                        self.faults.remove(one)
                    return one
        return None

    def copies(self) -> Counter[str]:
        """How often each piece was taken."""
        with self.lock:
            return Counter(str(one["X-Mailer-Piece"]) for one in self.taken)

    def one(self, piece: str) -> Message:
        (found,) = [one for one in self.taken if one["X-Mailer-Piece"] == piece]
        return found

    @property
    def ids(self) -> list[str]:
        with self.lock:
            return [str(one["Message-ID"]).strip("<>") for one in self.taken]


class _Handler:
    def __init__(self, server: MailServer) -> None:
        self._server = server

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        found = self._server.fault(address, "refuse")
        if found is not None:
            return found.reply or "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        to = envelope.rcpt_tos[0]
        if self._server.pause:
            await asyncio.sleep(self._server.pause)
        if (found := self._server.fault(to, "defer", "lose", "drop-after")) is not None:
            if found.kind == "defer":
                return found.reply or "451 4.3.0 try again later"
            if found.kind == "drop-after":
                self._keep(envelope)
            _hang_up(server)
            return "250 never heard"
        self._keep(envelope)
        return "250 OK queued"

    async def auth_XOAUTH2(self, _server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        said = base64.b64decode(args[1]).decode()
        self._server.said.append(f"XOAUTH2 {said}")
        if "auth=Bearer good" in said:
            return AuthResult(success=True)
        return AuthResult(
            success=False, handled=False, message=f"535 5.7.3 {said.split(chr(1))[1]} is no token"
        )

    def _keep(self, envelope: Envelope) -> None:
        content = envelope.content
        assert isinstance(content, bytes)
        with self._server.lock:
            self._server.taken.append(message_from_bytes(content, policy=default))
            self._server.raw.append(content)


def _hang_up(server: SMTP) -> None:
    assert isinstance(server.transport, asyncio.WriteTransport)
    server.transport.abort()


class _Smtp(SMTP):
    mail_server: MailServer

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        to = (self.envelope.rcpt_tos if self.envelope else None) or [""]
        if self.mail_server.fault(to[0], "drop-before") is not None:
            _hang_up(self)
            return
        await super().smtp_DATA(arg)


@contextmanager
def mail_server(*, tls: ssl.SSLContext | None = None, sign_in: bool = False) -> Iterator[MailServer]:
    """A server of this machine. `sign_in`, with `tls`: it asks for PASSWORD, or for a token that begins with
    "good", and tells what was wrong, secret and all.
    """
    server = MailServer()

    def known(
        _server: SMTP, _session: Session, _envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        word = data.password.decode()
        server.said.append(f"{mechanism} {data.login.decode()} {word}")
        return AuthResult(success=word == PASSWORD, handled=False, message=f"535 5.7.8 {word} is wrong")

    more: dict[str, Any] = {"tls_context": tls}
    if sign_in:
        more |= {"authenticator": known, "auth_required": True, "auth_require_tls": True}
    loop = asyncio.new_event_loop()

    open_ones: list[SMTP] = []

    def spoken_to() -> SMTP:
        made = _Smtp(_Handler(server), hostname="mail.example", loop=loop, **more)
        made.mail_server = server
        open_ones.append(made)
        return made

    listening = loop.run_until_complete(loop.create_server(spoken_to, "127.0.0.1", 0))
    server.port = listening.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, name="mail server", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        listening.close()
        loop.run_until_complete(_ended(open_ones))
        loop.close()


async def _ended(open_ones: list[SMTP]) -> None:
    """Hang up on whoever is still there: no socket outlives the server."""
    for one in open_ones:
        if one.transport is not None:
            _hang_up(one)
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for _ in range(3):  # what was aborted is closed by the loop's next turns
        await asyncio.sleep(0)
