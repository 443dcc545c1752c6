"""A file that somebody named: read only where it is one, written only where nothing of value stands.

Sizes are bytes.

A pipe would be waited for, a device read on for ever, a device written to destroyed.
"""

from __future__ import annotations

import lzma
import os
import stat
import zipfile
import zlib
from pathlib import Path
from typing import Final

from mailer.errors import MailerError, in_words

OWN: Final = ("campaigns", "letterhead", "policies", "files", "jobs", "proofs", "evidence", "issues")
"""Folders of a mail folder in which the program writes, and nobody is to."""


LARGEST_PICTURE: Final = 50_000_000  # that a letter or an article shows
LARGEST_PDF: Final = 5_000_000  # of one piece: Lob, "keep your files under 5 MB"


DAMAGED_ZIP: Final = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError),
    *(EOFError, OSError, RuntimeError, ValueError),
)
"""All that reading a ZIP file whose bytes are not as they were written was seen to raise."""


def read_given(path: Path, largest: int, *, todo: str = "Name a file.") -> bytes:
    """The content. Raises MailerError where it is not a regular file of at most `largest` bytes."""
    try:
        number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(number, "rb") as file:
            found = os.fstat(number)
            if not stat.S_ISREG(found.st_mode):
                raise MailerError("is not a file.", where=str(path), todo=todo)
            content = file.read(largest + 1) if found.st_size <= largest else b""
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        why = in_words(error) if isinstance(error, OSError) else "there is a NUL in its name"
        raise MailerError(f"can't be read: {why}.", where=str(path), todo=todo) from None
    if max(len(content), found.st_size) > largest:
        raise MailerError(f"is larger than {largest:,} bytes.", where=str(path))
    return content


def names_in(folder: Path) -> list[str]:
    """What lies in the folder, sorted; nothing where it is not there. Raises OSError where it may not be
    read, of which Path.glob says nothing.
    """
    try:
        return sorted(path.name for path in folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def require_new(path: Path, suffix: str, root: Path, *, but: str = "") -> bool:
    """Is there no such file yet? Raises MailerError where what is written there would be no file of its own:
    without its `suffix`, in a folder of the mail folder's own (`but` in that one), a folder, a device.

    Without a suffix it is a folder that is written.
    """
    try:
        whole = path.resolve()
        exists, regular = os.path.lexists(path), whole.is_file() if suffix else whole.is_dir()
        above = next((folder for folder in whole.parents if folder.exists()), None)  # the root is in none
        folder = above is not None and above.is_dir() and os.access(above, os.W_OK)
    except (OSError, ValueError, RuntimeError) as error:
        raise MailerError("can't be a file.", where=str(path)[:100], todo="Choose another name.") from error
    why = ""
    if suffix and whole.suffix.lower() != suffix:
        why = f"does not end in {suffix}."
    elif exists and not regular:
        why = f"is there, and is no {'file' if suffix else 'folder'}."
    elif not folder:
        why = "is in no folder that can be written to."
    elif whole.is_relative_to(root) and (whole == root or whole.relative_to(root).parts[0] in {*OWN} - {but}):
        why = "is among the mail folder's own files."
    if why:
        raise MailerError(why, where=str(path), todo=f"Choose another name, like copy{suffix}.")
    return not exists
