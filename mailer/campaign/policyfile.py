"""The firm's policies: a file `policies/NAME-VERSION.md` a version, with title and first day at its head.

    +++
    title = "How to reach us"
    effective = 2027-02-01
    +++

The text below is Markdown and may name the profile; a version holds from its day until the next one's.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Final

from pydantic import Field

from mailer.errors import FileProblems, MailerError, Problem
from mailer.givenfile import names_in
from mailer.profile import Text
from mailer.tomlfile import Day, Table, parse, read_text

POLICIES: Final = "policies"
_NAME: Final = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*?)-([1-9][0-9]{0,3})\.md")
_FENCE: Final = "+++"


class PolicyHead(Table):
    """What stands at the head of the file. `kept_until` is its last day where no later version follows."""

    title: Text
    effective: Day
    kept_until: Day | None = Field(default=None, alias="until")


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """One version of a policy. `line` is where its text begins in the file."""

    name: str
    version: int
    title: str
    effective: date
    until: date | None
    text: str
    path: str
    line: int

    @property
    def label(self) -> str:
        return f"{self.name}-{self.version}"

    @property
    def digest(self) -> str:
        """SHA-256 of its title, day and text: what a client was given."""
        return hashlib.sha256(f"{self.title}\0{self.effective}\0{self.text}".encode()).hexdigest()


def load_policies(root: Path) -> tuple[PolicyVersion, ...]:
    """All versions of all policies, by name and version. Raises FileProblems with all that is wrong."""
    found: list[PolicyVersion] = []
    problems: list[Problem] = []
    folder = root / POLICIES
    for path in (folder / name for name in names_in(folder) if name.endswith(".md")):
        try:
            found.append(_version(path))
        except FileProblems as error:
            problems += error.problems
        except MailerError as error:
            problems.append(Problem(f"{POLICIES}/{path.name}", 0, error.what))
    found.sort(key=lambda one: (one.name, one.version))
    problems += _out_of_order(found)
    if problems:
        raise FileProblems(problems)
    return tuple(found)


def policy_on(versions: Iterable[PolicyVersion], name: str, day: date) -> PolicyVersion | None:
    """The version of the policy that is in force on `day`."""
    begun = [one for one in versions if one.name == name and one.effective <= day]
    last = begun[-1] if begun else None
    return last if last and (last.until is None or day <= last.until) else None


def _version(path: Path) -> PolicyVersion:
    shown = f"{POLICIES}/{path.name}"
    named = _NAME.fullmatch(path.name)
    if named is None:
        raise FileProblems([Problem(shown, 0, "is not called NAME-VERSION.md, like communication-1.md")])
    lines = read_text(path).splitlines()
    ends = [number for number, line in enumerate(lines) if line.strip() == _FENCE][:2]
    if len(ends) < 2 or ends[0] != 0:
        told = 'begins with no head; write +++, title = "…", effective = 2027-01-01, +++, each on its line'
        raise FileProblems([Problem(shown, 1, told)])
    head = parse("\n".join(["", *lines[1 : ends[1]]]), PolicyHead, shown=shown)
    text = "\n".join(lines[ends[1] + 1 :]).strip("\n") + "\n"
    if not text.strip():
        raise FileProblems([Problem(shown, len(lines), "has no text below its head")])
    return PolicyVersion(
        named[1], int(named[2]), head.title, head.effective, head.kept_until, text, shown, ends[1] + 2
    )


def _out_of_order(versions: Sequence[PolicyVersion]) -> list[Problem]:
    """Versions of which a later number does not begin later: two would be in force at once."""
    return [
        Problem(
            after.path,
            2,
            f"effective {after.effective} is not after {before.label}, which is in force from "
            f"{before.effective}; two would be in force at once. Give the later version a later day",
        )
        for before, after in pairwise(versions)
        if before.name == after.name and after.effective <= before.effective
    ]
