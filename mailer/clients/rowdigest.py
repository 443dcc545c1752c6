"""A row of a list as it stands in the file, by a digest: what was read before need not be read again. Pure.

The digest is of the row's cells, of what each column is taken as, and of the version that reads them. Only a
row that its number alone makes known has one: what a row without a number is known by hangs on other rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from mailer import __version__
from mailer.clients.columns import Column
from mailer.clients.identity import Census, identity_of
from mailer.clients.postal import AddressLimits

READING: Final = 2
"""To be raised where a row comes to mean another thing within one version of mailer."""


class UnreadRow(NamedTuple):
    """A row of the file; `number` is its number there. `key` (mailer.clients.identity) and `digest` are ""
    where it is to be read in any case.
    """

    number: int
    cells: list[str]
    key: str = ""
    digest: str = ""


class RowDigests:
    """The digests of the rows of one list."""

    def __init__(
        self,
        columns: Sequence[Column],
        sets: Sequence[tuple[str, str]],
        limits: Iterable[AddressLimits],
        census: Census,
    ) -> None:
        means = [(column.index, column.target) for column in columns]
        context = repr((__version__, READING, means, tuple(sets), tuple(limits)))
        self._begun = hashlib.blake2b(context.encode(), digest_size=16)
        self._at = next((column.index for column in columns if column.target == "number"), -1)
        self._census = census

    def unread(self, number: int, cells: list[str]) -> UnreadRow:
        at = self._at
        if not (0 <= at < len(cells) and (plain := cells[at]).replace("-", "").isalnum() and plain.isascii()):
            return UnreadRow(number, cells)
        known = identity_of(plain, "", "", "")
        if not known.number:
            return UnreadRow(number, cells)
        key, twins = self._census.key_of(number, known)
        if twins:
            return UnreadRow(number, cells)
        digest = self._begun.copy()
        digest.update(repr(cells).encode("utf-8", "surrogatepass"))
        return UnreadRow(number, cells, key, digest.hexdigest())
