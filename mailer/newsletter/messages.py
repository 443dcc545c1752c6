"""Standing messages: what a firm says again and again, each at least every so many months.

A file `messages/NAME.md` in the mail folder is one, with `every: 4` (months) before its text. An issue takes
the one that is most overdue, as its section "message", and where it has no tip the next one as "support":
one a month would be too few for nine that come twice a year and oftener.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from mailer.errors import FileProblems, Problem
from mailer.givenfile import names_in
from mailer.newsletter.frontmatter import FENCE, split_front
from mailer.notice.strides import months_from
from mailer.tomlfile import read_text

MESSAGES: Final = "messages"
FIRST: Final = "message"  # the sections of an issue
SECOND: Final = "support"
_NAME: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_HEADING: Final = re.compile(r"^##\s+(.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class StandingMessage:
    """`every` is the most months between two issues that say it; `text` is Markdown."""

    name: str
    every: int
    title: str
    text: str

    def wanted(self, said: date | None) -> date | None:
        """The first month in which it is due, after one in which it was `said`; None where it never was."""
        return None if said is None else months_from(said, self.every)


def load_messages(root: Path) -> tuple[StandingMessage, ...]:
    """The mail folder's, by name. Raises FileProblems."""
    found: list[StandingMessage] = []
    problems: list[Problem] = []
    folder = root / MESSAGES
    for path in (folder / name for name in names_in(folder) if name.endswith(".md")):
        try:
            found.append(_message(path, f"{MESSAGES}/{path.name}"))
        except FileProblems as error:
            problems += error.problems
    if problems:
        raise FileProblems(problems)
    return tuple(found)


def due_messages(
    messages: Iterable[StandingMessage], month: date, said: Mapping[str, date]
) -> list[StandingMessage]:
    """What an issue of `month` may take: first what was never said, then what is longest overdue.

    `said` is the last month before in which each was said.
    """
    wanted = [(one.wanted(said.get(one.name)) or date.min, one.name, one) for one in messages]
    return [found for _, _, found in sorted(found for found in wanted if found[0] <= month)]


def section_text(message: StandingMessage) -> str:
    """The section of an issue, which names the message."""
    return f"{FENCE}\nmessage: {message.name}\n{FENCE}\n{message.text}"


def _message(path: Path, shown: str) -> StandingMessage:
    front, text = split_front(read_text(path), shown)
    heading = _HEADING.search(text)
    if not _NAME.fullmatch(path.stem):
        raise FileProblems([Problem(shown, 0, "is no name: use small letters, digits and hyphens")])
    if not (front.every.isascii() and front.every.isdigit() and 1 <= int(front.every) <= 24):
        what = "does not say how often: write  every: 4  (months, 1 to 24) between two lines of --- above it"
        raise FileProblems([Problem(shown, 1, what)])
    if heading is None:
        raise FileProblems([Problem(shown, 0, "has no headline: begin the text with  ## What it says")])
    return StandingMessage(path.stem, int(front.every), heading[1].strip(), text.lstrip("\n"))
