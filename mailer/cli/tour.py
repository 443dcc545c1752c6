"""`mailer tour`: the main job on the sample firm, by the same commands that a user types.

It may be run again: files that were edited stay, and what was printed or mailed before is not made twice.
"""

from __future__ import annotations

import contextlib
import io
import os
import shlex
import sys
from pathlib import Path
from typing import Final, TextIO

import click

from mailer.cli.terminal import PATH, database
from mailer.clock import VARIABLE, fixed_day
from mailer.errors import MailerError

SHOWN: Final = 14  # lines of a long report; all of them are in reports/
DROP: Final = ("--by", "Ines Okafor", "--place", "Main Post Office, Sacramento", "--class", "first")
NOTICES: Final = ("2027-rates", "2027-remote-access", "2027-hours")
RATES, ISSUE = "2027-rates", "2026-12"


class TourStopped(MailerError):
    """A command of the tour did not end as it should, usually because a file in the folder was edited."""


class _Excerpt(io.StringIO):
    """Keeps what is written, and shows the first lines of it as they come."""

    def __init__(self, shown: TextIO, lines: int | None) -> None:
        super().__init__()
        self._shown = shown
        self._room = lines
        self.left_out = 0

    def write(self, text: str) -> int:
        written = super().write(text)
        for part in text.splitlines(keepends=True):
            ends = part.endswith("\n")
            if self._room is None or self._room > 0:
                self._shown.write(part)
                self._room = self._room - ends if self._room is not None else None
            else:
                self.left_out += ends
        return written


class _Tour:
    """One run in `folder`; reports are kept under its `reports/`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def do(self, *words: str, expect: tuple[int, ...] = (0,), report: str = "", whole: bool = False) -> None:
        """Run one command as a person would, and show what it says."""
        from mailer.cli.main import run

        click.secho(f"\n$ mailer {shlex.join(words)}", bold=True)
        place = [] if words[0] == "init" else ["-C", str(self._folder)]
        out = _Excerpt(sys.stdout, lines=None if whole else SHOWN)
        with contextlib.redirect_stdout(out):
            code = run([*words, *place])
        text = out.getvalue()
        if out.left_out:
            click.echo(f"… {out.left_out} more lines")
        if report:
            path = self._folder / "reports" / report
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            click.echo(f"(all of it: {path})")
        if code not in expect:
            raise TourStopped(
                f"ended with exit code {code}, not {' or '.join(map(str, expect))}.",
                where=f"mailer {shlex.join(words)}",
                todo="Mend what it names; files of the tour that you remove are written anew.",
            )
        if code:
            click.echo(f"(exit {code}, as expected)")

    def produce(self, name: str, at: str) -> None:
        """Proof, approve, print and hand over, as far as that is still to be done."""
        self.do("proof", name)
        self.do("approve", name, "--by", "Dana Whitcomb")
        if self._stage(name) == "approved":
            self.do("print", name)
        if self._stage(name) == "printed":
            self.do("drop", name, "--at", at, *DROP)

    def evidence(self, name: str) -> None:
        """The evidence pack, once."""
        if not (self._folder / "evidence").exists():
            self.do("evidence", name)

    def _stage(self, name: str) -> str:
        from mailer.mailservice.registry import tables
        from mailer.planning.mailfolder import open_folder
        from mailer.standing.status import status

        with open_folder(self._folder, fixed=fixed_day(), database=database(), services=tables()) as mail:
            return next(due.stage for due in status(mail) if due.campaign == name)


@click.command()
@click.argument("folder", type=PATH, default=Path("out"))
def tour(folder: Path) -> None:
    """Run the whole job on the sample firm, offline.

    It imports the sample clients, plans, proofs, approves, prints and records the hand-over of a rate
    notice and a newsletter, then checks, prices and makes the evidence pack. The day is fixed by
    MAILER_TODAY, else at 2026-11-24.

    \b
    Example: mailer tour out
    """
    os.environ.setdefault(VARIABLE, "2026-11-24")
    steps = _Tour(folder)
    steps.do("init", str(folder))
    steps.do("clients", "import", str(folder / "clients.csv"), expect=(0, 1), report="import.txt")
    for name in NOTICES:
        steps.do("plan", name, report=f"plan-{name}.txt")
    steps.do("plan", ISSUE)
    steps.do("plan", RATES, "--effective", "2026-12-15", expect=(3,), report="plan-refused.txt")
    day = os.environ[VARIABLE]
    for name in (RATES, ISSUE):
        steps.produce(name, f"{day} 14:10")
    steps.do("check", RATES, expect=(0, 1), report="check.txt")
    steps.do("rates", "--worked-on", "2026-12-31", report="rates-before.txt")
    steps.do("rates", "--worked-on", "2027-01-04", report="rates-after.txt")
    steps.evidence(RATES)
    steps.do("ledger", "verify")
    steps.do("status")
    _farewell(folder)


def _evidence_pdf(folder: Path) -> str:
    made = sorted(folder.glob("evidence/*/evidence.pdf"))
    return str(made[-1].relative_to(folder)) if made else "evidence"


def _farewell(folder: Path) -> None:
    click.secho("\nOpen these:", bold=True)
    for path, what in (
        (f"proofs/{RATES}/proof.pdf", "the letters' edge cases"),
        (f"proofs/{ISSUE}/proof.pdf", "the newsletter"),
        (f"jobs/{RATES}-job-1/letters.pdf", "all letters, to print"),
        (f"jobs/{RATES}-job-1/checklist.pdf", "what is signed at the post"),
        (_evidence_pdf(folder), "for the firm's lawyer"),
        ("reports/check.txt", "who has notice in time"),
        ("reports/rates-after.txt", "what may be billed"),
    ):
        click.echo(f"  {folder / path!s:<48} {what}")
    click.secho("\nGo on with:", bold=True)
    mailer = Path(os.path.relpath(Path(sys.executable).parent / "mailer", folder))
    click.echo(f"  cd {folder} && export {VARIABLE}={os.environ[VARIABLE]}")
    click.echo(f"  {mailer} check {RATES} --all")
