"""The firm's letterhead: a folder of templates, style sheets, pictures and fonts, read once.

Everything is served from what was read, so that `digest` covers exactly what was printed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from mailer.errors import MailerError
from mailer.givenfile import read_given
from mailer.pages.typeface import SUFFIXES, Typeface, common, read_typeface

REQUIRED: Final = ("letter.html.j2", "letter.css", "newsletter.html.j2", "newsletter.css")
LARGEST: Final = 50_000_000  # bytes of all files together


@dataclass(frozen=True, slots=True)
class Letterhead:
    """All files of the folder by their relative path. `characters` are those every font has."""

    folder: Path
    digest: str
    files: Mapping[str, bytes] = field(repr=False, compare=False, hash=False)
    typefaces: tuple[Typeface, ...] = field(repr=False, compare=False, hash=False)
    characters: frozenset[int] = field(repr=False, compare=False, hash=False)

    def text(self, name: str) -> str:
        """A text file of the letterhead. Raises MailerError."""
        try:
            return self.files[name].decode("utf-8-sig")
        except KeyError:
            raise MailerError(f"{name} is missing.", where=str(self.folder)) from None
        except UnicodeDecodeError:
            raise MailerError(
                "is not UTF-8 text.", where=str(self.folder / name), todo="Save it as UTF-8."
            ) from None

    def typeface(self, name: str) -> Typeface:
        """The typeface with that full name, "Source Sans 3". Raises MailerError."""
        for face in self.typefaces:
            if face.name == name:
                return face
        raise MailerError(f"the font {name} is missing.", where=str(self.folder / "fonts"))


def load_letterhead(folder: Path) -> Letterhead:
    """The letterhead in `folder`. Raises MailerError, FontProblem."""
    root = folder.resolve()
    if not root.is_dir():
        raise MailerError(
            "does not exist.", where=str(folder), todo="`mailer init` makes a letterhead to start from."
        )
    files: dict[str, bytes] = {}
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if any(part.startswith(".") for part in relative.parts) or not path.is_file():
            continue
        if not path.resolve().is_relative_to(root):
            raise MailerError("leads out of the letterhead's folder.", where=str(folder / relative))
        files[relative.as_posix()] = read_given(path, LARGEST)
        if sum(map(len, files.values())) > LARGEST:
            raise MailerError(f"holds more than {LARGEST:,} bytes.", where=str(folder))
    if absent := [name for name in REQUIRED if name not in files]:
        raise MailerError(f"{', '.join(absent)} is missing.", where=str(folder))
    faces = tuple(
        read_typeface(name, data) for name, data in files.items() if Path(name).suffix.lower() in SUFFIXES
    )
    if not faces:
        raise MailerError("holds no font.", where=str(folder / "fonts"))
    return Letterhead(root, _digest(files), MappingProxyType(files), faces, common(faces))


def _digest(files: Mapping[str, bytes]) -> str:
    """SHA-256 over every path and content of what is mailed, so not of an evidence pack's look and words."""
    whole = hashlib.sha256()
    for name, data in sorted(files.items()):
        if name.startswith(("evidence.", "evidence/")):
            continue
        whole.update(f"{name}\0{hashlib.sha256(data).hexdigest()}\n".encode())
    return whole.hexdigest()
