"""What stands before a section's text: who wrote it, and the words above it. Pure.

    ---
    byline: Dana Whitcomb
    standfirst: One file, ten minutes, and you know.
    ---

Lines are 1-based, as errors name them.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, fields
from typing import Final

from mailer.errors import FileProblems, Problem

FENCE: Final = "---"
LONGEST: Final = 300  # characters of a value


@dataclass(frozen=True, slots=True)
class Front:
    """`kicker` takes the place of the standing head. `bank` is the shipped piece, and `message` the standing
    message, that the text came from; `every` is how often a standing message is said, in months.
    """

    byline: str = ""
    date: str = ""
    kicker: str = ""
    standfirst: str = ""
    bank: str = ""
    message: str = ""
    every: str = ""


KEYS: Final = tuple(one.name for one in fields(Front))


def split_front(text: str, path: str) -> tuple[Front, str]:
    """The front matter, and the text with empty lines in its place, so that lines keep their numbers.

    Raises FileProblems for a key that there is none of, or front matter without an end.
    """
    lines = text.splitlines()
    if not lines or lines[0].strip() != FENCE:
        return Front(), text
    end = next((at for at, line in enumerate(lines[1:], 1) if line.strip() == FENCE), None)
    if end is None:
        raise FileProblems([Problem(path, 1, f"the words before the text have no end: write {FENCE} there.")])
    values: dict[str, str] = {}
    problems = []
    for number, line in enumerate(lines[1:end], 2):
        key, colon, value = (part.strip() for part in line.partition(":"))
        if not line.strip():
            continue
        if not colon or key not in KEYS:
            close = difflib.get_close_matches(key, KEYS, 1)
            hint = f"perhaps you meant {close[0]!r}" if close else f"there are {', '.join(KEYS)}"
            problems.append(Problem(path, number, f"{key!r} is not known before a text; {hint}."))
        elif len(value) > LONGEST:
            problems.append(Problem(path, number, f"{key} is longer than {LONGEST} characters."))
        else:
            values[key] = value
    if problems:
        raise FileProblems(problems)
    return Front(**values), "\n" * (end + 1) + "\n".join(lines[end + 1 :]) + "\n"
