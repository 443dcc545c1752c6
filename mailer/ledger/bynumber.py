"""What is known of the pieces of a mailing, in little memory. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import TypeVar

_Of = TypeVar("_Of")


class ByNumber(Mapping[int, _Of]):
    """What is known of each piece, by its number; none is ever taken out.

    Numbers are given from 1 on, each once: what came so has a place in a list, which is a tenth of one in a
    dictionary; any other is kept all the same.
    """

    __slots__ = ("_others", "_run")

    def __init__(self) -> None:
        self._run: list[_Of] = []  # of 1, 2, …
        self._others: dict[int, _Of] = {}

    def __getitem__(self, number: int) -> _Of:
        return self._run[number - 1] if 0 < number <= len(self._run) else self._others[number]

    def __setitem__(self, number: int, known: _Of) -> None:
        if 0 < number <= len(self._run):
            self._run[number - 1] = known
        elif number == len(self._run) + 1 and not self._others:
            self._run.append(known)
        else:
            self._others[number] = known

    def __iter__(self) -> Iterator[int]:
        return chain(range(1, len(self._run) + 1), self._others)

    def __len__(self) -> int:
        return len(self._run) + len(self._others)
