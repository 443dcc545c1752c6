"""Which issue last printed each piece of the bank, and said each standing message."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from mailer.campaign.loading import loaded_campaigns
from mailer.errors import FileProblems
from mailer.newsletter.frontmatter import split_front
from mailer.planning.issuedates import month_of


@dataclass(frozen=True, slots=True)
class SaidBefore:
    """By name the last month whose issue has it: pieces of the bank, standing messages."""

    pieces: dict[str, date] = field(default_factory=dict)
    messages: dict[str, date] = field(default_factory=dict)


def said_before(root: Path) -> SaidBefore:
    """Of all issues in the mail folder, whether they were mailed yet or not."""
    found = SaidBefore()
    for issue in loaded_campaigns(root):
        if not issue.kind.is_issue:
            continue
        for source in issue.texts.values():
            try:
                front, _ = split_front(source.text, source.path)
            except FileProblems:
                continue  # the issue's own commands say what is wrong
            for name, said in ((front.bank, found.pieces), (front.message, found.messages)):
                if name:
                    said[name] = max(month_of(issue), said.get(name, date.min))
    return found
