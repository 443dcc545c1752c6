"""`mailer evidence verify`: a pack on the disk, anywhere, without a mail folder and its database."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from mailer.errors import MailerError, UsageProblem
from mailer.evidence.findings import LONGEST, Findings
from mailer.evidence.verifier import verify

_HASH: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(slots=True)
class FolderPack:
    """The files below a folder. A link counts as a file that leads elsewhere, and is refused."""

    folder: Path
    _sizes: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for where, folders, files in os.walk(self.folder):
            for name in (*folders, *files):
                path = Path(where) / name
                relative = path.relative_to(self.folder).as_posix()
                if path.is_symlink() or not (path.is_file() or path.is_dir()):
                    raise MailerError(
                        "is a link, not a file of the pack.",
                        where=relative,
                        todo="Remove it, or get a real copy.",
                    )
                if path.is_file():
                    self._sizes[relative] = path.stat().st_size

    def sizes(self) -> Mapping[str, int]:
        return self._sizes

    def read(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()

    def lines(self, name: str) -> Iterator[bytes]:
        with (self.folder / name).open("rb") as file:
            yield from iter(lambda: file.readline(LONGEST), b"")

    def sha256(self, name: str) -> str:
        with (self.folder / name).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


def verify_folder(folder: Path, *, head: str = "", manifest: str = "") -> Findings:
    """What is wrong with the pack in `folder`. `head` is a ledger's head from a signed paper, `manifest` the
    SHA-256 of manifest.json, both as they are printed.

    Raises UsageProblem where there is no such folder or one of them is no hash, MailerError where a file
    can't be read.
    """
    if not folder.is_dir():
        raise UsageProblem(f"{folder} is not a folder.", todo="Name the folder of an evidence pack.")
    wanted = _hash(head, "a ledger head", "Copy it from the signed paper.")
    noted = _hash(manifest, "the SHA-256 of a manifest", "Copy it from what was noted at the making.")
    try:
        return verify(FolderPack(folder), head=wanted, manifest_hash=noted)
    except OSError as error:
        raise MailerError(
            f"cannot be read: {error.strerror}.", where=str(error.filename or folder), todo="Mend the copy."
        ) from None


def _hash(text: str, what: str, todo: str) -> str:
    wanted = "".join(text.split()).lower()
    if text and not _HASH.fullmatch(wanted):
        raise UsageProblem(f"{text!r} is not {what}: it has 64 digits and letters from a to f.", todo=todo)
    return wanted
