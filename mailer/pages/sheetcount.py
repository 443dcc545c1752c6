"""Sheets of paper: one question, asked by printer, post and mail service alike. Loads nothing."""

from __future__ import annotations


def sheets(pages: int) -> int:
    """Sheets of paper for so many pages, printed on both sides."""
    return (pages + 1) // 2
