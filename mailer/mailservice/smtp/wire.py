"""One connection to a mail server, and what came of a message that was given to it.

A message goes in two parts. Everything but its last line may be broken off: the server has nothing. From the
last line on, the one point that ends it, nobody knows until the server answers (RFC 5321 4.2.5, 4.5.3.2.6):
`about_to` is called right before, and whoever keeps a journal writes into it there. TLS is required but for a
server of this machine; the certificate is checked.
"""

from __future__ import annotations

import base64
import ipaddress
import re
import smtplib
import ssl
import threading
import weakref
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from mailer.errors import NONSENSE, MailerError, ServiceTrouble, in_words, unnumbered
from mailer.mailservice.service import Denied, Rejected, Throttled, Unknown, Unreachable
from mailer.mailservice.smtp.answers import Answers

CONNECT: Final = 60.0  # s, for every answer but the last
LAST_ANSWER: Final = 600.0  # s; RFC 5321 4.5.3.2.6
LATER: Final = 5.0  # s until a message that was put off is tried again
IMPLICIT_TLS: Final = 465  # RFC 8314 3.3
MASKED: Final = "(the password)"
_NO_ANSWER: Final = "its answer is none of a mail server's"
FAULTS: Final = (OSError, smtplib.SMTPException, *NONSENSE)
"""What smtplib raises: over a host that is no name, a challenge that is no base64, too."""
_LARGEST: Final = 100_000  # bytes of an answer
_LONGEST: Final = 200  # characters of a server's words
_POINTS: Final = re.compile(rb"^\.", re.MULTILINE)

Failed = Rejected | Denied | Throttled | Unknown | Unreachable


@dataclass(frozen=True, slots=True)
class Mailbox:
    """The server and how to sign in: `secret` gives the password, or an access token where `token`. It is
    asked for once a connection; None: the server asks for nothing. Raises MailerError.
    """

    host: str
    port: int
    user: str
    secret: Callable[[], str] | None = None
    token: bool = False

    def opened_by(self) -> str:
        """The password or token, "" where the server asks for none. Raises MailerError."""
        if self.secret is None:
            return ""
        secret = self.secret()
        if not (self.user + secret).isascii():
            raise MailerError(f"the name and the password of the mailbox at {self.host} must be plain ASCII.")
        return secret


@dataclass(frozen=True, slots=True)
class Taken:
    """The server has it; `words` are its own."""

    words: str


def is_here(host: str) -> bool:
    """Is it this machine, on whose way nobody listens."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.casefold() == "localhost"


def xoauth2(user: str, token: str) -> str:
    """The initial response of SASL XOAUTH2, as Microsoft and Google take it."""
    return f"user={user}\1auth=Bearer {token}\1\1"


class _Refusal(Exception):
    """The server's no, before anything was sent."""

    def __init__(self, outcome: Failed) -> None:
        super().__init__()
        self.outcome = outcome


class _Spoken(smtplib.SMTP):
    """Takes an answer within `patience` seconds."""

    patience = CONNECT

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = Answers(self.sock)
        if isinstance(self.file, Answers):
            self.file.allow(self.patience, _LARGEST)
        return super().getreply()


class _Encrypted(_Spoken, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


class Wire:
    """A connection that is opened when it is needed and kept. Messages go one after the other."""

    def __init__(self, mailbox: Mailbox, context: ssl.SSLContext | None = None) -> None:
        self._mailbox = mailbox
        self._context = context
        self._lock = threading.Lock()
        self._kept: list[_Spoken] = []  # at most one
        weakref.finalize(self, _close, self._kept)
        self._hidden: tuple[str, ...] = ()
        self._silent = ""  # what it did not answer in time

    def give(
        self, sender: str, recipient: str, content: bytes, about_to: Callable[[], bool]
    ) -> Taken | Failed:
        """Give it one message. `about_to` says whether the last line may go: False breaks it off. A server
        that once let a message wait for its answer in vain is given no other.
        """
        with self._lock:
            if self._silent:
                return Unreachable(self._silent)
            for kept in (bool(self._kept), False):
                try:
                    server = self._opened()
                    self._offer(server, sender, recipient, content)
                    break
                except _Refusal as refusal:
                    self._begin_anew()
                    return refusal.outcome
                except FAULTS as error:
                    self._hang_up()
                    if not kept:  # else it was closed while nothing was said: once more
                        return Unreachable(self._words(error))
                except BaseException:
                    self._hang_up()
                    raise
            return self._end(server) if self._may_end(about_to) else Unknown("it was handed over before")

    def _may_end(self, about_to: Callable[[], bool]) -> bool:
        """Where the last line may not go, nothing more may: what came next would be taken for more of it."""
        allowed = False
        try:
            allowed = about_to()
        finally:
            if not allowed:
                self._hang_up()
        return allowed

    def _opened(self) -> _Spoken:
        if not self._kept:
            self._kept.append(self._connected())
        return self._kept[0]

    def _connected(self) -> _Spoken:
        box, name = self._mailbox, self._mailbox.user.rpartition("@")[2]
        if not name.isascii() or not name:
            name = "[127.0.0.1]"
        context = self._context or ssl.create_default_context()
        if box.port == IMPLICIT_TLS:
            server: _Spoken = _Encrypted(
                box.host, box.port, local_hostname=name, timeout=CONNECT, context=context
            )
        else:
            server = _Spoken(box.host, box.port, local_hostname=name, timeout=CONNECT)
        try:
            server.ehlo_or_helo_if_needed()
            if box.port != IMPLICIT_TLS:
                self._encrypt(server, context)
            self._sign_in(server)
        except BaseException:
            server.close()
            raise
        return server

    def _encrypt(self, server: _Spoken, context: ssl.SSLContext) -> None:
        if server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
        elif not is_here(self._mailbox.host):
            raise _Refusal(Denied("tls", f"{self._mailbox.host} offers no encryption (STARTTLS)"))

    def _sign_in(self, server: _Spoken) -> None:
        box = self._mailbox
        if box.secret is None:
            return
        try:
            secret = box.opened_by()
        except ServiceTrouble as error:  # nobody could be asked for a token
            raise _Refusal(Unreachable(error.what)) from None
        except MailerError as error:
            raise _Refusal(Denied("token", error.what)) from None
        answer = xoauth2(box.user, secret) if box.token else secret
        plain = base64.b64encode(f"\0{box.user}\0{secret}".encode()).decode()
        self._hidden = (secret, base64.b64encode(answer.encode()).decode(), plain)
        try:
            if box.token:
                server.auth("XOAUTH2", lambda challenge=None: "" if challenge else answer)
            else:
                server.user, server.password = box.user, secret
                server.login(box.user, secret)
        except smtplib.SMTPAuthenticationError as error:
            raise _Refusal(self._no(error.smtp_code, error.smtp_error, final=Denied)) from None
        except smtplib.SMTPNotSupportedError as error:
            raise _Refusal(Denied("sign-in", str(error))) from None

    def _offer(self, server: _Spoken, sender: str, recipient: str, content: bytes) -> None:
        """All but the last line. Raises _Refusal."""
        self._require(server.mail(sender), Denied)
        self._require(server.rcpt(recipient), Rejected)
        self._require(server.docmd("DATA"), Rejected, wanted=354)
        body = _POINTS.sub(b"..", content)
        server.send(body if body.endswith(b"\r\n") else body + b"\r\n")

    def _end(self, server: _Spoken) -> Taken | Failed:
        try:
            server.patience = LAST_ANSWER
            server.send(b".\r\n")
            code, words = server.getreply()
            server.patience = CONNECT
        except FAULTS as error:
            self._fell_silent(error)
            return Unknown(f"the server did not say whether it took it ({self._words(error)})", again=False)
        if 200 <= code < 300:
            return Taken(self._masked(words))
        if not 400 <= code < 600:
            self._hang_up()
            return Unknown(f"the server answered {code} {self._masked(words)}", again=False)
        self._begin_anew()
        return self._no(code, words, final=Rejected)

    def _require(
        self, answer: tuple[int, bytes], final: type[Rejected | Denied], wanted: int | None = None
    ) -> None:
        code, words = answer
        if code == wanted or (wanted is None and 200 <= code < 300):
            return
        if code == -1:
            raise smtplib.SMTPServerDisconnected("the connection was closed")
        if code == 421:
            self._hang_up()
        raise _Refusal(self._no(code, words, final))

    def _no(self, code: int, words: bytes | str, final: type[Rejected | Denied]) -> Failed:
        said = self._masked(words)
        if 500 <= code < 600:
            return final(str(code), f"{code} {said}")
        return Throttled(LATER, f"the server puts it off: {code} {said}" if code > 0 else _NO_ANSWER)

    def _begin_anew(self) -> None:
        """After a no the next message begins as if nothing had been said."""
        try:
            for server in self._kept:
                server.rset()
        except FAULTS as error:
            self._fell_silent(error)

    def _fell_silent(self, error: Exception) -> None:
        self._hang_up()
        if isinstance(error.__context__ or error, TimeoutError):  # smtplib calls it a disconnection
            self._silent = self._words(error)

    def _hang_up(self) -> None:
        _close(self._kept)

    def _words(self, error: Exception) -> str:
        match error:
            case smtplib.SMTPResponseException(smtp_code=code, smtp_error=said):
                words = said if code > 0 else _NO_ANSWER
            case smtplib.SMTPException():
                words = unnumbered(str(error)) or "the connection broke"
            case _:
                words = in_words(error)
        return f"{self._mailbox.host}: {self._masked(words)}"

    def _masked(self, words: bytes | str) -> str:
        return masked(words, self._hidden)


def _close(kept: list[_Spoken]) -> None:
    while kept:
        kept.pop().close()


def masked(words: bytes | str, hidden: Iterable[str]) -> str:
    """A server's words as one short line, without what must not be told."""
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    for secret in hidden:
        if secret:
            text = text.replace(secret, MASKED)
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
