"""What must not stand on a page for everybody: prices, and anything that a client is known by. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

_COUNTED: Final = r"(?:\d[\d.,]*|[a-z]+(?:ty|teen)|ten|hundred|thousand)"
_PRICE: Final = re.compile(
    r"(?:[$€£]|\bUSD) ?\d[\d.,]*"
    r"|\b\d[\d.,]* ?(?:[€£]|USD\b)"
    rf"|\b{_COUNTED} (?:dollars|euros|pounds)\b"
    r"|\b\d[\d.,]* ?(?:/ ?|per |an |a )(?:hour|hr|month|user|seat|device)\b",
    re.IGNORECASE,
)
_SHORTEST: Final = 6  # letters of a name that no other word has by chance


def _plain(text: str) -> str:
    """As a reader takes it: without what a word processor hides within words, and in usual signs."""
    usual = unicodedata.normalize("NFKC", text)
    return " ".join("".join(sign for sign in usual if unicodedata.category(sign) != "Cf").split())


def not_for_everybody(
    texts: Mapping[str, str], clients: Iterable[Iterable[str]]
) -> Iterator[tuple[str, str]]:
    """(where, what): every price in `texts`, and everything that `clients` are known by.

    `texts` are plain, by where they come from; each client is its company, contact, e-mail and phone.
    """
    plain = {where: _plain(text) for where, text in texts.items()}
    for where, text in plain.items():
        for match in _PRICE.finditer(text):
            yield where, f"states a price, {match[0].rstrip('.,')}"
    names = {known for one in clients for known in map(_plain, one) if len(known) >= _SHORTEST}
    if not names:
        return
    pattern = re.compile(
        rf"(?<!\w)(?:{'|'.join(sorted(map(re.escape, names), key=len, reverse=True))})(?!\w)", re.IGNORECASE
    )
    for where, text in plain.items():
        for name in dict.fromkeys(match[0] for match in pattern.finditer(text)):
            yield where, f"names a client: {name}"
