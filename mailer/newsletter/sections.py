"""The five sections of an issue, in the order of its pages: one Markdown file each.

An issue must have its lead; a section without a file is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    title: str  # the standing head above the section's own headline
    file: str
    required: bool = False


SECTIONS: Final = (
    Section("lead", "From our desk", "lead.md", required=True),
    Section("how-to", "How to", "how-to.md"),
    Section("client", "Client story", "client.md"),
    Section("question", "You asked", "question.md"),
    Section("ahead", "Dates ahead", "ahead.md"),
)
