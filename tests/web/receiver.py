"""`mailer webhooks` as a child process, and a client that signs as Lob does, on real sockets."""

from __future__ import annotations

import http.client
import json
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.fakes.lob import running
from tests.fakes.lob_events import event, raw, signed
from tests.support.office import RATES, Office

SECRET = "whsec_never_shown_anywhere"  # noqa: S105
PATH = "/webhooks/lob"


def sent_by(office: Office, key: str = "test_key") -> Office:
    """The approved office after its letters were accepted, with the webhook's secret."""
    with running() as fake:
        office = office.by_lob(fake.base, key, LOB_WEBHOOK_SECRET=SECRET)
        office.does("send", RATES)
    return office


def letters(office: Office) -> dict[int, str]:
    """Piece number → Lob's letter."""
    rows = office.rows("SELECT number, provider_id FROM submission JOIN piece ON piece.id = piece_id")
    return {int(number): str(letter) for number, letter in rows}


def webhook(letter: str, kind: str, at: str = "2026-11-25T20:00:00+00:00") -> bytes:
    """The body of a webhook about that letter."""
    when = datetime.fromisoformat(at)
    return raw(event(f"letter.{kind}", letter, {"id": letter}, when))


@dataclass
class Receiver:
    """A server that listens. `said` is what it wrote to stderr once it has ended."""

    process: subprocess.Popen[str]
    port: int
    said: str = ""

    def posts(self, body: bytes, headers: dict[str, str] | None = None, method: str = "POST") -> int:
        return self.answers(body, headers, method)[0]

    def answers(
        self, body: bytes, headers: dict[str, str] | None = None, method: str = "POST", path: str = PATH
    ) -> tuple[int, str]:
        """Status and text. Signed as of now unless `headers` are given."""
        sent = signed(SECRET, body, datetime.now(UTC)) if headers is None else headers
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def ends(self, how: int = signal.SIGINT) -> tuple[int, str]:
        """Its exit code and all that it wrote to stderr."""
        self.process.send_signal(how)
        out, self.said = self.process.communicate(timeout=30)
        assert "Traceback" not in self.said
        assert SECRET not in out + self.said
        return self.process.returncode, self.said


@contextmanager
def receiving(office: Office) -> Iterator[Receiver]:
    """`mailer webhooks` at a free port, from when it listens to the end of the block."""
    process = office.start("webhooks", "--port", "0")
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        found = re.fullmatch(r"Listening at http://127\.0\.0\.1:(\d+)/webhooks/lob\n", line)
        if found is None:
            raise AssertionError(line + process.communicate(timeout=10)[1])
        yield Receiver(process, int(found[1]))
    finally:
        process.kill()
        if not process.stdout.closed:
            process.communicate()


def as_json(value: object) -> bytes:
    return json.dumps(value).encode()
