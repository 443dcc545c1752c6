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
from typing import BinaryIO
from uuid import uuid4

from mailer.errors import MailerError


@dataclass(frozen=True, slots=True)
class Files:
    """The store below `folder`."""

    folder: Path

    def put(self, content: bytes) -> str:
        """Keep `content`; its SHA-256. The same content twice is one file; a damaged one is made good."""
        name = hashlib.sha256(content).hexdigest()
        path = self.path(name)
        if not path.exists() or path.read_bytes() != content:
            write_whole(path, content)
        return name

    def path(self, name: str) -> Path:
        """Where the file with that SHA-256 is kept."""
        return self.folder / name[:2] / name

    def there(self, name: str) -> Path:
        """Where the file is. Raises MailerError where none is: a pipe would be waited for."""
        path = self.path(name)
        if not path.is_file():
            raise MailerError("a stored file is missing.", where=str(path), todo=_RESTORE)
        return path

    def get(self, name: str) -> bytes:
        """The content with that SHA-256. Raises MailerError where it is missing or was changed."""
        path = self.there(name)
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != name:
            raise MailerError(
                "a stored file was changed after it was stored.", where=str(path), todo=_RESTORE
            )
        return content


_RESTORE = "Restore files/ from a backup; nothing was printed or sent from it."


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
