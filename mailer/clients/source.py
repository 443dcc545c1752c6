"""What a file format gives: its rows as cleanly typed text, one pass at a time.

Rows are numbered as a spreadsheet shows them, from 1, title and blank rows counted. A cell is a
`str`: a workbook's number 2134.0 is "2134", its date is "2027-06-30", its yes/no is "true" or "false".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mailer.errors import MailerError

LONGEST_LINE = 1_000_000  # characters; a row of a client list has a few hundred
SAVE_AGAIN = "Save it from the spreadsheet program as .xlsx or as “CSV UTF-8” and import that."
NAME_IT = f"{SAVE_AGAIN[:-1]}; or name its encoding, for example --encoding mac-roman."


class ListProblem(MailerError):
    """A client list that cannot be used as a whole: nothing of it is imported."""


@dataclass(frozen=True, slots=True)
class Source:
    """One way to read one file: a sheet of a workbook, or a text file with one delimiter.

    `form` says for people how it is read. `passes()` begins again at row 1 on each call, yields
    every row, and raises ListProblem where the file cannot be read on. `doubtful` where its encoding is a
    guess among several that fit (mailer.clients.encodings).
    """

    path: Path
    form: str
    passes: Callable[[], Iterator[tuple[int, list[str]]]]
    doubtful: bool = False
