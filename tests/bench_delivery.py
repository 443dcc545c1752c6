"""What `make bench` says of delivery: letters to a fake Lob in a process of its own, the limiter off and on.

Run alone: `python -m tests.bench_delivery --sent 2000`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench import DAY, MAILER, mail_folder, mailer, say, write_clients

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


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sent", type=int, default=2_000)
    letters(options.parse_args().sent)


if __name__ == "__main__":
    main()
