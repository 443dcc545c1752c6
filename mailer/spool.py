"""A long list of records, kept in a temporary file without a name: memory does not grow with it.

What is put in comes out equal, in its order, as often as it is read. A list that is no longer than a part
stays in memory.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass
from functools import lru_cache
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO, Any, Final, Generic, TypeVar
from uuid import UUID, SafeUUID
from weakref import finalize

_AT_ONCE: Final = 500
_Thing = TypeVar("_Thing")


class _Packer(pickle.Pickler):
    """Puts a record down as its values in order: dataclasses' own way looks the fields up for each one."""

    def reducer_override(self, thing: Any) -> Any:
        kind: Any = type(thing)
        if kind is UUID:
            return _uuid, (thing.int,)
        names = _slots(kind)
        return (_record, (kind, *[getattr(thing, name) for name in names])) if names else NotImplemented


@lru_cache(maxsize=1_024)
def _slots(kind: type) -> tuple[str, ...]:
    """The fields of a record of that kind, where it is one with slots."""
    return tuple(one.name for one in fields(kind)) if is_dataclass(kind) and "__slots__" in vars(kind) else ()


@lru_cache(maxsize=1_024)
def _setters(kind: type) -> tuple[Callable[[object, object], None], ...]:
    return tuple(getattr(kind, name).__set__ for name in _slots(kind))


def _record(kind: type, *values: object) -> object:
    made: object = object.__new__(kind)
    for put, value in zip(_setters(kind), values, strict=True):
        put(made, value)
    return made


def _uuid(number: int) -> UUID:
    made = object.__new__(UUID)
    object.__setattr__(made, "int", number)
    object.__setattr__(made, "is_safe", SafeUUID.unknown)
    return made


class Spool(Generic[_Thing]):
    """The list; `things` are its first. So many as `part` are in memory."""

    def __init__(self, things: Iterable[_Thing] = (), *, part: int = _AT_ONCE) -> None:
        self._part = part
        self._file: IO[bytes] | None = None
        self._starts: list[int] = []  # where each part that was written begins
        self._last: list[_Thing] = []
        for thing in things:
            self.append(thing)

    def append(self, thing: _Thing) -> None:
        if len(self._last) == self._part:
            self._write()
        self._last.append(thing)

    def __len__(self) -> int:
        return len(self._starts) * self._part + len(self._last)

    def __iter__(self) -> Iterator[_Thing]:
        for start in self._starts:
            yield from self._read(start)
        yield from self._last

    def _write(self) -> None:
        if self._file is None:
            self._file = TemporaryFile()  # noqa: SIM115 (it goes with its owner)
            finalize(self, self._file.close)
        self._starts.append(self._file.seek(0, 2))
        whole = BytesIO()
        _Packer(whole, pickle.HIGHEST_PROTOCOL).dump(self._last)
        packed = zlib.compress(whole.getbuffer(), 1)
        self._file.write(len(packed).to_bytes(4, "big") + packed)
        self._last = []

    def _read(self, start: int) -> list[_Thing]:
        if self._file is None:
            raise AssertionError("nothing was written")
        self._file.seek(start)
        packed = self._file.read(int.from_bytes(self._file.read(4), "big"))
        part: list[_Thing] = pickle.loads(zlib.decompress(packed))  # noqa: S301 (nobody else writes into it)
        return part
