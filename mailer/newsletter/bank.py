"""The shipped articles and tips, and which of them an issue takes: none twice in two years.

An issue takes an article, and every other month a tip as well, in the order of `bank/index.toml`. A piece
whose review day is past is not taken: what it says may have become wrong.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Final

from mailer import shipped
from mailer.notice.strides import months_from
from mailer.settings import Brand

APART: Final = 24  # months between two printings of a piece


class PieceKind(StrEnum):
    """Its value is the section that it goes into."""

    ARTICLE = "article"
    TIP = "how-to"


@dataclass(frozen=True, slots=True)
class BankPiece:
    """One piece. `review` is the last day on which it may be taken unread."""

    name: str
    kind: PieceKind
    review: date


@lru_cache(maxsize=1)
def pieces() -> tuple[BankPiece, ...]:
    """All of them, in the order in which they come up."""
    rows = tomllib.loads((shipped.bank() / "index.toml").read_text(encoding="utf-8"))["pieces"]
    return tuple(BankPiece(row["name"], PieceKind[row["kind"].upper()], row["review"]) for row in rows)


def due(month: date, used: Mapping[str, date], *, tips: bool = True) -> tuple[BankPiece, ...]:
    """What the issue of that month takes. `used` is the month in which each piece was last printed; where
    there is no room for them it takes no `tips`.
    """
    since = months_from(month, -APART)
    kinds = (PieceKind.ARTICLE, PieceKind.TIP) if tips and month.month % 2 else (PieceKind.ARTICLE,)
    free = [one for one in pieces() if used.get(one.name, date.min) <= since and one.review >= month]
    found = (next((one for one in free if one.kind is kind), None) for kind in kinds)
    return tuple(one for one in found if one is not None)


def files_of(piece: BankPiece, brand: Brand) -> dict[str, bytes]:
    """The piece as files of an issue: its text, which names the piece, and its drawing in the brand."""
    text = (shipped.bank() / f"{piece.name}.md").read_text(encoding="utf-8")
    drawing = (shipped.bank() / f"{piece.name}.svg").read_text(encoding="utf-8")
    sample = Brand()
    for own, theirs in ((brand.accent, sample.accent), (brand.second, sample.second)):
        drawing = drawing.replace(theirs, own)
    return {
        f"{piece.kind.value}.md": f"---\nbank: {piece.name}\n---\n{text}".encode(),
        f"{piece.name}.svg": drawing.encode(),
    }
