"""Files by their content: `files/ab/abcdef….pdf`, named by SHA-256, never changed once there.

A file is written beside its place, flushed to the disk, and renamed: there is no half file under
a final name, whatever kills the process.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final
from uuid import uuid4

from mailer.errors import MailerError

LARGEST: Final = 1 << 28
"""Bytes of a stored file: as many as the streams of one may have (mailer.pages.pagehash)."""


@dataclass(frozen=True, slots=True)
class Files:
    """The store below `folder`."""

    folder: Path

    def put(self, content: bytes) -> str:
        """Keep `content`; its SHA-256. The same content twice is one file; a damaged one is made good.

        Raises MailerError for more than LARGEST.
        """
        if len(content) > LARGEST:
            raise MailerError(
                f"has {len(content):,} bytes, and a file that is kept has at most {LARGEST:,}.",
                where=str(self.folder),
                todo="Take smaller pictures.",
            )
        name = hashlib.sha256(content).hexdigest()
        path = self.path(name)
        if not path.is_file() or path.stat().st_size != len(content) or path.read_bytes() != content:
            write_whole(path, content)
        return name

    def path(self, name: str) -> Path:
        """Where the file with that SHA-256 is kept."""
        return self.folder / name[:2] / name

    def there(self, name: str) -> Path:
        """Where the file is. Raises MailerError where none is, for a pipe would be waited for, or one that
        is larger than any that is kept.
        """
        path = self.path(name)
        if not path.is_file():
            raise MailerError("a stored file is missing.", where=str(path), todo=_RESTORE)
        if path.stat().st_size > LARGEST:
            raise _changed(path)
        return path

    def get(self, name: str) -> bytes:
        """The content with that SHA-256. Raises MailerError where it is missing or was changed."""
        path = self.there(name)
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != name:
            raise _changed(path)
        return content


_RESTORE: Final = "Restore files/ from a backup; nothing was printed or sent from it."


def _changed(path: Path) -> MailerError:
    return MailerError("a stored file was changed after it was stored.", where=str(path), todo=_RESTORE)


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` to `path` so that it is there as a whole or not at all."""
    with whole_file(path) as file:
        file.write(content)


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """What is to be `path` once the block ends well: it is there as a whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{uuid4().hex}.part")
    try:
        with beside.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
