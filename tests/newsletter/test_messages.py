"""Standing messages, and that the issues made of them and the bank fill their pages."""

from __future__ import annotations

import os
from datetime import date
from itertools import pairwise
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest

from mailer.errors import FileProblems
from mailer.newsletter.messages import StandingMessage, due_messages, load_messages, section_text
from tests.support.office import Office

YEAR = [f"2027-{number:02}" for number in range(1, 13)]
MONTHS = YEAR if os.environ.get("MAILER_LONG") else YEAR[1:3]
WORDS = "We wish you one, and a dry summer to follow it. " * 12
MEMO = f"---\nbyline: Dana Whitcomb\n---\n## A quiet month\n\n{WORDS}"
JANUARY = date(2027, 1, 1)
BACKUPS = StandingMessage("backups", 6, "Backups", "## Backups\n\nCall.\n")
TICKETS = StandingMessage("tickets", 3, "Tickets", "## Tickets\n\nCall.\n")


@pytest.mark.parametrize(
    ("said", "takes"),
    [
        ({}, [BACKUPS, TICKETS]),  # by name, where none was ever said
        ({"backups": date(2026, 6, 1)}, [TICKETS, BACKUPS]),  # what was never said comes first
        ({"backups": date(2026, 12, 1), "tickets": date(2026, 10, 1)}, [TICKETS]),  # three months to the day
        ({"backups": date(2026, 12, 1), "tickets": date(2026, 11, 1)}, []),
        ({"backups": date(2026, 5, 1), "tickets": date(2026, 9, 1)}, [BACKUPS, TICKETS]),  # since November
    ],
)
def test_the_most_overdue_come_first(said: dict[str, date], takes: list[StandingMessage]) -> None:
    assert due_messages((BACKUPS, TICKETS), JANUARY, said) == takes


def test_the_section_names_its_message() -> None:
    assert section_text(TICKETS) == "---\nmessage: tickets\n---\n## Tickets\n\nCall.\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("## A\n", "messages/tickets.md:1: does not say how often: write  every: 4"),
        ("---\nevery: 0\n---\n## A\n", "does not say how often"),
        ("---\nevery: four\n---\n## A\n", "does not say how often"),
        ("---\nevery: 4\n---\nA\n", "messages/tickets.md: has no headline"),
        ("---\nevry: 4\n---\n## A\n", "messages/tickets.md:2: 'evry' is not known before a text"),
    ],
)
def test_a_faulty_file_is_named(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "messages").mkdir()
    (tmp_path / "messages" / "tickets.md").write_text(text)
    with pytest.raises(FileProblems, match=problem.replace(".", r"\.")):
        load_messages(tmp_path)


def test_the_months_of_a_year_fill_their_pages(office: Office) -> None:
    """Article, message, every other month a tip, and a memo of 120 words: two pages, no blank over 2 in."""
    for month in MONTHS:
        office.does("newsletter", "new", month)
        office.write(f"campaigns/{month}/memo.md", MEMO)
        office.does("proof", month)
        blank = blanks(office.root / "proofs" / month / "proof.pdf")
        assert len(blank) == 2, month
        assert max(blank) <= 2, month
    said = {one["name"]: one["last_said"] for one in office.does("newsletter", "messages", "--json").json}
    assert said["accounts"] == ("2027-07-01" if MONTHS == YEAR else "2027-02-01")
    assert "accounts" in office.does("newsletter", "messages").out


def blanks(path: Path) -> list[float]:
    """Per page the highest band without ink, in inches, above the panel for the address."""
    found = []
    for number, page in enumerate(pypdfium2.PdfDocument(path)):
        picture = page.render(scale=0.5, grayscale=True).to_pil()
        height = 261 if number else picture.height  # the panel begins at 7.25 in, where the sheet is folded
        rows = [picture.crop((0, row, picture.width, row + 1)).getextrema()[0] for row in range(height)]
        inked = [0, *(row for row, darkest in enumerate(rows) if darkest < 200)]
        found.append(max(after - before for before, after in pairwise(inked)) / 36)
    return found
