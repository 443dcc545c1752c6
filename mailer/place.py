"""A folder of somebody else's, a print shop's or a web server's, on a disk or by SFTP (mailer.sftp), as the
few things that are done in it.

Paths are relative to it, with slashes. Every method raises OSError where it did not do its part; whether
something was done all the same is then not known.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import SplitResult, urlsplit

LARGEST: Final = 1_000_000  # bytes of a file that is read; an answer on 500 pieces has some 30,000
MOST: Final = (
    50_000  # names in a folder; 100,000 letters a month are 24,000 jobs of a print shop in ten years
)
_LONGEST_WORDS: Final = 200  # of a server about what went wrong


class CrowdedError(OSError):
    """The folder holds more names than MOST: to list them all may take for ever."""


def counted(names: Iterable[str], folder: str) -> list[str]:
    """The names of that folder, or below it. Raises CrowdedError."""
    found = list(islice(names, MOST + 1))
    if len(found) > MOST:
        raise CrowdedError(105, f"holds more than {MOST:,} names", folder)
    return found


def as_path(folder: str) -> Path:
    """The folder that a profile names; "~" is a home. Raises ValueError, RuntimeError for what is none."""
    if "\0" in folder:
        raise ValueError("there is a NUL in it")
    return Path(folder).expanduser()


def to_disk(path: Path) -> None:
    """Flush a file, or what a folder lists, to the disk; of a folder Windows sees to that itself."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _no_link(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o666)


class Place(Protocol):
    """Where jobs, or pages, are put. Safe to use from several threads at once."""

    def names(self, folder: str) -> list[str]:
        """What lies in it, in no order. Raises FileNotFoundError where there is none, CrowdedError."""

    def files(self, folder: str) -> list[str]:
        """All that lies in the folder and below it but folders, by the paths from it, in no order. Raises
        FileNotFoundError where it is not there, CrowdedError.
        """

    def read(self, path: str) -> bytes:
        """A regular file, of at most LARGEST bytes; one byte more of a larger one."""

    def write(self, path: str, content: bytes) -> None:
        """Write a file, on the disk when this returns."""

    def make(self, folder: str) -> None:
        """Make a folder."""

    def move(self, old: str, new: str) -> None:
        """Give a file or a folder another name, at once. Raises OSError where the new one is there."""

    def remove(self, path: str) -> None:
        """Remove a file, or a folder with what is in it; nothing where it is not there."""

    def close(self) -> None:
        """End the connection, if there is one; what is asked next makes another."""


def said(error: OSError) -> str:
    """The system's words, or a server's, and on what."""
    silence = "no answer came in time" if isinstance(error, TimeoutError) else "it broke off"
    words = (error.strerror or str(error) or silence)[:_LONGEST_WORDS].rstrip(".")
    return f"{error.filename}: {words}" if error.filename else words


def address_of(text: str) -> SplitResult:
    """The parts of an address, all of them empty where its brackets or its port are none."""
    with suppress(ValueError):
        parts = urlsplit(text)
        _ = parts.port
        return parts
    return SplitResult("", "", "", "", "")


def sftp_address(text: str, password: str) -> SplitResult:
    """`text` as sftp://user@host:port/path. Raises ValueError, which names no password; `password` is the
    variable that holds one.
    """
    if ":" in text.partition("://")[2].partition("/")[0].rpartition("@")[0]:
        raise ValueError(f"a password stands in it, and belongs into {password} or secrets.toml")
    address = address_of(text)
    if address.scheme != "sftp" or not address.hostname or address.port == 0:
        raise ValueError(f"{text[:100]!r} is neither a path nor an address of SFTP")
    return address


class Directory:
    """A folder of this machine, or one that it has mounted. `public`: what is made in it everybody may read,
    such as a web server under a user of its own.
    """

    def __init__(self, root: Path, *, public: bool = False) -> None:
        self._root = root
        self._public = public

    def names(self, folder: str) -> list[str]:
        with os.scandir(self._root / folder) as found:
            return counted((one.name for one in found), folder)

    def files(self, folder: str) -> list[str]:
        top = self._root / folder
        if not top.is_dir():
            raise FileNotFoundError(2, "is no folder", str(top))
        below = (path.relative_to(top).as_posix() for path in top.rglob("*") if not path.is_dir())
        return counted(below, folder)

    def read(self, path: str) -> bytes:
        full = self._root / path
        if not full.is_file():
            raise FileNotFoundError(2, "is no file", str(full))
        with full.open("rb") as file:
            return file.read(LARGEST + 1)

    def write(self, path: str, content: bytes) -> None:
        # whoever shares the folder could have put a link there, to a file of ours
        with open(self._root / path, "wb", opener=_no_link) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            if self._public and hasattr(os, "fchmod"):  # Windows has none
                os.fchmod(file.fileno(), 0o644)

    def make(self, folder: str) -> None:
        (self._root / folder).mkdir()
        if self._public:
            (self._root / folder).chmod(0o755)

    def move(self, old: str, new: str) -> None:
        target = self._root / new
        if target.exists():
            raise FileExistsError(17, "is there already", str(target))
        (self._root / old).rename(target)
        to_disk(target.parent)

    def remove(self, path: str) -> None:
        full = self._root / path
        if full.is_dir() and not full.is_symlink():
            shutil.rmtree(full)
        else:
            full.unlink(missing_ok=True)

    def close(self) -> None:
        """There is none."""
