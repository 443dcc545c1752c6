"""Preflight before approval: what a printer would send back is not approved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mailer.errors import FileProblems, Problem
from mailer.render.preflight import Finding

MOST = 20  # problems shown at once


@dataclass(frozen=True, slots=True)
class Printed:
    """Whose pages these are: `first` to `last` of the file, 1-based."""

    name: str
    first: int
    last: int


def require_printable(findings: Iterable[Finding], pieces: Sequence[Printed], *, path: str) -> None:
    """Raises FileProblems with every finding that stops, naming the piece, the page and the element.

    `path` is the file to mend: the campaign's definition.
    """
    problems = []
    for finding in findings:
        if not finding.stops:
            continue
        whose = next((one for one in pieces if one.first <= finding.page <= one.last), None)
        place = f"{whose.name}, page {finding.page - whose.first + 1}: " if whose else ""
        problems.append(Problem(path, 0, f"{place}{finding.message}"))
    if problems:
        raise FileProblems(
            problems[:MOST], todo="Nothing was approved. Mend it, and look at `mailer proof` before."
        )
