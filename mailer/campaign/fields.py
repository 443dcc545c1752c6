"""Values that a letter or article may name, beyond plain text: frozen, and free of markup.

A renderer turns them into HTML, docx or plain text; every cell and line is text, never markup.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TableField:
    """A table, such as `client.rates_table`. `numeric` marks the columns set flush right."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]

    def __str__(self) -> str:
        return "\n".join(" ".join(row) for row in (self.header, *self.rows))


@dataclass(frozen=True, slots=True)
class LinesField:
    """Lines that stay apart, such as `hours`."""

    lines: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join(self.lines)
