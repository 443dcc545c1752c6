"""`mailer tour`: the main job on the sample firm, by the same commands that a user types.

It may be run again: files that were edited stay, and what was printed or mailed before is not made twice.
"""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import Final

import click

from mailer.cli.terminal import PATH, database
from mailer.clock import VARIABLE, fixed_day
from mailer.errors import MailerError

DROP: Final = ("--by", "Ines Okafor", "--place", "Main Post Office, Sacramento", "--class", "first")
RATES, ISSUE = "2027-rates", "2026-12"


class TourStopped(MailerError):
    """A command of the tour did not end as it should, usually because a file in the folder was edited."""


class _Tour:
    """One run in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def do(self, *words: str, expect: tuple[int, ...] = (0,)) -> None:
        """Run one command as a person would."""
        from mailer.cli.main import run

        click.echo(f"\n$ mailer {shlex.join(words)}")
        place = [] if words[0] == "init" else ["-C", str(self._folder)]
        code = run([*words, *place])
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
    steps.do("init", str(folder), "--sample")
    steps.do("clients", "import", str(folder / "clients.csv"), expect=(0, 1))
    steps.do("plan", RATES)
    steps.do("plan", RATES, "--effective", "2026-12-15", expect=(3,))
    day = os.environ[VARIABLE]
    for name in (RATES, ISSUE):
        steps.produce(name, f"{day} 14:10")
    steps.do("check", RATES, expect=(0, 1))
    steps.do("rates", "--worked-on", "2026-12-31", "--client", "CF-1002")
    steps.do("rates", "--worked-on", "2027-01-04")
    steps.evidence(RATES)
    steps.do("ledger", "verify")
    steps.do("status")
    _farewell(folder)


def _evidence_pdf(folder: Path) -> str:
    made = sorted(folder.glob("evidence/*/evidence.pdf"))
    return str(made[-1].relative_to(folder)) if made else "evidence"


def _farewell(folder: Path) -> None:
    click.echo("\nOpen these:")
    for path, what in (
        (f"proofs/{RATES}/proof.pdf", "the letters most likely to go wrong"),
        (f"proofs/{ISSUE}/proof.pdf", "the newsletter"),
        (f"jobs/{RATES}-job-1/letters.pdf", "all letters, to print"),
        (f"jobs/{RATES}-job-1/checklist.pdf", "what is signed at the post"),
        (_evidence_pdf(folder), "for the firm's lawyer"),
        (f"reports/check-{RATES}.txt", "who has notice in time"),
        ("reports/rates-2027-01-04.txt", "what may be billed"),
    ):
        click.echo(f"  {what}:\n    {folder / path}")
    click.echo("\nGo on with:")
    mailer = Path(os.path.relpath(Path(sys.executable).parent / "mailer", folder))
    click.echo(f"  cd {folder}\n  export {VARIABLE}={os.environ[VARIABLE]}")
    click.echo(f"  {mailer} check {RATES} -v")
