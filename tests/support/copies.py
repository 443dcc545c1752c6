"""Backups and restores as a person types them, and commands that are killed."""

from __future__ import annotations

import contextlib
import io
from dataclasses import replace
from pathlib import Path

from mailer.cli.main import run
from tests.support.killing import killed_at
from tests.support.office import Office, Ran, _environment


def backup(office: Office, name: str = "backup.zip") -> Path:
    """A backup beside the folder."""
    file = office.root.parent / name
    office.does("backup", str(file))
    return file


def restored(office: Office, file: Path, to: Path, *options: str, exits: int = 0) -> Office:
    """The folder `to` from that backup."""
    ran = restore(office, file, to, *options)
    assert ran.code == exits, ran.said
    return replace(office, root=to)


def restore(office: Office, file: Path, to: Path, *options: str) -> Ran:
    out, err = io.StringIO(), io.StringIO()
    with _environment(office.variables()), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(["restore", str(file), str(to), *options])
    return Ran(code, out.getvalue(), err.getvalue())


def killed(office: Office, step: str, *words: str) -> None:
    """The real command, killed at that step (tests.support.killing)."""
    killed_at(step, words, office.variables())
