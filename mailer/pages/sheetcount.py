"""Sheets of paper: one question, asked by printer, post and mail service alike. Loads nothing."""

from __future__ import annotations

from typing import Final

SIDES: Final = 2


def sheets(pages: int, a_sheet: int = SIDES) -> int:
    """Sheets of paper for so many pages, printed on both sides; a folded sheet has four."""
    return -(-pages // a_sheet)
