"""A long list of records, kept in a temporary file without a name: memory does not grow with it.

What is put in comes out equal, in its order, as often as it is read. A list that is no longer than a part
stays in memory.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile
from typing import IO, Final, Generic, TypeVar
from weakref import finalize

_AT_ONCE: Final = 500
_Thing = TypeVar("_Thing")


class Spool(Generic[_Thing]):
    """The list; `things` are its first."""

    def __init__(self, things: Iterable[_Thing] = ()) -> None:
        self._file: IO[bytes] | None = None
        self._starts: list[int] = []  # where each part that was written begins
        self._last: list[_Thing] = []
        for thing in things:
            self.append(thing)

    def append(self, thing: _Thing) -> None:
        if len(self._last) == _AT_ONCE:
            self._write()
        self._last.append(thing)

    def __len__(self) -> int:
        return len(self._starts) * _AT_ONCE + len(self._last)

    def __iter__(self) -> Iterator[_Thing]:
        for start in self._starts:
            yield from self._read(start)
        yield from self._last

    def _write(self) -> None:
        if self._file is None:
            self._file = TemporaryFile()  # noqa: SIM115 (it goes with its owner)
            finalize(self, self._file.close)
        self._starts.append(self._file.seek(0, 2))
        packed = zlib.compress(pickle.dumps(self._last, pickle.HIGHEST_PROTOCOL), 1)
        self._file.write(len(packed).to_bytes(4, "big") + packed)
        self._last = []

    def _read(self, start: int) -> list[_Thing]:
        if self._file is None:
            raise AssertionError("nothing was written")
        self._file.seek(start)
        packed = self._file.read(int.from_bytes(self._file.read(4), "big"))
        part: list[_Thing] = pickle.loads(zlib.decompress(packed))  # noqa: S301 (nobody else writes into it)
        return part
