"""Every error a user can meet: where, what, and what to do next.

An error class carries its exit code (README, "Exit codes"); only `mailer.cli.main` exits.
A message is complete sentences without a trailing newline. Nothing here imports anything
else of the package.
"""

from __future__ import annotations

import json
import re
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

NONSENSE: Final = (
    *(ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, RuntimeError, SyntaxError),
    *(TypeError, ValueError, struct.error, zlib.error),
)
"""All that Python and its libraries raise over what somebody else's file, or server, says: but for faults of
the machine (OSError, MemoryError) and the libraries' own.
"""

_NUMBERED: Final = re.compile(r"\[Errno -?\d+\] ")
_OF_ANOTHER_KIND: Final = "something in it is not of the kind that it should be"
_IN_WORDS: Final = (
    ((UnicodeDecodeError, UnicodeEncodeError), "a text in it is not UTF-8"),
    ((UnicodeError,), "a host's name is empty, too long, or has a letter that none has"),  # RFC 3490
    ((RecursionError,), "it is nested too deep"),
    ((MemoryError,), "it takes more memory than there is for it"),
    ((TimeoutError,), "no answer came in time"),
    ((ZeroDivisionError,), "division by zero"),
    ((zlib.error,), "what is packed in it is damaged"),
    ((ArithmeticError, struct.error), _OF_ANOTHER_KIND),  # decimal's too
)


class Misfit(ValueError):
    """What somebody's file has that can't be, in words that `in_words` repeats."""


class MailerError(Exception):
    """A problem to be shown to the user, not a defect of the program.

    `where` names the file (and line), client, piece or option; `what` says what is wrong;
    `todo` says what to do next.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, *, where: str = "", todo: str = "") -> None:
        super().__init__(what)
        self.where = where
        self.what = what
        self.todo = todo

    def __str__(self) -> str:
        message = f"{self.where}: {self.what}" if self.where else self.what
        return f"{message}\n  {self.todo}" if self.todo else message


class Refused(MailerError):
    """A state forbids it: not approved, already dropped, not in this job."""


class UsageProblem(MailerError):
    """The command's own words are wrong."""

    exit_code = 2


class NoticeRefused(MailerError):
    """A rule of notice forbids it: too late, stale, past its `not_after`."""

    exit_code = 3


class ServiceTrouble(MailerError):
    """The mail service or the printer did not do its part."""

    exit_code = 4


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in one file. `line` is 1-based; 0 means the file as a whole. `clients` are those
    in whose letters it is found.
    """

    path: str
    line: int
    message: str
    clients: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """The message, and the first three clients."""
        if not self.clients:
            return self.message
        more = " and others" if len(self.clients) > 3 else ""
        word = "client" if len(self.clients) == 1 else "clients"
        return f"{self.message} ({word} {', '.join(self.clients[:3])}{more})"

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.said}" if self.line else f"{self.path}: {self.said}"


class LetterProblem(MailerError):
    """A text says what it must not, or does not say what it must, in the letter to one `client`."""

    def __init__(self, problem: str, client: str, *, where: str = "", todo: str = "") -> None:
        super().__init__(f"{problem} (client {client})", where=where, todo=todo)
        self.of_file = Problem(where, 0, problem, (client,))


class FileProblems(MailerError):
    """All that is wrong in one or more files, reported at once as `path:line: message`, the first MOST."""

    MOST: ClassVar[int] = 50

    def __init__(self, problems: Sequence[Problem], *, todo: str = "") -> None:
        self.problems = tuple(sorted(problems))
        lines = [str(problem) for problem in self.problems[: self.MOST]]
        if len(self.problems) > self.MOST:
            lines.append(f"… and {len(self.problems) - self.MOST:,} more")
        super().__init__("\n".join(lines), todo=todo)


def in_words(error: Exception) -> str:
    """What an error of Python's or of a library's means for a person, as part of a sentence."""
    match error:
        case json.JSONDecodeError():
            return f"line {error.lineno} is no JSON"
        case KeyError():
            return f"{error} is missing"
        case OSError(strerror=str(said)):
            return said
    for kinds, said in _IN_WORDS:
        if isinstance(error, kinds):
            return said
    in_words_of_its_own = isinstance(error, OSError) or type(error) is LookupError  # of an unknown encoding
    by_python = type(error).__module__ == "builtins" or len(error.args) > 1
    if by_python and not in_words_of_its_own:
        return _OF_ANOTHER_KIND
    return unnumbered(" ".join(str(error).split())).rstrip(".") or "it can't be read"


def unnumbered(text: str) -> str:
    """Without the numbers that Python gives errors of the system: "[Errno -2] "."""
    return _NUMBERED.sub("", text)
