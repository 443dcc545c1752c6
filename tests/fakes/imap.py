"""A mailbox by IMAP on a real socket: the few commands that a reader of two folders needs (RFC 3501)."""

from __future__ import annotations

import base64
import re
import socketserver
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes

Folder = Callable[[], list[bytes]]


@dataclass
class MailboxServer:
    """`folders` give their messages as they are now; `asked` is every command, without passwords."""

    folders: Mapping[str, Folder]
    password: str
    port: int = 0
    asked: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)  # commands that would change the mailbox


class _Session(socketserver.StreamRequestHandler):
    mailbox: MailboxServer

    def handle(self) -> None:
        with suppress(ConnectionError):  # a client that was killed
            self._answer()

    def _answer(self) -> None:  # noqa: C901 (a protocol)
        self._say("* OK ready")
        messages: list[bytes] = []
        while line := self.rfile.readline():
            tag, _, rest = line.decode().strip().partition(" ")
            verb = rest.split(" ")[0].upper()
            if verb == "LOGIN":
                good = rest.endswith(f'"{self.mailbox.password}"')
                self._say(f"{tag} {'OK done' if good else f'NO {rest} is wrong'}")
                continue
            self.mailbox.asked.append(rest)
            match verb:
                case "CAPABILITY":
                    self._say("* CAPABILITY IMAP4rev1 AUTH=XOAUTH2")
                case "AUTHENTICATE":
                    self._say("+ ")
                    said = base64.b64decode(self.rfile.readline()).decode()
                    if "auth=Bearer good" not in said:
                        self._say(f"{tag} NO no such token")
                        continue
                case "EXAMINE" | "SELECT":
                    name = re.findall('"([^"]*)"', rest)[0]
                    if name not in self.mailbox.folders:
                        self._say(f"{tag} NO no such folder")
                        continue
                    messages = self.mailbox.folders[name]()
                    self.mailbox.changed += [rest] if verb == "SELECT" else []
                    self._say(f"* {len(messages)} EXISTS")
                case "UID" if "SEARCH" in rest:
                    found = [number for number, one in enumerate(messages, 1) if _fits(one, rest)]
                    self._say(f"* SEARCH {' '.join(map(str, found))}".strip())
                case "UID":
                    self._fetch(rest, messages)
                case "LOGOUT":
                    self._say("* BYE")
                    self._say(f"{tag} OK bye")
                    return
                case _:
                    self._say(f"{tag} BAD {verb}")
                    continue
            self._say(f"{tag} OK done")

    def _fetch(self, rest: str, messages: list[bytes]) -> None:
        number = int(rest.split()[2])
        most = re.search(r"<0\.(\d+)>", rest)
        part = messages[number - 1][: int(most[1]) if most else None]
        self.mailbox.changed += [] if "PEEK" in rest else [rest]
        self.wfile.write(f"* {number} FETCH (UID {number} BODY[]<0> {{{len(part)}}}\r\n".encode())
        self.wfile.write(part + b")\r\n")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


def _fits(content: bytes, wanted: str) -> bool:
    if found := re.search(r'HEADER Message-ID "([^"]*)"', wanted):
        return found[1].encode() in content.partition(b"\r\n\r\n")[0]
    message = message_from_bytes(content)
    return "report" in str(message["Content-Type"]) or "unsubscribe" in str(message["Subject"])


@contextmanager
def mailbox_server(folders: Mapping[str, Folder], password: str) -> Iterator[MailboxServer]:
    mailbox = MailboxServer(folders, password)
    session = type("Session", (_Session,), {"mailbox": mailbox})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), session) as listening:
        listening.daemon_threads = True
        mailbox.port = listening.server_address[1]
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield mailbox
        finally:
            listening.shutdown()
            thread.join()
