"""Rises of which clients had notice elsewhere, as a person names them: `CLIENT:SERVICE=REASON`, or a file.

CLIENT is the client's number, where it has one; else its e-mail address or its name. A reason that is given
for one rise says nothing of another. For all of a list there is one reason only with their number beside it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from mailer.clients.row import ListRow
from mailer.errors import FileProblems, Problem, UsageProblem, in_words
from mailer.givenfile import read_given

OPTION: Final = "--noticed-elsewhere"
_PAIR: Final = re.compile(r"(?P<client>.+?):(?P<service>[a-z0-9]+(?:-[a-z0-9]+)*)=(?P<reason>.*)", re.DOTALL)
_LARGEST: Final = 10_000_000  # bytes of a file of reasons
_HEADINGS: Final = ("client", "service", "reason")
_WRITE: Final = (
    f"Write {OPTION} CLIENT:SERVICE=REASON for each, or the name of a CSV file with the columns client, "
    "service and reason; for every rise of the list --all-rises REASON --count N."
)


@dataclass(slots=True)
class NoticedRises:
    """`named` are the reasons by client, in lower case, and service; `all_rises` is the reason of every other
    one, and `count` how many there must be. `used`: those that a rise was found for, and its row.
    """

    named: dict[tuple[str, str], str] = field(default_factory=dict)
    all_rises: str = ""
    count: int | None = None
    used: dict[tuple[str, str], int] = field(default_factory=dict)

    def reason(self, row: ListRow, service: str) -> str:
        """How notice was given of this rise; "" where nobody said so, or of another client of that name."""
        key = (known_as(row).casefold(), service)
        if key in self.named:
            return self.named[key] if self.used.setdefault(key, row.row) == row.row else ""
        return self.all_rises

    @property
    def unused(self) -> list[str]:
        """What was named and is no rise of the list."""
        return [f"{client}:{service}" for client, service in self.named if (client, service) not in self.used]

    def check_count(self, found: int) -> None:
        """Raises UsageProblem where there are not as many rises as was said."""
        if self.all_rises and self.count != found:
            said = "--count says how many" if self.count is None else f"--count says {self.count}"
            raise UsageProblem(
                f"the list brings {found} rises that can be taken; {said}. Nothing was imported.",
                where="--all-rises",
                todo=f"Look at them, and where each had its notice: --count {found}.",
            )


def known_as(row: ListRow) -> str:
    """What people call the client by."""
    return row.number or (row.email if row.key.startswith("email:") else row.name)


def read_noticed(texts: Iterable[str], all_rises: str, count: int | None) -> NoticedRises:
    """The options of `mailer clients import`. Raises UsageProblem, or FileProblems for a file of them."""
    found: dict[tuple[str, str], str] = {}
    for text in texts:
        pair = _PAIR.fullmatch(text.strip())
        named = [_named(pair["client"], pair["service"], pair["reason"])] if pair else _read(Path(text))
        for client, service, reason in named:
            if not (client and reason):
                raise UsageProblem(f"“{text}” names no client, or no reason.", where=OPTION, todo=_WRITE)
            found[(client, service)] = reason
    if all_rises and found:
        raise UsageProblem(f"{OPTION} and --all-rises are given.", todo="Give one of the two.")
    if count is not None and not all_rises:
        raise UsageProblem("--count is the number of --all-rises.", todo=_WRITE)
    return NoticedRises(found, all_rises, count)


def _named(client: str, service: str, reason: str) -> tuple[str, str, str]:
    return " ".join(client.split()).casefold(), service.strip().casefold(), " ".join(reason.split())


def _read(path: Path) -> list[tuple[str, str, str]]:
    """The lines of a file of them."""
    if not path.is_file():
        raise UsageProblem(
            f"“{path}” is neither CLIENT:SERVICE=REASON nor a file: one reason does not cover a list.",
            where=OPTION,
            todo=_WRITE,
        )
    try:
        text = read_given(path, _LARGEST).decode("utf-8-sig")
        rows = csv.DictReader(io.StringIO(text, newline=""))
        listed = [(rows.line_num, row) for row in rows]
    except (csv.Error, UnicodeDecodeError) as error:
        raise UsageProblem(f"“{path}” can't be read: {in_words(error)}.", where=OPTION, todo=_WRITE) from None
    headings = {str(name).strip().casefold(): name for name in rows.fieldnames or ()}
    if not headings.keys() >= set(_HEADINGS):
        raise FileProblems(
            [Problem(f"{path}", 1, "its columns must be client, service, reason")], todo=_WRITE
        )
    found, problems = [], []
    for line, row in listed:
        cells = [row[headings[name]] or "" for name in _HEADINGS]
        if not any(cells):
            continue
        if not all(cell.strip() for cell in cells):
            problems.append(Problem(f"{path}", line, "client, service or reason is empty"))
        found.append(_named(*cells))
    if problems:
        raise FileProblems(problems, todo="Fill in every cell, and import again; nothing was imported.")
    return found
