"""What `make bench` says of delivery: letters to a fake Lob in a process of its own, the limiter off and on.

Run alone: `python -m tests.bench_delivery --sent 2000`.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from tests.bench import DAY, MAILER, mail_folder, mailer, postgres, say, write_clients
from tests.fakes import lob_events
from tests.fakes.lob import running
from tests.support.office import RATES, Office
from tests.web import receiver
from tests.web.receiver import SECRET

BURST = 150
ALLOWED = BURST / 5  # requests a second, as Lob publishes it
ROOT = Path(__file__).parent.parent


@contextmanager
def fake_lob(rate: str) -> Iterator[str]:
    """The address of a fake that takes `rate` requests in five seconds, or "off"."""
    command = [sys.executable, "-m", "tests.fakes.lob", "--port", "0", "--rate", rate]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def counted(base: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"{base.removesuffix('/v1')}/_control") as answer:  # noqa: S310 (ours)
        found: dict[str, Any] = json.loads(answer.read())
        return found


def sends(folder: Path, base: str, key: str, *, paced: bool) -> tuple[float, float]:
    """Send the approved letters; wall and processor seconds of the command."""
    environ = {**os.environ, **DAY, "LOB_API_KEY": key, "MAILER_LOB_URL": base}
    if not paced:
        environ["MAILER_LOB_RATE"] = "off"
    begun = time.perf_counter()
    child = subprocess.Popen(
        [MAILER, "send", "2027-rates"],
        cwd=folder,
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"mailer send ended with {child.returncode}")
    return time.perf_counter() - begun, used.ru_utime + used.ru_stime


def letters(count: int) -> None:
    """`count` letters of one page with the limiter off, then again with it on."""
    with mail_folder() as folder:
        write_clients(folder / "many.csv", count)
        mailer(folder, "clients", "import", "many.csv")
        mailer(folder, "approve", "2027-rates")
        begun = time.perf_counter()
        mailer(folder, "send", "2027-rates", "--dry-run")
        looked = time.perf_counter() - begun
        for paced in (False, True):
            copy = folder.with_name("paced" if paced else "free")
            subprocess.run(["cp", "-r", folder, copy], check=True)
            with fake_lob("150" if paced else "off") as base:
                seconds, processor = sends(copy, base, "test_bench", paced=paced)
                report = counted(base)
            assert (report["letters"], report["duplicates"]) == (count, []), report
            asking = seconds - looked
            said = f"send {count:,} letters, limiter {'on' if paced else 'off'}"
            if paced:
                refused = report["answers"].get("429", 0)
                share = (count - BURST) / asking / ALLOWED  # the first 150 go at once
                say(said, f"{count / asking:.1f} letters/s", f"{share:.0%} of the rate, {refused} refused")
            else:
                say(
                    said,
                    f"{count / asking:.0f} letters/s",
                    f"{processor / count * 1000:.1f} ms of processor a letter, look before included",
                )


def webhook_events(count: int = 2_000, letters: int = 200, clients: int = 16) -> None:
    """Signed events of `letters` accepted pieces, told to `mailer webhooks` by several clients at once."""
    with mail_folder() as folder, running() as fake, postgres() as server:
        write_clients(folder / "many.csv", letters)
        for name, database in (("SQLite", ""), ("PostgreSQL", server)):
            if name == "PostgreSQL" and not server:
                continue
            environ = {"LOB_API_KEY": "test_bench", "MAILER_LOB_URL": fake.base, "MAILER_LOB_RATE": "off"}
            office = Office(folder, database=database, environ=environ | {"LOB_WEBHOOK_SECRET": SECRET})
            office.does("clients", "import", str(folder / "many.csv"))
            office.does("approve", RATES)
            office.does("send", RATES)
            ids = list(receiver.letters(office).values())
            bodies = [receiver.webhook(ids[n % len(ids)], f"scan_{n}") for n in range(count)]
            with receiver.receiving(office) as listening:
                begun = time.perf_counter()
                with ThreadPoolExecutor(clients) as pool:
                    parts = (bodies[n::clients] for n in range(clients))
                    list(pool.map(partial(told, listening.port), parts))
                seconds = time.perf_counter() - begun
            say(f"{count:,} webhook events, {name}", f"{count / seconds:,.0f} /s", f"{clients} clients")


def told(port: int, bodies: Sequence[bytes]) -> None:
    """Post them on one connection; each is committed before its answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.connect()
    connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else each waits 40 ms for an ACK
    for body in bodies:
        connection.request("POST", receiver.PATH, body, lob_events.signed(SECRET, body, datetime.now(UTC)))
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise SystemExit(f"an event was answered with {answer.status}")
    connection.close()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sent", type=int, default=2_000)
    options.add_argument("--events", type=int, default=2_000)
    chosen, _ = options.parse_known_args()
    letters(chosen.sent)
    webhook_events(chosen.events)


if __name__ == "__main__":
    main()
