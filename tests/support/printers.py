"""A real CUPS server of this test's own, with a printer whose last step keeps what would be printed.

Everything that decides is CUPS's: its commands, scheduler, queue, options and filters (pdftopdf cuts the
page ranges). Only the wire to the machine is ours: a backend that writes the document and its options to a
folder. Configuration, spool and socket lie in a folder below the system's temporary one, since its filters
run as another user; the machine's own CUPS is not touched.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.office import page_texts

PROGRAMS = Path("/usr/lib/cups")
SECONDS = 30.0  # at most, for what CUPS does in the background

BACKEND = """\
#!/bin/sh
# CUPS calls it with: job, user, title, copies, options, and a file unless the document comes on stdin
[ $# -eq 0 ] && { echo 'file keep "Unknown" "keeps what it prints"'; exit 0; }
into="${DEVICE_URI#keep:}"
cat ${6:+"$6"} > "$into/$1.part" || exit 1
printf '%s\\n' "$3" "$4" "$5" > "$into/$1.options" && mv "$into/$1.part" "$into/$1.pdf"
"""
CONFIGURATION = """\
Listen {folder}/cups.sock
Browsing Off
WebInterface No
PreserveJobHistory Yes
{more}
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
"""
PLACES = """\
ServerRoot {folder}/etc
ServerBin {folder}/bin
RequestRoot {folder}/spool
CacheDir {folder}/cache
StateDir {folder}/state
AccessLog {folder}/access_log
ErrorLog {folder}/error_log
PageLog {folder}/page_log
"""
CHOICES = {
    "PageSize": ("Letter", "Env10"),
    "PageRegion": ("Letter", "Env10"),
    "InputSlot": ("Auto", "Tray1", "Tray2", "Envelopes"),
    "Duplex": ("None", "DuplexNoTumble", "DuplexTumble"),
}


@dataclass(frozen=True)
class Printed:
    """What came out of the queue: the text of each page, and what the printer was told."""

    title: str
    copies: int
    options: dict[str, str]
    pages: list[str]


@dataclass(frozen=True)
class Printer:
    """A CUPS server with the printer `name`. `socket` is what CUPS_SERVER names."""

    folder: Path
    name: str = "Office"

    @property
    def socket(self) -> str:
        return str(self.folder / "cups.sock")

    def says(self, *command: str) -> str:
        """Run one of CUPS's own commands at this server."""
        done = subprocess.run(
            command, env=os.environ | {"CUPS_SERVER": self.socket, "LC_ALL": "C"},
            capture_output=True, text=True, check=False, timeout=SECONDS,
        )  # fmt: skip
        assert done.returncode == 0, f"{command}: {done.stderr}"
        return done.stdout

    def add(self) -> None:
        """Set the printer up, or set it right again."""
        ours = ("-v", f"keep:{self.folder}/out", "-P", str(self.folder / "office.ppd"))
        self.says("lpadmin", "-p", self.name, "-E", *ours, "-o", "printer-is-shared=false")
        self.says("cupsaccept", self.name)
        self.says("cupsenable", self.name)

    def waiting(self) -> list[str]:
        """The ids of the jobs that have not ended."""
        return [line.split()[0] for line in self.says("lpstat", "-o", self.name).splitlines()]

    def printed(self, job: str) -> Printed:
        """What the job with that id printed, once it has."""
        number = job.rpartition("-")[2]
        document = self.folder / "out" / f"{number}.pdf"
        until(document.is_file, f"{job} was not printed; {self.folder}/error_log says why")
        title, copies, options = (document.with_suffix(".options")).read_text().rstrip("\n").split("\n")
        told = dict(option.partition("=")[::2] for option in options.split())
        return Printed(title, int(copies), told, page_texts(document))

    def kept(self) -> list[str]:
        """The numbers of all jobs that printed so far."""
        return sorted(path.stem for path in (self.folder / "out").glob("*.pdf"))


def until(happened: object, otherwise: str) -> None:
    """Wait for what another process does."""
    assert callable(happened)
    deadline = time.monotonic() + SECONDS
    while not happened():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.05)


@contextmanager
def running_cups(more: str = "") -> Iterator[Printer]:
    """Start a server of our own; skips the test where CUPS is not installed. `more` is cupsd.conf text."""
    server = shutil.which("cupsd") or shutil.which("cupsd", path="/usr/sbin")
    if server is None or not PROGRAMS.is_dir() or not shutil.which("lp") or not shutil.which("lpadmin"):
        pytest.skip("no CUPS here: install Debian's cups and cups-client to print to a real queue")
    folder = Path(tempfile.mkdtemp(prefix="mailer-cups-"))
    folder.chmod(0o755)
    try:
        _furnish(folder, more)
        printer = Printer(folder)
        process = subprocess.Popen(
            [server, "-f", "-c", str(folder / "etc/cupsd.conf"), "-s", str(folder / "etc/cups-files.conf")],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            until(
                lambda: process.poll() is not None or "is running" in printer.says("lpstat", "-r"),
                "cupsd does not answer",
            )
            assert process.poll() is None, f"cupsd ended with {process.returncode}"
            printer.add()
            yield printer
        finally:
            process.terminate()
            process.wait(SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _furnish(folder: Path, more: str) -> None:
    for name in ("etc", "out", "bin/backend"):
        (folder / name).mkdir(parents=True)
    for name in ("cgi-bin", "daemon", "filter", "monitor", "notifier"):
        (folder / "bin" / name).symlink_to(PROGRAMS / name)
    backend = folder / "bin/backend/keep"
    backend.write_text(BACKEND)
    backend.chmod(0o700)  # CUPS runs one that only its owner may run as that owner
    (folder / "etc/cupsd.conf").write_text(CONFIGURATION.format(folder=folder, more=more))
    (folder / "etc/cups-files.conf").write_text(PLACES.format(folder=folder))
    (folder / "office.ppd").write_text(_description())


def _description() -> str:
    """The printer's PPD: a duplex printer with trays that takes PDF after CUPS's pdftopdf."""
    lines = [
        '*PPD-Adobe: "4.3"', '*FormatVersion: "4.3"', '*FileVersion: "1.0"', "*LanguageVersion: English",
        "*LanguageEncoding: ISOLatin1", '*PCFileName: "OFFICE.PPD"', '*Manufacturer: "Test"',
        '*Product: "(Office)"', '*ModelName: "Test Office"', '*ShortNickName: "Test Office"',
        '*NickName: "Test Office"', '*PSVersion: "(3010.000) 0"', '*LanguageLevel: "3"', "*ColorDevice: True",
        "*DefaultColorSpace: RGB", "*FileSystem: False",
        '*cupsFilter2: "application/vnd.cups-pdf application/pdf 0 -"',
    ]  # fmt: skip
    for option, choices in CHOICES.items():
        lines += [f"*OpenUI *{option}: PickOne", f"*Default{option}: {choices[0]}"]
        lines += [f'*{option} {choice}: ""' for choice in choices] + [f"*CloseUI: *{option}"]
    lines += ["*DefaultImageableArea: Letter", "*DefaultPaperDimension: Letter"]
    for name, size in (("Letter", "612 792"), ("Env10", "297 684")):
        lines += [f'*ImageableArea {name}: "0 0 {size}"', f'*PaperDimension {name}: "{size}"']
    return "\n".join(lines) + "\n"
