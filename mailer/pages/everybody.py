"""What must not stand on a page for everybody: prices, and anything that a client is known by. Pure.

Nor must it in a letter to another client.
"""

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
_WORD: Final = re.compile(r"\w+")
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
    names = KnownNames(clients)
    plain = {where: _plain(text) for where, text in texts.items()}
    for where, text in plain.items():
        for match in _PRICE.finditer(text):
            yield where, f"states a price, {match[0].rstrip('.,')}"
    for where, text in plain.items():
        for name in names.within(text):
            yield where, f"names a client: {name}"


class KnownNames:
    """All that `clients` are known by, to be looked for in texts; each is as in `not_for_everybody`."""

    def __init__(self, clients: Iterable[Iterable[str]]) -> None:
        self._by_word: dict[str, list[str]] = {}  # the first of each name: there may be 100,000 of them
        plain = {_plain(known) for one in clients for known in one}
        for name in sorted((one for one in plain if len(one) >= _SHORTEST), key=len, reverse=True):
            self._by_word.setdefault(next(iter(_words(name)), ""), []).append(name)

    def within(self, text: str) -> Iterator[str]:
        """Those that stand in a text, as it has them, each once."""
        plain = _plain(text)
        words = {*_words(plain)}
        near = (name for word in ("", *sorted(words)) for name in self._by_word.get(word, ()))
        names = sorted((name for name in near if words.issuperset(_words(name))), key=len, reverse=True)
        if names:
            pattern = rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)"
            yield from dict.fromkeys(found[0] for found in re.finditer(pattern, plain, re.IGNORECASE))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
