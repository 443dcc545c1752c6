"""An error that no part of mailer knew: said in a line, with its details in a file for whoever mends it."""

from __future__ import annotations

import os
import platform
import tempfile
import traceback
from pathlib import Path

from mailer import __version__
from mailer.errors import MailerError

_PACKAGE = Path(__file__).parents[1]


def unforeseen(error: Exception) -> MailerError:
    """What is said of it. The details, which may name a client, are in a file for its owner alone."""
    return MailerError(
        f"it met what it was not made for: {_named(error)} ({_place(error)}).",
        todo=f"What was done before stands: `mailer status` shows it. {_kept(error)}",
    )


def _named(error: Exception) -> str:
    said = " ".join(str(error).split())[:200]
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def _place(error: Exception) -> str:
    """The last line of ours that it went through."""
    through = [(Path(one.filename), one.lineno) for one in traceback.extract_tb(error.__traceback__)]
    file, line = next(one for one in reversed(through) if _PACKAGE in one[0].parents)
    return f"{file.relative_to(_PACKAGE.parent)}:{line}"


def _kept(error: Exception) -> str:
    details = f"mailer {__version__}, Python {platform.python_version()}, {platform.platform()}\n\n"
    details += "".join(traceback.format_exception(error))
    try:
        handle, name = tempfile.mkstemp(prefix="mailer-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(details)
    except OSError as full:
        return f"Its details could not be kept: {full.strerror}."
    return f"Its details are in {name}: send them to whoever looks after mailer."
