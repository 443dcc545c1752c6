"""Queueing print files at a CUPS printer, by its own commands `lp` and `lpstat` (Debian: cups-client).

Every document is first queued on hold and prints only once it is released: so the ids can be put on record
between the two, and a document that was refused half way leaves nothing printed. pycups would do no more,
and has to be compiled against CUPS's headers on every machine. The commands find the server as everything
else does (CUPS_SERVER, client.conf); they are run in the C locale, since their answers are read.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mailer.errors import ServiceTrouble, UsageProblem

PATIENCE: Final = 120  # seconds for one command; a spooled file is copied in them
_NAME: Final = re.compile(r"[^-\s/#,'\"\\][^\s/#,'\"\\]{0,126}")  # lpadmin(8), and no list of names
_ID: Final = re.compile(r"request id is (\S+-[0-9]+) ")
_ENDED: Final = ("is finished", "does not exist")  # what CUPS says of a job that it forgot, too
_LISTED: Final = re.compile(r"(\S+-[0-9]+)\s+(\S+)\s+([0-9]+)\s")


@dataclass(frozen=True, slots=True)
class PrintOrder:
    """One document as the printer is to make it.

    `pages` is like "1-2,5-6", "" for all. `tray` is the printer's own name of a paper source, "" leaves the
    choice to it. `paper` is a size's name in CUPS, `sides` how its back is turned. Nothing is scaled: an
    address must stay in its window.
    """

    file: Path
    title: str
    copies: int = 1
    pages: str = ""
    tray: str = ""
    paper: str = "Letter"
    sides: str = "two-sided-long-edge"

    def options(self) -> Iterator[str]:
        """The job options, each as `lp -o` takes it."""
        yield f"media={self.paper}"
        if self.tray:
            yield f'InputSlot="{self.tray}"' if " " in self.tray else f"InputSlot={self.tray}"
        yield f"sides={self.sides}"
        yield "print-scaling=none"
        if self.copies > 1:
            yield "collate=true"
        if self.pages:
            yield f"page-ranges={self.pages}"


@dataclass(frozen=True, slots=True)
class QueuedJob:
    """A job that CUPS knows of a printer, printed or not. `size` is in bytes, rounded up to 1,024."""

    id: str
    size: int


def require(printer: str) -> None:
    """That the printer can be given a job now.

    Raises UsageProblem for what can't be a printer's name; ServiceTrouble where there is no CUPS, no such
    printer, or where it was disabled or accepts no jobs.
    """
    if not _NAME.fullmatch(printer):
        raise UsageProblem(f"{printer!r} cannot be a printer's name.", todo="`lpstat -e` lists the printers.")
    if shutil.which("lp") is None or shutil.which("lpstat") is None:
        raise ServiceTrouble(
            "CUPS is not installed: there is no `lp` command here.",
            where=printer,
            todo="Install it (Debian: apt-get install cups-client).",
        )
    if "not running" in _run("lpstat", "-r").stdout:
        raise ServiceTrouble("CUPS does not answer.", where=printer, todo="Start it, or set CUPS_SERVER.")
    state = _run("lpstat", "-p", printer)
    if state.returncode or not state.stdout.strip():
        known = ", ".join(_run("lpstat", "-e").stdout.split()) or "none"
        raise ServiceTrouble(
            "there is no such printer.", where=printer, todo=f"Printers that CUPS knows here: {known}."
        )
    if " disabled since " in state.stdout:
        raise ServiceTrouble(
            f"the printer is stopped{_reason(state.stdout)}.",
            where=printer,
            todo=f"Mend it, then start it with  cupsenable {printer}",
        )
    accepting = _run("lpstat", "-a", printer).stdout
    if " not accepting " in accepting:
        raise ServiceTrouble(
            f"the printer takes no jobs{_reason(accepting)}.",
            where=printer,
            todo=f"Let it take them with  cupsaccept {printer}",
        )


def hold(printer: str, order: PrintOrder) -> str:
    """Queue a document on hold; the id of the job, like "Office-12".

    Raises ServiceTrouble where CUPS did not take it; what CUPS said is in the message.
    """
    options = [part for option in order.options() for part in ("-o", option)]
    done = _run(
        "lp", "-d", printer, "-n", str(order.copies), "-t", order.title, "-H", "hold", *options,
        "--", str(order.file),
    )  # fmt: skip
    match = _ID.search(done.stdout)
    if done.returncode or match is None:
        raise ServiceTrouble(
            f"did not take {order.file.name}: {_said(done)}", where=printer, todo="Look at it: lpstat -p -a"
        )
    return match[1]


def release(job: str) -> bool:
    """Let a held job print; False where it has ended already. One that was released stays released.

    Raises ServiceTrouble where CUPS does not answer or does not do it.
    """
    done = _run("lp", "-i", job, "-H", "resume")
    if done.returncode and any(ended in done.stderr for ended in _ENDED):
        return False
    if done.returncode:
        raise ServiceTrouble(
            f"job {job} is in the queue on hold and could not be released: {_said(done)}",
            todo=f"Let it print with  lp -i {job} -H resume",
        )
    return True


def cancel(job: str) -> bool:
    """Take a job out of the queue; whether CUPS did."""
    return _run("cancel", job).returncode == 0


def jobs_of(printer: str) -> tuple[QueuedJob, ...]:
    """Every job of the printer that CUPS remembers, ended ones too.

    Raises ServiceTrouble where that can't be told.
    """
    done = _run("lpstat", "-W", "all", "-o", printer)
    if done.returncode:
        raise ServiceTrouble(f"its jobs cannot be listed: {_said(done)}", where=printer)
    found = (_LISTED.match(line) for line in done.stdout.splitlines())
    return tuple(QueuedJob(match[1], int(match[3])) for match in found if match)


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(  # noqa: S603 (a list, without a shell)
            command,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PATIENCE,
            check=False,
            stdin=subprocess.DEVNULL,
            env=dict(os.environ) | {"LC_ALL": "C", "LANGUAGE": ""},
        )
    except subprocess.TimeoutExpired:
        raise ServiceTrouble(
            f"`{command[0]}` gave no answer for {PATIENCE} seconds.", todo="See whether CUPS runs: lpstat -r"
        ) from None
    except OSError as error:
        raise ServiceTrouble(
            f"`{command[0]}` cannot be run: {error.strerror}.", todo="Install Debian's cups-client."
        ) from None


def _said(done: subprocess.CompletedProcess[str]) -> str:
    """What a command said on its way out, as one line without its own name."""
    text = " ".join((done.stderr.strip() or done.stdout.strip()).split())
    text = text.removeprefix(f"{done.args[0]}: ").removeprefix("Error - ")
    if text in ("Success", "Broken pipe"):  # what `lp` says where the server ends the transfer
        return "CUPS broke off in the middle of it. Is there room on its disk?"
    return text or f"exit {done.returncode}."


def _reason(state: str) -> str:
    """The reason below a printer's state in lpstat's answer: ": out of paper"."""
    below = " ".join(line.strip() for line in state.splitlines()[1:] if line.strip())
    return f": {below}" if below and below != "reason unknown" else ""
